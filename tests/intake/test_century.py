"""Years of two digits are read once it is confirmed what they are."""

import pytest

from tests.dataset.tables import read


def days(*cells: str, **options) -> tuple[list[str | None], list]:
    rows = "".join(f"c{row},A,{cell}\n" for row, cell in enumerate(cells))
    found = read(("t.csv", "client_id,isin,date\n" + rows), **options)
    times = found.dataset.interactions["timestamp"].to_pylist()
    return [time and f"{time:%Y-%m-%d}" for time in times], list(found.questions)


@pytest.mark.parametrize(
    ("cells", "dates"),
    [
        (("12/23/19", "1/6/20"), ["2019-12-23", "2020-01-06"]),
        (("31.12.24", "01.02.99"), ["2024-12-31", "1999-02-01"]),
        (("28-02-95", "1-3-95"), ["1995-02-28", "1995-03-01"]),
        (("5/13/21 10:30", "6/14/21 11:00"), ["2021-05-13", "2021-06-14"]),
    ],
)
def test_years_of_1970_to_2069(cells: tuple[str, ...], dates: list[str]) -> None:
    read_as, (question,) = days(*cells)
    assert read_as == dates
    assert (question.id, question.proposal) == ("years:t.csv:date", "1970 to 2069")


def test_a_year_that_may_stand_first_has_no_proposal() -> None:
    read_as, (question, *_) = days("19/12/23", "20/11/24", "20/11/25")
    assert question.proposal is None
    assert read_as == [None] * 3
    assert days("19/12/23", answers={question.id: "1970 to 2069"})[0] == ["2023-12-19"]


def test_other_dates_are_left_alone() -> None:
    assert days("2024-01-31", "31.12.2024") == (["2024-01-31", "2024-12-31"], [])
