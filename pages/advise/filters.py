"""The filters above a client's list: categories, verdicts, what the client has, and how many."""

import streamlit as st

from finrec_core.advice.suitability import KINDS, VerdictKind
from finrec_core.explain import wording
from finrec_core.views.filters import Filters
from finrec_core.views.markdown import in_markdown

LENGTHS = (10, 25, 100)
MOST_PILLS = 30  # categories; more are a field in which one types


def show(shelves: list[str], *, judged: bool) -> Filters:
    """Show the filters in a row and return what was asked for; `judged` says whether there are verdicts."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="filters"):
        categories = _categories(shelves) if shelves else []
        verdicts = _verdicts() if judged else []
        hide = st.toggle("Hide what the client has", value=True, key="hide-held")
    return Filters(
        most=st.session_state.get("most") or LENGTHS[0],
        categories=tuple(categories),
        verdicts=tuple(verdicts),
        hide_held=hide,
        unfolded=judged and st.session_state.get("unfolded", False),
    )


def length() -> None:
    """Show how many products the list may have; `show` knows what was chosen."""
    st.segmented_control(
        "How many", LENGTHS, default=LENGTHS[0], required=True, label_visibility="collapsed", key="most"
    )


def _categories(shelves: list[str]) -> list[str]:
    known = [name for name in st.session_state.get("shelves", []) if name in shelves]
    st.session_state["shelves"] = known  # another model's data may have other categories
    label = "All categories" if not known else wording.counted(len(known), "category", "categories")
    with st.popover(label, icon=":material/category:", key="categories"):
        if len(shelves) <= MOST_PILLS:
            return st.pills(
                "Categories", shelves, selection_mode="multi", format_func=in_markdown, key="shelves"
            )
        return st.multiselect("Categories", shelves, placeholder="Any category", key="shelves")


def _verdicts() -> list[VerdictKind]:
    chosen = st.session_state.get("verdicts") or []
    label = "All verdicts" if not chosen else wording.capital(wording.joined(chosen))
    with st.popover(label, icon=":material/rule:", key="verdict-filter"):
        return st.pills(
            "Verdicts", KINDS, selection_mode="multi", format_func=wording.capital, key="verdicts"
        )
