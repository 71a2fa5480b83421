"""The decision: what can be recorded, what is refused and why, and that it comes back as it was."""

import json
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finrec_core.advice.decision import (
    ACTIONS,
    LONGEST_NOTE,
    REASONS,
    Decision,
    DecisionError,
    answer,
    decide,
    refusal,
    withdraw,
)
from tests.advice.made import TODAY, decided, snapshot, snapshots, verdict


def accept(*outcomes, rule_set="investment", **details):
    shown = snapshot(verdict=verdict(*outcomes, rule_set=rule_set))
    return decide("accept", shown, reason="need", today=TODAY, **details)


def test_accepting_what_fits_keeps_what_was_shown():
    made = accept("passed", note="  asked twice ")
    assert (made.kind, made.reason_text, made.note) == ("accept", "Meets a stated need", "asked twice")
    assert (made.override, made.verdict, made.in_use) == (False, "fits", None)
    assert (made.client_name, made.product_name) == ("Marta Lindqvist", "Nordlys Climate Bond Fund")
    assert made.snapshot.rules_version == 2


@pytest.mark.parametrize("outcome", ["missing", "old"])
@pytest.mark.parametrize("beside", [(), ("failed",)])
def test_an_investment_with_a_missing_or_old_fact_cannot_be_accepted(outcome, beside):
    with pytest.raises(DecisionError, match=f"while a fact is missing or old. Fact 0 is {outcome}.$"):
        accept(outcome, *beside, note="I know better")


@pytest.mark.parametrize("rule_set", ["insurance", "credit", "everyday"])
def test_only_investments_need_every_fact(rule_set):
    assert accept("missing", rule_set=rule_set).verdict == "check"


def test_what_is_assessed_elsewhere_can_be_accepted():
    assert not accept("assess").override


def test_without_profiles_nothing_is_refused():
    assert refusal(snapshot(verdict=None)) == ""
    assert decide("accept", snapshot(verdict=None), reason="need", today=TODAY).verdict is None


@pytest.mark.parametrize("note", ["", "  \n"])
def test_what_does_not_fit_needs_a_justification(note):
    with pytest.raises(DecisionError, match="does not fit: say in the note why"):
        accept("failed", note=note)


def test_what_does_not_fit_is_marked_as_an_override():
    assert accept("failed", note="The client insists.").override
    for kind in ("reject", "later"):
        shown = snapshot(verdict=verdict("failed"))
        assert not decide(kind, shown, reason="other", note="x", due=TODAY, today=TODAY).override


def test_later_has_a_day_from_today_on():
    for day in (TODAY, TODAY + timedelta(days=400)):
        assert decided("later", due=day).due == day
    with pytest.raises(DecisionError, match="until when"):
        decided("later", due=None)
    with pytest.raises(DecisionError, match="in the past"):
        decided("later", due=TODAY - timedelta(days=1))


def test_a_rejected_product_is_hidden_until_a_day_after_today():
    assert decided("reject").hidden_until is None
    assert decided("reject", hidden_until=date(2026, 6, 8)).hidden_until == date(2026, 6, 8)
    with pytest.raises(DecisionError, match="after today"):
        decided("reject", hidden_until=TODAY)


def test_days_belong_to_their_kind():
    made = decided("accept", due=TODAY, hidden_until=date(2026, 6, 8))
    assert (made.due, made.hidden_until) == (None, None)


@pytest.mark.parametrize("kind", ACTIONS)
def test_a_reason_is_needed_and_known(kind):
    details = {"due": TODAY, "today": TODAY}
    with pytest.raises(DecisionError, match="Choose a reason"):
        decide(kind, snapshot(), reason=None, **details)
    with pytest.raises(DecisionError, match=r"there are .*other"):
        decide(kind, snapshot(), reason="mood", **details)
    with pytest.raises(DecisionError, match="what the other reason is"):
        decide(kind, snapshot(), reason="other", note=" ", **details)
    for reason in REASONS[kind]:
        assert decide(kind, snapshot(), reason=reason, note="so", **details).reason == reason


def test_a_note_that_is_too_long_is_refused_and_not_cut():
    assert len(decided("reject", note="x" * LONGEST_NOTE).note) == LONGEST_NOTE
    with pytest.raises(DecisionError, match="longer than 2,000 characters"):
        decided("reject", note="x" * (LONGEST_NOTE + 1))


def test_another_model_in_use_is_kept_beside_the_one_shown():
    assert decided("accept", in_use="r2").in_use == "r2"
    assert decided("accept", in_use="r1").in_use is None


def test_an_answer_names_what_it_answers():
    made = answer(accept("passed"), "row-1", "took", "signed today")
    assert (made.kind, made.about, made.reason_text, made.note) == (
        "answer",
        "row-1",
        "Took it",
        "signed today",
    )
    assert made.snapshot is None
    assert "snapshot" not in made.content
    with pytest.raises(DecisionError, match="what the client said"):
        answer(accept("passed"), "row-1", None)


def test_a_withdrawal_names_what_it_takes_back_and_cannot_be_taken_back():
    first = accept("failed", note="The client insists.")
    made = withdraw(first, "row-1", "mistake")
    assert (made.kind, made.about, made.override, made.note) == ("withdraw", "row-1", False, "")
    with pytest.raises(DecisionError, match="decide anew"):
        withdraw(made, "row-2", "mistake")


@given(
    snapshots(),
    st.sampled_from(ACTIONS),
    st.text(max_size=20),
    st.dates(TODAY + timedelta(days=1), date(2030, 1, 1)),
)
def test_it_comes_back_from_the_log_as_it_was(shown, kind, note, day):
    try:
        made = decide(
            kind, shown, reason=next(iter(REASONS[kind])), note=note, due=day, hidden_until=day, today=TODAY
        )
    except DecisionError:
        assert refusal(shown) or (shown.verdict.kind == "does not fit" and not note.strip())
        return
    content = json.loads(json.dumps(made.content))
    assert Decision.read(made.kind, made.client, made.product, made.run, content) == made
    brief = Decision.read(made.kind, made.client, made.product, made.run, content["decision"])
    assert (brief.snapshot, brief.note, brief.due) == (None, made.note, made.due)


@pytest.mark.parametrize(
    "content", [{}, {"decision": {}}, {"decision": {"reason": "need", "x": 1}}, {"decision": 3}]
)
def test_what_is_no_decision_is_refused(content):
    with pytest.raises(ValueError, match=r"no decision|cannot|object"):
        Decision.read("accept", "c", "p", "r", content)
    with pytest.raises(ValueError, match="of kind"):
        Decision.read("accepted", "c", "p", "r", {"reason": "need"})
    with pytest.raises(ValueError, match="about an entry"):
        Decision.read("withdraw", "c", "p", "r", {"reason": "mistake"})


def test_a_reason_code_of_a_later_version_stands_as_it_is():
    assert Decision.read("accept", "c", "p", "r", {"reason": "new code"}).reason_text == "new code"
