from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from finrec_core.dataset import SCHEMAS, TABLES, Dataset, DatasetError
from tests.dataset.tables import dataset, table

PAIRS = [("c2", "p1", 3, 2.0, "so so"), ("c1", "p2", 1, 5.0, "good"), ("c1", "p1", None, None, None)]


def made(**changes):
    parts = {
        "clients": [{"client_id": "c1", "risk_tolerance": 3, "knowledge": "basic"}],
        "products": [{"product_id": "p1", "ongoing_cost_pct": 0.2}],
        "interactions": [{"client_id": "c1", "product_id": "p1"}],
        "ties": [],
    } | changes
    return Dataset(**{name: table(name, rows) for name, rows in parts.items()})


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"clients": [{"client_id": "c1"}, {"client_id": "c1"}]}, 'clients: client_id "c1" stands twice.'),
        ({"products": [{"product_id": None}]}, "products: a product_id is empty."),
        ({"products": [{"product_id": ""}]}, "products: a product_id is empty."),
        ({"products": [{"product_id": "p1 "}]}, 'products: product_id "p1 " has blanks around it.'),
        ({"products": [{"product_id": "p2"}]}, 'interactions: product_id "p1" has no row in products.'),
        ({"clients": [{"client_id": "c2"}]}, 'interactions: client_id "c1" has no row in clients.'),
        ({"ties": [{"client_id": "c1", "other_client_id": "c9"}]}, 'ties: other_client_id "c9" has no row'),
        ({"ties": [{"client_id": "c1", "other_client_id": "c1"}]}, "ties: a client is tied to itself."),
        ({"clients": [{"client_id": "c1", "risk_tolerance": 8}]}, "clients: risk_tolerance 8 is above 7."),
        ({"clients": [{"client_id": "c1", "risk_tolerance": 0}]}, "clients: risk_tolerance 0 is below 1."),
        (
            {"clients": [{"client_id": "c1", "knowledge": "much"}]},
            'knowledge "much" is none of basic, informed',
        ),
        ({"products": [{"product_id": "p1", "ongoing_cost_pct": -0.1}]}, "ongoing_cost_pct -0.1 is below 0."),
        (
            {"interactions": [{"client_id": "c1", "product_id": "p1", "rating": float("nan")}]},
            "interactions: rating holds a value that is no finite number.",
        ),
    ],
)
def test_what_does_not_fit_together_is_refused(changes, sentence):
    made()
    with pytest.raises(DatasetError) as caught:
        made(**changes)
    assert sentence in str(caught.value)


def test_a_tie_stands_once_for_each_kind():
    clients = [{"client_id": "c1"}, {"client_id": "c2"}]
    tie = {"client_id": "c1", "other_client_id": "c2", "kind": "friend"}
    assert len(made(clients=clients, ties=[tie, tie | {"kind": None}]).ties) == 2
    with pytest.raises(DatasetError, match="a tie stands twice"):
        made(clients=clients, ties=[tie, tie])


def test_columns_must_be_those_of_the_contract():
    one = made()
    with pytest.raises(DatasetError, match="ties: columns must be client_id, other_client_id, kind"):
        Dataset(one.clients, one.products, one.interactions, one.ties.drop_columns("other_client_id"))
    with pytest.raises(DatasetError, match="ties: columns must be client_id, other_client_id, kind"):
        Dataset(
            one.clients, one.products, one.interactions, one.ties.append_column("other", one.ties["kind"])
        )
    assert Dataset(one.clients, one.products, one.interactions, one.ties.drop_columns("kind")).ties.equals(
        one.ties
    )
    wrong = one.products.set_column(4, "risk_class", pa.array(["high"]))
    with pytest.raises(DatasetError, match="products: a column has another type"):
        Dataset(one.clients, wrong, one.interactions, one.ties)


