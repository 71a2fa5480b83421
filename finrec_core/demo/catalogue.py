"""The demo bank's catalogue: hand-written products, more of them from families where a test needs size.

Fields of a product in `texts/`: `tastes` (planted, 0 to 1), `popularity` (0: nobody has it, 5: most
do), `one_of` (a client has at most one of the group), `ages` (nobody else has it), `parents` (hardly for
others), `launched` (year), `closed` (no longer sold), `likes` and `gripes` (lines of its reviews).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from finrec_core.dataset.schema import KNOWLEDGE, SCHEMAS
from finrec_core.demo.grammar import Line, parse_lines, read
from finrec_core.demo.variants import variants

CATEGORIES = ("Funds", "Bonds", "Savings", "Cards", "Loans", "Insurance", "Pensions")
TASTES = tuple(read("tastes"))
FIRST_YEAR = 2014


@dataclass(frozen=True, repr=False, eq=False)
class Catalogue:
    """Products with what is planted in them; all arrays are aligned with the rows of `table`."""

    table: pa.Table
    tastes: np.ndarray  # (products, tastes), 0 to 1
    popularity: np.ndarray  # (products,), 0 to 5
    risk: np.ndarray  # (products,), 0 where there is no risk class
    horizon: np.ndarray  # (products,), years
    knowledge: np.ndarray  # (products,), row of KNOWLEDGE
    ages: np.ndarray  # (products, 2), years, both ends included
    parents: np.ndarray  # (products,), bool
    group: np.ndarray  # (products,), number of the one_of group, -1 where there is none
    launched: np.ndarray  # (products,), year
    closed: np.ndarray  # (products,), bool
    likes: tuple[list[Line], ...]
    gripes: tuple[list[Line], ...]

    def __repr__(self) -> str:
        return f"Catalogue({len(self.table):,} products, {len(TASTES)} tastes)"


def catalogue(products: int, seed: int) -> Catalogue:
    """Return a catalogue of `products` products.

    Up to a hundred are an even selection of the hand-written ones, in their order; beyond, made-up
    variants follow. Raises `ValueError` where there is none, or more than the variants can fill.
    """
    if products < 1:
        raise ValueError(f"a demo catalogue needs at least one product, not {products}.")
    written = [
        {"category": category, **product}
        for category in CATEGORIES
        for product in read(category.lower())["product"]
    ]
    if products <= len(written):
        rows = [written[place * len(written) // products] for place in range(products)]
    else:
        rows = written + variants(products - len(written), seed)
    return _catalogue(rows)


def _catalogue(rows: list[dict[str, Any]]) -> Catalogue:
    """Return the catalogue of these product records."""
    width = max(4, len(str(len(rows))) + 1)
    columns = {
        "product_id": [f"P{number:0{width - 1}d}" for number in range(1, len(rows) + 1)],
        "name": [row["name"] for row in rows],
        "category": [row["category"] for row in rows],
        "description": [" ".join(row["description"].split()) for row in rows],
        "risk_class": [row.get("risk") for row in rows],
        "min_horizon_years": [float(row["horizon"]) if "horizon" in row else None for row in rows],
        "ongoing_cost_pct": [row.get("cost") for row in rows],
        "available": [not row.get("closed", False) for row in rows],
        "min_knowledge": [row["knowledge"] for row in rows],
        "loss_potential": [row.get("loss") for row in rows],
        "valid_from": [None] * len(rows),
    }
    groups = sorted({row["one_of"] for row in rows if "one_of" in row})
    tastes = np.array([[row["tastes"].get(taste, 0.0) for taste in TASTES] for row in rows])
    return Catalogue(
        table=pa.table(columns, schema=SCHEMAS["products"]),
        tastes=tastes,
        popularity=np.array([row["popularity"] for row in rows], dtype=np.float64),
        risk=np.array([row.get("risk", 0) for row in rows], dtype=np.float64),
        horizon=np.array([row.get("horizon", 0) for row in rows], dtype=np.float64),
        knowledge=np.array([KNOWLEDGE.index(row["knowledge"]) for row in rows]),
        ages=np.array([row.get("ages", (0, 120)) for row in rows]),
        parents=np.array([row.get("parents", False) for row in rows]),
        group=np.array([groups.index(row["one_of"]) if "one_of" in row else -1 for row in rows]),
        launched=np.array([row.get("launched", FIRST_YEAR) for row in rows]),
        closed=np.array([row.get("closed", False) for row in rows]),
        likes=tuple(parse_lines(row.get("likes", "")) for row in rows),
        gripes=tuple(parse_lines(row.get("gripes", "")) for row in rows),
    )
