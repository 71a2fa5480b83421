"""The recommender on the demo bank, whose right answers are known, and on cuts of the real sets."""

import json

import numpy as np
import pyarrow as pa
import pytest

from finrec_core.dataset import Dataset
from finrec_core.demo.bank import demo_bank
from finrec_core.explain.rescoring import rescore
from finrec_core.intake import find_sources, read_files
from finrec_core.model import Constants, NetworkConstants, fit
from finrec_core.model.edit import Edit
from finrec_core.recommender import FusedRecommender, UnknownIdError
from finrec_core.run_folder import RunFolderError
from finrec_core.text import Encoder, encode


@pytest.fixture(scope="module")
def bank():
    return demo_bank(clients=200, products=60, seed=5)


@pytest.fixture(scope="module")
def recommender(bank, tmp_path_factory):
    return FusedRecommender(seed=0, vectors=tmp_path_factory.mktemp("vectors")).fit(bank.dataset)


def exact(lens):
    return abs(lens.error) <= 1e-6 * max(1.0, abs(lens.score))


def clients_with_products(recommender, count, seed=0):
    rows = np.flatnonzero(recommender.model.evidence.counts >= 4)
    chosen = np.random.default_rng(seed).choice(rows, size=count, replace=False)
    return [(int(row), recommender.dataset.clients["client_id"][int(row)].as_py()) for row in chosen]


class TestRanking:
    def test_the_fused_model_beats_popularity_on_rows_it_never_saw(self, recommender):
        arms = recommender.metrics["protocols"]["per-client"]["arms"]
        assert set(arms) >= {"fused", "popularity", "item-knn", "ease"}
        assert arms["fused"]["ndcg@20"]["value"] > 1.25 * arms["popularity"]["ndcg@20"]["value"]

    def test_nothing_the_client_has_and_nothing_withdrawn_is_offered(self, recommender):
        dataset = recommender.dataset
        gone = [flag is False for flag in dataset.products["available"].to_pylist()]
        for row, client in clients_with_products(recommender, 20):
            held = set(recommender.model.evidence.held[[row]].indices.tolist())
            items = recommender.recommend(client, k=len(dataset.products))
            rows = [dataset.product_rows[item.product] for item in items]
            assert not held & set(rows)
            assert not any(gone[product] for product in rows)
            assert [item.rank for item in items] == list(range(1, len(items) + 1))
            assert len(items) + len(held | set(np.flatnonzero(gone))) == len(dataset.products)

    def test_the_strongest_product_has_100_points_and_the_mean_0(self, recommender):
        _, client = clients_with_products(recommender, 1)[0]
        items = recommender.recommend(client, k=1000)
        assert items[0].points == pytest.approx(100)
        assert np.mean([item.points for item in items]) == pytest.approx(0, abs=1e-9)

    def test_what_the_client_has_carries_no_rank(self, recommender):
        row, client = clients_with_products(recommender, 1)[0]
        items = recommender.recommend(client, k=1000, include_held=True)
        held = [item for item in items if item.held]
        assert len(held) == recommender.model.evidence.held[[row]].nnz
        assert all(item.rank is None for item in held)

    def test_the_lists_follow_the_planted_affinity(self, bank, recommender):
        rows = [row for row, _ in clients_with_products(recommender, 60)]
        affinity = bank.truth.affinity(np.array(rows))
        found = []
        for row, liked in zip(rows, affinity, strict=True):
            ranking = recommender.ranking(recommender.dataset.clients["client_id"][row].as_py())
            place = np.argsort(np.argsort(-liked[ranking.order]))
            found.append(place[:5].mean() / len(place))
        assert np.mean(found) < 0.3  # chance is .5