def test_an_empty_text_is_no_text():
    one = dataset([("c1", "p1", 1, None, "")], products=[{"product_id": "p1", "name": ""}])
    assert one.interactions["review"].to_pylist() == [None]
    assert one.products["name"].to_pylist() == [None]
    assert one.review_texts == [""]
    assert one.product_texts == [""]


def test_rows_matrix_and_texts():
    one = dataset(
        PAIRS,
        products=[
            {"product_id": "p2", "name": "Two", "description": "second"},
            {"product_id": "p1", "category": "fund"},
        ],
        ties=[("c1", "c2", "friend")],
        rating_limit=3.0,
    )
    assert one.client_rows == {"c1": 0, "c2": 1}
    assert one.event_clients.tolist() == [1, 0, 0]
    assert one.event_products.tolist() == [1, 0, 1]
    assert one.pair_clients.tolist() == [0, 0, 1]
    assert one.pair_products.tolist() == [0, 1, 1]
    assert one.pairs.of_events.tolist() == [2, 0, 1]
    assert one.positive.tolist() == [True, True, False]
    assert one.matrix().toarray().tolist() == [[1, 1], [0, 0]]
    assert one.matrix("held").toarray().tolist() == [[1, 1], [0, 1]]
    assert one.product_texts == ["Two\nsecond", "fund"]
    assert one.review_texts == ["so so", "good", ""]
    assert one.tie_rows.tolist() == [[0, 1]]
    days = (datetime(2024, 1, 3, tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)).days
    np.testing.assert_array_equal(one.event_days, [days, days - 2, np.nan])
    np.testing.assert_array_equal(one.days, [days - 2, np.nan, days])
    assert repr(one) == "Dataset('dataset': 2 clients, 2 products, 3 interactions, 1 ties)"


def test_take_keeps_clients_and_products():
    one = dataset(PAIRS, ties=[("c1", "c2")])
    part = one.take(np.array([False, True, False]))
    assert part.interactions["product_id"].to_pylist() == ["p2"]
    assert part.clients.equals(one.clients)
    assert part.products.equals(one.products)
    assert part.ties.equals(one.ties)


def shuffled(one: Dataset, seed: int) -> Dataset:
    rng = np.random.default_rng(seed)
    parts = {name: getattr(one, name) for name in SCHEMAS}
    return Dataset(**{name: part.take(rng.permutation(len(part))) for name, part in parts.items()})


def test_the_content_hash_knows_every_cell_and_no_order():
    products = [{"product_id": f"p{i}", "name": f"n{i}", "available": i % 2 == 0} for i in range(5)]
    pairs = [(f"c{i % 7}", f"p{i % 5}", 1 + i % 20, float(i), f"r{i}") for i in range(35)]
    one = dataset(pairs, products=products, ties=[("c1", "c2", "a"), ("c1", "c2", None), ("c3", "c1", "a")])
    assert {shuffled(one, seed).content_hash for seed in range(5)} == {one.content_hash}
    others = [
        dataset([("c0", "p0", 1, 0.0, "r0x"), *pairs[1:]], products=products, ties=[("c1", "c2", "a")]),
        dataset([("c0", "p0", 2, 0.0, "r0"), *pairs[1:]], products=products, ties=[("c1", "c2", "a")]),
        dataset([("c0", "p0", 1, None, "r0"), *pairs[1:]], products=products, ties=[("c1", "c2", "a")]),
        dataset([("c0", "p0", None, 0.0, "r0"), *pairs[1:]], products=products, ties=[("c1", "c2", "a")]),
        dataset(pairs[1:], products=products, ties=[("c1", "c2", "a")]),
        dataset(pairs, products=products, ties=[("c1", "c2", "a")]),
        dataset(pairs, products=products, ties=[("c2", "c1", "a")]),
        dataset(pairs, products=products, ties=[("c1", "c2", None)]),
        dataset(pairs, products=products, ties=[("c1", "c2", "a")], verb="bought"),
        dataset(pairs, products=products, ties=[("c1", "c2", "a")], rating_limit=3.0),
        dataset(pairs, products=[*products[:4], {"product_id": "p4", "name": "n4", "available": False}]),
        dataset(pairs, products=[*products[:4], {"product_id": "p4", "name": "n4"}]),
    ]
    assert len({other.content_hash for other in [one, *others]}) == len(others) + 1


