"""What happens while a card is open: another adviser decides, the client is erased, the rules change."""

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from finrec_core.advice import Rules
from finrec_core.advice.decision_log import DecisionLog
from pages.frame import journal
from tests.pages.conftest import Open
from tests.pages.deciding import CLIENT, OLD, decide, record, recorders, stored, texts


def filled(app: AppTest, kind: str, reason: str) -> AppTest:
    app.button(key=f"decide-{kind}").click().run()
    app.button_group(key=f"reason-{kind}").set_value(reason)
    return app


def new_rules(reason: str) -> None:
    rules = replace(Rules.proposed(stored().dataset()), profile_months=12)
    stored().add_rules(rules.to_json(), reason=reason)


def said(app: AppTest) -> list[str]:
    return [one.value.replace("\\", "") for one in app.error]


def test_two_advisers_see_each_other_before_theirs_lands(open_page: Open) -> None:
    first, second = open_page(client=CLIENT), open_page(client=CLIENT)
    filled(first, "accept", "need")
    filled(second, "reject", "cost")
    record(first, "accept")
    record(second, "reject")
    assert [row.kind for row in stored().decisions()] == ["accept"]
    assert "accepted it while this was open (no. 1), so yours is not recorded" in said(second)[0]
    assert "recorded as no. 1" in texts(second)  # the other's decision stands on the screen now
    assert second.button_group(key="reason-reject").value == "cost"
    record(second, "reject")
    assert [row.kind for row in stored().decisions()] == ["reject", "accept"]
    assert not second.error


def test_an_answer_to_what_was_taken_back_meanwhile_says_who_did(open_page: Open) -> None:
    app = decide(open_page(client=CLIENT), "accept", "need")
    app.button(key="follow-answer").click().run()
    app.button_group(key="reason-answer").set_value("took")
    other = open_page(client=CLIENT)
    other.button(key="follow-withdraw").click().run()
    other.button_group(key="reason-withdraw").set_value("mistake")
    record(other, "withdraw")
    record(app, "answer")
    assert "withdrew a decision on it while this was open (no. 2)" in said(app)[0]
    assert len(stored().decisions()) == 2


@pytest.mark.parametrize("kind", ["accept", "reject", "later"])
def test_nothing_is_recorded_of_a_client_that_was_erased_while_the_card_was_open(
    open_page: Open, kind: str
) -> None:
    reason = {"accept": "need", "reject": "cost", "later": "talk"}[kind]
    app = filled(open_page(client=CLIENT), kind, reason)
    shown = stored().shown()
    stored().erase_client(CLIENT, reason="asked")
    record(app, kind)
    assert stored().decisions() == []
    # Their content is out of reach since the erasure; the rows are the same, and none has joined them.
    assert [row.hash for row in stored().shown()] == [row.hash for row in shown]
    assert f'The data of client "{CLIENT}" was erased' in texts(app).replace("\\", "")
    assert recorders(app, kind) == []  # nor is the card shown any more


def test_a_click_that_was_on_its_way_when_the_screen_changed_records_what_it_was_made_on(
    open_page: Open,
) -> None:
    app = filled(open_page(client=CLIENT), "accept", "need")
    (old,) = recorders(app, "accept")
    new_rules("a test")
    app.run()
    (new,) = recorders(app, "accept")
    assert new.key != old.key
    old.click().run()
    assert stored().decisions()[0].content["snapshot"]["rules_version"] == 0


def test_a_decision_carries_the_verdict_that_the_screen_showed(open_page: Open) -> None:
    app = filled(open_page(client=CLIENT), "accept", "need")
    new_rules("a test")
    record(app, "accept")
    assert stored().decisions()[0].content["snapshot"]["rules_version"] == 0


def test_an_entry_that_cannot_be_read_keeps_nobody_from_deciding(open_page: Open) -> None:
    app = open_page(client=CLIENT)
    product = app.query_params.get("product") or stored().shown()[0].content["snapshot"]["product"]
    stored().add_decision(kind="approve", client=CLIENT, product=product, run="r", content={"x": 1})
    decide(open_page(client=CLIENT), "later", "talk")
    assert stored().decisions()[0].kind == "later"


def test_the_newest_entry_is_of_the_client_and_the_product(open_page: Open) -> None:
    decide(open_page(client=CLIENT), "later", "talk")
    row = stored().decisions()[0]
    assert journal.newest(CLIENT, row.product) == 1
    assert journal.newest(OLD, row.product) == journal.newest(CLIENT, "none") == 0
    assert DecisionLog().newest == {}
