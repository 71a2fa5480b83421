"""The draft of a figure: one dict of plain values that becomes a figure of plotly at the end, once.

Plotly checks a figure anew at each trace, shape and annotation that is added to it: fourteen rows took 83 ms
of processor time that way, and 3 as one dict. Each figure that a test draws is checked by plotly there.
"""

from collections.abc import Mapping
from typing import Any

import plotly.graph_objects as go

Values = Mapping[str, Any]


class Draft:
    """Traces, shapes, annotations and a layout, added as to a figure of plotly and in its words."""

    def __init__(self) -> None:
        self._traces: list[dict[str, Any]] = []
        self._shapes: list[dict[str, Any]] = []
        self._annotations: list[dict[str, Any]] = []
        self._layout: dict[str, Any] = {}

    def add_bar(self, **values: Any) -> None:  # noqa: ANN401 - of plotly
        """Add a trace of bars."""
        self._traces.append({"type": "bar", **values})

    def add_scatter(self, **values: Any) -> None:  # noqa: ANN401 - of plotly
        """Add a trace of points or a line."""
        self._traces.append({"type": "scatter", **values})

    def add_shape(self, **values: Any) -> None:  # noqa: ANN401 - of plotly
        """Add a line or a box."""
        self._shapes.append(values)

    def add_annotation(self, **values: Any) -> None:  # noqa: ANN401 - of plotly
        """Add a text."""
        self._annotations.append(values)

    def update_layout(self, **values: Any) -> None:  # noqa: ANN401 - of plotly
        """Set values of the layout; what stands inside others is kept beside those named."""
        _merge(self._layout, values)

    def update_xaxes(self, values: Values | None = None, **more: Any) -> None:  # noqa: ANN401 - of plotly
        """Set values of the horizontal axis."""
        _merge(self._layout, {"xaxis": {**(values or {}), **more}})

    def update_yaxes(self, values: Values | None = None, **more: Any) -> None:  # noqa: ANN401 - of plotly
        """Set values of the vertical axis."""
        _merge(self._layout, {"yaxis": {**(values or {}), **more}})

    def to_dict(self) -> dict[str, Any]:
        """Return the figure as plotly writes it."""
        placed = {"shapes": self._shapes, "annotations": self._annotations}
        layout = self._layout | {name: values for name, values in placed.items() if values}
        return {"data": self._traces, "layout": layout}

    def figure(self) -> go.Figure:
        """Return the figure."""
        return go.Figure(self.to_dict(), _validate=False)


def _merge(held: dict[str, Any], values: Values) -> None:
    for name, value in values.items():
        if isinstance(value, Mapping):
            inner = held[name] if isinstance(held.get(name), dict) else {}
            held[name] = dict(inner)
            _merge(held[name], value)
        else:
            held[name] = value
