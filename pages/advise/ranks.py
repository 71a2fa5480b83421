"""The ranked products as a table in which one is chosen, and the field that finds any other."""

import pandas as pd
import streamlit as st

from finrec_core.advice.suitability import KINDS
from finrec_core.explain import wording
from finrec_core.views import ranked
from pages.advise.choice import Choice
from pages.frame import selection

VERDICTS = [wording.capital(kind) for kind in KINDS]
CHOICES = 3000  # products in the field that looks one up; each goes to the browser


def table(choice: Choice, frame: pd.DataFrame, key: str) -> None:
    """Show products of the list; a click into a row or a cell chooses its product."""
    ids = frame["id"].tolist()
    at = ids.index(choice.product) if choice.product in ids else None
    ranked_only = frame["rank"].notna().all()
    shelf = 84 if "verdict" in frame else 130
    spare = 186 + 84 * ("category" not in frame) + (180 - shelf) * ("verdict" not in frame)
    st.dataframe(
        frame.drop(columns="id"),
        hide_index=True,
        row_height=42,
        height="content" if len(frame) <= 12 else 42 * 13,
        on_select=lambda: _pick(key, ids),
        selection_mode=("single-row" if at is None else "single-row-required", "single-cell"),
        selection_default=None if at is None else {"selection": {"rows": [at]}},
        column_config={
            "rank": st.column_config.NumberColumn("#", width=36 if ranked_only else 56),
            "product": st.column_config.TextColumn("Product", width=spare if ranked_only else spare - 20),
            "category": st.column_config.TextColumn("Category", width=shelf),
            "points": st.column_config.ProgressColumn(
                "Points", min_value=0, max_value=100, format="%d", width=104
            ),
            "verdict": st.column_config.MultiselectColumn(
                "Verdict", options=VERDICTS, color=["green", "yellow", "red"], width=96
            ),
        },
        placeholder="has it",
        key=key,
        alt=f"Products recommended, best first: {len(frame)} of {len(choice.ranking.order)}",
    )


def look_up(choice: Choice) -> None:
    """Show a field that finds any product of the catalogue, on the list or not."""
    names = ranked.choices(choice.dataset, choice.ranking, CHOICES)
    st.selectbox(
        "Look up any product",
        list(names),
        index=None,
        format_func=lambda key: names[key],
        placeholder="Look up any product",
        label_visibility="collapsed",
        on_change=_look_up,
        key="look-up",
    )


def _pick(key: str, ids: list[str]) -> None:
    """Choose the product whose row or cell was clicked."""
    picked = st.session_state[key].selection
    if picked.cells:  # a click into a row; the table is drawn anew with that row marked
        _choose(ids[picked.cells[0][0]])
    elif picked.rows:
        selection.choose("product", ids[picked.rows[0]])


def _look_up() -> None:
    """Choose the product that was looked up, and empty the field."""
    if st.session_state["look-up"] is not None:
        _choose(st.session_state["look-up"])
        st.session_state["look-up"] = None


def _choose(product: str) -> None:
    """Choose a product other than by a row's mark; the table forgets which row was marked before."""
    selection.choose("product", product)
    st.session_state["tables"] = st.session_state.get("tables", 0) + 1
