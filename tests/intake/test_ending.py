"""The day on which a holding ended makes an event that gives the product up."""

import pytest

from tests.dataset.tables import read


def policies(column: str, *ends: str, amount: str = "") -> tuple[str, str]:
    rows = "".join(f"c{row},A,202{row}-01-01,{end}{',7' if amount else ''}\n" for row, end in enumerate(ends))
    return "policies.csv", f"client_id,product_id,date,{column}{',' + amount if amount else ''}\n{rows}"


def events(found) -> list[tuple]:
    rows = found.dataset.interactions.to_pylist()
    return [
        (r["client_id"], f"{r['timestamp']:%Y-%m-%d}", r["action"], r["amount"]) for r in rows if r["action"]
    ]


@pytest.mark.parametrize(
    "column",
    ["end_date", "closedAt", "Verkaufsdatum", "Date de fin", "fecha_baja", "sold on", "Kündigungsdatum"],
)
def test_what_has_ended_is_no_longer_held(column: str) -> None:
    found = read(policies(column, "2020-06-01", "", "NULL"))
    (question,) = found.questions
    assert (question.id, question.proposal) == (f"ending:policies.csv:{column}", "given up")
    assert events(found) == [("c0", "2020-06-01", "gives_up", None)]
    assert (int(found.dataset.pairs.held.sum()), int(found.dataset.pairs.former.sum())) == (2, 1)
    assert not events(read(policies(column, "2020-06-01", "", ""), answers={question.id: "something else"}))
    assert (found.rows_read, found.rows_rejected) == (3, 0)


def test_what_was_held_of_it_is_given_up_with_it() -> None:
    found = read(policies("end_date", "2020-06-01", "", amount="units"))
    assert events(found) == [("c0", "2020-06-01", "gives_up", -7.0)]
    assert found.dataset.pairs.amount.tolist() == [0.0, 7.0]


@pytest.mark.parametrize(
    "ends", [("2031-01-01", "2033-01-01", ""), ("2020-02-01", "2021-02-01", "2022-02-01")]
)
def test_what_may_be_planned_has_no_proposal(ends: tuple[str, ...]) -> None:
    found = read(policies("end_date", *ends))
    assert found.questions[0].proposal is None
    assert not events(found)


def test_a_cancelled_order_gives_nothing_up() -> None:
    head = "client_id,product_id,date,status,end_date\n"
    text = head + "c1,A,2024-01-01,done,2024-02-01\nc2,A,2024-01-01,void,2024-02-01\n"
    found = read(("orders.csv", text), answers={"ending:orders.csv:end_date": "given up"})
    assert [row[0] for row in events(found) if row[2] == "gives_up"] == ["c1"]


def test_an_empty_column_is_nothing() -> None:
    assert not read(policies("end_date", "", "")).questions
