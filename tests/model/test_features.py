import numpy as np

from finrec_core.model.features import SHRINK, TextFeatures


def test_parts_of_a_text_direction_add_up_to_the_product(bank, rng):
    features = TextFeatures.of(bank.dataset, bank.texts)
    direction = rng.normal(size=features.width)
    both = np.concatenate([features.own, features.product_reviews], axis=1)
    for product in range(len(features.own)):
        own, reviews = features.parts_of(product, direction)
        assert abs(own + sum(value for _, value in reviews) - both[product] @ direction) < 1e-12


def test_a_review_weighs_one_over_count_plus_three(bank):
    features = TextFeatures.of(bank.dataset, bank.texts)
    product = int(features.review_products[0])
    count = len(features.reviews_of(product))
    assert np.allclose(features.shares[[product]].data, 1 / (count + SHRINK))


def test_centring_leaves_no_constant(bank):
    features = TextFeatures.of(bank.dataset, bank.texts)
    tokens = np.concatenate([bank.texts.own_tokens, bank.texts.review_tokens[features.review_rows]])
    vectors = np.concatenate([bank.texts.own, bank.texts.reviews[features.review_rows]]) - features.centre
    assert np.abs(tokens @ vectors / tokens.sum()).max() < 1e-6


def test_a_product_without_text_has_the_zero_vector(bank):
    features = TextFeatures.of(bank.dataset, bank.texts)
    assert not features.own[1].any()
    assert not features.product_reviews[1].any()


def test_features_of_training_rows_do_not_see_other_texts(bank):
    """Guards against the leak of a test review into centre, maps or vectors."""
    keep = np.ones(len(bank.dataset.interactions), dtype=bool)
    keep[np.flatnonzero(bank.texts.review_tokens)[:20]] = False
    poisoned = bank.texts.reviews.copy()
    poisoned[~keep] = 1e6
    changed = bank.texts.__class__(bank.texts.own, bank.texts.own_tokens, poisoned, bank.texts.review_tokens)
    clean = TextFeatures.of(bank.dataset.take(keep), bank.texts.take(keep))
    other = TextFeatures.of(bank.dataset.take(keep), changed.take(keep))
    assert np.array_equal(clean.centre, other.centre)
    assert np.array_equal(clean.own, other.own)
    assert np.array_equal(clean.reviews, other.reviews)


def test_power_one_keeps_proportions_and_unit_mean_norm(bank):
    features = TextFeatures.of(bank.dataset, bank.texts)
    scaled = features.own * features.own_power(1.0)
    told = np.any(scaled != 0, axis=1)
    assert abs(np.mean((scaled[told] ** 2).sum(axis=1)) - 1) < 1e-12
    assert np.ptp(features.own_power(1.0)) < 1e-12


def test_at_most_so_many_leading_directions_are_kept(bank):
    whole = TextFeatures.of(bank.dataset, bank.texts)
    cut = TextFeatures.of(bank.dataset, bank.texts, most=3)
    assert cut.own.shape[1] == cut.reviews.shape[1] == 3 < whole.own.shape[1]
    assert np.array_equal(cut.own_spectrum, whole.own_spectrum[:3])
