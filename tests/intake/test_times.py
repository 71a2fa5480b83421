import re
from datetime import UTC, date, datetime

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from finrec_core.dataset.schema import TIME
from finrec_core.intake.times import (
    AmbiguousDatesError,
    day_order,
    is_early,
    read_column,
    read_date,
    read_time,
)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024-01-31", utc(2024, 1, 31)),
        ("2024-01-31T12:30", utc(2024, 1, 31, 12, 30)),
        ("2024-01-31 12:30:05", utc(2024, 1, 31, 12, 30, 5)),
        ("2024-01-31T12:30:05Z", utc(2024, 1, 31, 12, 30, 5)),
        ("2024-01-31T12:30:05.25+02:00", utc(2024, 1, 31, 10, 30, 5, 250_000)),
        ("2024-01-31T12:30:05.123456789-0130", utc(2024, 1, 31, 14, 0, 5, 123_456)),
        ("2024-01-31 12:30:05 UTC", utc(2024, 1, 31, 12, 30, 5)),
        ("20240131", utc(2024, 1, 31)),
        ("20240131T123005Z", utc(2024, 1, 31, 12, 30, 5)),
        ("2024-W05-3", utc(2024, 1, 31)),
        ("2024/1/5", utc(2024, 1, 5)),
        ("1388534400", utc(2014, 1, 1)),
        ("1388534400000", utc(2014, 1, 1)),
        ("1388534400.5", utc(2014, 1, 1, 0, 0, 0, 500_000)),
        ("0", utc(1970, 1, 1)),
        ("-86400", utc(1969, 12, 31)),
        ("31 Jan 2024", utc(2024, 1, 31)),
        ("31-January-2024 5:04 pm", utc(2024, 1, 31, 17, 4)),
        ("Sept 3, 2024", utc(2024, 9, 3)),
        ("May 1 2024 12:00 a.m.", utc(2024, 5, 1)),
        ("05/05/2024", utc(2024, 5, 5)),
    ],
)
def test_times_that_are_clear(text, moment):
    assert read_time(text) == moment
    assert read_time(text, day_first=True) == read_time(text, day_first=False) == moment


@pytest.mark.parametrize(
    ("text", "by_day", "by_month"),
    [
        ("04/03/2024", utc(2024, 3, 4), utc(2024, 4, 3)),
        ("4.3.2024 17:05", utc(2024, 3, 4, 17, 5), utc(2024, 4, 3, 17, 5)),
        ("04-03-2024", utc(2024, 3, 4), utc(2024, 4, 3)),
        ("04 03, 2024", utc(2024, 3, 4), utc(2024, 4, 3)),
    ],
)
def test_the_order_of_a_date_is_told_never_guessed(text, by_day, by_month):
    assert read_time(text, day_first=True) == by_day
    assert read_time(text, day_first=False) == by_month
    with pytest.raises(ValueError, match="day-first or month-first"):
        read_time(text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("31/02/2025", "Date not readable: there is no 31 February"),
        ("29/02/2023", "Date not readable: there is no 29 February 2023"),
        ("12/31/2024", "Date not readable: there is no month 31"),
        ("2024-02-30", "Date not readable: there is no 30 February"),
        ("2024-13-01", "Date not readable: there is no month 13"),
        ("2024-01-00", "Date not readable: there is no 0 January"),
        ("2024-01-31T25:61", "Date not readable: there is no time 25:61:00"),
        ("2024-01-31 13:00 pm", "Date not readable: there is no time 13:00:00"),
        ("2024-01-31T12:00:00+99:00", "Date not readable: there is no time 12:00:00"),
        ("31/12/24", "Date not readable: the year needs four digits"),
        ("9999-12-31T23:00:00-05:00", "Date not readable: outside the years 1 to 9999"),
        ("999999999999999", "Date not readable: a unix time beyond the year 9999"),
        ("yesterday", "Date not readable"),
        ("31 Foo 2024", "Date not readable"),
        ("2024-01", "Date not readable"),
        ("１２３", "Date not readable"),
    ],
)
def test_times_that_cannot_be(text, reason):
    with pytest.raises(ValueError, match=f"^{re.escape(reason)}$"):
        read_time(text, day_first=True)


