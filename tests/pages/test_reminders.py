"""Notes and follow-ups without a browser: kept on a client, carried to Today, done there, erased."""

from datetime import timedelta

import numpy as np
from streamlit.testing.v1 import AppTest

from finrec_core.advice.decision import done
from finrec_core.advice.decision_log import Entry
from finrec_core.store import LogQuery
from pages.frame import desk as desk_pages
from pages.frame import memory
from pages.shared.reminders import FOLLOW
from tests.pages.conftest import Open
from tests.pages.deciding import CLIENT, HOSTILE, decide, stored, texts


def keep(app: AppTest, text: str) -> AppTest:
    app.text_area(key=f"reminder-{CLIENT}").set_value(text)
    next(one for one in app.button if one.label == "Keep").click().run()
    assert not app.exception
    return app


def follow(app: AppTest, text: str) -> AppTest:
    app.button_group(key="keep").set_value(FOLLOW).run()
    app.date_input(key="reminder-due").set_value(desk_pages.today())
    return keep(app, text)


def test_a_note_stands_with_its_client_and_in_the_record(open_page: Open) -> None:
    app = keep(open_page(client=CLIENT), f"Prefers {HOSTILE}")
    row = stored().decisions(query=LogQuery(client=CLIENT))[0]
    assert (row.kind, row.product) == ("note", "")
    assert row.content["decision"]["note"] == f"Prefers {HOSTILE}"
    assert "Prefers" in texts(app)
    assert "**bold**" not in texts(app), "it is escaped"
    assert app.text_area(key=f"reminder-{CLIENT}").value == ""
    assert stored().verify() == ()
    said = texts(open_page("decisions"))
    assert "1 entry" in said


def test_what_says_nothing_is_not_kept_and_why_is_said(open_page: Open) -> None:
    app = keep(open_page(client=CLIENT), "  ")
    assert "Write what to note" in app.error[0].value
    assert stored().decisions() == []


def test_a_follow_up_stands_on_today_until_it_is_done(open_page: Open) -> None:
    follow(open_page(client=CLIENT), "Ask about the house")
    (row,) = stored().decisions(query=LogQuery(client=CLIENT))
    app = open_page("today")
    assert "Due today" in texts(app)
    assert any("Ask about the house" in button.label for button in app.button)
    app.button(key=f"done-follow-{row.id}").click().run()
    assert not app.exception
    assert "Nothing is to be done" in texts(app)
    assert [one.kind for one in stored().decisions()] == ["done", "follow"]


def test_an_answer_that_a_client_owes_opens_its_form(open_page: Open) -> None:
    decide(open_page(client=CLIENT), "accept", "need")
    (row,) = stored().decisions()
    app = open_page("today")
    assert "Ask for the answer on" in app.button(key=f"task-answer-{row.id}").label
    app.button(key=f"task-answer-{row.id}").click().run()
    assert app.button_group(key="reason-answer")


def test_a_product_that_is_not_offered_any_more_stands_on_today(open_page: Open) -> None:
    decide(open_page(client=CLIENT), "accept", "need")
    (row,) = stored().decisions()
    gone = row.content | {"decision": row.content["decision"] | {"product_name": "Sold out"}}
    stored().add_decision(kind="accept", client=CLIENT, product="sold-out", run=row.run, content=gone)
    app = open_page("today")
    assert "The product is not in the data any more" in texts(app)


def test_a_client_whom_the_model_does_not_know_says_so_and_opens_nothing(open_page: Open) -> None:
    follow(open_page(client=CLIENT), "Call")
    row = stored().decisions()[0]
    stored().add_decision(kind="follow", client="elsewhere", product="", run="", content=row.content)
    (other,) = [one for one in stored().decisions() if one.client == "elsewhere"]
    app = open_page("today")
    assert "The model in use does not know this client" in texts(app)
    assert f"task-follow-{other.id}" not in {button.key for button in app.button}
    assert app.button(key=f"done-follow-{other.id}")


def test_an_erasure_takes_what_was_noted(open_page: Open) -> None:
    keep(open_page(client=CLIENT), "Is in debt")
    stored().erase_client(CLIENT, reason="asked")
    memory.forget()
    (row,) = stored().decisions()
    assert row.lost
    assert "debt" not in str(row.content)
    assert "in debt" not in texts(open_page("today"))
    assert stored().verify() == ()


def test_ones_own_clients_come_first(open_page: Open, monkeypatch) -> None:
    follow(open_page(client=CLIENT), "Call")
    monkeypatch.setattr("finrec_core.access.Clientele.owns", lambda self, data, client: client == CLIENT)
    until = stored().decisions()[0].content["decision"] | {"client_name": "Other"}
    until["due"] = (desk_pages.today() - timedelta(days=9)).isoformat()
    stored().add_decision(kind="follow", client="C00007", product="", run="", content={"decision": until})
    said = texts(open_page("today"))
    assert said.index("Your clients") < said.index("Other clients")
    assert said.index("Due today") < said.index("Overdue since")


def test_why_a_follow_up_cannot_be_ended_is_said_on_today_and_by_the_client(open_page: Open) -> None:
    follow(open_page(client=CLIENT), "Call")
    (row,) = stored().decisions()
    app = open_page("today")
    ended = done(Entry.of(row).decision, row.id, "done")
    stored().add_decision(kind="done", client=CLIENT, product="", run=row.run, content=ended.content)
    app.button(key=f"done-follow-{row.id}").click().run()
    assert not app.exception
    assert "This follow" in app.error[0].value
    assert "ended already" in app.error[0].value


def test_ones_own_clients_stand_first_among_those_to_begin_with(open_page: Open, monkeypatch) -> None:
    def rows(_self, data):
        return np.arange(len(data.clients)) == data.client_rows[CLIENT]

    monkeypatch.setattr("finrec_core.access.Clientele.rows", rows)
    app = open_page("recommendations")
    first = [button.key for button in app.button if str(button.key).startswith("first-")]
    assert first[0] == f"first-{CLIENT}"
    assert len(first) == len(set(first)) == 12
