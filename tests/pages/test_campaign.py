"""The campaign of a product without a browser: clients are filtered, ticked and followed up."""

from streamlit.testing.v1 import AppTest

from finrec_core.advice.campaign import categories
from pages.frame import desk as desk_pages
from tests.pages.conftest import Open
from tests.pages.deciding import stored, texts

PRODUCT = "P002"


def shown(app: AppTest) -> list[str]:
    """Return the clients of the table."""
    (frame,) = [one.value for one in app.dataframe if "Client" in one.value and "Why" in one.value]
    return frame["Client"].tolist()


def tick(app: AppTest, *rows: int) -> AppTest:
    (key,) = [one.proto.id.split("-", 2)[2] for one in app.dataframe if "Why" in one.value]
    app.session_state[key] = {"selection": {"rows": list(rows), "columns": [], "cells": []}}
    return app.run()


def test_clients_are_filtered_by_verdict_category_and_who_was_asked(open_page: Open) -> None:
    app = open_page("product", product=PRODUCT)
    everybody = shown(app)
    (frame,) = [one.value for one in app.dataframe if "Why" in one.value]
    verdict = frame["Verdict"][0][0]
    app.multiselect(key="campaign-verdict").set_value([verdict.lower()]).run()
    assert not app.exception
    (frame,) = [one.value for one in app.dataframe if "Why" in one.value]
    assert {kind for kinds in frame["Verdict"] for kind in kinds} == {verdict}
    app.multiselect(key="campaign-verdict").set_value([]).run()
    shelf = categories(desk_pages.model(stored().active_run().run).dataset)[0]
    app.multiselect(key="campaign-has").set_value([shelf]).run()
    having = " of " in texts(app)
    app.multiselect(key="campaign-lacks").set_value([shelf]).run()
    assert having
    assert "No client is like that" in texts(app)
    app.multiselect(key="campaign-has").set_value([]).run()
    app.multiselect(key="campaign-lacks").set_value([]).run()
    assert shown(app) == everybody


def test_chosen_clients_become_follow_ups_and_count_as_asked(open_page: Open) -> None:
    app = tick(open_page("product", product=PRODUCT), 0, 2)
    first = shown(app)
    app.text_area(key="campaign-text").set_value("Talk about it").run()
    app.button(key="campaign-record").click().run()
    assert not app.exception
    rows = stored().decisions()
    assert [(row.kind, row.product) for row in rows] == [("follow", PRODUCT)] * 2
    assert all(row.content["decision"]["note"] == "Talk about it" for row in rows)
    assert "2 follow" in texts(app)
    app.selectbox(key="campaign-unasked").set_value(30).run()
    assert not {first[0], first[2]} & set(shown(app))
    assert stored().verify() == ()


def test_without_a_text_nothing_is_recorded(open_page: Open) -> None:
    app = tick(open_page("product", product=PRODUCT), 0)
    assert app.button(key="campaign-record").disabled
    assert stored().decisions() == []
