import numpy as np

from finrec_core.narrative.people import ENOUGH
from finrec_core.recommender import FusedRecommender
from finrec_core.views.recommendation.product import MOST, held_together, reads_alike, shared_words

TEXTS = [
    "Clean water fund\nPipes and pumps for the bank",
    "Heat pumps loan\nInsulation and pumps of the bank",
    "Card of the bank",
    "Plan of the bank",
    "Cover of the bank",
    *(f"Account {k} of the bank" for k in range(20)),
]


def test_words_that_many_texts_hold_tell_nothing() -> None:
    assert shared_words(TEXTS, 0, 1) == ["pumps"]
    assert shared_words(TEXTS, 0, 2) == []


def test_shared_words_are_no_stop_words_and_no_two_forms_of_one() -> None:
    both = "You must hold this bond; bonds could serve those who otherwise often wait for pumps"
    words = shared_words([both, both, *TEXTS[2:]], 0, 1)
    assert "pumps" in words
    assert len({"bond", "bonds"} & set(words)) == 1
    assert not {"must", "this", "those", "otherwise", "often", "could"} & set(words)


def test_what_reads_alike_is_what_the_model_reads_so_nearest_first(recommender: FusedRecommender) -> None:
    evidence = recommender.model.evidence
    frame = reads_alike(recommender.dataset, evidence, "p013")
    rows = [recommender.dataset.product_rows[key] for key in frame["id"]]
    assert len(rows) == MOST
    assert set(rows) <= set(evidence.near[[13]].indices.tolist())
    z = np.concatenate([evidence.features.own, evidence.features.product_reviews], axis=1)
    cosine = [z[row] @ z[13] / np.linalg.norm(z[row]) for row in rows]
    assert cosine == sorted(cosine, reverse=True)
    assert set(frame["Why"]) == {"Its text is near as a whole"}  # the planted bank has no real words


def test_a_product_without_text_reads_like_nothing(recommender: FusedRecommender) -> None:
    assert reads_alike(recommender.dataset, recommender.model.evidence, "p001").empty


def test_products_of_the_same_clients_are_counted_and_few_are_left_out(recommender: FusedRecommender) -> None:
    evidence, x = recommender.model.evidence, recommender.model.evidence.x.toarray()
    product = int(x.sum(axis=0).argmax())
    key = recommender.dataset.products["product_id"][product].as_py()
    frame = held_together(recommender.dataset, evidence, key)
    assert 0 < len(frame) <= MOST
    holders = int(x[:, product].sum())
    for row in frame.to_dict("records"):
        both = int(x[:, product] @ x[:, recommender.dataset.product_rows[row["id"]]])
        assert both >= ENOUGH
        assert row["Why"] == f"{both} of the {holders} clients who have it have this too"
    assert held_together(recommender.dataset, evidence, "p007").empty  # nobody has it
