"""The options of a training show what is sent."""

import pytest
from streamlit.testing.v1 import AppTest

VIEWS = ("closed_form", "network")


def page() -> None:
    import streamlit as st

    from pages.train import options

    st.session_state["gone"] = options._evidence(None)


def ticked(app: AppTest) -> set[str]:
    return {view for view in VIEWS if app.checkbox(key=f"use-{view}").value}


@pytest.mark.parametrize(("first", "last"), [VIEWS, VIEWS[::-1]], ids=lambda name: name)
def test_one_view_stays_ticked_whichever_goes_first(first: str, last: str) -> None:
    """Guards two empty boxes while one of the views was used all the same."""
    app = AppTest.from_function(page).run()
    assert ticked(app) == set(VIEWS)
    app.checkbox(key=f"use-{first}").uncheck().run()
    for _ in range(2):
        app.checkbox(key=f"use-{last}").uncheck().run()
        assert app.session_state["gone"] == {first}
        assert ticked(app) == {last}
    app.checkbox(key=f"use-{first}").check().run()
    app.checkbox(key=f"use-{last}").uncheck().run()
    assert (app.session_state["gone"], ticked(app)) == ({last}, {first})


@pytest.mark.parametrize("boxes", [VIEWS, VIEWS[::-1]])
def test_two_quick_clicks_leave_one_view_ticked_too(boxes: tuple[str, str]) -> None:
    """Guards boxes that were both disabled where the second click came before the first had its answer."""
    app = AppTest.from_function(page).run()
    for view in boxes:
        app.checkbox(key=f"use-{view}").uncheck()
    app.run()
    assert not app.exception
    assert len(ticked(app)) == 1
    assert app.session_state["gone"] == {*boxes} - ticked(app)
    assert not any(app.checkbox(key=f"use-{view}").disabled for view in boxes)


def test_without_words_there_are_no_reviews_to_choose() -> None:
    app = AppTest.from_function(page).run()
    app.checkbox(key="use-text").uncheck().run()
    assert app.checkbox(key="use-reviews").disabled
