"""The list of a client's products: filters, ranks, and the row of the one that is chosen."""

from dataclasses import replace

import pandas as pd
import streamlit as st

from finrec_core.advice.suitability import KINDS, NO_FACTS, VerdictKind
from finrec_core.terms import wording
from finrec_core.views.markdown import in_markdown
from finrec_core.views.recommendation import decisions, product_list
from finrec_core.views.recommendation.decisions import TRACES
from finrec_core.views.recommendation.product_list import Filters
from finrec_core.views.recommendation.suitability import VERDICTS
from pages.frame import journal, selection
from pages.shared.choice import Choice
from pages.shared.decision import LISTED

LENGTHS = (10, 25, 100)
MOST_PILLS = 30  # categories; more are a field in which one types
CHOICES = 3000  # products in the field that looks one up; each goes to the browser


def show(choice: Choice) -> None:
    """Show the ranked products, and a field to look up any other."""
    dataset, ranking = choice.dataset, choice.ranking
    suitability = choice.suitability
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.subheader("Recommended products", anchor=False, width="content")
        count = st.empty()
    asked = _filters(product_list.categories(dataset), judged=suitability is not None)
    rejected = tuple(sorted(journal.hidden(choice.client)))
    if not st.session_state.get("show-rejected", False):
        asked = replace(asked, rejected=rejected)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        _length()
        _search(choice)
    if suitability is None:
        st.caption(f":material/info: {NO_FACTS}")
    listed = product_list.listed(dataset, ranking, asked, suitability)
    traces = decisions.traces(journal.decisions(), choice.client)
    frame = product_list.ranked(dataset, ranking, listed.rows, suitability, traces)
    st.session_state[LISTED] = frame["id"].tolist()
    count.caption(f"{int(frame['rank'].count()):,} of {len(ranking.order):,}", width="content")
    if len(frame):
        _table(choice, frame, f"ranked-{ranking.client}-{hash(asked):x}")
    elif len(ranking.order):  # else it is said above that the list itself is empty
        st.caption(in_markdown(product_list.nothing(dataset, ranking, asked, suitability), 400))
    if listed.misfits:
        label = product_list.fold(listed.misfits, unfolded=asked.unfolded)
        icon = ":material/unfold_less:" if asked.unfolded else ":material/unfold_more:"
        st.button(label, type="tertiary", icon=icon, on_click=_turn, args=("unfolded",), key="fold")
    if rejected:
        st.button(
            product_list.rejected(len(rejected), shown=not asked.rejected),
            type="tertiary",
            icon=":material/visibility:" if asked.rejected else ":material/visibility_off:",
            on_click=_turn,
            args=("show-rejected",),
            key="rejected",
        )
    _notes(choice, hidden=asked.hide_held)


def _filters(shelves: list[str], *, judged: bool) -> Filters:
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


def _length() -> None:
    """Show how many products the list may have; `_filters` knows what was chosen."""
    st.segmented_control(
        "How many", LENGTHS, default=LENGTHS[0], required=True, label_visibility="collapsed", key="most"
    )


def _search(choice: Choice) -> None:
    """Show a field that finds any product of the catalogue, on the list or not."""
    names = product_list.choices(choice.dataset, choice.ranking, CHOICES)
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


def _look_up() -> None:
    """Choose the product that was looked up, and empty the field."""
    if st.session_state["look-up"] is not None:
        selection.choose("product", st.session_state["look-up"])
        st.session_state["look-up"] = None


