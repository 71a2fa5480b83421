"""Figures by segment and by evidence: counted by hand, small groups kept back."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from finrec_core.evaluation.groups import OTHER, Group, by_reviews, by_segment, by_ties
from tests.planted import planted, table


@pytest.fixture(scope="module")
def dataset():
    bank = planted(seed=2).dataset
    names = ["young" if u < 40 else None if u < 50 else f"small {u // 3}" for u in range(80)]
    place = bank.clients.schema.get_field_index("segment")
    column = table("clients", segment=names)["segment"]
    return replace(bank, clients=bank.clients.set_column(place, "segment", column))


@pytest.fixture(scope="module")
def tested(dataset):
    ids = dataset.clients["client_id"].to_pylist()[2:]
    return pa.table({"client_id": ids, "ndcg@20": np.linspace(0.0, 1.0, len(ids))})


def test_segments_stand_by_size_and_the_small_ones_together(dataset, tested):
    found = by_segment(tested, dataset, "ndcg@20")
    assert [(one.name, one.clients) for one in found] == [("young", 38), ("", 10), (OTHER, 30)]
    values = tested["ndcg@20"].to_numpy()
    assert found[0].value == pytest.approx(values[:38].mean())
    assert found[0].low < found[0].value < found[0].high
    assert found[2].value == pytest.approx(values[48:].mean())


def test_a_group_of_single_persons_has_no_figure(dataset, tested):
    few = by_segment(tested.slice(0, 4), dataset, "ndcg@20")
    assert [(one.clients, one.value, one.low) for one in few] == [(4, None, None)]
    with pytest.raises(ValueError, match="clients enough"):
        Group("x", 4, 0.5, 0.4, 0.6)


def test_connections_and_reviews_are_counted(dataset, tested):
    ties = np.zeros(80, dtype=int)
    for a, b in {tuple(sorted(pair)) for pair in dataset.tie_rows.tolist()}:
        ties[a] += 1
        ties[b] += 1
    counted = {one.name: one.clients for one in by_ties(tested, dataset, "ndcg@20")}
    assert counted["0"] == int((ties[2:] == 0).sum())
    assert sum(counted.values()) == len(tested)
    reviews = {one.name: one.clients for one in by_reviews(tested, dataset, "ndcg@20")}
    assert sum(reviews.values()) == len(tested)
    written = np.zeros(80, dtype=int)
    for row, text in zip(dataset.event_clients, dataset.review_texts, strict=True):
        written[row] += bool(text)
    assert reviews["3-9"] == int(((written[2:] >= 3) & (written[2:] <= 9)).sum())


def test_figures_of_other_clients_are_refused(dataset):
    strange = pa.table({"client_id": ["nobody"], "mrr": [0.5]})
    with pytest.raises(ValueError, match="does not have"):
        by_segment(strange, dataset, "mrr")
