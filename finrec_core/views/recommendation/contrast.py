"""Two products side by side: rank, points, verdict, facts and evidence, a row each."""

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from finrec_core.advice.alternatives import Alike
from finrec_core.dataset import Dataset
from finrec_core.explain.points import PointScale
from finrec_core.narrative.former import badge
from finrec_core.recommender import Recommendation
from finrec_core.terms import wording

# Facts of a product: what the row is called, the column, and how its value is written.
FACTS: tuple[tuple[str, str, Callable[[Any], str]], ...] = (
    ("Category", "category", lambda text: wording.name(text, longest=60)),
    ("Risk class", "risk_class", lambda number: f"{number} of 7"),
    ("Recommended holding period", "min_horizon_years", wording.years),
    ("Ongoing cost per year", "ongoing_cost_pct", lambda share: f"{wording.plain(share, 2)} %"),
    ("Knowledge needed", "min_knowledge", lambda text: wording.capital(wording.name(text, longest=40))),
    ("Possible loss", "loss_potential", lambda text: wording.capital(wording.name(text, longest=40))),
)
ALIKE: Mapping[Alike, str] = {  # what makes a product an alternative, inside a sentence
    "category": "the best other product of the same category on this client's list",
    "rules": "the best other product under the same rules on this client's list",
    "list": "the best other product on this client's list",
}
EVIDENCE = (
    ("clients", "similar client"),
    ("reviews", "review"),
)


def side_by_side(
    dataset: Dataset,
    scale: PointScale,
    lines: tuple[Recommendation, Recommendation],
    verdicts: tuple[str, str] | None = None,
) -> pd.DataFrame:
    """Return two lines of a list as a table; its first column is blank-headed, then one for each product.

    A fact that neither product has is left out, and so are verdicts where there are none. Two products
    of one name are told apart by their ids.
    """
    names = [wording.name(line.name, line.product) for line in lines]
    if names[0] == names[1]:
        names = [
            f"{name} ({wording.name(line.product, '', 40)})" for name, line in zip(names, lines, strict=True)
        ]
    if names[0] == names[1]:
        names[1] += " (2)"
    rows: list[tuple[str, list[str]]] = [("Rank", [_rank(line) for line in lines])]
    if any(line.former for line in lines):
        rows.append(("Held before", [badge(line.former) or wording.NONE for line in lines]))
    if not scale.flat:
        rows.append(("Points", [wording.plain(scale.whole(line.score)) for line in lines]))
    if verdicts is not None:
        rows.append(("Verdict", list(verdicts)))
    facts = [dataset.products.slice(dataset.product_rows[line.product], 1).to_pylist()[0] for line in lines]
    for title, column, written in FACTS:
        values = [fact[column] for fact in facts]
        if any(value is not None for value in values):
            rows.append((title, [wording.NONE if value is None else written(value) for value in values]))
    rows.append(("Evidence", [_evidence(line.evidence) for line in lines]))
    return pd.DataFrame([[title, *cells] for title, cells in rows], columns=["", *names], dtype=str)


def _rank(line: Recommendation) -> str:
    if line.rank is not None:
        return wording.ordinal(line.rank)
    return "Has it already" if line.held else "Not offered"


def _evidence(counts: Mapping[str, int]) -> str:
    return ", ".join(wording.counted(counts.get(name, 0), one) for name, one in EVIDENCE)
