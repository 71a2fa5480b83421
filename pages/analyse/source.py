"""The source: which comparison the page Models draws, and how to get the full one."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from finrec_core.store import Comparison, RunRow
from finrec_core.views import comparison
from finrec_core.views.markdown import in_markdown
from pages.analyse import comparing
from pages.frame import desk

OWN = "own"  # in place of a comparison's id: the test that the training made of itself


def choose(run: RunRow) -> Mapping[str, Any] | None:
    """Ask which comparison of the model's data to draw and return it, None where there is none."""
    kept = {one.id: one for one in desk.store().comparisons(run.dataset, run.version)}
    options = [*kept, OWN] if comparison.protocols(run.metrics) else [*kept]
    if not options:
        return None
    whole = (key for key, one in kept.items() if comparison.whole_data(one.document))
    default = next(whole, options[-1] if OWN in options else options[0])
    chosen = default
    if len(options) > 1:
        chosen = st.selectbox(
            "Comparison",
            options,
            index=options.index(default),
            format_func=lambda key: _title(kept[key]) if key in kept else "The training's own test",
            width=320,
            key="comparison",
        )
    return kept[chosen].document if chosen in kept else run.metrics


def explain(run: RunRow, document: Mapping[str, Any]) -> None:
    """Say where the figures come from, and how to compare with all methods."""
    own = document is run.metrics
    if own:
        st.caption("Source: the test that the training made of this model, against plain methods.")
    else:
        st.caption(
            f"Source: a comparison on {in_markdown(run.dataset)}, version {run.version}. Every method was "
            "trained anew for it, the fused model too, so its figures can differ a little from the card's."
        )
    comparing.button(run)


def _title(one: Comparison) -> str:
    """Return a comparison as a choice in the list."""
    return f"{desk.when(one.created)}: {comparison.extent(one.document)}"
