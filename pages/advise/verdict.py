"""The verdict line of the card: fits, check or does not fit, why, and the rules one by one."""

import streamlit as st

from finrec_core.advice import Verdict
from finrec_core.advice.suitability import VerdictKind
from finrec_core.explain import wording
from finrec_core.views import suitability
from finrec_core.views.markdown import in_markdown
from pages.advise.choice import Choice
from pages.frame import desk

LOOKS: dict[VerdictKind, tuple[str, str]] = {  # colour and icon
    "fits": ("green", ":material/check:"),
    "check": ("yellow", ":material/help:"),
    "does not fit": ("red", ":material/close:"),
}


def show(choice: Choice) -> None:
    """Show the verdict on the chosen product; nothing where it cannot be told, which the list says once."""
    suits = desk.suitability(choice.run, choice.client)
    if suits is None:
        return
    verdict = suits.verdict(choice.dataset.product_rows[choice.product])
    version, _ = desk.rules(choice.run)
    color, icon = LOOKS[verdict.kind]
    pill = f":{color}-badge[{icon} {wording.capital(verdict.kind)}]"
    said, opened = st.container(key="verdict").columns([6, 1])  # a row of containers breaks a long sentence
    said.markdown(f"{pill} {in_markdown(verdict.reason, 600)}")
    with opened.popover("Rules", type="tertiary", key="rule-by-rule"):
        _rules(verdict, version)


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
