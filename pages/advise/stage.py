"""The stage of the story: large words, large bars, and the table beside them."""

import html

import pandas as pd
import streamlit as st

from finrec_core.views import strips
from finrec_core.views.markdown import in_markdown
from finrec_core.views.story import Scene
from finrec_core.views.strips import Strip
from pages.frame import chart

SIZE, ROOM = 19, 33  # of figures: text in pixels, characters of a name beside a bar


def say(scene: Scene) -> None:
    """Say the title and the paragraph of a scene."""
    st.title(in_markdown(scene.title, 300), anchor=False)
    style = f"font-size:1.35rem;line-height:1.45;max-width:44rem;color:{chart.colours().muted}"
    st.html(f'<p dir="auto" style="{style}">{html.escape(scene.text)}</p>')


def bars(rows: list[Strip], key: str) -> None:
    """Show bars from zero, with their table."""
    if not rows:
        return
    figure = strips.strips(rows, chart.colours(), size=SIZE, room=ROOM)
    chart.show(figure, key=key, alt=strips.alternative(rows))
    frame = pd.DataFrame([(row.name, row.text) for row in rows], columns=["What", "Points"], dtype=str)
    table(frame, "The bars as a table")


def table(frame: pd.DataFrame, alt: str) -> None:
    """Show a table that opens below a picture."""
    with st.expander("As a table"):
        st.dataframe(frame, hide_index=True, height="content" if len(frame) <= 12 else 430, alt=alt)
