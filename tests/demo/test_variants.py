import pytest

from finrec_core.demo.catalogue import CATEGORIES, TASTES
from finrec_core.demo.variants import variants


def test_five_thousand_products_have_five_thousand_names():
    rows = variants(4900, seed=7)
    assert len({row["name"] for row in rows}) == 4900
    assert max(len(row["name"]) for row in rows) <= 60
    assert not [row["name"] for row in rows if "<" in row["name"] + row["description"]]


def test_a_variant_is_a_whole_product():
    rows = variants(120, seed=7)
    assert {row["category"] for row in rows} == set(CATEGORIES)
    for row in rows:
        assert set(row["tastes"]) <= set(TASTES)
        assert ("risk" in row) == (row["category"] in ("Funds", "Bonds", "Savings", "Pensions"))
        assert row["description"].count(".") >= 2
        if "Index" in row["name"] and row["category"] == "Funds":
            assert row["cost"] <= 0.30


def test_the_seed_decides():
    assert variants(30, seed=7) == variants(30, seed=7)
    assert variants(30, seed=7) != variants(30, seed=8)


def test_more_than_there_is_is_refused():
    with pytest.raises(ValueError, match=r"can make up 4,\d+ products beside its own hundred, not 9,000"):
        variants(9000, seed=7)
