"""Products that nobody has are found by their words, and cost the others no more than was allowed."""

from dataclasses import replace

import numpy as np
import pytest

from finrec_core.dataset.split import Targets, split_by_client
from finrec_core.metrics import rank_metrics, target_ranks
from finrec_core.model import Switches, choose, fit
from finrec_core.model.cold import ColdStart
from finrec_core.model.cold_choice import LOSS, _Trial, choose_cold
from finrec_core.model.constants import ColdConstants
from finrec_core.model.evidence import Evidence
from finrec_core.model.fit import assemble
from tests.planted import planted


@pytest.fixture(scope="module")
def launch():
    """A bank in which a quarter of the products with words are new: their interactions are set apart."""
    bank = planted(seed=5, clients=200, products=80)
    new = np.arange(len(bank.dataset.products)) % 5 == 2
    inside = new[bank.dataset.event_products]
    return bank, new, bank.dataset.take(~inside), bank.texts.take(~inside)


@pytest.fixture(scope="module")
def chosen(launch):
    _, _, known, texts = launch
    split = split_by_client(known, 0)
    return choose(known, texts, split, seed=0).constants


def test_only_products_with_words_that_nobody_has_are_cold(launch):
    _, new, known, texts = launch
    evidence = Evidence.of(known, texts, Switches())
    assert np.array_equal(np.flatnonzero(evidence.cold), np.flatnonzero(new | (evidence.degree == 0)))
    texts = replace(texts, own_tokens=np.where(new, 0, texts.own_tokens).astype(np.int32))
    assert not Evidence.of(known, texts, Switches()).cold[new].any()
    for off in (Switches(cold=False), Switches(text=False, reviews=False)):
        assert not Evidence.of(known, texts, off).cold.any()


def test_new_products_are_found_by_those_whose_taste_they_are(launch, chosen):
    bank, new, known, texts = launch
    wanted = bank.dataset.matrix() - known.matrix()
    wanted.eliminate_zeros()
    rows = np.flatnonzero(np.diff(wanted.indptr))
    recall = {}
    for cold in (True, False):
        constants = replace(chosen, switches=replace(chosen.switches, cold=cold))
        scores = fit(known, texts, constants, seed=0).scores(rows)
        masked = known.matrix("held")[rows]
        recall[cold] = rank_metrics(scores, wanted[rows], masked, (20,))["recall@20"].mean()
    assert recall[True] > 2 * recall[False]
    scores = fit(known, texts, chosen, seed=0).scores(rows)[:, new]
    first = bank.product_taste[new][np.argmax(scores, axis=1)]
    assert np.mean(first == bank.client_taste[rows]) > 0.7  # chance is .25


def test_what_was_learned_is_not_used_once_nobody_has_it(launch, chosen):
    """Guards the choice, which takes products away from networks that knew them."""
    bank, new, known, texts = launch
    knowing = fit(bank.dataset, bank.texts, chosen, seed=0)
    state = knowing.view("network").state
    assert state.learned[new].any()
    assert state.bias[new].any()
    model = assemble(Evidence.of(known, texts, Switches()), chosen, knowing.learned)
    state = model.view("network").state
    assert not state.learned[new].any()
    assert not state.bias[new].any()
    assert not model.evidence.near[:, new].nnz


def test_the_level_follows_words_of_products_that_many_have(launch):
    bank, new, known, texts = launch
    loved = bank.product_taste == 1
    keep = loved[known.event_products] | (np.arange(len(known.interactions)) % 3 == 0)
    crowded, texts = known.take(keep), texts.take(keep)
    evidence = Evidence.of(crowded, texts, Switches())
    level = ColdStart.of(evidence, ColdConstants(slope=1.0, level=0.0)).level
    assert level[new & loved].mean() > level[new & ~loved].mean()
    assert not level[~evidence.cold].any()


@pytest.fixture(scope="module")
def trial(launch, chosen):
    """A model that knows the training rows, and what its validation asks."""
    _, _, known, texts = launch
    split = split_by_client(known, 0)
    model = fit(known.take(split.train), texts.take(split.train), chosen, seed=0)
    return _Trial(model, known.take(split.validation).matrix(), model.evidence.held)


class TestChoice:
    def test_the_loss_is_what_ranking_everything_shows(self, trial):
        constants = trial.model.constants
        for level in (-5.0, 0.0, 2.0):
            cold = replace(constants.cold, level=level)
            model = replace(trial.model, constants=replace(constants, cold=cold))
            scores = model.scores(trial.rows)
            masked = model.evidence.held[trial.rows]
            with_cold = rank_metrics(scores, trial.others, masked, (20,))["ndcg@20"]
            scores[:, trial.cold] = scores.min() - 1.0
            without = rank_metrics(scores, trial.others, masked, (20,))["ndcg@20"]
            loss = 1.0 - np.nanmean(with_cold) / np.nanmean(without)
            assert trial.loss(cold) == pytest.approx(loss, abs=1e-9)

    def test_the_level_is_the_highest_that_is_allowed(self, trial):
        cold = trial.model.constants.cold
        level = trial.level(cold)
        assert trial.loss(replace(cold, level=level)) <= LOSS
        assert trial.loss(replace(cold, level=level + 0.5)) > LOSS

    def test_recall_is_what_ranking_everything_shows(self, launch, chosen):
        bank, _, known, texts = launch
        wanted = bank.dataset.matrix() - known.matrix()
        wanted.eliminate_zeros()
        model = fit(known, texts, chosen, seed=0)
        trial = _Trial(model, wanted, model.evidence.held)
        masked = model.evidence.held[trial.rows]
        targets = wanted[trial.rows]
        ranks = target_ranks(model.scores(trial.rows), targets, masked)
        assert trial.recall(chosen.cold) == pytest.approx(
            rank_metrics(model.scores(trial.rows), targets, masked, (20,))["recall@20"].mean()
        )
        assert len(ranks) == trial.asked.nnz

    def test_without_words_nothing_is_chosen(self, launch, constants):
        _, _, known, _ = launch
        evidence = Evidence.of(known, None, Switches())
        asked = Targets(known.matrix(), known.matrix("had"), known.matrix(), 0.0)
        assert choose_cold(known, evidence, asked, constants, {}, seed=0) == constants.cold


def test_features_of_fewer_rows_stay_in_their_basis(launch):
    _, _, known, texts = launch
    features = Evidence.of(known, texts, Switches()).features
    keep = np.arange(len(known.interactions)) % 3 > 0
    fewer = features.take(keep)
    assert np.array_equal(fewer.own_basis, features.own_basis)
    assert np.array_equal(known.take(keep).event_products[fewer.review_rows], fewer.review_products)
    assert len(fewer.reviews) == keep[features.review_rows].sum()
