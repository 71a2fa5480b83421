"""Deciding on the card without a browser: what is recorded, refused, and logged as shown."""

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from streamlit.testing.v1 import AppTest

from finrec_core.advice import Rules
from pages.frame import desk as desk_pages
from tests import desk
from tests.pages.conftest import Open
from tests.pages.deciding import CLIENT, OLD, decide, products, record, recorders, stored, texts


def test_an_accepted_product_is_recorded_with_what_was_shown(open_page: Open) -> None:
    app = open_page(client=CLIENT)
    decide(app, "accept", "need", "asked twice")
    (row,) = stored().decisions()
    shown = row.content["snapshot"]
    assert (row.kind, row.client, row.run) == ("accept", CLIENT, desk.RUN)
    assert (row.content["decision"]["reason"], row.content["decision"]["note"]) == ("need", "asked twice")
    assert (shown["product"], shown["rank"], len(shown["lines"])) == (row.product, 1, 10)
    assert shown["start"] + sum(reason["points"] for reason in shown["reasons"]) == shown["points"]
    assert f"recorded as no. 1 (`{row.hash[:12]}`)" in texts(app)
    assert "Waits for the client's answer" in texts(app)
    # The same three buttons stand there, the one of what was decided in bold.
    labels = [app.button(key=f"decide-{kind}").label for kind in ("accept", "reject", "later")]
    assert labels == ["**Accept**", "Reject", "Later"]


def test_a_form_that_lacks_a_reason_stays_and_says_so(open_page: Open) -> None:
    app = open_page(client=CLIENT)
    app.button(key="decide-reject").click().run()
    app.text_area(key="note-reject").set_value("not lost")
    record(app, "reject")
    assert [one.value for one in app.error] == ["Choose a reason\\."]
    assert app.text_area(key="note-reject").value == "not lost"
    assert stored().decisions() == []
    app.button(key="cancel-reject").click().run()
    assert not app.error


def test_an_investment_with_an_old_profile_cannot_be_accepted(open_page: Open) -> None:
    open_page()
    run = stored().active_run().run
    suits = desk_pages.suitability(run, OLD)
    ids = desk_pages.model(run).dataset.products["product_id"].to_pylist()
    verdicts = {ids[int(row)]: suits.verdict(int(row)) for row in desk_pages.ranking(run, OLD).order}
    product = next(key for key, one in verdicts.items() if one.rule_set == "investment" and one.missing)
    app = open_page(client=OLD, product=product)
    app.button(key="decide-accept").click().run()
    assert "An investment cannot be accepted while a fact is missing or old" in app.warning[0].value
    assert "older than" in app.warning[0].value
    assert recorders(app, "accept") == []
    assert stored().decisions() == []
    decide(app, "later", "facts")
    assert stored().decisions()[0].kind == "later"


def test_what_does_not_fit_needs_a_justification_and_is_an_override(open_page: Open) -> None:
    open_page()
    app = open_page(client=CLIENT, product=products(CLIENT, "does not fit")[0])
    decide(app, "accept", "asked")
    assert "say in the note why" in app.error[0].value
    assert stored().decisions() == []
    app.text_area(key="note-accept").set_value("The client insists.")
    record(app, "accept")
    assert stored().decisions()[0].content["decision"]["override"] is True
    assert "Override" in texts(app)


def test_a_rejected_product_is_hidden_for_the_days_chosen(open_page: Open) -> None:
    app = open_page(client=CLIENT)
    app.button(key="decide-reject").click().run()
    assert app.selectbox(key="hide-days").value == 90
    app.selectbox(key="hide-days").set_value(30)
    app.button_group(key="reason-reject").set_value("cost")
    record(app, "reject")
    until = desk_pages.today() + timedelta(days=30)
    assert stored().decisions()[0].content["decision"]["hidden_until"] == until.isoformat()


def shown(app: AppTest) -> list[str]:
    """Return the marks of the decisions in the list as it is shown."""
    frame = app.dataframe[0].value
    return [one for mark in frame["decided"] for one in mark] if "decided" in frame else []


