"""Rows that say the same twice are one event where they have a time of day, and asked about elsewhere."""

import pytest

from tests.dataset.tables import problems, read

HEAD = "client_id,isin,timestamp,side\n"
KNOWN = {"actions:trades.csv:side": {"buy": "takes", "sell": "gives_up"}}


def trades(*rows: str, name: str = "trades.csv") -> tuple[str, str]:
    return name, HEAD + "".join(row + "\n" for row in rows)


@pytest.mark.parametrize(
    "time",
    ["2024-01-01T10:11:12", "2024-01-01 10:11", "1704103872", "2024-01-01T10:11:12+02:00", "20240101101112"],
)
def test_one_event_where_a_time_of_day_says_so(time: str) -> None:
    found = read(trades(f"c1,A,{time},buy", f"c1,A,{time},buy", "c2,A,2024-01-02T08:00:00,buy"))
    assert len(found.dataset.interactions) == 2
    assert not found.questions
    assert (3, "isin", "A", "Same event, merged: with line 2") in problems(found.repairs)


@pytest.mark.parametrize(
    "time", ["2024-01-01", "", "2024-01-01 00:00:00", "1704067200", "2024-01-01T00:00:00Z", "20240101"]
)
def test_without_one_they_are_kept_and_asked_about(time: str) -> None:
    rows = trades(f"c1,A,{time},buy", f"c1,A,{time},buy", f"c2,A,{time},buy")
    found = read(rows)
    assert len(found.dataset.interactions) == 3
    (question,) = found.questions
    assert (question.id, question.proposal) == ("duplicates:trades.csv:", "kept")
    assert "1 of 3 rows" in question.sentence
    assert "line 3 and line 2" in question.sentence
    one = read(rows, answers={question.id: "one event"})
    assert len(one.dataset.interactions) == 2
    assert one.rows_clean + one.rows_repaired == 3


def test_few_of_many_are_a_notice() -> None:
    rows = [f"c{row},A,2024-01-01,buy" for row in range(150)]
    found = read(trades(*rows, rows[7]))
    assert not found.questions
    assert len(found.dataset.interactions) == 151
    assert any("1 of 151 rows say what another row says" in one for one in found.notices)


def test_a_date_in_another_zone_is_no_time_of_day() -> None:
    days = [f"c1,A,2024-01-0{day}T00:00:00+05:30,buy" for day in (1, 2, 3, 3)]
    assert [one.kind for one in read(trades(*days)).questions] == ["duplicates"]


def test_a_file_that_is_there_twice_is_proposed_as_one() -> None:
    rows = ("c1,A,2024-01-01,buy", "c1,B,2024-01-01,buy", "c2,A,2024-01-02,buy")
    for files in ((trades(*rows), trades(*rows, name="copy.csv")), (trades(*rows, *rows),)):
        (question,) = read(*files).questions
        assert (question.kind, question.proposal) == ("duplicates", "one event")


def test_files_that_overlap_by_times_of_day_are_merged() -> None:
    rows = [f"c1,A,2024-01-01T10:11:{second:02},buy" for second in range(5)]
    found = read(trades(*rows[:4]), trades(*rows[2:], name="later.csv"))
    assert len(found.dataset.interactions) == 5
    assert found.repair_counts[0] == ("Same event, merged", 2)


def test_taking_and_giving_up_at_one_moment_asks() -> None:
    rows = trades("c1,A,2024-01-01,buy", "c1,A,2024-01-01,sell", "c2,A,2024-01-01,buy")
    found = read(rows, answers=KNOWN)
    (question,) = found.questions
    assert (question.id, question.proposal) == ("same_moment:trades.csv:timestamp", "gave it up")
    assert "1 times" in question.sentence
    assert "line 3" in question.sentence
    has = read(rows, answers=KNOWN | {question.id: "has it"})
    assert has.dataset.interactions["action"].to_pylist() == ["takes", "neither", "takes"]


@pytest.mark.parametrize("time", ["2024-01-01T10:00:00", "", "2024-01-01"])
def test_at_equal_or_missing_time(time: str) -> None:
    found = read(trades(f"c1,A,{time},sell", f"c1,A,{time},buy"), answers=KNOWN)
    assert [one.kind for one in found.questions] == ["same_moment"]


def test_amounts_are_netted_instead() -> None:
    text = "client_id,isin,timestamp,side,quantity\nc1,A,2024-01-01,buy,5\nc1,A,2024-01-01,sell,2\n"
    assert not read(("trades.csv", text), answers=KNOWN).questions
    found = read(("trades.csv", text.replace("sell,2", "sell,")), answers=KNOWN)
    assert [one.kind for one in found.questions] == ["same_moment"]
    found = read(("trades.csv", text.replace("quantity", "value")), answers=KNOWN)
    assert [one.kind for one in found.questions] == ["same_moment"]


def test_other_moments_are_other_moments() -> None:
    assert not read(trades("c1,A,2024-01-01,buy", "c1,A,2024-01-02,sell"), answers=KNOWN).questions
    assert not read(trades("c1,A,2024-01-01,buy", "c2,A,2024-01-01,sell"), answers=KNOWN).questions
