"""The card: one product for one client: rank, verdict, sentence, the bars of one lens, and what to do."""

import pandas as pd
import streamlit as st

from finrec_core.access import Scope, narrowed
from finrec_core.advice import Verdict
from finrec_core.advice.suitability import VerdictKind
from finrec_core.explain import Explanation, shown
from finrec_core.explain.counterfactual import Counterfactual
from finrec_core.narrative import counterfactual, former
from finrec_core.narrative.sentence import pieces
from finrec_core.terms import wording
from finrec_core.terms.names import LENSES
from finrec_core.views.markdown import in_markdown, sentence
from finrec_core.views.recommendation import product_list, suitability
from pages.frame import desk, memory, selection, turn
from pages.recommendations import decision, reasons, what_if
from pages.shared import record
from pages.shared.choice import Choice

TOP = 10
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
    decision.show(choice)
    decision.shown(choice)
    record.show(choice)
    _examine(choice)


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


@turn.fragment
def _examine(choice: Choice) -> None:
    """Show the smallest change of what the client has, in a sentence and a table."""
    box = st.expander(
        "Examine: what would drop it out of the top ten",
        icon=":material/search_insights:",
        on_change="rerun",
        key=f"examine-{choice.run}-{choice.client}-{choice.product}",
    )
    if not box.open:
        return
    with box:
        with st.spinner("Looking for the smallest change"):
            found = _found(choice.run, choice.client, choice.product, desk.scope())
        st.markdown(sentence(counterfactual.pieces(found, choice.labels())))
        if found.contributions:
            reasons.plain(_removals(choice, found), "What is left out, with the points that it gave")
        st.caption(
            "Of the client's products and connections, with the model as it is. A product that is left out "
            "does not come back onto the list."
        )


@memory.remembered(max_entries=256)
def _found(run: str, client: str, product: str, seen: Scope) -> Counterfactual:
    found, dataset = desk.model(run).counterfactual(client, product, TOP), desk.model(run).dataset
    return found if seen.rows(dataset) is None else narrowed(found, lambda other: seen.sees(dataset, other))


def _removals(choice: Choice, found: Counterfactual) -> pd.DataFrame:
    """Return what is left out: Reason, Kind, Points."""
    names, scale = choice.labels(), choice.ranking.scale
    view = shown(choice.explanation().client_lens, scale)
    whole = {} if view is None else {(row.exact.kind, row.exact.id): row.points for row in view.contributions}
    rows = []
    for contribution in found.contributions:
        points = contribution.value * scale.factor
        if contribution.kind != "branches":  # of these perhaps not all are left out
            points = whole.get((contribution.kind, contribution.id), points)
        decimals = 0 if isinstance(points, int) else 1
        kind = {"tie": "Connection", "branches": "Together"}.get(contribution.kind, "Product")
        rows.append((names.title(contribution), kind, wording.signed(points, decimals)))
    return pd.DataFrame(rows, columns=["Reason", "Kind", "Points"], dtype=str)