def test_a_column_may_decide_the_order():
    assert day_order(["04/03/2024", "2024-01-01", "31/01/2024"]) == (True, 2)
    assert day_order(["04/03/2024", "01/31/2024 10:00"]) == (False, 1)
    assert day_order(["05/05/2024", "2024-01-01", "x", "40/01/2024"]) == (None, -1)


@pytest.mark.parametrize(
    ("texts", "witness", "reason"),
    [
        (["05/05/2024", "04/03/2024"], 1, "04/03/2024 can be read day-first or month-first; say which it is"),
        (
            ["31/01/2024", "01/31/2024"],
            1,
            "31/01/2024 can only be day-first and 01/31/2024 only month-first; say which it is",
        ),
    ],
)
def test_a_column_that_does_not_decide_is_refused(texts, witness, reason):
    with pytest.raises(AmbiguousDatesError) as caught:
        day_order(texts)
    assert (str(caught.value), caught.value.witness) == (reason, witness)


def test_a_date_does_not_move_with_its_zone():
    assert read_date("2024-01-31T00:00:00+02:00") == date(2024, 1, 31)
    assert read_date("31/01/2024 23:59", day_first=True) == date(2024, 1, 31)
    assert read_date("1388534400") == date(2014, 1, 1)
    with pytest.raises(ValueError, match="there is no time"):
        read_date("2024-01-31T25:00")


def test_numbers_before_march_1973_are_noticed():
    assert [is_early(text) for text in ("2014", "45292", "0", "99999999.5")] == [True] * 4
    assert [is_early(text) for text in ("20140131", "100000000", "2014-01-01")] == [False] * 3


@pytest.mark.parametrize(
    "texts",
    [
        ["2024-01-31T12:30:05Z", "2024-01-31T12:30:05+02:00", None, "1969-01-01 00:00:00.25Z"],
        ["2024-01-31", "2024-01-31 12:30:05", "2024-01-31T12:30"],
        ["1388534400", "1388534400000", None],
    ],
)
def test_a_whole_column_is_read_as_its_cells_are(texts):
    times = read_column(pa.array(texts))
    assert times.type == TIME
    assert times.equals(pa.array([text and read_time(text) for text in texts], TIME))


@pytest.mark.parametrize(
    "texts", [["2024-01-31T12:30:05Z", "2024-01-31"], ["1388534400", "45292"], ["x"], [None]]
)
def test_other_columns_are_read_cell_by_cell(texts):
    found = read_column(pa.array(texts, pa.string()))
    assert found is None or found.null_count == len(texts)


@given(st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29), timezones=st.timezones().map(lambda _: UTC)))
def test_every_iso_time_comes_back(moment):
    assert read_time(moment.isoformat()) == moment
    assert read_column(pa.array([moment.isoformat()])).equals(pa.array([moment], TIME))


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("20240131102030", datetime(2024, 1, 31, 10, 20, 30, tzinfo=UTC)),
        ("202401311020", datetime(2024, 1, 31, 10, 20, tzinfo=UTC)),
        ("200000000000", datetime(1976, 5, 3, 19, 33, 20, tzinfo=UTC)),  # no month 00: unix milliseconds
    ],
)
def test_a_compact_time_is_no_unix_time(text, means):
    assert read_time(text) == means
    fast = read_column(pa.array([text]))
    assert fast is None or fast.to_pylist() == [means]


@pytest.mark.parametrize(
    "text",
    ["0000-01-01", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "0x65B0A180", "20240231102030"],
)
def test_no_way_of_reading_takes_what_is_no_time(text):
    assert read_column(pa.array([text])) is None
    with pytest.raises(ValueError, match="Date not readable"):
        read_time(text)
