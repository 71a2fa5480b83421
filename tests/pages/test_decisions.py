"""Deciding, the log and Today without a browser: what each page shows and what the store then holds."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from finrec_core.advice import Rules
from finrec_core.dataset.demo_bank import demo_bank
from finrec_core.settings import settings
from finrec_core.store import LogQuery, Store
from pages.frame import desk as desk_pages
from tests import desk

APP = Path(__file__).resolve().parents[2] / "app.py"
CLIENT, OLD = "C00002", "C00003"
HOSTILE = "<img src=http://evil.example/x> **bold** www.evil.example"
Open = Callable[..., AppTest]


def today() -> date:
    return datetime.now(UTC).date()


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data folder with a model; one client's profile is of today, another's is old."""
    bank = demo_bank(60, 30, 1).dataset
    clients = bank.clients.to_pylist()
    for row in clients:
        row["profile_date"] = date(2001, 1, 1) if row["client_id"] == OLD else today()
        row["risk_tolerance"], row["horizon_years"] = 3, 10.0
        row["knowledge"], row["loss_capacity"] = "informed", "limited"
        if row["client_id"] == CLIENT:
            row["name"] = HOSTILE
    folder = tmp_path_factory.mktemp("trained")
    table = pa.Table.from_pylist(clients, schema=bank.clients.schema)
    desk.trained(folder, replace(bank, clients=table))
    return folder


@pytest.fixture
def open_desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trained: Path) -> Iterator[Open]:
    """Return a function that opens a page of the desk over a copy of the data folder."""
    data = tmp_path / "data"
    shutil.copytree(trained, data)
    monkeypatch.setenv("FINREC_DATA", str(data))
    settings.cache_clear()

    def start(page: str = "recommendations", **query: str) -> AppTest:
        app = AppTest.from_file(str(APP), default_timeout=120)
        app.run()
        for name, value in query.items():
            app.query_params[name] = value
        app.switch_page(f"pages/advise/{page}.py").run()
        assert not app.exception
        return app

    yield start
    st.cache_resource.clear()  # closes the store
    settings.cache_clear()


def stored() -> Store:
    """Return the store that the desk has open."""
    return desk_pages.store()


def texts(app: AppTest) -> str:
    """Return all that a page says in Markdown, headings and captions included."""
    kinds = (app.title, app.subheader, app.markdown, app.caption, app.info, app.warning, app.error, app.success)
    return "\n".join(str(one.value) for kind in kinds for one in kind)


def products(client: str, verdict: str) -> list[str]:
    """Return a client's offered products with a verdict under the rules in force, best first."""
    run = stored().active_run().run
    kinds = desk_pages.suitability(run, client).kinds
    rows = desk_pages.ranking(run, client).order
    ids = desk_pages.model(run).dataset.products["product_id"]
    return [ids[int(row)].as_py() for row in rows if kinds[row] == verdict]


def decide(app: AppTest, kind: str, reason: str, note: str = "") -> AppTest:
    """Open the form of an action, fill it in and record it."""
    app.button(key=f"decide-{kind}").click().run()
    app.button_group(key=f"reason-{kind}").set_value([reason])
    app.text_area(key=f"note-{kind}").set_value(note)
    app.button(key=f"record-{kind}").click().run()
    assert not app.exception
    return app


def test_an_accepted_product_is_recorded_with_what_was_shown(open_desk: Open) -> None:
    app = open_desk(client=CLIENT)
    decide(app, "accept", "need", "asked twice")
    (row,) = stored().decisions()
    shown = row.content["snapshot"]
    assert (row.kind, row.client, row.run) == ("accept", CLIENT, desk.RUN)
    assert (row.content["decision"]["reason"], row.content["decision"]["note"]) == ("need", "asked twice")
    assert (shown["product"], shown["rank"], len(shown["lines"])) == (row.product, 1, 10)
    assert shown["start"] + sum(reason["points"] for reason in shown["reasons"]) == shown["points"]
    assert f"recorded as no. 1 (`{row.hash[:12]}`)" in texts(app)
    assert "Waits for the client's answer" in texts(app)
    with pytest.raises(KeyError):
        app.button(key="decide-accept")


