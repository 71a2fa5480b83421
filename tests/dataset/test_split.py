import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finrec_core.dataset import Dataset, Split, keep_share, split_by_client, split_by_time
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


def test_equal_and_missing_times_are_shuffled_by_the_seed_alone():
    for one in (one_client(10, day=lambda i: 5), one_client(10, day=lambda i: None)):
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
    assert one.days[split.train].max() <= one.days[split.validation].min()
    assert one.days[split.validation].max() <= one.days[split.test].min()


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
        unique_by=lambda pair: pair[:2],
    ),
    st.integers(0, 3),
)
def test_what_holds_for_any_dataset(pairs, seed):
    rows = [(f"c{c}", f"p{p}", day, rating and float(rating)) for c, p, day, rating in pairs]
    one = dataset(rows, rating_limit=3.0)
    split = split_by_client(one, seed)
    assert (split.train | split.validation | split.test).all()
    for client in range(len(one.clients)):
        mine = (one.pair_clients == client) & one.positive
        n = int(mine.sum())
        assert (mine & split.test).sum() == (max(1, round(0.2 * n)) if n >= 3 else 0)
        assert (mine & split.validation).sum() == (max(1, round(0.15 * n)) if n >= 4 else 0)
        every = one.pair_clients == client
        for early, late in (("train", "validation"), ("validation", "test"), ("train", "test")):
            before, after = one.days[every & getattr(split, early)], one.days[every & getattr(split, late)]
            if np.isfinite(before).any() and len(after):
                assert np.nanmax(before) <= np.nanmin(np.nan_to_num(after, nan=np.inf))
