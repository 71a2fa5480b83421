import pyarrow as pa
import pytest

from finrec_core.dataset import SCHEMAS, Dataset
from finrec_core.views.recommendation.catalogue import ProductMatch, search, widespread
from tests.planted import planted


@pytest.fixture(scope="module")
def shop() -> Dataset:
    products = [
        {"product_id": "p1", "name": "Zürich Growth Fund", "category": "Funds"},
        {"product_id": "p2", "name": "Growth"},
        {"product_id": "p3", "name": "Outgrowth Fund"},
        {"product_id": "growth", "name": "Alpine Bond"},
        {"product_id": "p4"},
    ]
    tables = {"clients": [], "products": products, "interactions": [], "ties": []}
    return Dataset(
        **{
            name: pa.Table.from_pylist(
                [dict.fromkeys(SCHEMAS[name].names) | row for row in rows], schema=SCHEMAS[name]
            )
            for name, rows in tables.items()
        }
    )


def found(shop: Dataset, text: str, limit: int = 50) -> list[str]:
    return [match.product_id for match in search(shop, text, limit)]


def test_the_very_id_comes_first_then_whole_names_words_and_anything_else(shop: Dataset) -> None:
    assert found(shop, "growth") == ["growth", "p2", "p1", "p3"]


def test_case_and_accents_do_not_count_and_every_word_must_be_there(shop: Dataset) -> None:
    assert found(shop, "ZURICH fund") == ["p1"]
    assert found(shop, "growth zurich bond") == []


def test_a_product_without_a_name_is_found_by_its_id(shop: Dataset) -> None:
    assert search(shop, "P4") == [ProductMatch("p4", "", "")]


def test_an_empty_text_finds_the_first_by_name_up_to_the_limit(shop: Dataset) -> None:
    assert found(shop, " ", 3) == ["p4", "growth", "p2"]


def test_to_begin_with_stand_the_products_that_most_clients_have() -> None:
    dataset = planted(seed=11).dataset
    liked = dataset.pair_products[dataset.positive]
    held = [int((liked == row).sum()) for row in range(len(dataset.products))]
    first = widespread(dataset, 3)
    assert [held[dataset.product_rows[match.product_id]] for match in first] == sorted(held)[:-4:-1]
    assert first[0].product_id == dataset.products["product_id"][held.index(max(held))].as_py()