class TestExplanation:
    def test_both_lenses_are_exact_for_any_client_and_product(self, bank, recommender):
        dataset = recommender.dataset
        rng = np.random.default_rng(1)
        clients = dataset.clients["client_id"].to_pylist()
        products = dataset.products["product_id"].to_pylist()
        for _ in range(40):
            client, product = str(rng.choice(clients)), str(rng.choice(products))
            explanation = recommender.explain(client, product)
            ranking = recommender.ranking(client)
            assert explanation.score == pytest.approx(ranking.scores[dataset.product_rows[product]], abs=1e-9)
            assert exact(explanation.client_lens)
            assert exact(explanation.product_lens)

    def test_words_add_up_and_their_error_is_small(self, recommender):
        for _, client in clients_with_products(recommender, 5):
            product = recommender.recommend(client, k=1)[0].product
            explanation = recommender.explain(client, product, words=5)
            parts = [*explanation.client_lens.contributions, *explanation.product_lens.contributions]
            told = [part for part in parts if part.words]
            assert told
            for part in told:
                assert abs(sum(word.value for word in part.words) - part.text_value) <= 1e-6
                assert part.word_error <= 0.02

    def test_words_of_the_planted_taste_speak_for_the_product(self, bank, recommender):
        planted, other = [], []
        tastes = bank.truth.client_tastes
        for row, client in clients_with_products(recommender, 40, seed=2):
            taste = bank.truth.tastes[int(tastes[row].argmax())]
            vocabulary = set(bank.truth.words[taste])
            product = recommender.recommend(client, k=1)[0].product
            explanation = recommender.explain(client, product, words=6)
            for part in explanation.product_lens.contributions:
                scale = sum(abs(word.value) for word in part.words) or 1.0
                for word in part.words if len(part.words) > 3 else ():
                    plain = word.text.lower().strip(".,;:!?'\"()")
                    (planted if plain in vocabulary else other).append(word.value / scale)
        assert len(planted) > 30
        assert np.mean(planted) > 1.2 * np.mean(other)

    def test_similar_clients_share_the_planted_taste(self, bank, recommender):
        tastes = bank.truth.client_tastes
        unit = tastes / np.linalg.norm(tastes, axis=1, keepdims=True)
        above = []
        for row, client in clients_with_products(recommender, 40, seed=3):
            product = recommender.recommend(client, k=1)[0].product
            parts = recommender.explain(client, product).product_lens.contributions
            alike = [
                float(unit[row] @ unit[recommender.dataset.client_rows[part.id]])
                for part in parts
                if part.kind == "client"
            ]
            half = len(alike) // 2
            if half >= 3:
                above.append(np.mean(alike[:half]) > np.mean(alike[-half:]))
        assert np.mean(above) > 0.65  # chance is .5

    def test_leaving_evidence_out_is_scored_anew(self, recommender):
        row, client = clients_with_products(recommender, 1, seed=4)[0]
        product = recommender.recommend(client, k=1)[0].product
        whole = recommender.explain(client, product)
        part = next(part for part in whole.client_lens.contributions if part.kind == "interaction")
        left = recommender.explain(client, product, without_interactions=[part.id])
        assert left.score == pytest.approx(whole.score - part.value, abs=1e-9)
        edit = Edit.of(interactions=[recommender.product_row(part.id)])
        assert left.score == pytest.approx(
            rescore(recommender.model, row, recommender.product_row(product), edit), abs=1e-9
        )
        assert exact(left.client_lens)
        assert exact(left.product_lens)
        assert part.id not in {other.id for other in left.client_lens.contributions}

    def test_evidence_that_is_not_there_cannot_be_left_out(self, recommender):
        _, client = clients_with_products(recommender, 1)[0]
        product = recommender.recommend(client, k=1)[0].product
        with pytest.raises(UnknownIdError, match="does not have product"):
            recommender.explain(client, product, without_interactions=[product])

    @pytest.mark.parametrize("ask", ["explain", "what_if"])
    def test_a_change_that_there_is_not_is_refused(self, recommender, ask):
        _, client = clients_with_products(recommender, 1)[0]
        product = recommender.recommend(client, k=1)[0].product
        with pytest.raises(
            TypeError, match='no change "without_interaction"; there are with_interactions, wi'
        ):
            getattr(recommender, ask)(client, product, without_interaction=[])


