"""Rows that a number tells apart, or a cell that cannot be read, are not the same."""

import pytest

from tests.dataset.tables import read


def trades(column: str, *rows: str, name: str = "trades.csv") -> tuple[str, str]:
    return name, f"client_id,isin,date,{column}\n" + "".join(f"{row}\n" for row in rows)


@pytest.mark.parametrize(
    "column", ["transactionID", "Order No", "id", "Belegnummer", "trade_id", "ref", "UUID"]
)
def test_numbers_tell_rows_apart(column: str) -> None:
    rows = ("c1,A,2024-01-01,1", "c1,A,2024-01-01,2", "c2,A,2024-01-01,3")
    found = read(trades(column, *rows))
    assert not found.questions
    assert len(found.dataset.interactions) == 3
    assert not read(trades(column, *rows), mapping=found.mapping).questions
    same = [row[:-1] + "1" for row in rows]
    assert [one.kind for one in read(trades(column, *same)).questions] == ["duplicates"]


def test_the_same_number_in_another_file_is_the_same_event() -> None:
    rows = [f"c1,A,2024-01-01T10:11:12,{number}" for number in range(5)]
    found = read(trades("trade_id", *rows[:4]), trades("trade_id", *rows[2:], name="later.csv"))
    assert len(found.dataset.interactions) == 5


@pytest.mark.parametrize("column", ["rating", "quantity"])
def test_rows_whose_cells_are_lost_may_differ_in_them(column: str) -> None:
    rows = ("c1,A,2024-01-01,abc", "c1,A,2024-01-01,xyz", "c2,A,2024-01-01,2", "c3,A,2024-01-01,3")
    found = read(trades(column, *rows))
    assert len(found.dataset.interactions) == 4
    assert "duplicates" not in [one.kind for one in found.questions]