def test_the_content_hash_tells_cells_apart_that_join_to_the_same_text():
    one = dataset([("c1", "p1", None, None, "ab"), ("c1", "p2", None, None, "c")])
    other = dataset([("c1", "p1", None, None, "a"), ("c1", "p2", None, None, "bc")])
    assert one.content_hash != other.content_hash


def test_the_content_hash_does_not_depend_on_the_layout_of_arrow():
    one = dataset(PAIRS)
    doubled = pa.concat_tables([one.interactions, one.interactions])
    sliced = Dataset(one.clients, one.products, doubled.slice(3), one.ties)
    assert sliced.content_hash == one.content_hash


def test_save_and_load(tmp_path):
    one = dataset(PAIRS, ties=[("c1", "c2", "friend")], name="bank", verb="bought", rating_limit=3.0)
    one.save(tmp_path / "saved")
    again = Dataset.load(tmp_path / "saved")
    assert again.content_hash == one.content_hash
    assert (again.name, again.verb, again.rating_limit) == ("bank", "bought", 3.0)
    (tmp_path / "saved" / "ties.parquet").write_bytes(b"no parquet")
    with pytest.raises(DatasetError, match="does not hold a readable dataset"):
        Dataset.load(tmp_path / "saved")


@given(st.permutations(range(6)), st.permutations(range(3)), st.permutations(range(2)))
def test_the_order_of_rows_in_any_table_changes_no_hash_and_no_sorted_row(events, clients, ties) -> None:
    rows = [("c1", "p1", 3), ("c1", "p1", 3), ("c1", "p1", None, 4.0), ("c1", "p2", 1, None, "good")]
    rows += [("c2", "p1", 9, None, None, "gives_up", -2.0), ("c2", "p1", 2, None, None, "takes", 2.0)]
    one = dataset(rows, ties=[("c1", "c2", "friend"), ("c3", "c1", None)])
    other = Dataset(
        one.clients.take(clients),
        one.products.take([1, 0]),
        one.interactions.take(events),
        one.ties.take(ties),
    )
    assert other.content_hash == one.content_hash
    for table in TABLES:
        assert getattr(other.sorted(), table).equals(getattr(one.sorted(), table))
    assert other.sorted().sorted() is not other
    assert one.sorted().pairs.since.tolist() == pytest.approx(
        other.sorted().pairs.since.tolist(), nan_ok=True
    )


def test_columns_that_older_datasets_lack_change_no_hash_while_they_hold_nothing() -> None:
    one = dataset([("c1", "p1", 1)])
    bare = Dataset(one.clients, one.products, one.interactions.drop_columns(["action", "amount"]), one.ties)
    assert bare.content_hash == one.content_hash
    assert dataset([("c1", "p1", 1, None, None, "takes")]).content_hash != one.content_hash


def test_that_amounts_are_money_is_kept_and_counts_in_the_hash(tmp_path) -> None:
    one = dataset([("c1", "p1", 1)], amounts_count=False)
    one.save(tmp_path)
    assert not Dataset.load(tmp_path).amounts_count
    assert one.content_hash != dataset([("c1", "p1", 1)]).content_hash


def test_each_review_of_a_pair_has_its_number_in_order_of_time() -> None:
    told = [("c1", "p1", 5, None, "second"), ("c1", "p1", 2, None, "first"), ("c1", "p1", 9), ("c1", "p2", 1)]
    assert dataset([*told, ("c1", "p2", 3, None, "only")]).text_numbers.tolist() == [2, 1, 0, 0, 1]
