import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finrec_core.dataset import Dataset, Split, Targets, keep_share, split_by_client, split_by_time
from finrec_core.dataset.occasion import occasions
from tests.dataset.tables import dataset


def one_client(n, day=lambda i: i + 1, rating=lambda i: None):
    return dataset([("c", f"p{i:02}", day(i), rating(i)) for i in range(n)], rating_limit=3.0)


@pytest.mark.parametrize(
    ("n", "sizes"),
    [
        (1, (1, 0, 0)),
        (2, (2, 0, 0)),
        (3, (2, 0, 1)),
        (4, (2, 1, 1)),
        (8, (5, 1, 2)),  # round(1.6), round(1.2)
        (20, (13, 3, 4)),
        (30, (20, 4, 6)),  # round(4.5) is 4, to even
    ],
)
def test_the_sizes_of_the_protocol(n, sizes):
    split = split_by_client(one_client(n), seed=0)
    assert (split.train.sum(), split.validation.sum(), split.test.sum()) == sizes


def test_the_latest_are_tested():
    split = split_by_client(one_client(10, day=lambda i: 10 - i), seed=0)
    assert np.flatnonzero(split.test).tolist() == [0, 1]
    assert np.flatnonzero(split.validation).tolist() == [2, 3]


def test_missing_times_are_shuffled_by_the_seed_alone():
    one = one_client(10, day=lambda i: None)
    tests = {tuple(np.flatnonzero(split_by_client(one, seed).test)) for seed in range(30)}
    assert len(tests) > 10
    again = split_by_client(one, seed=4)
    np.testing.assert_array_equal(again.test, split_by_client(one, seed=4).test)


def test_missing_times_count_as_the_oldest():
    split = split_by_client(one_client(10, day=lambda i: None if i < 6 else i), seed=0)
    assert set(np.flatnonzero(split.test | split.validation)) == {6, 7, 8, 9}


def test_the_order_of_the_rows_does_not_matter():
    one = dataset([(f"c{i % 3}", f"p{i:02}", 1 + i % 4) for i in range(30)])
    order = np.random.default_rng(1).permutation(30)
    other = Dataset(one.clients, one.products, one.interactions.take(order), one.ties)
    for split in (split_by_client, split_by_time):
        for mask in ("train", "validation", "test"):
            np.testing.assert_array_equal(getattr(split(one, 3), mask)[order], getattr(split(other, 3), mask))


def test_a_low_rated_interaction_stands_where_its_time_puts_it():
    low = {2: 1.0, 6: 1.0, 8: 1.0}
    one = one_client(10, rating=lambda i: low.get(i, 5.0))
    split = split_by_client(one, seed=0)  # 7 positive ones: 1 test, 1 validation
    assert np.flatnonzero(split.test & one.positive).tolist() == [9]
    assert np.flatnonzero(split.validation).tolist() == [7, 8]
    undated = one_client(10, day=lambda i: None if i in low else i + 1, rating=lambda i: low.get(i, 5.0))
    assert split_by_client(undated, seed=0).train[list(low)].all()
    without = one_client(10, day=lambda i: None, rating=lambda i: low.get(i, 5.0))
    assert all(split_by_client(without, seed).train[list(low)].all() for seed in range(20))


def test_clients_with_few_positive_interactions_only_train():
    one = dataset([("a", f"p{i}", i + 1, 5.0 if i < 2 else 1.0) for i in range(5)], rating_limit=3.0)
    assert split_by_client(one, seed=0).train.all()


