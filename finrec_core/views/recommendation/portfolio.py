"""The portfolio: what a client has by category, what a product would change, and what clients alike have.

Plain facts and arithmetic: nothing here says what is good.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from finrec_core.dataset import Dataset
from finrec_core.narrative.holdings import Holding, amount, holdings
from finrec_core.terms import wording
from finrec_core.terms.bounds import TOO_FEW

ALIKE = 50  # clients that are compared: those with the most products in common
NO_CATEGORY = "Without category"


@dataclass(frozen=True)
class Change:
    """One figure of a portfolio in words, as it is and as it would be with one product more."""

    title: str
    now: str
    then: str


def table(dataset: Dataset, client: str) -> pd.DataFrame:
    """Return what a client has and had: Product, Category, Since, Amount, Risk class, State.

    Columns of which nothing is known are left out.
    """
    tolerance = dataset.clients["risk_tolerance"][dataset.client_rows[client]].as_py()
    rows = []
    for one in holdings(dataset, client):
        risk = _fact(dataset, one.product, "risk_class")
        beside = "" if tolerance is None else f", tolerance {tolerance}"
        rows.append(
            {
                "Product": one.name,
                "Category": _fact(dataset, one.product, "category") or "",
                "Since": one.when.removeprefix("since "),
                "Amount": "" if one.amount is None or one.state == "formerly held" else amount(one.amount),
                "Risk class": "" if risk is None else f"{risk} of 7{beside}",
                "State": wording.capital(one.state),
            }
        )
    found = pd.DataFrame(rows, dtype=str)
    return found.drop(columns=[name for name in found if (found[name] == "").all()])


def shares(dataset: Dataset, client: str) -> pd.DataFrame:
    """Return the categories that a client has, the largest first: Category, Products, Share by number.

    Share by amount stands beside it where amounts are known and add up.
    """
    has = _has(dataset, client)
    counts = Counter(_category(dataset, one.product) for one in has)
    order = sorted(counts, key=lambda name: (-counts[name], name))
    found = pd.DataFrame(
        {
            "Category": order,
            "Products": [counts[name] for name in order],
            "Share by number": [counts[name] / len(has) for name in order],
        }
    )
    if any(one.share is not None for one in has):
        found["Share by amount"] = [
            sum(one.share or 0.0 for one in has if _category(dataset, one.product) == name) for name in order
        ]
    return found


def changes(dataset: Dataset, client: str, product: str) -> list[Change]:
    """Return what one product more would change; nothing where the client has it."""
    mine = [one.product for one in _has(dataset, client)]
    if product in mine:
        return []
    figures = [("Products", _count), ("Categories", _categories), ("Highest risk class", _risk)]
    figures.append(("Largest category by number", _largest))
    return [Change(title, of(dataset, mine), of(dataset, [*mine, product])) for title, of in figures]


def gaps(dataset: Dataset, client: str, seen: np.ndarray | None = None) -> tuple[int, list[tuple[str, int]]]:
    """Return how many clients alike were looked at, and how many have each category that this one has not.

    Clients alike are those with the most products in common, equals in the order of the data, among those who
    may be `seen`, bool (clients,); None: all. No count below `TOO_FEW` is shown, nor one of so few.
    """
    row = dataset.client_rows[client]
    held = dataset.pairs.held
    clients, products = dataset.pairs.clients[held], dataset.pairs.products[held]
    mine = np.zeros(len(dataset.products), dtype=bool)
    mine[products[clients == row]] = True
    common = np.bincount(clients[mine[products]], minlength=len(dataset.clients))
    common[row] = 0
    if seen is not None:
        common[~seen] = 0
    alike = np.argsort(-common, kind="stable")[:ALIKE]
    alike = alike[common[alike] > 0]
    if len(alike) < TOO_FEW:
        return len(alike), []
    shelves = dataset.products["category"].to_pylist()
    owned = {shelves[one] for one in np.flatnonzero(mine)}
    having = {(int(c), shelves[p]) for c, p in zip(*_of(clients, products, alike), strict=True)}
    counts = Counter(shelf for _, shelf in having if shelf and shelf not in owned)
    found = [(shelf, count) for shelf, count in counts.items() if count >= TOO_FEW]
    return len(alike), sorted(found, key=lambda one: (-one[1], one[0]))


def _of(clients: np.ndarray, products: np.ndarray, alike: np.ndarray) -> tuple[list[int], list[int]]:
    theirs = np.isin(clients, alike)
    return clients[theirs].tolist(), products[theirs].tolist()


def _has(dataset: Dataset, client: str) -> list[Holding]:
    return [one for one in holdings(dataset, client) if one.state != "formerly held"]


def _fact(dataset: Dataset, product: str, column: str) -> Any:  # noqa: ANN401 - as the column has it
    return dataset.products[column][dataset.product_rows[product]].as_py()


def _category(dataset: Dataset, product: str) -> str:
    return _fact(dataset, product, "category") or NO_CATEGORY


def _count(_dataset: Dataset, products: Sequence[str]) -> str:
    return f"{len(products):,}"


def _categories(dataset: Dataset, products: Sequence[str]) -> str:
    return f"{len({_category(dataset, one) for one in products}):,}"


def _risk(dataset: Dataset, products: Sequence[str]) -> str:
    known = [risk for one in products if (risk := _fact(dataset, one, "risk_class")) is not None]
    return f"{max(known)} of 7" if known else wording.NONE


def _largest(dataset: Dataset, products: Sequence[str]) -> str:
    counts = Counter(_category(dataset, one) for one in products)
    if not counts:
        return wording.NONE
    name = min(counts, key=lambda one: (-counts[one], one))
    return f"{name}, {counts[name]:,} of {len(products):,}"
