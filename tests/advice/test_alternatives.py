"""The alternatives: of the category first, then of the rule set, only what fits, by rank."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from finrec_core.advice import Rules, Suitability
from finrec_core.advice.alternatives import MOST, Alternatives
from tests.advice.made import TODAY

CLIENT = "c010"


def with_categories(bank, categories):
    """Return a bank whose products have these categories in turn."""
    size = len(bank.products)
    names = pa.array([categories[row % len(categories)] for row in range(size)], pa.string())
    place = bank.products.schema.get_field_index("category")
    return replace(bank, products=bank.products.set_column(place, bank.products.schema.field(place), names))


def found(bank, ranking, product, rules=None):
    rules = rules or Rules.proposed(bank)
    suits = Suitability.of(bank, CLIENT, rules, TODAY)
    return Alternatives.of(bank, ranking, suits, product), suits


@pytest.fixture
def ranking(ranked):
    return ranked(CLIENT, 1)[1]


def test_they_are_of_the_category_fit_and_stand_by_rank(profiled, ranking):
    bank = with_categories(profiled, ("Funds", "Bonds", "Plans", "Trusts"))
    product = int(ranking.order[0])
    made, suits = found(bank, ranking, product)
    category = bank.products["category"].to_pylist()
    assert 0 < len(made.rows) <= MOST
    assert product not in made.rows
    assert {suits.kinds[row] for row in made.rows} == {"fits"}
    mine = [row for row in made.rows if category[row] == category[product]]
    assert list(made.rows[: len(mine)]) == mine, "its own category comes first"
    assert mine == sorted(mine, key=lambda row: ranking.ranks[row])
    fits = [row for row in ranking.order if suits.kinds[row] == "fits" and row != product]
    assert mine == [row for row in fits if category[row] == category[product]][:MOST]


def test_where_the_category_has_no_other_the_same_rules_count(profiled, ranking):
    product = int(ranking.order[0])
    bank = with_categories(profiled, ("Funds",))
    names = np.array(bank.products["category"].to_pylist(), dtype=object)
    names[product] = "Alone"
    place = bank.products.schema.get_field_index("category")
    column = bank.products.schema.field(place)
    bank = replace(bank, products=bank.products.set_column(place, column, pa.array(names, pa.string())))
    made, suits = found(bank, ranking, product)
    alike = suits.rules.set_of("Alone") == suits.rules.set_of("Funds")
    assert bool(made.rows) is alike
    if alike:
        assert made.alike == "rules"
    made, _ = found(
        bank, ranking, product, replace(suits.rules, sets={"Alone": "credit", "Funds": "investment"})
    )
    assert made.rows == ()
    assert made.none == (
        "No other product of the category Alone, and none under the same rules, passes this client's rules."
    )


def test_without_categories_all_of_the_list_stands_to_choose_from(profiled, ranking):
    bank = with_categories(profiled, (None,))
    made, suits = found(bank, ranking, int(ranking.order[0]))
    assert made.alike == "list"
    assert list(made.rows) == [row for row in ranking.order[1:] if suits.kinds[row] == "fits"][:MOST]


def test_without_profiles_the_category_decides(profiled, ranking):
    bank = with_categories(profiled, ("Funds", "Bonds"))
    product = int(ranking.order[0])
    made = Alternatives.of(bank, ranking, None, product)
    assert {row % 2 for row in made.rows} == {product % 2}
    alone = with_categories(profiled, tuple(f"Kind {row}" for row in range(len(profiled.products))))
    assert Alternatives.of(alone, ranking, None, product).none.endswith("is on this client's list.")


def test_an_empty_list_has_none_and_says_so(profiled, ranking):
    empty = replace(ranking, order=ranking.order[:0])
    assert Alternatives.of(profiled, empty, None, 1).none == "No other product is offered to this client."
    with pytest.raises(ValueError, match="said why there are none"):
        Alternatives((), "list")
