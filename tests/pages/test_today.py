"""Today without a browser: what is due, whose list changed, and one click to each."""

import shutil
from dataclasses import replace
from pathlib import Path

import streamlit as st

from finrec_core.advice import Rules
from finrec_core.store import LogQuery
from pages.frame import desk as desk_pages
from tests import desk
from tests.pages.conftest import Open
from tests.pages.deciding import CLIENT, OLD, decide, record, stored, texts


def test_today_begins_empty_and_says_so(open_page: Open) -> None:
    said = texts(open_page("today"))
    for sentence in ("Nothing is to be done", "Nothing has a later day", "No list was shown yet"):
        assert sentence in said


def test_what_is_due_stands_on_today_one_click_from_its_card(open_page: Open) -> None:
    app = open_page(client=CLIENT)
    app.button(key="decide-later").click().run()
    app.button_group(key="reason-later").set_value("talk")
    app.date_input(key="due").set_value(desk_pages.today())
    record(app, "later")
    decide(open_page(client=OLD), "later", "time")
    row = stored().decisions(query=LogQuery(client=CLIENT))[0]
    app = open_page("today")
    assert "Due today" in texts(app)
    later = stored().decisions(query=LogQuery(client=OLD))[0]
    assert "Put off, " in texts(app)
    assert app.button(key=f"ahead-{later.id}")
    app.button(key=f"task-due-{row.id}").click().run()
    assert not app.exception
    assert app.query_params["client"] in (CLIENT, [CLIENT])
    assert app.query_params["product"] in (row.product, [row.product])
    assert "Due today" in texts(app)
    assert app.button(key="decide-accept")


def test_a_list_that_changed_says_what_and_why_until_it_is_looked_at(open_page: Open) -> None:
    open_page(client=CLIENT)
    rules = Rules.proposed(stored().dataset())
    insured = replace(rules, sets=dict.fromkeys(rules.sets, "insurance"), otherwise="insurance")
    stored().add_rules(insured.to_json(), reason="a test", user="bo")
    app = open_page("today")
    assert "check now, fits then" in texts(app)
    assert "Other rules" in texts(app)
    app.button(key=f"task-changed-{CLIENT}").click().run()
    assert app.query_params["client"] in (CLIENT, [CLIENT])
    assert "Nothing is to be done" in texts(open_page("today"))


def test_a_client_that_is_gone_and_a_missing_model_leave_today_whole(open_page: Open, tmp_path: Path) -> None:
    open_page(client=CLIENT)
    row = stored().shown()[0]
    left = row.content["snapshot"] | {"client": "gone", "client_name": "Gone"}
    stored().log_shown(client="gone", run=row.run, content={"snapshot": left}, user="bo")
    assert "The client is not in the data any more" in texts(open_page("today"))
    shutil.rmtree(tmp_path / "data" / "runs" / desk.RUN)
    st.cache_resource.clear()  # as a new process finds it
    app = open_page("today")
    assert "is gone" in app.error[0].value
    assert "Looked at lately" in texts(app)


def test_a_link_to_a_client_goes_on_to_its_list(open_page: Open) -> None:
    app = open_page("today", client=CLIENT)
    assert "Recommended products" in texts(app)