def test_a_form_that_lacks_a_reason_stays_and_says_so(open_desk: Open) -> None:
    app = open_desk(client=CLIENT)
    app.button(key="decide-reject").click().run()
    app.text_area(key="note-reject").set_value("not lost")
    app.button(key="record-reject").click().run()
    assert [one.value for one in app.error] == ["Choose a reason\\."]
    assert app.text_area(key="note-reject").value == "not lost"
    assert stored().decisions() == []
    app.button(key="cancel-reject").click().run()
    assert not app.error


def test_an_investment_with_an_old_profile_cannot_be_accepted(open_desk: Open) -> None:
    open_desk()
    run = stored().active_run().run
    suits = desk_pages.suitability(run, OLD)
    ids = desk_pages.model(run).dataset.products["product_id"].to_pylist()
    verdicts = {ids[int(row)]: suits.verdict(int(row)) for row in desk_pages.ranking(run, OLD).order}
    product = next(key for key, one in verdicts.items() if one.rule_set == "investment" and one.missing)
    app = open_desk(client=OLD, product=product)
    app.button(key="decide-accept").click().run()
    assert "An investment cannot be accepted while a fact is missing or old" in app.warning[0].value
    assert "older than" in app.warning[0].value
    with pytest.raises(KeyError):
        app.button(key="record-accept")
    assert stored().decisions() == []
    decide(app, "later", "facts")
    assert stored().decisions()[0].kind == "later"


def test_what_does_not_fit_needs_a_justification_and_is_an_override(open_desk: Open) -> None:
    open_desk()
    app = open_desk(client=CLIENT, product=products(CLIENT, "does not fit")[0])
    decide(app, "accept", "asked")
    assert "say in the note why" in app.error[0].value
    assert stored().decisions() == []
    app.text_area(key="note-accept").set_value("The client insists.")
    app.button(key="record-accept").click().run()
    assert stored().decisions()[0].content["decision"]["override"] is True
    assert "Override" in texts(app)


def test_a_rejected_product_is_hidden_for_the_days_chosen(open_desk: Open) -> None:
    app = open_desk(client=CLIENT)
    app.button(key="decide-reject").click().run()
    assert app.selectbox(key="hide-days").value == 90
    app.selectbox(key="hide-days").set_value(30)
    app.button_group(key="reason-reject").set_value(["cost"])
    app.button(key="record-reject").click().run()
    until = desk_pages.today() + timedelta(days=30)
    assert stored().decisions()[0].content["decision"]["hidden_until"] == until.isoformat()


def test_the_answer_and_a_withdrawal_are_entries_of_their_own(open_desk: Open) -> None:
    app = decide(open_desk(client=CLIENT), "accept", "need")
    app.button(key="follow-answer").click().run()
    app.button_group(key="reason-answer").set_value(["declined"])
    app.button(key="record-answer").click().run()
    assert "Client declined" in texts(app)
    app.button(key="follow-withdraw").click().run()
    app.button_group(key="reason-withdraw").set_value(["mistake"])
    app.button(key="record-withdraw").click().run()
    assert app.button(key="decide-accept")
    withdrawn, answered, accepted = stored().decisions()
    assert [withdrawn.kind, answered.kind, accepted.kind] == ["withdraw", "answer", "accept"]
    assert {withdrawn.content["decision"]["about"], answered.content["decision"]["about"]} == {accepted.id}
    assert stored().verify() == ()


