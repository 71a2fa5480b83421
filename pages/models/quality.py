"""The quality of the model in use: against which methods it was tested, and what the tests rest on."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from finrec_core.store import RunRow
from finrec_core.terms import wording
from finrec_core.terms.names import METRIC
from finrec_core.views.charts import dots
from finrec_core.views.markdown import escaped, in_markdown
from finrec_core.views.model import arms, comparison, figures, findings
from pages.frame import chart
from pages.models import segments
from pages.models.comparison import choose, explain
from pages.shared import differences


def notes(protocol: Mapping[str, Any]) -> None:
    """Say what was left out and why."""
    for note in protocol.get("notes", ()):
        st.caption(f":material/info: {in_markdown(note, 400)}")


def controls(protocol: Mapping[str, Any], metric: str) -> None:
    """Show each control with its sentence, figures and differences; nothing where there is none."""
    found = comparison.controls(protocol, metric)
    if not found:
        return
    st.subheader("Does it hold up?", anchor=False)
    with st.grid(2, min_column_width=420, gap="medium") as grid:
        for place, control in enumerate(found):
            with grid.cell():
                st.markdown(f"**{in_markdown(control.name)}**")
                if control.description:
                    st.markdown(in_markdown(control.description, 400))
                if len(control.figures):
                    alt = f"{control.name}: figures of each method"
                    differences.numbers(control.figures, key=f"control-{place}", alt=alt)
                if len(control.differences):
                    differences.differences(
                        control.differences,
                        key=f"control-differences-{place}",
                        alt=f"{control.name}: differences between methods",
                    )


def constants(protocol: Mapping[str, Any]) -> None:
    """Show what each method chose on validation rows, and how long that took."""
    table = comparison.constants_table(protocol)
    if table.empty:
        return
    with st.expander("What each method chose, and how long it took"):
        st.dataframe(
            table,
            hide_index=True,
            height="content",
            column_config={
                "Method": st.column_config.TextColumn(width=180),
                "Took": st.column_config.TextColumn(width=100),
                "Chosen": st.column_config.TextColumn(width="large"),
            },
            key="constants",
            alt="Constants and seconds of each method",
        )


def show_methods(protocol: Mapping[str, Any], metric: str, name: str) -> None:
    """Show every method's figure with its interval, beside the paired differences."""
    all_arms, mine = comparison.whole(protocol, metric), comparison.ours(protocol)
    grid = st.grid(2, min_column_width=420, gap="medium")
    with grid.cell():
        _heading("Is it any good?")
        chart.show(
            dots.dots(all_arms, chart.colours()),
            key="dots",
            alt=dots.alternative(all_arms, figures.NAMES[metric]),
        )
        seeds = protocol.get("seeds") or []
        over = f" and {len(seeds)} seeds" if len(seeds) > 1 else ""
        st.caption(
            f"Dot: mean over {wording.counted(protocol.get('clients', 0), 'client')}{over}. "
            f"Line: 95 % interval. The whole catalogue is ranked; {comparison.HELD_BACK[name]}. "
            "Higher is better."
        )
        with st.expander("All figures as a table"):
            differences.numbers(
                comparison.figures_table(protocol, metric), key="figures", alt="Every figure of every method"
            )
    with grid.cell():
        if mine is not None:
            _heading(f"{arms.title(mine)} against each")
            differences.show(protocol.get("paired", []), metric, mine)


def _heading(text: str) -> None:
    with st.container(horizontal=True, height=40, border=False, vertical_alignment="center"):
        st.subheader(text, anchor=False)


def show(run: RunRow) -> None:
    """Show a comparison of the model's method with others, as chosen."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="choices"):
        document = choose(run)
        if document is None:
            st.caption("This training made no test figures.")
            explain(run, {})
            return
        name = _protocol(document)
        protocol = document["protocols"][name]
        present = comparison.metrics(protocol)
        metric = METRIC
        if present:
            metric = st.selectbox(
                "Figure", present, format_func=figures.NAMES.__getitem__, width=150, key="metric"
            )
    st.markdown(escaped(findings.sentences(protocol, metric, name)))
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        explain(run, document)
    if present:
        show_methods(protocol, metric, name)
        segments.show_slices(protocol, metric)
        controls(protocol, metric)
        notes(protocol)
    constants(protocol)


def _protocol(document: Mapping[str, Any]) -> str:
    """Return which protocol to show; asked for where there are two."""
    names = comparison.protocols(document)
    if len(names) == 1:
        return names[0]
    return st.segmented_control(
        "Tested",
        names,
        default=names[0],
        required=True,
        format_func=comparison.PROTOCOLS.__getitem__,
        help="Held back are the last products of each client, or all that came after one date.",
        key="protocol",
    )
