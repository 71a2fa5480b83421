"""Amounts get a sign by what a row does, and count pieces or money."""

import pytest

from finrec_core.dataset.pairs import gives_up
from tests.dataset.tables import read

KNOWN = {"actions:trades.csv:side": {"buy": "takes", "sell": "gives_up"}}


def trades(column: str, *rows: str, side: bool = True) -> tuple[str, str]:
    head = f"client_id,isin,date,{'side,' if side else ''}{column}\n"
    return "trades.csv", head + "".join(
        f"c{row % 2},A,2024-01-{row + 1:02},{one}\n" for row, one in enumerate(rows)
    )


def amounts(found) -> list[float | None]:
    return found.dataset.interactions["amount"].to_pylist()


def actions(found) -> list[str | None]:
    return found.dataset.interactions["action"].to_pylist()


def test_what_is_given_up_is_negative() -> None:
    found = read(trades("quantity", "buy,5", "buy,2", "sell,5", "sell,-2", "buy,-1"), answers=KNOWN)
    assert amounts(found) == [5, 2, -5, -2, -1]
    assert found.dataset.amounts_count


def test_signs_of_cash_are_turned() -> None:
    found = read(trades("value", "buy,-500", "buy,-20", "sell,510"), answers=KNOWN)
    assert amounts(found) == [500, 20, -510]
    assert any("those of cash" in one for one in found.notices)


def test_without_an_action_a_negative_amount_gives_up() -> None:
    found = read(trades("Stück", "5", "2", "-5", side=False))
    assert amounts(found) == [5, 2, -5]
    assert actions(found) == [None, None, None], "the file says no more, and comes back as it went"
    assert gives_up(found.dataset.interactions).tolist() == [False, False, True]
    assert found.dataset.pairs.held.tolist() == [False, True]
    assert any("negative in 1 rows, as on line 4" in one for one in found.notices)


@pytest.mark.parametrize(
    "pieces", ["quantity", "Qty", "units", "Stück", "Anzahl", "number of shares", "cantidad"]
)
@pytest.mark.parametrize("money", ["amount", "totalValue", "Betrag"])
def test_pieces_count_before_money(pieces: str, money: str) -> None:
    for columns, row in ((f"{money},{pieces}", "1500,10"), (f"{pieces},{money}", "10,1500")):
        found = read(trades(columns, f"buy,{row}", f"sell,{row}"), answers=KNOWN)
        assert amounts(found) == [10, -10]
        assert found.dataset.amounts_count


@pytest.mark.parametrize(
    "name", ["value", "total_value", "Kurswert", "trade value", "market_value", "net_amount"]
)
def test_money_leaves_nothing_to_net(name: str) -> None:
    found = read(trades(name, "buy,1000", "buy,70", "sell,1500"), answers=KNOWN)
    assert not found.dataset.amounts_count
    assert not found.questions


def test_a_name_that_leaves_it_open_is_asked_about() -> None:
    for rows, proposal in (
        (("buy,1000", "buy,70", "sell,1500"), "money"),
        (("buy,1000", "buy,70", "sell,1000"), "pieces"),
        (("buy,1000", "buy,70", "sell,10"), "money"),
    ):
        found = read(trades("Betrag", *rows), answers=KNOWN)
        (question,) = found.questions
        assert (question.id, question.proposal) == ("amounts:trades.csv:Betrag", proposal)
        assert found.dataset.amounts_count == (proposal == "pieces")
        other = read(trades("Betrag", *rows), answers=KNOWN | {question.id: "pieces"})
        assert other.dataset.amounts_count
        assert not other.questions


def test_without_a_sale_it_does_not_matter() -> None:
    found = read(trades("amount", "buy,1000", "buy,70"))
    assert not found.questions
    assert found.dataset.amounts_count


@pytest.mark.parametrize(
    ("column", "cells", "held"),
    [
        ("holds", "yes no yes no", [1, 0, 1, 0]),
        ("owned", "TRUE FALSE true false", [1, 0, 1, 0]),
        ("has_product", "Y N N Y", [1, 0, 0, 1]),
        ("quantity", "x - x x", [1, 0, 1, 1]),
        ("held", "x  x ", [1, 0, 1, 0]),
        ("value", "t f t f", [1, 0, 1, 0]),
        ("present", "Ja Nein Ja Ja", [1, 0, 1, 1]),
    ],
)
def test_yes_and_no_are_one_and_zero(column: str, cells: str, held: list[float]) -> None:
    rows = [f"c{row},A,{cell}" for row, cell in enumerate(cells.split(" "))]
    found = read(("held.csv", f"client_id,isin,{column}\n" + "\n".join(rows)))
    assert amounts(found) == held
    assert actions(found) == [None if amount else "neither" for amount in held]
    assert [one.kind for one in found.questions] == ["zeros"]