def test_split_by_time_cuts_at_one_moment():
    pairs = [(f"c{i % 4}", f"p{i:02}", 1 + i // 2) for i in range(40)]
    one = dataset(pairs)
    split = split_by_time(one, seed=0)
    assert (split.train.sum(), split.validation.sum(), split.test.sum()) == (26, 6, 8)
    assert one.event_days[split.train].max() <= one.event_days[split.validation].min()
    assert one.event_days[split.validation].max() <= one.event_days[split.test].min()


def test_split_by_time_asks_only_clients_that_are_known_and_have_three():
    known = [(f"c{i % 4}", f"p{i:02}", 1 + i // 2) for i in range(40)]
    late = [("new", f"p{i:02}", 30) for i in range(3)]
    few = [("few", "p00", 1), ("few", "p01", 30)]
    one = dataset(known + late + few)
    split = split_by_time(one, seed=0)
    after = ~(split.train | split.validation)
    assert not split.test[40:].any()
    assert after[[40, 41, 42, 44]].all()
    assert split.train[43]


def test_split_by_time_trains_on_undated_rows_and_needs_two_times():
    one = dataset([("a", f"p{i:02}", None if i < 5 else i) for i in range(20)])
    assert split_by_time(one, seed=0).train[:5].all()
    assert split_by_time(dataset([("a", f"p{i}", None) for i in range(5)]), seed=0) is None
    assert split_by_time(dataset([("a", f"p{i}", 3) for i in range(5)]), seed=0) is None


def test_keep_share():
    one = dataset(
        [("a", f"p{i:02}") for i in range(40)] + [("b", f"p{i:02}") for i in range(4)] + [("c", "p00")]
    )
    kept = keep_share(one, 0.3, seed=0)
    assert np.bincount(kept.pair_clients).tolist() == [12, 3, 1]
    assert kept.clients.equals(one.clients)
    assert keep_share(one, 0.3, seed=0).content_hash == kept.content_hash
    assert keep_share(one, 0.3, seed=1).content_hash != kept.content_hash
    assert keep_share(one, 1.0, seed=0).content_hash == one.content_hash
    with pytest.raises(ValueError, match="between 0 and 1"):
        keep_share(one, 1.5, seed=0)


def test_masks_must_not_overlap():
    yes, no = np.ones(3, dtype=bool), np.zeros(3, dtype=bool)
    assert repr(Split(yes, no, no)) == "Split(3 train, 0 validation, 0 test)"
    with pytest.raises(ValueError, match="overlap"):
        Split(yes, no, yes)
    with pytest.raises(ValueError, match="of one length"):
        Split(yes, no, np.zeros(2, dtype=bool))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 4), st.integers(0, 9), st.none() | st.integers(1, 5), st.none() | st.integers(1, 5)
        ),
        min_size=1,
        max_size=40,
    ),
    st.integers(0, 3),
)
def test_what_holds_for_any_dataset(pairs, seed):
    rows = [(f"c{c}", f"p{p}", day, rating and float(rating)) for c, p, day, rating in pairs]
    one = dataset(rows, rating_limit=3.0)
    split = split_by_client(one, seed)
    assert (split.train | split.validation | split.test).all()
    together = occasions(one)
    for mask in (split.train, split.validation, split.test):
        for occasion in range(together.max() + 1):
            assert len(set(mask[together == occasion])) == 1, "no occasion is cut in two"
    test = Targets.of(one, known=split.train | split.validation, asked=split.test).wanted
    validation = Targets.of(one, known=split.train, asked=split.validation).wanted
    had = one.pairs.had & ~one.low
    for client in range(len(one.clients)):
        n = int((had & (one.pair_clients == client)).sum())
        mine = one.event_clients == client
        asked = test[[client]].nnz, validation[[client]].nnz
        if n < 3:
            assert asked == (0, 0)
        alone = len(set(together[mine])) == len(set(one.pairs.of_events[mine])) == mine.sum()
        if n >= 3 and alone and (one.pairs.rating[one.pair_clients == client] >= 3).all():
            assert asked == (max(1, round(0.2 * n)), max(1, round(0.15 * n)) if n >= 4 else 0)
        for early, late in (("train", "validation"), ("validation", "test"), ("train", "test")):
            before, after = (one.event_days[mine & getattr(split, part)] for part in (early, late))
            if np.isfinite(before).any() and np.isfinite(after).any():
                assert np.nanmax(before) < np.nanmin(after)


def test_a_basket_stays_on_one_side_and_fills_the_share():
    """Twelve products, the last four in one basket: two would do, but the basket is not cut."""
    days = [*range(1, 9), 9, 9, 9, 9]
    one = dataset([("a", f"p{i:02}", day) for i, day in enumerate(days)])
    split = split_by_client(one, seed=0)
    assert np.flatnonzero(split.test).tolist() == [8, 9, 10, 11]
    assert np.flatnonzero(split.validation).tolist() == [6, 7]


def test_a_client_with_one_occasion_only_trains():
    assert split_by_client(dataset([("a", f"p{i}", 3) for i in range(9)]), seed=0).train.all()


def test_one_message_that_names_several_products_is_one_occasion():
    told = [("a", f"p{i}", i + 1, None, "the  Same words" if i in (3, 6) else f"words {i}") for i in range(8)]
    told[6] = ("a", "p6", 7, None, "The same words")
    one = dataset(told)
    together = occasions(one)
    assert together[3] == together[6]
    assert len(set(together)) == 7
    split = split_by_client(one, seed=0)
    assert len({bool(split.test[3]), bool(split.test[6])}) == 1


def test_another_client_at_the_same_moment_is_another_occasion():
    one = dataset([("a", "p0", 1, None, "x"), ("b", "p0", 1, None, "x")])
    assert occasions(one).tolist() == [0, 1]


def test_a_product_that_is_taken_again_is_no_target_and_its_share_is_told():
    one = dataset([("a", f"p{i}", i + 1) for i in range(8)] + [("a", "p0", 20), ("a", "p9", 20)])
    split = split_by_client(one, seed=0)
    asked = Targets.of(one, known=split.train | split.validation, asked=split.test)
    assert asked.wanted.indices.tolist() == [7, 8]  # p7 and p9; p0 was there before
    assert asked.repeats == pytest.approx(1 / 3)


def test_what_was_given_up_is_masked_and_no_target():
    events = [("a", f"p{i}", i + 1) for i in range(6)] + [("a", "p0", 9, None, None, "gives_up")]
    one = dataset([*events, ("a", "p0", 12), ("a", "p7", 12), ("b", "p0", 1)])
    split = split_by_client(one, seed=0)
    asked = Targets.of(one, known=~split.test, asked=split.test)
    assert asked.wanted.indices.tolist() == [6]
    assert asked.masked[[0]].indices.tolist() == [0, 1, 2, 3, 4, 5]


def test_what_is_sold_and_was_never_seen_bought_is_no_target():
    bought = [("a", f"p{i}", i + 1) for i in range(8)]
    one = dataset([*bought, ("a", "old", 20, None, None, "gives_up")])
    split = split_by_client(one, seed=0)
    asked = Targets.of(one, known=~split.test, asked=split.test)
    products = one.products["product_id"].take(asked.wanted.indices).to_pylist()
    assert products == ["p6", "p7"]
    assert asked.repeats == 0.0


def test_the_order_of_rows_changes_nothing():
    rows = [("a", f"p{i}", None if i % 3 else i + 1, None, f"t{i % 4}") for i in range(20)]
    one, other = dataset(rows), dataset(rows[::-1])
    for cut in (split_by_client, split_by_time):
        mine, theirs = cut(one, seed=1), cut(other, seed=1)
        assert mine.test.tolist() == theirs.test[::-1].tolist()
        assert mine.validation.tolist() == theirs.validation[::-1].tolist()
