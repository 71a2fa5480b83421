import re

import numpy as np
import pyarrow.compute as pc
import pytest

from finrec_core.demo.catalogue import CATEGORIES, TASTES, catalogue
from finrec_core.demo.grammar import read


@pytest.fixture(scope="module")
def written():
    return catalogue(100, seed=7)


def test_a_hundred_products_of_seven_kinds(written):
    table = written.table
    counts = dict(
        zip(*(column.to_pylist() for column in table["category"].value_counts().flatten()), strict=True)
    )
    assert set(counts) == set(CATEGORIES)
    assert min(counts.values()) >= 10
    assert len(set(table["name"].to_pylist())) == 100
    assert table["product_id"][0].as_py() == "P001"
    assert table["product_id"][99].as_py() == "P100"


def test_descriptions_are_two_to_four_sentences_and_all_their_own(written):
    descriptions = written.table["description"].to_pylist()
    sentences = [re.split(r"(?<=[.?!]) (?=[A-Z0-9])", text) for text in descriptions]
    assert {len(each) for each in sentences} <= {2, 3, 4, 5}
    every = [sentence for each in sentences for sentence in each]
    assert len(set(every)) >= 0.99 * len(every)
    assert all(20 <= len(text.split()) <= 70 for text in descriptions)


def test_only_investments_have_a_risk_class(written):
    table = written.table
    invested = pc.is_in(table["category"], value_set=_array(["Funds", "Bonds", "Savings", "Pensions"]))
    for column in ("risk_class", "min_horizon_years", "loss_potential"):
        assert pc.is_valid(table[column]).equals(invested)
    risky = np.array(table["risk_class"].fill_null(0))
    assert {*risky.tolist()} == set(range(8))
    safe = np.array(pc.fill_null(pc.equal(table["loss_potential"], "none"), False))
    assert risky[safe].max() <= 2
    assert table["loss_potential"].to_pylist().count("beyond") == 1


def test_a_few_products_are_closed_and_one_nobody_has(written):
    assert 3 <= np.count_nonzero(~np.array(written.table["available"])) <= 6
    assert np.count_nonzero(written.popularity == 0) == 1


def test_every_taste_is_served_by_several_products_and_several_categories(written):
    assert tuple(read("tastes")) == TASTES
    for column, taste in enumerate(TASTES):
        rows = np.flatnonzero(written.tastes[:, column] >= 0.5)
        assert len(rows) >= 6, taste
        assert len({written.table["category"][row].as_py() for row in rows}) >= 2, taste
    assert written.tastes.max(axis=1).min() >= 0.4


def test_a_description_speaks_of_what_the_product_is_for(written):
    """The words of a taste stand far more often in texts of products that serve it."""
    texts = [
        f"{name} {text}".lower()
        for name, text in zip(
            written.table["name"].to_pylist(), written.table["description"].to_pylist(), strict=True
        )
    ]
    own = other = 0.0
    for column, taste in enumerate(TASTES):
        found = [
            sum(bool(re.search(rf"\b{word}", text)) for word in read("tastes")[taste]["words"].split())
            for text in texts
        ]
        serves = written.tastes[:, column] >= 0.5
        own += np.mean(np.array(found)[serves])
        other += np.mean(np.array(found)[written.tastes[:, column] == 0])
    assert own > 3 * other


def test_a_small_catalogue_keeps_all_kinds():
    small = catalogue(20, seed=7)
    assert len(small.table) == 20
    assert set(small.table["category"].to_pylist()) == set(CATEGORIES)


def test_a_large_catalogue_starts_with_the_hundred(written):
    large = catalogue(260, seed=7)
    assert len(set(large.table["name"].to_pylist())) == 260
    assert large.table["name"].to_pylist()[:100] == written.table["name"].to_pylist()
    assert catalogue(260, seed=7).table.equals(large.table)
    assert not catalogue(260, seed=8).table.equals(large.table)
    assert repr(large) == "Catalogue(260 products, 10 tastes)"


def test_no_product_is_no_catalogue():
    with pytest.raises(ValueError, match="at least one product, not 0"):
        catalogue(0, seed=7)


def _array(values):
    import pyarrow as pa

    return pa.array(values)
