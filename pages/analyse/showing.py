"""Which products a model shows: whether its lists go by popularity, and what never stands on one."""

import streamlit as st

from finrec_core.advice.exposure import Exposure
from finrec_core.dataset import csv_report
from finrec_core.explain import wording
from finrec_core.store import RunRow
from finrec_core.views import exposure
from finrec_core.views.markdown import escaped
from pages.analyse import against
from pages.frame import chart, desk

SHOWN = 200  # products in the table; the download has all


def show(run: RunRow, found: Exposure) -> None:
    """Show how the places of all lists fall on the catalogue."""
    st.space("small")
    st.subheader("Which products does it show?", anchor=False)
    st.markdown(escaped(exposure.bias(found)))
    with st.grid(4, min_column_width=150):
        st.metric("Catalogue in top 10", wording.percent(found.coverage10, 0))
        st.metric("Catalogue in top 20", wording.percent(found.coverage20, 0))
        st.metric("In no top 20", f"{len(found.never):,}", border=False)
        st.metric(
            "Gini of places",
            wording.plain(found.gini, 2),
            f"{wording.plain(found.gini_interactions, 2)} of interactions",
            delta_color="off",
            delta_arrow="off",
            help="0 where every product has as many places as any other, near 1 where one has all.",
        )
    picture, numbers = st.columns([3, 2], gap="large")
    with picture:
        chart.show(
            exposure.figure(found, chart.colours()),
            key="tenths",
            alt=exposure.alternative(found),
        )
    with numbers:
        against.numbers(exposure.table(found), key="tenths-table", alt="Tenths of the catalogue")
    st.caption(
        f"The lists of all clients and the {wording.counted(found.offered, 'product')} that the bank offers, "
        "cut into tenths by how many clients have them."
    )
    _never(run, found)


def _never(run: RunRow, found: Exposure) -> None:
    """Show the products that stand on no list, the first as a table and all as a file."""
    if not len(found.never):
        return
    table = exposure.never_shown(found, desk.model(run.run).dataset)
    with st.expander(f"{wording.capital(wording.counted(len(table), 'product'))} in no client's top 20"):
        st.dataframe(
            table.slice(0, SHOWN).to_pandas(),
            hide_index=True,
            height="content" if len(table) <= 10 else 400,
            key="never-shown",
            alt="Products that stand in no client's top 20",
        )
        st.download_button(
            "Download as CSV",
            lambda: csv_report(table),
            file_name=f"never-shown-{run.run}.csv",
            mime="text/csv",
            icon=":material/download:",
            key="never-shown-csv",
        )
