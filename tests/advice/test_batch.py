from datetime import date

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from finrec_core.advice.batch import ROWS, best, tables
from finrec_core.advice.reverse import Block
from finrec_core.advice.rules import Rules
from finrec_core.advice.suitability import Suitability
from finrec_core.recommender import FusedRecommender
from tests.served import with_profiles

TODAY = date(2026, 3, 1)


def test_every_client_gets_the_list_that_recommend_gives(recommender: FusedRecommender) -> None:
    rows = pa.concat_tables(tables(recommender, 5, today=TODAY)).to_pylist()
    assert len(rows) == 5 * 80
    for client in ("c000", "c001", "c042", "c079"):
        own = recommender.recommend(client, 5)
        mine = [row for row in rows if row["client"] == client]
        assert [(row["rank"], row["product"], row["name"]) for row in mine] == [
            (line.rank, line.product, line.name) for line in own
        ]
        assert [row["score"] for row in mine] == pytest.approx([line.score for line in own], abs=1e-9)
        assert [row["points"] for row in mine] == pytest.approx([line.points for line in own], abs=1e-7)
    assert {(row["verdict"], row["reason"]) for row in rows} == {(None, None)}


def test_the_best_of_every_list_has_a_hundred_points(recommender: FusedRecommender) -> None:
    """Guards 99.99999999999999 in a file, which the arithmetic of the scale makes of one client in ten."""
    made = pa.concat_tables(tables(recommender, 1, today=TODAY))
    assert set(made["points"].to_pylist()) == {100.0}
    for client in made["client"].to_pylist():
        assert recommender.recommend(client, 1)[0].points == 100.0


def test_verdicts_and_reasons_stand_at_their_products(recommender: FusedRecommender) -> None:
    dataset = with_profiles(recommender.dataset)
    recommender._dataset, before = dataset, recommender.dataset
    try:
        rules = Rules.proposed(dataset)
        made = pa.concat_tables(
            tables(recommender, 3, rules=rules, today=TODAY, reason=lambda client, key: f"{client} {key}")
        )
    finally:
        recommender._dataset = before
    assert made.schema == ROWS
    for row in made.to_pylist():
        suitability = Suitability.of(dataset, row["client"], rules, TODAY)
        assert suitability is not None
        assert row["verdict"] == suitability.kinds[dataset.product_rows[row["product"]]]
        assert row["reason"] == f"{row['client']} {row['product']}"
    assert set(made["verdict"].to_pylist()) == {"fits", "check", "does not fit"}


def test_the_blocks_are_tables_of_their_own(
    recommender: FusedRecommender, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = pa.concat_tables(tables(recommender, 4, today=TODAY))
    monkeypatch.setattr("finrec_core.advice.reverse.CELLS", 64 * 7)
    parts = list(tables(recommender, 4, today=TODAY))
    assert len(parts) == 12
    assert pa.concat_tables(parts)["product"].to_pylist() == whole["product"].to_pylist()


def test_a_client_to_whom_nothing_is_offered_has_no_row(recommender: FusedRecommender) -> None:
    block = next(iter(tables(recommender, 1, today=TODAY)))
    assert "c005" in block["client"].to_pylist()
    empty = Block(np.array([5]), np.zeros((1, 3)), np.zeros((1, 3), dtype=bool))
    assert best(empty, 0, 10) == []
    assert empty.scales()[0].flat


@given(
    st.lists(st.tuples(st.integers(-3, 3), st.booleans()), min_size=1, max_size=20),
    st.integers(1, 25),
)
def test_the_best_are_those_of_a_whole_sort(cells: list[tuple[int, bool]], k: int) -> None:
    scores = np.array([[float(score) for score, _ in cells]])
    offered = np.array([[there for _, there in cells]])
    ordered = sorted((row for row, (_, there) in enumerate(cells) if there), key=lambda row: -cells[row][0])
    assert best(Block(np.array([0]), scores, offered), 0, k) == ordered[:k]
