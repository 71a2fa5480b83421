"""Many rejected rows of one file are asked about, whatever share of all rows they are."""

import pytest

from finrec_core.intake import STOP, FileRead, IntakeError, Source, find_sources, read_files
from tests.conftest import real_case

ROWS = "".join(f"c{n},p{n % 7}\n" for n in range(900))
OURS, OTHERS = [f"c{n}" for n in range(900)], [f"x{n}" for n in range(901)]
HOLDINGS = Source("holdings.csv", f"client,product\n{ROWS}".encode())


def products(bad: int, rows: int = 20) -> Source:
    """Return a catalogue of which the last rows lack their id."""
    lines = [f"{'' if row >= rows - bad else f'p{row}'},Fund {row}" for row in range(rows)]
    return Source("products.csv", "\n".join(["product_id,name", *lines, ""]).encode())


def test_a_lost_file_is_asked_about_in_a_crowd_of_good_rows() -> None:
    found = read_files([HOLDINGS, products(2)])
    assert found.rejected_share < 0.01
    (question,) = found.questions
    assert question.id == "rejects:products.csv:"
    assert question.sentence == (
        "products.csv: 2 of 20 rows rejected (10.0 %). All of them: product is empty "
        '(products.csv, line 20: product_id ""). Import the others without them?'
    )
    assert (question.proposal, question.choices[1]) == ("leave them out", STOP)
    assert found.questions
    assert not found.answers


@pytest.mark.parametrize(("bad", "asked"), [(0, False), (1, False), (2, True), (20, True)])
def test_the_limit_counts_for_each_file(bad: int, asked: bool) -> None:
    assert bool(read_files([HOLDINGS, products(bad)]).questions) is asked


def test_one_file_of_a_table_is_not_lost_in_another_of_the_same() -> None:
    old = Source("2019.csv", b"client,product\n,p1\n,p2\nc1,p1\n")
    found = read_files([HOLDINGS, old])
    assert [one.id for one in found.questions] == ["rejects:2019.csv:"]
    two = read_files([HOLDINGS, old, Source("2018.csv", b"client,product\n,p1\nc1,p1\n")])
    assert {one.file for one in two.questions} == {"2018.csv", "2019.csv"}


@pytest.mark.parametrize("table", ["clients", "ties"])
def test_every_table_counts(table: str) -> None:
    head = {"clients": "client_id,name", "ties": "client_id,other_client_id"}[table]
    file = Source(f"{table}.csv", f"{head}\nc1,c2\n,c3\n".encode())
    (question,) = read_files([HOLDINGS, file]).questions
    assert question.file == f"{table}.csv"


def test_an_answer_closes_it_or_stops_the_import() -> None:
    key = "rejects:products.csv:"
    found = read_files([HOLDINGS, products(9)], answers={key: "leave them out"})
    assert not found.questions
    assert not found.stopped
    assert read_files([HOLDINGS, products(9)], answers={key: STOP}).stopped == (key,)
    with pytest.raises(IntakeError, match=r'"yes" is no answer to "rejects:products\.csv:"'):
        read_files([HOLDINGS, products(9)], answers={key: "yes"})
    moot = read_files([HOLDINGS, products(0)], answers={key: STOP})
    assert f'The answer to "{key}" is left aside, since this is no question any more.' in moot.notices
    assert not moot.stopped
    with pytest.raises(IntakeError, match="nobody asks"):
        read_files([HOLDINGS, products(0)], answers={"rejects:product.csv:": STOP})


def test_it_is_asked_of_every_import_anew() -> None:
    first = read_files([HOLDINGS, products(9)], answers={"rejects:products.csv:": "leave them out"})
    assert read_files([HOLDINGS, products(9)], kept=first.kept).questions


def test_several_reasons_are_told_by_the_most_frequent() -> None:
    rows = b"client,product,stars\n,p1,1\n,p2,1\nc1,,1\nc1,p1,1\n"
    (question,) = read_files([Source("stars.csv", rows)]).questions
    assert question.sentence.startswith(
        "stars.csv: 3 of 4 rows rejected (75.0 %). 2 of them: client is empty"
    )


def test_a_file_tells_its_share() -> None:
    assert FileRead("a.csv", "clients", 0, 0).rejected_share == 0.0
    assert str(FileRead("a.csv", "clients", 1136, 20)) == "a.csv: 20 of 1,136 rows rejected (1.8 %)"


def test_a_catalogue_that_was_lost_unasked() -> None:
    found = read_files(find_sources([real_case("catalogue-lost-unasked")]))
    whole = found.dataset is not None and not found.dataset.products["name"].null_count
    assert whole or any(one.file == "products.csv" for one in found.questions)


def test_clients_who_mostly_have_nothing_are_said_before_anything_else() -> None:
    clients = "\n".join(["client_id,name", *(f"{one},A" for one in (*OURS, *OTHERS)), ""])
    found = read_files([HOLDINGS, Source("clients.csv", clients.encode())])
    assert found.notices[0].startswith("901 of 1,801 clients have no product")
    assert not any("no product" in notice for notice in read_files([HOLDINGS]).notices)
