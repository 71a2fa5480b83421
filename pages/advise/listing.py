"""The list of a client's products, the card of the chosen one, and below them what stands behind it."""

import pandas as pd
import streamlit as st

from finrec_core.explain import wording
from finrec_core.views import ranked
from finrec_core.views.markdown import in_markdown
from pages.advise import card, evidence
from pages.advise.choice import Choice, chosen
from pages.frame import desk, selection

ALL = "All categories"
LENGTHS = (10, 25, 100)
CHOICES = 3000  # products in the field that looks one up; each goes to the browser


@st.fragment
def desk_of(run: str, client: str) -> None:
    """Show the desk of one client; a choice on it shows this part of the page anew, and no more."""
    if not len(desk.ranking(run, client).order):
        st.info("This client has every product that is offered, so there is nothing to recommend.")
    choice = chosen(run, client)
    panes = st.grid(2, min_column_width=420, gap="medium")
    with panes.cell():
        _list(choice)
    with panes.cell(), st.container(border=True, height="stretch", key="card"):
        card.show(choice)
    evidence.show(choice)


def _list(choice: Choice) -> None:
    """Show the ranked products, and a field to look up any other."""
    dataset, ranking = choice.dataset, choice.ranking
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.subheader("Recommended products", anchor=False, width="content")
        count = st.empty()
    shelves = ranked.categories(dataset)
    with st.container(horizontal=True, vertical_alignment="center"):
        shelf = ALL
        if shelves:
            shelf = st.selectbox(
                "Category", [ALL, *shelves], label_visibility="collapsed", width=180, key="shelf"
            )
        most = st.segmented_control(
            "How many", LENGTHS, default=LENGTHS[0], required=True, label_visibility="collapsed", key="most"
        )
        names = ranked.choices(dataset, ranking, CHOICES)
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
    frame = ranked.ranked(dataset, ranking, most or LENGTHS[0], None if shelf == ALL else shelf)
    count.caption(f"{len(frame):,} of {len(ranking.order):,}", width="content")
    _table(choice, frame, key=f"ranked-{ranking.client}-{shelf}-{most}-{st.session_state.get('tables', 0)}")
    rank = int(ranking.ranks[dataset.product_rows[choice.product]])
    st.markdown(
        f":green[:material/check_circle:] Selected: **{in_markdown(choice.labels().product)}**, "
        + (f"{wording.ordinal(rank)} of {len(ranking.order):,}" if rank else "not on the list")
    )
    st.caption(
        "All products score the same for this client, so there are ranks and no points."
        if ranking.scale.flat
        else "100 points: this client's strongest product; 0: the average one. Not listed: what the client "
        "has, and what is not offered."
    )


def _table(choice: Choice, frame: pd.DataFrame, key: str) -> None:
    ids = frame["id"].tolist()
    at = ids.index(choice.product) if choice.product in ids else None
    st.dataframe(
        frame.drop(columns="id"),
        hide_index=True,
        row_height=42,
        height="content" if len(frame) <= 10 else 42 * 11,
        on_select=lambda: _pick(key, ids),
        selection_mode=("single-row" if at is None else "single-row-required", "single-cell"),
        selection_default=None if at is None else {"selection": {"rows": [at]}},
        column_config={
            "rank": st.column_config.NumberColumn("#", width=36),
            "product": st.column_config.TextColumn("Product", width=220 if "category" in frame else 310),
            "category": st.column_config.TextColumn("Category", width=96),
            "points": st.column_config.ProgressColumn(
                "Points", min_value=0, max_value=100, format="%d", width=130
            ),
        },
        key=key,
        alt=f"Products recommended, best first: {len(frame)} of {len(choice.ranking.order)}",
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
