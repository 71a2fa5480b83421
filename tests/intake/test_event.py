"""The rows of several files are read for what they say, and a dataset that is written reads the same."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from finrec_core.dataset import Dataset
from finrec_core.dataset.export import write_csv
from finrec_core.intake import find_sources, read_files
from tests.dataset.tables import read

PIECES = ("shares.csv", "client_id,isin,date,side,quantity\nc1,A,2024-01-01,buy,5\nc1,A,2024-02-01,sell,5\n")
MONEY = ("cash.csv", "client_id,isin,date,side,value\nc2,A,2024-01-01,buy,500\nc2,A,2024-02-01,sell,400\n")


def held(dataset: Dataset) -> set[tuple[str, str]]:
    clients, products = dataset.clients["client_id"].to_pylist(), dataset.products["product_id"].to_pylist()
    pairs = dataset.pairs
    return {
        (clients[client], products[product])
        for client, product in zip(pairs.clients[pairs.held], pairs.products[pairs.held], strict=True)
    }


def test_where_one_file_counts_money_the_last_action_decides() -> None:
    assert read(PIECES).dataset.amounts_count
    for files in ((PIECES, MONEY), (MONEY, PIECES)):
        found = read(*files)
        assert not found.dataset.amounts_count
        assert not held(found.dataset)
        assert sorted(one.id for one in found.questions) == [
            "actions:cash.csv:side",
            "actions:shares.csv:side",
        ]


@pytest.mark.parametrize(
    ("rows", "has"), [("buy,5 sell,2", True), ("buy,5 sell,5", False), ("sell,5 buy,5 buy,1", True)]
)
def test_a_sale_of_a_part_gives_nothing_up(rows: str, has: bool) -> None:
    lines = [f"c1,A,2024-01-{day:02},{row}" for day, row in enumerate(rows.split(), 1)]
    found = read(("t.csv", "client_id,isin,date,side,quantity\n" + "\n".join(lines)))
    assert bool(held(found.dataset)) is has


def test_every_row_is_accounted_for_once() -> None:
    rows = "c1,A,2024-01-01T10:00:00,buy,0\nc1,A,2024-01-01T10:00:00,buy,0\n,A,2024-01-01T11:00:00,sell,1\n"
    found = read(("t.csv", "client_id,isin,timestamp,side,quantity\n" + rows))
    assert (found.rows_read, found.rows_rejected, found.rows_accepted) == (3, 1, 2)
    assert found.rows_clean + found.rows_repaired == 2


EVENTS = st.lists(
    st.tuples(
        st.sampled_from(["c1", "c2", "c3"]),
        st.sampled_from(["A", "B"]),
        st.sampled_from(["2024-01-01", "2024-01-02", "2024-03-01"]),
        st.sampled_from(["buy", "sell", "fee"]),
        st.integers(1, 4),
    ),
    min_size=3,
    unique=True,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=EVENTS, seed=st.randoms())
def test_in_any_order_the_same_is_held_and_a_written_dataset_reads_the_same(
    events, seed, tmp_path: Path
) -> None:
    head = "client_id,isin,date,side,quantity\n"
    first = read(("t.csv", head + "\n".join(",".join(map(str, row)) for row in events)))
    seed.shuffle(events)
    other = read(("t.csv", head + "\n".join(",".join(map(str, row)) for row in events)))
    assert first.dataset.content_hash == other.dataset.content_hash
    assert {one.id: one.proposal for one in first.questions} == {
        one.id: one.proposal for one in other.questions
    }
    assert held(first.dataset) == held(other.dataset)
    write_csv(first.dataset, tmp_path)
    sources = find_sources([tmp_path])
    open_ones = {one.id for one in read_files(sources, rating_limit=None).questions}
    answers = dict.fromkeys(open_ones & {"amounts:interactions.csv:amount"}, "pieces")
    again = read_files(sources, rating_limit=None, answers=answers)
    assert again.dataset.content_hash == first.dataset.content_hash
