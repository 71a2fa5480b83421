import pytest

from finrec_core.dataset.schema import SCHEMAS, TABLES


def test_the_columns_of_the_contract():
    assert list(TABLES) == ["interactions", "products", "clients", "ties"]
    required = {table: [c.name for c in columns if c.required] for table, columns in TABLES.items()}
    assert required == {
        "interactions": ["client_id", "product_id"],
        "products": ["product_id"],
        "clients": ["client_id"],
        "ties": ["client_id", "other_client_id"],
    }
    names = "client_id product_id timestamp action amount rating review"
    assert SCHEMAS["interactions"].names == names.split()


@pytest.mark.parametrize(("name", "label"), [("other_client_id", "Other client"), ("kind", "Kind")])
def test_a_label_is_in_words(name, label):
    assert next(column for column in TABLES["ties"] if column.name == name).label == label


def test_fits():
    risk = next(column for column in TABLES["products"] if column.name == "risk_class")
    assert [risk.fits(value) for value in (0, 1, 7, 8)] == [False, True, True, False]
    cost = next(column for column in TABLES["products"] if column.name == "ongoing_cost_pct")
    assert cost.fits(1e9)
    assert not cost.fits(-0.01)
