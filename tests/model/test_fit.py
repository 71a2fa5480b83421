from dataclasses import fields, replace

import numpy as np
import pytest
from safetensors.numpy import load_file

from finrec_core.dataset.split import split_by_client
from finrec_core.metrics import rank_metrics
from finrec_core.model import Constants, Switches, choose, fit
from finrec_core.model.files import ModelFileError, load, save


def test_clients_are_ranked_by_their_planted_taste(bank, model):
    scores = model.scores(np.arange(len(bank.dataset.clients)))
    held = bank.dataset.matrix("held").toarray() > 0
    shown = np.argsort(-np.where(held, -np.inf, scores), axis=1)[:, :3]
    right = bank.product_taste[shown] == bank.client_taste[:, None]
    assert right[2:].mean() > 0.75  # chance is .25


def test_ties_speak_for_a_client_that_has_nothing(bank, model):
    top = np.argsort(-model.scores(np.array([1]))[0])[:5]
    assert (bank.product_taste[top] == bank.client_taste[1]).mean() >= 0.6
    assert not model.silent[1]


def test_a_client_for_whom_nothing_speaks_gets_popularity(bank, model):
    assert model.silent[0]
    assert np.array_equal(model.scores(np.array([0]))[0], np.log1p(model.evidence.degree))


def test_the_same_seed_gives_the_same_scores(bank, constants, model):
    rows = np.arange(len(bank.dataset.clients))
    again = fit(bank.dataset, bank.texts, constants, seed=1)
    assert np.abs(again.scores(rows) - model.scores(rows)).max() <= 1e-6


def test_a_saved_model_scores_identically(bank, model, tmp_path):
    save(model, tmp_path)
    again = load(tmp_path, bank.dataset, model.constants)
    rows = np.arange(len(bank.dataset.clients))
    assert np.array_equal(again.scores(rows), model.scores(rows))


def test_the_file_names_its_arrays_as_stored_runs_do(model, tmp_path):
    """Guards runs on disk: a name that changes leaves them unreadable."""
    save(model, tmp_path)
    parameters = ["q_in", "q_out", "bias", "w_in", "w_out", "a_s", "a_r", "t", "alpha", "beta", "tau"]
    texts = (
        "centre own_basis review_basis own_spectrum review_spectrum own reviews review_rows review_products"
    )
    assert set(load_file(tmp_path / "model.safetensors")) == {
        *(f"text.{name}" for name in texts.split()),
        *(f"network.{seed}.{name}" for seed in (0, 1) for name in parameters),
        "closed_form.inverse",
        "tail.inverse",
    }


def test_a_file_that_lacks_a_view_of_its_constants_is_refused(bank, model, tmp_path):
    for name in ("network", "closed_form", "tail"):
        view = model.view(name)
        save(replace(model, views=tuple(one for one in model.views if one is not view)), tmp_path)
        with pytest.raises(ModelFileError, match="does not fit"):
            load(tmp_path, bank.dataset, model.constants)


def test_a_damaged_model_file_gives_one_sentence(bank, model, tmp_path):
    save(model, tmp_path)
    path = tmp_path / "model.safetensors"
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(ModelFileError, match=r"model\.safetensors: this file is not a readable model"):
        load(tmp_path, bank.dataset, model.constants)


def test_constants_survive_json():
    constants = Constants(sigmas=(1.0, 2.0, 3.0), switches=Switches(ties=False))
    assert Constants.from_json(constants.to_json()) == constants
    with pytest.raises(ValueError, match="is not a constant"):
        Constants.from_json({"temperature": 1})


@pytest.mark.parametrize("switch", [one.name for one in fields(Switches)])
def test_each_switch_changes_the_scores(bank, constants, model, switch):
    rows = np.arange(2, 20)
    off = fit(
        bank.dataset,
        bank.texts,
        replace(constants, switches=replace(Switches(), **{switch: False})),
        seed=1,
    )
    assert np.abs(off.scores(rows) - model.scores(rows)).max() > 1e-3


def test_without_texts_ties_and_times_a_model_still_learns(bank, constants):
    bare = bank.dataset.take(bank.dataset.positive[bank.dataset.pairs.of_events])
    ties = bare.ties.slice(0, 0)
    bare = replace(bare, ties=ties)
    fitted = fit(bare, None, constants, seed=0)
    assert np.isfinite(fitted.scores(np.arange(len(bare.clients)))).all()


class TestChoose:
    def test_the_choice_beats_popularity_and_never_reads_test_rows(self, bank):
        """Guards against leaks: with every test row poisoned the choice is the same."""
        split = split_by_client(bank.dataset, 0)
        chosen = choose(bank.dataset, bank.texts, split, seed=0).constants
        poisoned = bank.texts.reviews.copy()
        poisoned[split.test] = 1e3
        texts = bank.texts.__class__(
            bank.texts.own, bank.texts.own_tokens, poisoned, bank.texts.review_tokens
        )
        assert choose(bank.dataset, texts, split, seed=0).constants == chosen
        known = ~split.test
        tested = fit(bank.dataset.take(known), bank.texts.take(known), chosen, seed=0)
        targets = bank.dataset.take(split.test).matrix()
        masked = bank.dataset.take(known).matrix("held")
        rows = np.flatnonzero(np.diff(targets.indptr))
        scores = {"fused": tested.scores(rows), "popularity": np.tile(tested.popularity, (len(rows), 1))}
        ndcg = {
            name: rank_metrics(value, targets[rows], masked[rows], (10,))["ndcg@10"].mean()
            for name, value in scores.items()
        }
        assert ndcg["fused"] > 1.15 * ndcg["popularity"]
