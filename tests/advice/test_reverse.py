from datetime import date

import numpy as np
import pytest

from finrec_core.advice.reverse import blocks, kinds, reverse, rows
from finrec_core.advice.rules import Rules
from finrec_core.advice.suitability import Suitability
from finrec_core.ranking import UnknownIdError
from finrec_core.recommender import FusedRecommender
from tests.served import with_profiles


def client(recommender: FusedRecommender, row: int) -> str:
    return recommender.dataset.clients["client_id"][row].as_py()


@pytest.mark.parametrize("product", ["p000", "p001", "p013", "p063"])
def test_every_rank_is_the_one_in_the_clients_own_list(recommender: FusedRecommender, product: str) -> None:
    found, row = reverse(recommender, product), recommender.product_row(product)
    standing = dict(zip(found.clients.tolist(), zip(found.ranks, found.points, strict=True), strict=True))
    for u in range(len(recommender.dataset.clients)):
        own = recommender.ranking(client(recommender, u))
        rank = int(own.ranks[row])
        assert (u in standing) == (rank > 0)
        if rank:
            assert standing[u][0] == rank
            assert standing[u][1] == pytest.approx(own.scale.points(own.scores[row]), abs=1e-9)
    assert len(found.clients) + found.holders == len(recommender.dataset.clients)


def test_the_best_of_a_list_has_a_hundred_points_in_the_table(recommender: FusedRecommender) -> None:
    """Guards 99.99999999999999 in a file."""
    points = set()
    for product in recommender.dataset.products["product_id"].to_pylist():
        table = rows(reverse(recommender, product), recommender.dataset, 1000, rules=None, today=date.today())
        points |= {row["points"] for row in table.to_pylist() if row["rank"] == 1}
    assert points == {100.0}


def test_the_best_stand_first_and_equal_ranks_go_by_points(recommender: FusedRecommender) -> None:
    found = reverse(recommender, "p013")
    keys = list(zip(found.ranks.tolist(), (-found.points).tolist(), found.clients.tolist(), strict=True))
    assert keys == sorted(keys)
    assert len(set(found.ranks.tolist())) < len(found.ranks)
    assert found.within(10) == (found.ranks <= 10).sum() > 0


def test_who_has_it_is_counted_and_left_out(recommender: FusedRecommender) -> None:
    found, dataset = reverse(recommender, "p013"), recommender.dataset
    having = set(dataset.pair_clients[dataset.pair_products == 13].tolist())
    assert found.holders == len(having) > 0
    assert having.isdisjoint(found.clients.tolist())


def test_a_client_of_whom_nothing_is_known_is_marked(recommender: FusedRecommender) -> None:
    found = reverse(recommender, "p013")
    assert found.clients[found.popular].tolist() == [0]


def test_what_is_not_offered_stands_in_no_list(recommender: FusedRecommender) -> None:
    found = reverse(recommender, "p062")
    assert (found.offered, len(found.clients)) == (False, 0)
    assert found.holders == (recommender.dataset.pair_products == 62).sum()


def test_blocks_hold_a_bounded_number_of_scores_and_every_client_once(recommender: FusedRecommender) -> None:
    told: list[float] = []
    made = list(blocks(recommender, lambda _, share: told.append(share), cells=64 * 9))
    assert max(block.scores.size for block in made) == 64 * 9
    assert np.concatenate([block.clients for block in made]).tolist() == list(range(80))
    assert len(told) == len(made) == 9
    assert told == sorted(told)


def test_small_blocks_change_nothing(recommender: FusedRecommender, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = reverse(recommender, "p013")
    monkeypatch.setattr("finrec_core.advice.reverse.CELLS", 64)
    found = reverse(recommender, "p013")
    assert found.clients.tolist() == whole.clients.tolist()
    assert found.ranks.tolist() == whole.ranks.tolist()


def test_an_unknown_product_is_said(recommender: FusedRecommender) -> None:
    with pytest.raises(UnknownIdError, match='no product "p0x7"'):
        reverse(recommender, "p0x7")


def test_the_verdict_on_one_product_is_each_clients_own(recommender: FusedRecommender) -> None:
    dataset, today = with_profiles(recommender.dataset), date(2026, 3, 1)
    rules = Rules.proposed(dataset)
    found = kinds(dataset, 13, rules, today)
    assert found is not None
    for row in range(len(dataset.clients)):
        suitability = Suitability.of(dataset, client(recommender, row), rules, today)
        assert suitability is not None
        assert found[row] == suitability.kinds[13]
    assert set(found) == {"fits", "check", "does not fit"}
    assert kinds(recommender.dataset, 13, rules, today) is None
