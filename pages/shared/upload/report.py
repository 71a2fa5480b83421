"""The report of an import on a page: how often each reason stands in it, its rows, and all as a file."""

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc
import streamlit as st

from finrec_core.dataset import csv_report, reason_counts
from finrec_core.intake import Intake
from finrec_core.terms import wording
from finrec_core.terms.file_name import file_name
from finrec_core.views.charts import counts
from pages.frame import chart, gate

SHOWN = 200
WHAT = {"rejected": "Rejected and left out", "repaired": "Repaired and kept"}
NOUNS = {"rejected": "rejection", "repaired": "repair"}  # of one row there may be several
ALL = "All reasons"


def figures(intake: Intake) -> None:
    """Show what became of the rows, in figures that add up."""
    st.subheader("What was mended and what was not", anchor=False)
    read = max(1, intake.rows_read)
    with st.grid(4, min_column_width=150):
        st.metric("Rows read", wording.plain(intake.rows_read))
        for title, count, note in (
            ("Accepted as they are", intake.rows_clean, ""),
            ("Repaired", intake.rows_repaired, ", kept"),
            ("Rejected", intake.rows_rejected, ", left out"),
        ):
            share = f"{wording.percent(count / read)}{note}"
            st.metric(title, wording.plain(count), share, delta_color="off", delta_arrow="off")


def charts(rejects: pa.Table, repairs: pa.Table) -> None:
    """Show how often each reason stands in the two reports, side by side; nothing where both are empty."""
    if not len(rejects) and not len(repairs):
        return
    grid = st.grid(2, min_column_width=420, gap="medium")
    for title, table, key in (
        (WHAT["rejected"], rejects, "rejected"),
        (WHAT["repaired"], repairs, "repaired"),
    ):
        with grid.cell():
            st.markdown(f"**{title}**")
            if not len(table):
                st.caption("No row.")
                continue
            reasons = reason_counts(table)
            chart.show(
                counts.counts(reasons, chart.colours()),
                key=f"counts-{key}",
                alt=f"{title}: {counts.alternative(reasons)}",
            )


def rows(rejects: pa.Table, repairs: pa.Table, name: str, key: str) -> None:
    """Show the first rows of a report by choice of reason, and offer the whole as a file."""
    present = {"rejected": rejects, "repaired": repairs}
    present = {what: table for what, table in present.items() if len(table)}
    if not present:
        return
    with st.expander(_title(present), expanded=bool(len(rejects)), key=f"report-{key}"):
        _rows(present, name, key)


def _title(present: Mapping[str, pa.Table]) -> str:
    told = [wording.counted(len(table), NOUNS[what]) for what, table in present.items()]
    return f"Row by row: {wording.joined(told)}"


def _rows(present: Mapping[str, pa.Table], name: str, key: str) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        what = next(iter(present))
        if len(present) == 2:
            what = st.segmented_control(
                "Which rows",
                list(present),
                default="rejected",
                required=True,
                format_func=lambda what: f"{what.capitalize()} rows",
                label_visibility="collapsed",
                key=f"what-{key}",
            )
        else:
            st.markdown(f"**{what.capitalize()} rows**", width="content")
        table = present[what]
        with st.container(horizontal=True, width="content", vertical_alignment="center"):
            reason = st.selectbox(
                "Reason",
                [ALL, *(reason for reason, _ in reason_counts(table))],
                label_visibility="collapsed",
                width=260,
                key=f"reason-{key}-{what}",
            )
            st.download_button(
                f"All {len(table):,} as CSV",
                gate.later(lambda: csv_report(table)),
                file_name=file_name(f"{name}-{what}.csv"),
                mime="text/csv",
                icon=":material/download:",
                on_click="ignore",
                key=f"download-{key}-{what}",
            )
    if reason != ALL:
        told = pc.list_element(pc.split_pattern(table["reason"], ":", max_splits=1), 0)
        table = table.filter(pc.equal(told, reason))
    st.dataframe(
        table.slice(0, SHOWN).to_pandas(),
        hide_index=True,
        height="content" if len(table) <= 8 else 360,
        column_config={
            "file": st.column_config.TextColumn("File", width=140),
            "line": st.column_config.NumberColumn("Line", width=64, format="%,d"),
            "column": st.column_config.TextColumn("Column", width=110),
            "value": st.column_config.TextColumn("Value", width=150),
            "reason": st.column_config.TextColumn("Reason", width=250),
        },
        key=f"rows-{key}-{what}",
        alt=f"{what.capitalize()} rows with file, line, column, value and reason",
    )
    if len(table) > SHOWN:
        st.caption(f"The first {SHOWN} of {wording.plain(len(table))}; the file holds all.")
