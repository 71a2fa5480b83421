"""The ranked list of one client as a table, and what is known of a product on one line."""

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from finrec_core.dataset import Dataset
from finrec_core.explain import wording
from finrec_core.recommender import Ranking


def categories(dataset: Dataset) -> list[str]:
    """Return the categories of the products by the alphabet, none where there is only one."""
    known = pc.unique(dataset.products["category"].drop_null()).to_pylist()
    return sorted(known, key=str.casefold) if len(known) > 1 else []


def ranked(dataset: Dataset, ranking: Ranking, most: int, category: str | None = None) -> pd.DataFrame:
    """Return the best products of a list, at most `most`, with the ranks they have on the whole list.

    Columns: `rank`, `id`, `product`, `category` where there are several, and `points`, whole numbers,
    where not all products score the same.
    """
    rows = ranking.order
    if category is not None:
        rows = rows[dataset.products["category"].to_numpy(zero_copy_only=False)[rows] == category]
    rows = rows[:most]
    chosen = dataset.products.take(rows)
    ids, names = chosen["product_id"].to_pylist(), chosen["name"].to_pylist()
    frame = pd.DataFrame(
        {
            "rank": ranking.ranks[rows],
            "id": pd.Series(ids, dtype="str"),
            "product": [wording.name(name, key) for name, key in zip(names, ids, strict=True)],
            "category": [wording.name(text, "–") for text in chosen["category"].to_pylist()],
            "points": [ranking.scale.whole(score) for score in ranking.scores[rows]],
        }
    )
    empty = [] if categories(dataset) else ["category"]
    return frame.drop(columns=[*empty, *(["points"] if ranking.scale.flat else [])])


def choices(dataset: Dataset, ranking: Ranking, most: int) -> dict[str, str]:
    """Return products by id with what a list of choices calls them: offered ones by rank, then the others."""
    others = np.setdiff1d(np.arange(len(ranking.ranks)), ranking.order)
    rows = np.concatenate([ranking.order, others])[:most]
    chosen = dataset.products.take(rows)
    ranks = ranking.ranks[rows].tolist()
    return {
        key: f"{wording.name(name, key)}, {wording.ordinal(rank) if rank else 'not on the list'}"
        for key, name, rank in zip(
            chosen["product_id"].to_pylist(), chosen["name"].to_pylist(), ranks, strict=True
        )
    }


def facts(dataset: Dataset, product: str, client: str) -> str:
    """Return what the data says of a product on one line, its risk beside the client's tolerance."""
    row = dataset.products.slice(dataset.product_rows[product], 1).to_pylist()[0]
    tolerance = dataset.clients["risk_tolerance"][dataset.client_rows[client]].as_py()
    said = [wording.name(row["category"], " ")] if row["category"] else []
    if row["risk_class"] is not None:
        beside = "" if tolerance is None else f", tolerance {tolerance}"
        said.append(f"Risk class {row['risk_class']} of 7{beside}")
    if row["min_horizon_years"]:
        said.append(f"Recommended holding period {wording.years(row['min_horizon_years'])}")
    if row["ongoing_cost_pct"] is not None:
        said.append(f"Costs {wording.plain(row['ongoing_cost_pct'], 2)} % a year")
    if row["available"] is False:
        said.append("Not offered any more")
    return ". ".join(said)
