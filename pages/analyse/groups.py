"""For whom a model is good: its test figures by segment, and by how much is known of a client."""

import streamlit as st

from finrec_core.evaluation.groups import Group, by_reviews, by_segment, by_ties
from finrec_core.run_folder import RunFolderError
from finrec_core.store import RunRow
from finrec_core.terms.names import METRIC
from finrec_core.views import dots, figures, groups
from finrec_core.views.markdown import in_markdown
from pages.analyse import against
from pages.frame import chart, desk, memory

TESTED = {"segment": by_segment, "ties": by_ties, "reviews": by_reviews}


def show(run: RunRow) -> None:
    """Show the figures of a run by groups of clients."""
    st.space("small")
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.subheader("For whom is it good?", anchor=False, width="content")
        kind = st.segmented_control(
            "Clients",
            list(groups.KINDS),
            default="segment",
            required=True,
            format_func=groups.KINDS.__getitem__,
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
    rows, name = groups.dotted(found, kind), figures.NAMES[METRIC]
    panes = st.grid(2, min_column_width=420, gap="medium")
    with panes.cell():
        if rows:
            chart.show(
                dots.dots(rows, chart.colours()),
                key="groups-dots",
                alt=dots.alternative(rows, name),
            )
    with panes.cell():
        against.numbers(
            groups.table(found, kind, name), key="groups-table", alt=f"{name} of groups of clients"
        )
    st.caption(groups.about(found, kind))


def _groups(run: RunRow, kind: str) -> tuple[Group, ...] | None:
    """Return the groups of a kind, None where the run has no figures of single clients."""
    if kind == "products":
        return groups.by_products(figures.protocol(run), METRIC)
    return tested(run.run, kind)


@memory.remembered(max_entries=16)
def tested(run: str, kind: str) -> tuple[Group, ...] | None:
    """Return the groups of a kind other than by products, None where the run has no figures of clients."""
    model = desk.model(run)
    return None if model.per_client is None else TESTED[kind](model.per_client, model.dataset, METRIC)
