"""The methods of a comparison: all on one scale, and the model against each of them."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from finrec_core.explain import wording
from finrec_core.views import arms, comparison, dots, figures
from pages.analyse import against
from pages.frame import chart


def show(protocol: Mapping[str, Any], metric: str, name: str) -> None:
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
            against.numbers(
                comparison.figures_table(protocol, metric), key="figures", alt="Every figure of every method"
            )
    with grid.cell():
        if mine is not None:
            _heading(f"{arms.title(mine)} against each")
            against.show(protocol.get("paired", []), metric, mine)


def _heading(text: str) -> None:
    with st.container(horizontal=True, height=40, border=False, vertical_alignment="center"):
        st.subheader(text, anchor=False)
