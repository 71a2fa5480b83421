"""The gathering: places are those of each client's own list, and ids of a list are found or named."""

import numpy as np
import pytest

from finrec_core.advice import gathering as module
from finrec_core.advice.gathering import FIRST, gathering, listed
from finrec_core.recommender import FusedRecommender


@pytest.mark.parametrize("cells", [4_000_000, 130])
def test_places_are_those_of_the_clients_own_lists(
    recommender: FusedRecommender, monkeypatch: pytest.MonkeyPatch, cells: int
) -> None:
    monkeypatch.setattr(module, "CELLS", cells)
    rows = np.array([3, 17, 42, 5])
    found = gathering(recommender, rows)
    ids = recommender.dataset.clients["client_id"]
    ranks = np.array([recommender.ranking(ids[row].as_py()).ranks for row in rows.tolist()])
    for product, first, asked, place in zip(
        found.products, found.first, found.asked, found.places, strict=True
    ):
        mine = ranks[:, product][ranks[:, product] > 0]
        assert (asked, first) == (len(mine), int((mine <= FIRST).sum()))
        assert place == pytest.approx(mine.mean())
    assert found.clients == 4
    assert (np.diff(found.first) <= 0).all()
    assert set(found.products.tolist()) == set(np.flatnonzero((ranks > 0).any(axis=0)).tolist())


def test_no_client_gathers_nothing(recommender: FusedRecommender) -> None:
    found = gathering(recommender, np.array([], dtype=np.int64))
    assert (found.clients, len(found.products)) == (0, 0)


def test_ids_of_a_list_are_found_once_and_unknown_ones_are_named(recommender: FusedRecommender) -> None:
    data = recommender.dataset
    rows, unknown = listed(data, 'c003\nc017; c003,\t"c042"\n\nnobody, c0003\n')
    assert rows.tolist() == [data.client_rows[key] for key in ("c003", "c017", "c042")]
    assert unknown == ["nobody", "c0003"]
    assert listed(data, "")[0].tolist() == []
    seen = np.arange(len(data.clients)) != data.client_rows["c017"]
    assert listed(data, "c003,c017", seen)[1] == ["c017"], "as one that there is not"