def test_a_withdrawal_that_came_second_says_so(open_desk: Open) -> None:
    app = decide(open_desk(client=CLIENT), "accept", "need")
    app.button(key="follow-withdraw").click().run()
    first = stored().decisions()[0]
    content = {"decision": first.content["decision"] | {"about": first.id, "reason": "mistake"}}
    values = {"client": first.client, "product": first.product, "run": first.run}
    stored().add_decision(kind="withdraw", **values, content=content, user="bo")
    app.button_group(key="reason-withdraw").set_value(["mistake"])
    app.button(key="record-withdraw").click().run()
    assert not app.exception
    assert len(stored().decisions()) == 2
    assert app.button(key="decide-accept")


def test_a_decision_keeps_the_model_that_was_shown_when_another_is_published(
    open_desk: Open, tmp_path: Path
) -> None:
    app = open_desk(client=CLIENT)
    app.button(key="decide-accept").click().run()
    runs = tmp_path / "data" / "runs"
    shutil.copytree(runs / desk.RUN, runs / "20260302-091200-000")
    stored().publish(replace(stored().run(desk.RUN), run="20260302-091200-000", active=False))
    app.button_group(key="reason-accept").set_value(["need"])
    app.button(key="record-accept").click().run()
    row = stored().decisions()[0]
    assert (row.run, row.content["decision"]["in_use"]) == (desk.RUN, "20260302-091200-000")
    assert "recorded with the one that was shown" in texts(app)


def test_a_list_is_logged_once_a_session_without_any_decision(open_desk: Open) -> None:
    app = open_desk(client=CLIENT)
    app.run()
    app.segmented_control(key="lens").set_value("product").run()
    (row,) = stored().shown()
    assert (row.client, row.run, row.kind) == (CLIENT, desk.RUN, "list")
    assert len(row.content["snapshot"]["lines"]) == 10
    open_desk(client=CLIENT)
    open_desk(client=OLD)
    assert [one.client for one in stored().shown()] == [OLD, CLIENT, CLIENT]
    rules = Rules.proposed(stored().dataset())
    stored().add_rules(replace(rules, profile_months=12).to_json(), reason="a test")
    app.run()
    assert stored().shown()[0].content["snapshot"]["rules_version"] == 1
    assert len(stored().shown()) == 4


def test_an_empty_log_says_what_to_do(open_desk: Open) -> None:
    app = open_desk("decisions")
    assert "Nothing was decided yet" in texts(app)
    app.button(key="verify").click().run()
    assert "Every entry is as it was written: no decisions" in app.success[0].value


def test_decisions_are_listed_filtered_opened_and_withdrawn(open_desk: Open) -> None:
    decide(open_desk(client=CLIENT), "accept", "need", "asked twice")
    decide(open_desk(client=OLD), "later", "talk")
    app = open_desk("decisions")
    frame = app.dataframe[0].value
    assert frame["No."].tolist() == [2, 1]
    assert frame["Client"][1] == HOSTILE
    app.text_input(key="of-client").set_value("evil").run()
    assert app.dataframe[0].value["No."].tolist() == [1]
    app.text_input(key="of-client").set_value("nobody at all").run()
    assert "No entry is like that" in app.info[0].value
    app.text_input(key="of-client").set_value("").run()
    app.toggle(key="of-overrides").set_value(True).run()
    assert not app.dataframe
    app.toggle(key="of-overrides").set_value(False).run()
    assert len(app.get("download_button")) == 2

    newest = stored().decisions()[0]
    app.session_state[f"decided-{newest.id}-2"] = {"selection": {"rows": [1], "columns": [], "cells": []}}
    app.run()
    said = texts(app)
    assert "What was shown" in said
    assert "asked twice" in said
    assert "<img" not in said.replace("\\<img", "")
    app.button(key="follow-withdraw").click().run()
    app.button_group(key="reason-withdraw").set_value(["wrong"])
    app.button(key="record-withdraw").click().run()
    assert app.dataframe[0].value["Decision"].tolist() == [["Withdrawn"], ["Put off"], ["Accepted"]]
    assert app.dataframe[0].value["State"][2] == "Withdrawn by no. 3"


