"""The parts below the card: what else there is on a choice, one of them open at a time."""

from collections.abc import Callable

import streamlit as st

from pages.recommendations import comparison, evidence, examination, portfolio, record, words
from pages.shared.choice import Choice

KEY = "part"
PARTS: dict[str, Callable[[Choice], None]] = {  # only the one that is open is worked out
    "Evidence": evidence.show,
    "Words": words.show,
    "Compare": comparison.show,
    "Examine": examination.show,
    "Portfolio": portfolio.show,
    "Record": record.show,
}


def switch() -> str:
    """Show the switch, and return the name of the part that is open."""
    opened = st.segmented_control(
        "More on this product",
        list(PARTS),
        default=next(iter(PARTS)),
        required=True,
        width="stretch",
        label_visibility="collapsed",
        key=KEY,
    )
    return opened or next(iter(PARTS))


def show(choice: Choice, part: str) -> None:
    """Show a part of a choice."""
    PARTS[part](choice)
