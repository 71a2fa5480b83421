from datetime import UTC, date, datetime

from finrec_core.advice.decision import Decision
from finrec_core.advice.decision_log import Entry
from finrec_core.views.recommendation import outcome

DAY = date(2026, 3, 3)


def entry(decision: Decision) -> Entry:
    return Entry(1042, "id", datetime(2026, 3, 3, tzinfo=UTC), "Ada Adviser", "hash", decision)


def test_what_was_decided_is_said_with_its_number_and_day_and_not_by_whom() -> None:
    accepted = entry(Decision("accept", "marta", "climate", "run", "need", note="Between us"))
    scene = outcome.decision_scene(accepted, DAY, "waits for the client's answer")
    assert scene.title == "The product is accepted."
    assert scene.text == (
        "No. 1,042 in the log, of 3 Mar 2026. Reason: Meets a stated need. "
        "It stands so today: waits for the client's answer."
    )
    assert "Ada" not in scene.title + scene.text
    rejected = outcome.decision_scene(entry(Decision("reject", "marta", "climate", "run", "cost")), DAY, "")
    assert rejected.text == "No. 1,042 in the log, of 3 Mar 2026. Reason: Cost."


def test_that_nothing_is_decided_is_said() -> None:
    assert outcome.decision_scene(None, DAY, "").title == "Nothing is decided yet."
