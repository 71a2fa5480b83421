import numpy as np
import pytest
from scipy.sparse import csr_array

from finrec_core.dataset import split_by_client
from finrec_core.metrics import rank_metrics
from tests.demo.banks import bank


def ndcg(scores, split):
    dataset = bank().dataset
    known = dataset.take(split.train | split.validation)
    targets = dataset.take(split.test).matrix()
    rows = np.flatnonzero(targets.sum(axis=1))
    masked = known.matrix("held")
    return rank_metrics(scores[rows], csr_array(targets[rows]), csr_array(masked[rows]), (20,))[
        "ndcg@20"
    ].mean()


@pytest.fixture(scope="module")
def split():
    return split_by_client(bank().dataset, seed=0)


@pytest.fixture(scope="module")
def known(split):
    return bank().dataset.take(split.train | split.validation).matrix().toarray()


def test_the_planted_affinity_is_far_ahead_of_popularity_and_can_be_learned(split, known):
    popularity = ndcg(np.tile(known.sum(axis=0), (400, 1)), split)
    length = np.sqrt(np.maximum(1, known.sum(axis=0)))
    cosine = known.T @ known / length[:, None] / length
    np.fill_diagonal(cosine, 0.0)
    learned = ndcg(known @ cosine, split)
    oracle = ndcg(bank().truth.affinity(np.arange(400)), split)
    assert oracle > 0.54
    assert oracle > 2 * popularity
    assert learned > 1.5 * popularity
    assert learned < 0.9 * oracle


def test_ties_speak_for_clients_without_history(known):
    """Who is tied to a client says more of it than popularity does."""
    dataset = bank().dataset
    full = dataset.matrix().toarray()
    ties = np.zeros((400, 400))
    ties[dataset.tie_rows[:, 0], dataset.tie_rows[:, 1]] = 1.0
    ties += ties.T
    cold = np.flatnonzero((ties.sum(axis=1) > 0) & (full.sum(axis=1) > 0))[::4]
    rest = full.copy()
    rest[cold] = 0.0
    popularity = np.tile(rest.sum(axis=0), (len(cold), 1))
    share = rest / np.maximum(1.0, rest.sum(axis=1, keepdims=True))
    length = np.sqrt(np.maximum(1.0, rest.sum(axis=0)))
    cosine = rest.T @ rest / length[:, None] / length
    tied = (ties @ share)[cold] @ cosine + 1e-9 * popularity
    targets, nothing = csr_array(full[cold]), csr_array(full[cold].shape)
    by_ties, by_popularity = (
        rank_metrics(scores, targets, nothing, (20,))["ndcg@20"].mean() for scores in (tied, popularity)
    )
    assert by_ties > 1.1 * by_popularity


def test_ranking_and_neighbours_are_those_of_the_truth():
    truth = bank().truth
    order = truth.ranking(5)
    assert sorted(order) == list(range(100))
    affinity = truth.affinity(np.array([5]))[0]
    assert (np.diff(affinity[order]) <= 0).all()
    near = truth.neighbours(5, k=7)
    assert len(near) == 7
    assert 5 not in near
    cosine = truth.client_tastes @ truth.client_tastes[5] / np.linalg.norm(truth.client_tastes, axis=1)
    assert cosine[near].min() >= np.delete(cosine, [5, *near]).max()


def test_the_truth_tells_its_shape():
    truth = bank().truth
    assert truth.client_tastes.shape == (400, 10)
    assert truth.client_tastes.sum(axis=1) == pytest.approx(1.0)
    assert np.linalg.norm(truth.product_tastes, axis=1) == pytest.approx(1.0)
    assert set(truth.words) == set(truth.tastes)
    assert repr(truth) == "Truth(400 clients, 100 products, 10 tastes)"


def test_what_does_not_fit_is_liked_less():
    truth = bank().truth
    what, who = truth.catalogue, truth.people
    affinity = truth.affinity(np.arange(400))
    student = what.table["name"].to_pylist().index("Student Card")
    assert affinity[who.age > 28, student].max() < affinity[who.age <= 28, student].min()
    assert affinity[:, what.popularity == 0].max() < affinity[:, what.popularity > 0].max(axis=1).min()