def _table(choice: Choice, frame: pd.DataFrame, key: str) -> None:
    """Show products of the list; a click into a row or a cell chooses its product.

    However a product was chosen, by the browser's Back say, its row is marked in the table that is there.
    """
    ids = frame["id"].tolist()
    at = ids.index(choice.product) if choice.product in ids else None
    marked = [] if at is None else [at]
    held = st.session_state.get(key)
    if held is not None and (held["selection"]["rows"] != marked or held["selection"]["cells"]):
        st.session_state[key] = {"selection": {"rows": marked, "columns": [], "cells": []}}
    ranked_only = frame["rank"].notna().all()
    shelf = 84 if "verdict" in frame else 130
    spare = 186 + 84 * ("category" not in frame) + (180 - shelf) * ("verdict" not in frame)
    high, bars = (62, 84) if "former" in frame else (42, 104)  # what was held before needs two lines
    spare -= 72 * ("former" in frame)
    told = 96
    if "decided" in frame:  # all give a little, so that the name keeps most of its place
        spare, shelf, bars, told = spare - 34, min(shelf, 78), min(bars, 84), 80
    st.dataframe(
        frame.drop(columns="id"),
        hide_index=True,
        row_height=high,
        height="content" if len(frame) <= 12 else 42 * 13,
        on_select=lambda: _pick(key, ids),
        selection_mode=("single-row" if at is None else "single-row-required", "single-cell"),
        selection_default=None if at is None else {"selection": {"rows": marked}},
        column_config={
            "rank": st.column_config.NumberColumn("#", width=36 if ranked_only else 56),
            "product": st.column_config.TextColumn("Product", width=spare if ranked_only else spare - 20),
            "former": st.column_config.TextColumn("Held before", width=92),
            "category": st.column_config.TextColumn("Category", width=shelf),
            "points": st.column_config.ProgressColumn(
                "Points", min_value=0, max_value=100, format="%d", width=bars
            ),
            "decided": st.column_config.MultiselectColumn(
                "Decided", options=TRACES, color=["green", "yellow", "red", "gray"], width=88
            ),
            "verdict": st.column_config.MultiselectColumn(
                "Verdict", options=VERDICTS, color=["green", "yellow", "red"], width=told
            ),
        },
        placeholder="has it",
        key=key,
        alt=f"Products recommended, best first: {len(frame)} of {len(choice.ranking.order)}",
    )


def _pick(key: str, ids: list[str]) -> None:
    """Choose the product whose row or cell was clicked."""
    picked = st.session_state[key].selection
    if picked.cells:  # a click into a row, which is then marked
        selection.choose("product", ids[picked.cells[0][0]])
    elif picked.rows:
        selection.choose("product", ids[picked.rows[0]])


def _turn(name: str) -> None:
    """Show what does not fit, or what was rejected, among the others, or take it out again."""
    st.session_state[name] = not st.session_state.get(name, False)


def _notes(choice: Choice, *, hidden: bool) -> None:
    """Say which product the card shows, and what the points and the list mean."""
    ranking = choice.ranking
    rank = int(ranking.ranks[choice.dataset.product_rows[choice.product]])
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown(
            f":green[:material/check_circle:] Selected: **{in_markdown(choice.labels().product)}**, "
            + (f"{wording.ordinal(rank)} of {len(ranking.order):,}" if rank else "not on the list"),
            width="content",
        )
        _steps(choice.product)
    points = "100 points: this client's strongest product; 0: the average one."
    if not len(ranking.order):
        points = "The list is empty, so there are no points."
    elif ranking.scale.flat:
        points = "All products score the same for this client, so there are ranks and no points."
    st.caption(f"{points} Not listed: {'what the client has, and ' if hidden else ''}what is not offered.")


def _steps(product: str) -> None:
    """Show buttons to the neighbours on the list, which the arrow keys press."""
    listed = st.session_state[LISTED]
    at = listed.index(product) if product in listed else -1
    with st.container(horizontal=True, width="content", gap="small"):
        for key, to, icon, title in (
            ("previous-product", at - 1, "keyboard_arrow_up", "Previous product: ↑"),
            ("next-product", at + 1, "keyboard_arrow_down", "Next product: ↓"),
        ):
            there = 0 <= to < len(listed)
            st.button(
                "",
                icon=f":material/{icon}:",
                type="tertiary",
                help=title,
                disabled=not there,
                on_click=selection.choose,
                args=("product", listed[to] if there else None),
                key=key,
            )
