"""The views of Models about what drives the model and what advisers make of it, without a browser."""

import pytest

from tests.pages.deciding import CLIENT

VIEWS = ("What drives it", "In practice")


def shown(app, view):
    """Open a view of Models and return its sentences."""
    app.query_params["view"] = view
    app.switch_page("pages/analyse/models.py").run()
    assert not app.exception
    return " ".join(one.value for one in [*app.markdown, *app.caption])


def test_what_drives_it_adds_up_and_names_groups(open_desk):
    said = shown(open_desk(), "What drives it")
    assert "Of all that reasons add and take" in said
    assert "the largest gap is" in said
    assert "Groups differ in what is held back" in said  # the figures of single clients are kept by now


@pytest.mark.parametrize("kind", ["accept", "reject"])
def test_a_decision_is_counted_at_once(open_desk, kind):
    app = open_desk("recommendations", client=CLIENT)
    assert "Nothing that stands was decided" in shown(app, "In practice")
    from finrec_core.advice.decision import decide
    from finrec_core.store import Store
    from pages.frame import desk
    from tests.advice.made import TODAY, snapshot

    assert isinstance(desk.store(), Store)
    run = desk.store().active_run().run
    made = decide(kind, snapshot(run=run), reason="need", today=TODAY)
    desk.store().add_decision(
        kind=kind, client=made.client, product=made.product, run=run, content=made.content, user="ana"
    )
    said = shown(app, "In practice")
    counts = {"accept": "1 accepted, 0 rejected", "reject": "0 accepted, 1 rejected"}[kind]
    assert f"1 decision stands: {counts}, 0 put off" in said.replace("\\", "")
    assert "2nd and 3rd" in str(app.dataframe[0].value)
