"""The quality of the model in use: against which methods it was tested, and where it helps."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from finrec_core.store import RunRow
from finrec_core.terms.names import METRIC
from finrec_core.views import comparison, figures, findings
from finrec_core.views.markdown import escaped
from pages.analyse import basis, methods, slices
from pages.analyse.source import choose, explain


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
        methods.show(protocol, metric, name)
        slices.show(protocol, metric)
        basis.controls(protocol, metric)
        basis.notes(protocol)
    basis.constants(protocol)


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
