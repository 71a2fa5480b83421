"""For whom a model is good: by segment, by how much is known of a client, by how many have the product."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from finrec_core.evaluation.groups import Group, by_reviews, by_segment, by_ties
from finrec_core.run_folder import RunFolderError
from finrec_core.store import RunRow
from finrec_core.terms.bounds import FEW
from finrec_core.terms.names import METRIC
from finrec_core.views.charts import dots
from finrec_core.views.markdown import in_markdown
from finrec_core.views.model import comparison, figures, segments
from pages.frame import chart, desk, memory, table

TESTED = {"segment": by_segment, "ties": by_ties, "reviews": by_reviews}


def show_groups(run: RunRow) -> None:
    """Show the figures of a run by groups of clients."""
    st.space("small")
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.subheader("For whom is it good?", anchor=False, width="content")
        kind = st.segmented_control(
            "Clients",
            list(segments.KINDS),
            default="segment",
            required=True,
            format_func=segments.KINDS.__getitem__,
            label_visibility="collapsed",
            key="groups",
        )
    try:
        found = _groups(run, kind)
    except RunFolderError as error:
        st.error(in_markdown(str(error), 300), icon=":material/error:")
        return
    if found is None:
        st.caption(
            "This model keeps no figures of single clients, as models trained before do not: train again to "
            "see them by segment, connections and reviews."
        )
        return
    if not found:
        st.caption("No client could be tested, so there are no figures.")
        return
    rows, name = segments.dotted(found, kind), figures.NAMES[METRIC]
    panes = st.grid(2, min_column_width=420, gap="medium")
    with panes.cell():
        if rows:
            chart.show(
                dots.dots(rows, chart.colours()),
                key="groups-dots",
                alt=dots.alternative(rows, name),
            )
    with panes.cell():
        table.numbers(
            segments.table(found, kind, name), key="groups-table", alt=f"{name} of groups of clients"
        )
    st.caption(segments.about(found, kind))


def _groups(run: RunRow, kind: str) -> tuple[Group, ...] | None:
    """Return the groups of a kind, None where the run has no figures of single clients."""
    if kind == "products":
        return segments.by_products(figures.protocol(run), METRIC)
    return tested(run.run, kind)


@memory.remembered(max_entries=16)
def tested(run: str, kind: str) -> tuple[Group, ...] | None:
    """Return the groups of a kind other than by products, None where the run has no figures of clients."""
    model = desk.model(run)
    return None if model.per_client is None else TESTED[kind](model.per_client, model.dataset, METRIC)


def show_slices(protocol: Mapping[str, Any], metric: str) -> None:
    """Show the slices of a kind as small figures on one scale, and as a table of all methods."""
    kinds = [kind for kind in comparison.KINDS if protocol.get(kind)]
    if not kinds:
        return
    st.space("small")
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.subheader("Where does it help?", anchor=False, width="content")
        kind = kinds[0]
        if len(kinds) > 1:
            kind = st.segmented_control(
                "Slices",
                kinds,
                default=kinds[0],
                required=True,
                format_func=comparison.KINDS.__getitem__,
                label_visibility="collapsed",
                key="slices",
            )
    found, shown = comparison.slices(protocol, kind, metric), comparison.telling(protocol, metric)
    ends, name = comparison.scale(found, shown), figures.NAMES[metric]
    with st.grid(max(2, len(found)), min_column_width=250, gap="medium") as grid:
        for place, one in enumerate(found):
            with grid.cell():
                st.markdown(f"**{in_markdown(one.name)}**  :small[{one.size}]")
                if not one.drawn:
                    continue
                some = [dot for dot in one.arms if dot.name in shown]
                chart.show(
                    dots.dots(some, chart.colours(), scale=ends, size=12, room=14),
                    key=f"slice-{place}",
                    alt=f"{one.name}, {one.size}. {dots.alternative(some, name)}",
                )
    st.caption(_about(found, kind))
    with st.expander("All slices as a table"):
        table.numbers(
            comparison.slice_table(found), key=f"all-{kind}", alt=f"{name} of every method in each slice"
        )


def _about(found: list[comparison.Slice], kind: str) -> str:
    """Return what is counted, and what to think of slices with few clients."""
    counted = {
        "by_client_degree": "What a client has counts without what is held back.",
        "by_product_degree": "Only the held-back products of a slice count, among all products; a client can "
        "be in several.",
    }[kind]
    few = any(one.clients < FEW for one in found)
    warning = f" Intervals of fewer than {FEW} clients are narrower than they should be." if few else ""
    return f"One scale for all.{warning} {counted}"
