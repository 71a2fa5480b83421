"""Flips: counted in groups as they are counted one by one, and fast for a large bank."""

from collections import Counter
from dataclasses import replace
from datetime import date
from time import perf_counter
from typing import Any

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from finrec_core.advice.flips import Flip, Flips
from finrec_core.advice.rules import Rules
from finrec_core.advice.suitability import Suitability
from finrec_core.dataset import SCHEMAS, Dataset
from finrec_core.dataset.schema import KNOWLEDGE, LOSS
from tests.advice.bank import bank
from tests.advice.test_suitability import TODAY, clients, products, rules

FEW = 7


@given(
    st.lists(products, min_size=1, max_size=8),
    st.lists(clients, min_size=1, max_size=8),
    rules,
    rules,
    st.sets(st.tuples(st.integers(0, 15), st.integers(0, 15)), max_size=12),
)
def test_groups_count_what_one_finds_pair_by_pair(
    made: list[dict[str, Any]],
    people: list[dict[str, Any]],
    before: Rules,
    after: Rules,
    gone: set[tuple[int, int]],
) -> None:
    people = [*people, {"risk_tolerance": 4}]  # else nothing is judged under some rules
    given_up = [(u, i) for u, i in sorted(gone) if u < 2 * len(people) and i < 2 * len(made)]
    dataset = bank(made * 2, [*people, *people], given_up)
    found = []
    for row in range(len(dataset.clients)):
        was, now = (Suitability.of(dataset, f"c{row}", one, TODAY) for one in (before, after))
        if was is not None and now is not None:
            found += [
                Flip(row, int(k), str(was.kinds[k]), str(now.kinds[k]))  # type: ignore[arg-type]
                for k in np.flatnonzero(was.kinds != now.kinds)
            ]
    flips = Flips.of(dataset, before, after, TODAY, first=FEW)
    assert flips.counts == Counter((flip.before, flip.after) for flip in found)
    assert flips.pairs == len(found)
    assert flips.clients == len({flip.client for flip in found})
    assert flips.products == len({flip.product for flip in found})
    assert list(flips.first) == found[:FEW]


def test_equal_rules_flip_nothing_and_no_products_neither() -> None:
    one = Rules({})
    assert Flips.of(bank([{}], [{"risk_tolerance": 1}]), one, one, TODAY).pairs == 0
    assert Flips.of(bank([], [{"risk_tolerance": 1}]), one, Rules({}, "credit"), TODAY).pairs == 0


def test_ruling_out_what_was_given_up_flips_those_pairs_alone() -> None:
    facts = [{"risk_class": 1}, {"risk_class": 1}, {"risk_class": 7}]
    dataset = bank(facts, [{"risk_tolerance": 3}] * 40, [(7, 0), (7, 2), (9, 0)])
    again = Rules({}, checks=("risk class",))
    flips = Flips.of(dataset, again, replace(again, former_fits=False), TODAY)
    assert flips.counts == {("fits", "does not fit"): 2}  # the third does not fit anyway
    assert (flips.clients, flips.products) == (2, 1)
    assert flips.first == (Flip(7, 0, "fits", "does not fit"), Flip(9, 0, "fits", "does not fit"))


def large(clients: int, products: int) -> Dataset:
    """Return a bank of this size with all kinds of facts, some of them unknown."""
    rng = np.random.default_rng(5)

    def column(values: list[Any], size: int) -> list[Any]:
        return [values[place] for place in rng.integers(0, len(values), size)]

    shelf = {
        "category": column(["Funds", "Bonds", "Cards", "Loans", None], products),
        "risk_class": column([None, 1, 2, 3, 4, 5, 6, 7], products),
        "min_horizon_years": column([None, 0.5, 1.0, 3.0, 5.0, 10.0], products),
        "min_knowledge": column([None, *KNOWLEDGE], products),
        "loss_potential": column([None, *LOSS], products),
        "available": column([True, True, False], products),
    }
    people = {
        "risk_tolerance": column([None, 1, 2, 3, 4, 5, 6, 7], clients),
        "horizon_years": (rng.random(clients) * 30).tolist(),  # no two alike
        "knowledge": column([None, *KNOWLEDGE], clients),
        "loss_capacity": column([None, *LOSS], clients),
        "profile_date": column([None, date(2022, 5, 1), date(2025, 3, 1), date(2026, 1, 1)], clients),
    }
    tables = {}
    for name, size, columns in (("clients", clients, people), ("products", products, shelf)):
        ids = {f"{name[:-1]}_id": [f"{name[0]}{row}" for row in range(size)]}
        filled = {key: columns.get(key, [None] * size) for key in SCHEMAS[name].names}
        tables[name] = pa.table(filled | ids, schema=SCHEMAS[name])
    empty = bank([], [])
    return Dataset(**tables, interactions=empty.interactions, ties=empty.ties)


def test_a_large_bank_is_counted_in_seconds() -> None:
    dataset = large(100_000, 5_000)
    before = Rules({"Cards": "everyday", "Loans": "credit"})
    after = Rules({"Cards": "insurance"}, profile_months=12, checks=("risk class", "profile age"))
    start = perf_counter()
    flips = Flips.of(dataset, before, after, TODAY)
    took = perf_counter() - start
    assert flips.pairs > 1_000_000
    assert len(flips.first) == 50
    assert took < 5, f"{took:.1f} s"
