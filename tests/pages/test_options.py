"""The options of a training show what is sent."""

import pytest
from streamlit.testing.v1 import AppTest


def page() -> None:
    import streamlit as st

    from pages.analyse import options

    st.session_state["gone"] = options._evidence(None)


@pytest.mark.parametrize(
    ("first", "last"), [("closed_form", "network"), ("network", "closed_form")], ids=lambda name: name
)
def test_one_view_stays_ticked_whichever_goes_first(first: str, last: str) -> None:
    """Guards two empty boxes while one of the views was used all the same."""
    app = AppTest.from_function(page).run()
    assert not app.checkbox(key=f"use-{last}").disabled
    app.checkbox(key=f"use-{first}").uncheck().run()
    assert app.session_state["gone"] == {first}
    box = app.checkbox(key=f"use-{last}")
    assert (box.value, box.disabled) == (True, True)
    assert not app.checkbox(key=f"use-{first}").disabled
    app.checkbox(key=f"use-{first}").check().run()
    assert app.session_state["gone"] == set()
    assert not app.checkbox(key=f"use-{last}").disabled


def test_without_words_there_are_no_reviews_to_choose() -> None:
    app = AppTest.from_function(page).run()
    app.checkbox(key="use-text").uncheck().run()
    assert app.checkbox(key="use-reviews").disabled
