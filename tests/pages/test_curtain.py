"""The curtain: another choice is drawn on the side that nobody sees, and the sides turn when all is there."""

import pytest
from streamlit.testing.v1 import AppTest


def script() -> None:
    import streamlit as st

    from pages.frame import curtain

    now, about = st.query_params["now"], st.query_params.get("about", "one client")
    with curtain.raised("desk", ("card", "below"), now, about=about) as drawn:
        with drawn("card"):
            st.subheader(now)
            if now == "broken":
                raise RuntimeError("cut off")
        with drawn("below"):
            st.caption(now)


@pytest.fixture
def app() -> AppTest:
    return AppTest.from_function(script, default_timeout=30)


def show(app: AppTest, now: str, about: str = "one client") -> None:
    app.query_params["now"], app.query_params["about"] = now, about
    app.run()


def sides(app: AppTest, part: str) -> list[list[str]]:
    """Return the texts on both sides of a part."""
    found = [app.get_by_key(f"desk-{part}-{side}") for side in (0, 1)]
    return [[one.value for one in [*side.subheader, *side.caption]] for side in found]


def style(app: AppTest) -> str:
    return str(app.get("html")[0].proto.body)


def test_another_choice_is_on_the_other_side_and_the_old_one_is_gone(app: AppTest) -> None:
    show(app, "a")
    first = [sides(app, "card"), sides(app, "below")]
    assert sorted(first[0]) == sorted(first[1]) == [[], ["a"]]
    show(app, "b")
    second = [sides(app, "card"), sides(app, "below")]
    assert second == [[side and ["b"] for side in part[::-1]] for part in first]
    old = first[0].index(["a"])
    for part in ("card", "below"):
        assert f":has(>.st-key-desk-{part}-{old}){{display:none}}" in style(app)
    assert "visibility:hidden" not in style(app)


def test_the_same_choice_is_drawn_where_it_stands(app: AppTest) -> None:
    show(app, "a")
    first = sides(app, "card")
    app.run()
    assert sides(app, "card") == first
    assert "position" not in style(app)


def test_a_run_that_is_cut_off_turns_nothing(app: AppTest) -> None:
    show(app, "a")
    seen = sides(app, "card").index(["a"])
    show(app, "broken")
    assert sides(app, "card")[1 - seen] == ["broken"]
    assert f"(>.st-key-desk-card-{1 - seen}){{position:absolute" in style(app)  # out of sight
    show(app, "b")
    assert sides(app, "card")[1 - seen] == ["b"]


@pytest.mark.parametrize(("about", "grace"), [("one client", 150), ("another client", 0)])
def test_what_is_of_another_client_is_covered_at_once(app: AppTest, about: str, grace: int) -> None:
    show(app, "a")
    show(app, "broken", about)
    assert f"animation:finrec-gone 1ms linear {grace}ms both" in style(app)
