"""The slices: where a model helps, by what the client has or by how many have the product."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from finrec_core.terms.bounds import FEW
from finrec_core.views import comparison, dots, figures
from finrec_core.views.markdown import in_markdown
from pages.analyse import against
from pages.frame import chart


def show(protocol: Mapping[str, Any], metric: str) -> None:
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
        against.numbers(
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
