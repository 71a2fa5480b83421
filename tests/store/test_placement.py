"""Where an import is proposed to go follows from what it shares with the datasets that are stored."""

import pytest

from finrec_core.dataset import Dataset
from finrec_core.intake import from_frames
from finrec_core.store import Placement, StoreError, placed, proposed


def make(clients, products, *, name="bank", each=3):
    """Return a dataset in which each client has some of the products, all ids as given."""
    pairs = [(c, products[(n + k) % len(products)]) for n, c in enumerate(clients) for k in range(each)]
    return from_frames(
        {"client_id": [c for c, _ in pairs], "product_id": [p for _, p in pairs]},
        products={"product_id": products},
        name=name,
    )


def ids(letter, first, last):
    return [f"{letter}{number}" for number in range(first, last)]


CLIENTS, PRODUCTS = ids("c", 0, 40), ids("p", 0, 10)


@pytest.fixture
def bank(store):
    return store.add_dataset(make(CLIENTS, PRODUCTS))


def test_the_first_dataset_is_a_new_one(store):
    found = proposed(store, make(CLIENTS, PRODUCTS))
    assert (found.kind, found.version) == ("new", None)
    assert found.sentence == "The store holds no dataset yet: a new one."
    assert found.button == "Save as a new dataset"
    assert not found.removes_much


def test_nothing_in_common_is_a_new_dataset_whatever_its_name(store, bank):
    found = proposed(store, make(ids("x", 0, 5), ids("y", 0, 4)))
    assert found.kind == "new"
    assert found.sentence == "It has no client and no product in common with any dataset: a new one."


def test_a_small_file_of_known_ids_is_appended(store, bank):
    found = proposed(store, make([*CLIENTS[:4], "new"], PRODUCTS, name="may"))
    assert (found.kind, found.version) == ("append", bank)
    assert found.sentence == "4 of 5 clients and all 10 products are in bank@1: appended to it."
    assert found.button == "Append to bank"
    assert (found.removes_clients, found.removes_pairs) == (0, 0)
    assert not found.strange


@pytest.mark.parametrize(
    ("clients", "products", "kind"),
    [
        (ids("x", 0, 5), PRODUCTS, "new"),  # known products alone do not make it a part of the bank
        (CLIENTS[:5], ids("y", 0, 9), "new"),
        ([*CLIENTS[:3], *ids("x", 0, 3)], PRODUCTS, "new"),  # a half is not most
        ([*CLIENTS[:4], *ids("x", 0, 3)], PRODUCTS, "append"),
        (CLIENTS[:13], PRODUCTS, "append"),
        (CLIENTS[:14], PRODUCTS, "replace"),  # a third of the rows and more
        ([*CLIENTS, *ids("x", 0, 60)], [*PRODUCTS, *ids("y", 0, 30)], "replace"),  # all that was there
    ],
)
def test_size_and_ids_decide(store, bank, clients, products, kind):
    assert proposed(store, make(clients, products)).kind == kind


def test_a_next_version_says_what_it_removes_in_numbers(store, bank):
    found = proposed(store, make(CLIENTS[:30], PRODUCTS))
    assert (found.kind, found.removes_clients, found.removes_pairs) == ("replace", 10, 30)
    assert found.removes_much
    assert found.button == "Replace, removing 10 clients"
    assert found.sentence == (
        "All 30 clients and all 10 products are in bank@1: its next version, without 10 of 40 clients and "
        "30 of 120 pairs of today."
    )
    assert found.to_json() == {
        "kind": "replace",
        "dataset": "bank@1",
        "known_clients": 30,
        "known_products": 10,
        "removes_clients": 10,
        "removes_pairs": 30,
        "sentence": found.sentence,
    }


@pytest.mark.parametrize(("kept", "much"), [(40, False), (36, False), (35, True)])
def test_more_than_a_tenth_of_the_clients_is_much(store, bank, kept, much):
    found = proposed(store, make(CLIENTS[:kept], PRODUCTS))
    assert found.removes_much is much
    assert found.button.startswith("Replace" if much else "Save as the next version of bank")


def test_more_than_a_tenth_of_the_pairs_is_much_though_every_client_stays(store, bank):
    found = proposed(store, make(CLIENTS, PRODUCTS, each=2))
    assert (found.removes_clients, found.removes_pairs, found.pairs) == (0, 40, 120)
    assert found.removes_much
    assert found.button == "Replace, removing 40 pairs"


def test_a_pair_counts_once_however_often_it_was_bought(store):
    base = make(CLIENTS, PRODUCTS)
    twice = base.interactions.take([*range(120), *range(60)])
    store.add_dataset(Dataset(base.clients, base.products, twice, base.ties, name="bank"))
    found = proposed(store, base)
    assert (found.kind, found.pairs, found.removes_pairs) == ("replace", 120, 0)


def test_the_latest_version_of_the_nearest_dataset_counts(store, bank):
    store.add_dataset(make(ids("c", 0, 12), PRODUCTS, name="branch"))
    newer = store.add_dataset(make(ids("c", 0, 60), PRODUCTS))
    found = proposed(store, make(ids("c", 50, 60), PRODUCTS))
    assert found.version == newer
    store.remove_dataset("bank", newer.version)
    assert proposed(store, make(ids("c", 0, 40), PRODUCTS)).version == bank


def test_what_the_analyst_chooses_is_told_in_numbers_too(store, bank):
    strangers = make(ids("x", 0, 5), ids("y", 0, 4))
    appended = placed(store, strangers, bank, "append")
    assert appended.strange
    assert appended.sentence == "No client and no product of it is in bank@1: appended to it."
    replaced = placed(store, strangers, bank, "replace")
    assert (replaced.removes_clients, replaced.removes_pairs) == (40, 120)
    assert replaced.button == "Replace, removing 40 clients"
    assert replaced.sentence == (
        "No client and no product of it is in bank@1: its next version, without all 40 clients and all 120 "
        "pairs of today."
    )


def test_a_placement_names_its_version():
    with pytest.raises(StoreError, match="a version"):
        Placement("append", None, 1, 1)


def test_nothing_is_left_behind_in_the_store(store, bank):
    proposed(store, make(CLIENTS, PRODUCTS))
    with store._connection.reading() as cursor:
        views = "SELECT view_name FROM duckdb_views() WHERE NOT internal"
        assert cursor.execute(views).fetchall() == []
