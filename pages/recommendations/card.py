"""The card: one product for one client: rank, verdict, sentence, what to do, and the bars of one lens."""

import streamlit as st

from finrec_core.advice import Verdict
from finrec_core.advice.suitability import VerdictKind
from finrec_core.explain import Explanation
from finrec_core.narrative import former
from finrec_core.narrative.sentence import pieces
from finrec_core.terms import wording
from finrec_core.terms.names import LENSES
from finrec_core.views.markdown import in_markdown, sentence
from finrec_core.views.recommendation import product_list, suitability
from pages.frame import selection
from pages.recommendations import decision, what_if
from pages.shared.choice import Choice

LOOKS: dict[VerdictKind, tuple[str, str]] = {  # colour and icon
    "fits": ("green", ":material/check:"),
    "check": ("yellow", ":material/help:"),
    "does not fit": ("red", ":material/close:"),
}


def show(choice: Choice) -> None:
    """Show the card of a choice; its control changes the lens."""
    explanation, names, view, lens = choice.explanation(), choice.labels(), choice.view, choice.lens
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.subheader(in_markdown(names.product), anchor=False, width="content")
        with st.container(horizontal=True, width="content", gap="xsmall"):
            if names.former:
                st.badge(former.badge(names.former), icon=":material/history:", color="orange")
            st.badge(_place(explanation, len(choice.ranking.order)), color="gray")
    about = product_list.facts(choice.dataset, choice.product, choice.client)
    if about:
        st.caption(in_markdown(about, 300))
    if explanation.branch == "popularity":
        st.badge("Popularity list", icon=":material/groups:", color="yellow")
    show_verdict(choice)
    st.markdown(sentence(pieces(explanation, view, names, lens)))
    decision.show(choice)
    decision.shown(choice)
    st.session_state["lens"] = lens
    st.segmented_control(
        "View",
        list(LENSES),
        format_func=LENSES.__getitem__,
        required=True,
        width="stretch",
        label_visibility="collapsed",
        on_change=lambda: selection.choose("lens", st.session_state["lens"]),
        key="lens",
    )
    what_if.show(choice)


def _place(explanation: Explanation, offered: int) -> str:
    if explanation.has:
        return "Has it already"
    if explanation.rank is None:
        return "Not offered"
    return f"{wording.ordinal(explanation.rank)} of {offered:,}"


def show_verdict(choice: Choice) -> None:
    """Show the verdict on the chosen product; nothing where it cannot be told, which the list says once."""
    suits = choice.suitability
    if suits is None:
        return
    verdict = suits.verdict(choice.dataset.product_rows[choice.product])
    color, icon = LOOKS[verdict.kind]
    pill = f":{color}-badge[{icon} {wording.capital(verdict.kind)}]"
    said, opened = st.container(key="verdict").columns([6, 1])  # a row of containers breaks a long sentence
    said.markdown(f"{pill} {in_markdown(verdict.reason, 600)}")
    with opened.popover("Rules", type="tertiary", key="rule-by-rule"):
        _rules(verdict, choice.rules)


def _rules(verdict: Verdict, version: int) -> None:
    """Show every rule that was applied with both values, as sentences and as a table."""
    st.markdown(f"**{suitability.SETS[verdict.rule_set]}**: {suitability.MEANINGS[verdict.rule_set]}")
    st.markdown("\n".join(f"- {in_markdown(check.sentence, 300)}" for check in verdict.checks))
    st.dataframe(
        suitability.checks(verdict),
        hide_index=True,
        width="content",
        height="content",
        column_config={
            "Product": st.column_config.TextColumn(width=118),
            "Came out": st.column_config.MultiselectColumn(
                options=list(suitability.OUTCOMES.values()),
                color=["green", "red", "yellow", "yellow", "yellow"],
                width=110,
            ),
        },
        alt="The rules applied to this product and client, with both values",
    )
    st.caption(suitability.in_force(version))