class TestIds:
    def test_an_id_is_text(self, recommender):
        with pytest.raises(UnknownIdError, match='Ids are text: ask for the client "1", not for 1'):
            recommender.recommend(1)

    def test_a_list_has_at_least_one_product(self, recommender):
        client = recommender.dataset.clients["client_id"][0].as_py()
        with pytest.raises(ValueError, match="k is a whole number from 1"):
            recommender.recommend(client, k=-1)

    def test_an_unknown_client_names_the_nearest(self, recommender):
        known = recommender.dataset.clients["client_id"][3].as_py()
        with pytest.raises(UnknownIdError, match=known):
            recommender.recommend(known + "x")

    def test_an_unknown_product_names_the_nearest(self, recommender):
        known = recommender.dataset.products["product_id"][3].as_py()
        client = recommender.dataset.clients["client_id"][3].as_py()
        with pytest.raises(UnknownIdError, match=f'no product "{known}x"'):
            recommender.explain(client, known + "x")

    def test_before_learning_there_is_one_sentence(self):
        with pytest.raises(RuntimeError, match="has not learned yet"):
            FusedRecommender().recommend("c")


class TestRunFolder:
    def test_save_and_load_give_identical_scores(self, recommender, tmp_path):
        recommender.save(tmp_path)
        again = FusedRecommender.load(tmp_path)
        rows = np.arange(len(recommender.dataset.clients))
        assert np.array_equal(again.model.scores(rows), recommender.model.scores(rows))
        assert again.metrics == json.loads(json.dumps(recommender.metrics))
        assert again.constants == recommender.constants

    @pytest.mark.parametrize(
        "file", ["run.json", "metrics.json", "model.safetensors", "ids.parquet", "dataset/clients.parquet"]
    )
    def test_a_damaged_file_is_named_in_one_sentence(self, recommender, tmp_path, file):
        recommender.save(tmp_path)
        (tmp_path / file).write_bytes(b"\x00\x01 not this")
        with pytest.raises(RunFolderError, match=file.split("/")[0]) as caught:
            FusedRecommender.load(tmp_path)
        assert "\n" not in str(caught.value)

    def test_a_folder_of_a_newer_finrec_says_so(self, recommender, tmp_path):
        recommender.save(tmp_path)
        path = tmp_path / "run.json"
        path.write_text(path.read_text().replace('"format": 1', '"format": 99'))
        with pytest.raises(RunFolderError, match="newer finrec"):
            FusedRecommender.load(tmp_path)


@pytest.mark.real
def test_both_lenses_are_exact_on_seeded_cuts_of_the_real_sets(real_data, tmp_path, language_model):
    whole = read_files(find_sources([real_data])).dataset
    dataset = cut(whole, clients=40, seed=0)
    constants = Constants(network=NetworkConstants(dim=16, seeds=2, steps=(8, 4)))
    texts = encode(dataset, Encoder(language_model))
    recommender = FusedRecommender(encoder=language_model, seed=0)
    recommender._dataset, recommender._model = dataset, fit(dataset, texts, constants, seed=0)
    rng = np.random.default_rng(0)
    clients = dataset.clients["client_id"].to_pylist()
    products = dataset.products["product_id"].to_pylist()
    for number in range(12):
        client, product = str(rng.choice(clients)), str(rng.choice(products))
        explanation = recommender.explain(client, product, words=2 if number < 3 else 0)
        assert exact(explanation.client_lens)
        assert exact(explanation.product_lens)
        for part in (*explanation.client_lens.contributions, *explanation.product_lens.contributions):
            if part.words:
                assert abs(sum(word.value for word in part.words) - part.text_value) <= 1e-6


def cut(dataset, *, clients, seed):
    """Return a dataset of a seeded few clients, with the products they have and their ties."""
    rows = np.random.default_rng(seed).choice(len(dataset.clients), size=clients, replace=False)
    kept = dataset.take(np.isin(dataset.event_clients, rows))
    here = np.isin(kept.tie_rows, rows).all(axis=1)
    products = np.unique(kept.event_products)
    return Dataset(
        clients=dataset.clients.take(pa.array(np.sort(rows))),
        products=dataset.products.take(pa.array(products)),
        interactions=kept.interactions,
        ties=kept.ties.filter(pa.array(here)),
        name=dataset.name,
        verb=dataset.verb,
        rating_limit=dataset.rating_limit,
    )
