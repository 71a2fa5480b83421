"""The first rows of a file as they are read, beside what its columns are used as."""

from collections.abc import Sequence

import streamlit as st

from finrec_core.dataset import Preview


def show(previews: Sequence[Preview], upload: int) -> None:
    """Show the first rows of one of the files."""
    names = [one.file for one in previews]
    st.subheader("First rows", anchor=False)
    shown = names[0]
    if len(names) > 1:
        shown = st.selectbox("File", names, label_visibility="collapsed", key=f"preview-{upload}")
    one = next((one for one in previews if one.file == shown), previews[0])
    st.dataframe(
        one.rows.to_pandas(), hide_index=True, height="content", alt=f"The first rows of {one.file} as read"
    )
    if not len(one.rows):
        st.caption("No row of it can be read as its header says.")
