"""Help: the words of the desk, and what its numbers do not say."""

from pathlib import Path

import streamlit as st

TEXT = Path(__file__).parents[2] / "assets" / "words.md"

with st.columns([1, 6, 1])[1]:
    st.markdown(TEXT.read_text("utf-8"))