def test_the_list_marks_what_was_decided_and_how_it_stands(open_page: Open) -> None:
    app = open_page(client=CLIENT)
    assert shown(app) == []
    first, second = app.session_state["listed"][:2]
    decide(app, "accept", "need")
    assert shown(app) == ["Waits"]
    assert "9 of the 10 products listed are not decided on" in texts(app)
    app.button(key="next-undecided").click().run()
    assert app.query_params["product"] == second
    decide(app, "later", "talk")
    assert shown(app) == ["Waits", "Put off"]
    app = open_page(client=CLIENT, product=first)
    app.button(key="follow-answer").click().run()
    app.button_group(key="reason-answer").set_value("took")
    record(app, "answer")
    assert shown(app) == ["Accepted", "Put off"]
    app = open_page(client=CLIENT, product=second)
    app.button(key="follow-withdraw").click().run()
    app.button_group(key="reason-withdraw").set_value("mistake")
    record(app, "withdraw")
    assert shown(app) == ["Accepted"]


def test_a_rejected_product_does_not_stay_open(open_page: Open) -> None:
    app = open_page(client=CLIENT)
    first, second = app.session_state["listed"][:2]
    decide(app, "reject", "cost")
    assert stored().decisions()[0].product == first
    assert app.query_params["product"] == second
    assert "Rejected: " in texts(app)
    assert first not in app.session_state["listed"]
    app.button(key="rejected").click().run()
    assert shown(app) == ["Rejected"]


def test_the_arrows_go_along_the_list(open_page: Open) -> None:
    app = open_page(client=CLIENT)
    listed = app.session_state["listed"]
    assert app.button(key="previous-product").disabled
    app.button(key="next-product").click().run()
    assert app.query_params["product"] == listed[1]
    app.button(key="previous-product").click().run()
    assert app.query_params["product"] == listed[0]
    app = open_page(client=CLIENT, product=listed[-1])
    assert app.button(key="next-product").disabled


def test_the_answer_and_a_withdrawal_are_entries_of_their_own(open_page: Open) -> None:
    app = decide(open_page(client=CLIENT), "accept", "need")
    app.button(key="follow-answer").click().run()
    app.button_group(key="reason-answer").set_value("declined")
    record(app, "answer")
    assert "Client declined" in texts(app)
    app.button(key="follow-withdraw").click().run()
    app.button_group(key="reason-withdraw").set_value("mistake")
    record(app, "withdraw")
    assert app.button(key="decide-accept")
    withdrawn, answered, accepted = stored().decisions()
    assert [withdrawn.kind, answered.kind, accepted.kind] == ["withdraw", "answer", "accept"]
    assert {withdrawn.content["decision"]["about"], answered.content["decision"]["about"]} == {accepted.id}
    assert stored().verify() == ()


def test_a_withdrawal_that_came_second_says_so(open_page: Open) -> None:
    app = decide(open_page(client=CLIENT), "accept", "need")
    app.button(key="follow-withdraw").click().run()
    first = stored().decisions()[0]
    content = {"decision": first.content["decision"] | {"about": first.id, "reason": "mistake"}}
    values = {"client": first.client, "product": first.product, "run": first.run}
    stored().add_decision(kind="withdraw", **values, content=content, user="bo")
    app.button_group(key="reason-withdraw").set_value("mistake")
    record(app, "withdraw")
    assert not app.exception
    assert len(stored().decisions()) == 2
    assert app.button(key="decide-accept")


def test_a_decision_keeps_the_model_that_was_shown_when_another_is_published(
    open_page: Open, tmp_path: Path
) -> None:
    app = open_page(client=CLIENT)
    app.button(key="decide-accept").click().run()
    runs = tmp_path / "data" / "runs"
    shutil.copytree(runs / desk.RUN, runs / "20260302-091200-000")
    stored().publish(replace(stored().run(desk.RUN), run="20260302-091200-000", active=False))
    app.button_group(key="reason-accept").set_value("need")
    record(app, "accept")
    row = stored().decisions()[0]
    assert (row.run, row.content["decision"]["in_use"]) == (desk.RUN, "20260302-091200-000")
    assert "recorded with the one that was shown" in texts(app)


def test_a_list_is_logged_once_a_session_without_any_decision(open_page: Open) -> None:
    app = open_page(client=CLIENT)
    app.run()
    app.segmented_control(key="lens").set_value("product").run()
    (row,) = stored().shown()
    assert (row.client, row.run, row.kind) == (CLIENT, desk.RUN, "list")
    assert len(row.content["snapshot"]["lines"]) == 10
    open_page(client=CLIENT)
    open_page(client=OLD)
    assert [one.client for one in stored().shown()] == [OLD, CLIENT, CLIENT]
    rules = Rules.proposed(stored().dataset())
    stored().add_rules(replace(rules, profile_months=12).to_json(), reason="a test")
    app.run()
    assert stored().shown()[0].content["snapshot"]["rules_version"] == 1
    assert len(stored().shown()) == 4
