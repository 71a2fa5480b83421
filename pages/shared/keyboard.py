"""The keyboard on the pages: the script that hears it, the sheet that names its keys, and its switch."""

import streamlit as st

from finrec_core.views.keyboard import HEARD, KEYS


def hear() -> None:
    """Hear the keys of the desk, unless they are switched off; called on every page."""
    state = "on" if st.session_state.setdefault("keys", True) else "off"
    st.html(f'<span data-keys="{state}"></span>')
    st.html(f"<script>{HEARD}</script>", unsafe_allow_javascript=True)


def button() -> None:
    """Show the button of the sheet."""
    if st.button(
        "", icon=":material/keyboard:", type="tertiary", help="Keys of the desk: ?", key="keys-open"
    ):
        _sheet()


@st.dialog("Keys", width="medium")
def _sheet() -> None:
    st.markdown(
        "\n".join(["| Key | What it does |", "| --- | --- |", *(f"| **{k}** | {w} |" for k, w in KEYS)])
    )
    on = st.toggle("Hear the keys of one letter or sign", value=st.session_state["keys"], key="keys-wanted")
    st.caption("They are not heard while you type. Ctrl K works always. C and R are Streamlit's own.")
    if on != st.session_state["keys"]:
        st.session_state["keys"] = on
        st.rerun()