def test_a_log_is_read_page_by_page(open_desk: Open) -> None:
    decide(open_desk(client=CLIENT), "later", "talk")
    row = stored().decisions()[0]
    for number in range(30):
        values = {"kind": "later", "client": f"X{number}", "product": "p", "run": row.run}
        stored().add_decision(**values, content=row.content, user="bo")
    app = open_desk("decisions")
    assert app.dataframe[0].value["No."].tolist() == list(range(31, 6, -1))
    app.button(key="decisions-older").click().run()
    assert app.dataframe[0].value["No."].tolist() == list(range(6, 0, -1))
    app.multiselect(key="of-user").set_value(["bo"]).run()
    assert "30 entries" in texts(app)


def test_a_changed_entry_is_found_by_one_click(open_desk: Open) -> None:
    decide(open_desk(client=CLIENT), "later", "talk")
    app = open_desk("decisions")
    with stored()._connection.writing() as cursor:
        cursor.execute("UPDATE decisions SET product = 'p9'")
    app.button(key="verify").click().run()
    assert "row 1 was changed after it was written" in app.error[0].value


def test_a_row_that_holds_no_decision_does_not_stop_the_page(open_desk: Open) -> None:
    open_desk()
    stored().add_decision(kind="approve", client="c", product="p", run="r", content={"x": 1})
    app = open_desk("decisions")
    assert "1 entry cannot be read" in app.warning[0].value
    assert open_desk("today")


def test_today_begins_empty_and_says_so(open_desk: Open) -> None:
    said = texts(open_desk("today"))
    for sentence in ("Nothing is put off", "No list differs", "No list was shown yet"):
        assert sentence in said


def test_what_is_due_stands_on_today_one_click_from_its_card(open_desk: Open) -> None:
    app = open_desk(client=CLIENT)
    app.button(key="decide-later").click().run()
    app.button_group(key="reason-later").set_value(["talk"])
    app.date_input(key="due").set_value(desk_pages.today())
    app.button(key="record-later").click().run()
    decide(open_desk(client=OLD), "later", "time")
    row = stored().decisions(query=LogQuery(client=CLIENT))[0]
    app = open_desk("today")
    assert "Due today" in texts(app)
    assert "1 product put off to a later day" in texts(app)
    app.button(key=f"due-{row.id}").click().run()
    assert not app.exception
    assert app.query_params["client"] in (CLIENT, [CLIENT])
    assert app.query_params["product"] in (row.product, [row.product])
    assert "Due today" in texts(app)
    assert app.button(key="decide-accept")


def test_a_list_that_changed_says_what_and_why_until_it_is_looked_at(open_desk: Open) -> None:
    open_desk(client=CLIENT)
    rules = Rules.proposed(stored().dataset())
    insured = replace(rules, sets=dict.fromkeys(rules.sets, "insurance"), otherwise="insurance")
    stored().add_rules(insured.to_json(), reason="a test", user="bo")
    app = open_desk("today")
    assert "check now, fits then" in texts(app)
    assert ":gray-badge[Rules]" in texts(app)
    app.button(key=f"changed-{CLIENT}").click().run()
    assert app.query_params["client"] in (CLIENT, [CLIENT])
    assert "No list differs" in texts(open_desk("today"))


def test_a_client_that_is_gone_and_a_missing_model_leave_today_whole(open_desk: Open, tmp_path: Path) -> None:
    open_desk(client=CLIENT)
    row = stored().shown()[0]
    left = row.content["snapshot"] | {"client": "gone", "client_name": "Gone"}
    stored().log_shown(client="gone", run=row.run, content={"snapshot": left}, user="bo")
    assert "The client is not in the data any more" in texts(open_desk("today"))
    shutil.rmtree(tmp_path / "data" / "runs" / desk.RUN)
    desk_pages.model.clear()
    app = open_desk("today")
    assert "is gone" in app.error[0].value
    assert "Looked at lately" in texts(app)


def test_a_link_to_a_client_goes_on_to_its_list(open_desk: Open) -> None:
    app = open_desk("today", client=CLIENT)
    assert "Recommended products" in texts(app)
