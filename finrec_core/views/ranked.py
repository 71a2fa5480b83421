"""The ranked list of one client as a table, and what is known of a product on one line."""

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from finrec_core.advice import Suitability
from finrec_core.dataset import Dataset
from finrec_core.explain import wording
from finrec_core.recommender import Ranking

WHOLE = 1000  # characters of a name in a table, whose cells are cut by their width alone


def categories(dataset: Dataset) -> list[str]:
    """Return the categories of the products by the alphabet, none where there is only one."""
    known = pc.unique(dataset.products["category"].drop_null()).to_pylist()
    return sorted(known, key=str.casefold) if len(known) > 1 else []


def ranked(
    dataset: Dataset, ranking: Ranking, rows: np.ndarray, suitability: Suitability | None
) -> pd.DataFrame:
    """Return products of a list as a table, (rows,) in the order they stand in.

    Columns: `rank` on the whole list, empty for what the client has, `id`, `product`, `category` where
    there are several, `points`, whole numbers, where not all products score the same, and `verdict`,
    lists of one, where it can be told.
    """
    chosen, ranks = dataset.products.take(rows), ranking.ranks[rows]
    ids, names = chosen["product_id"].to_pylist(), chosen["name"].to_pylist()
    columns = {
        "rank": pd.array(ranks, dtype="Int64"),
        "id": pd.Series(ids, dtype="str"),
        "product": [wording.name(name, key, WHOLE) for name, key in zip(names, ids, strict=True)],
    }
    columns["rank"][ranks == 0] = pd.NA
    if categories(dataset):
        columns["category"] = [wording.name(text, longest=WHOLE) for text in chosen["category"].to_pylist()]
    if not ranking.scale.flat:
        columns["points"] = [ranking.scale.whole(score) for score in ranking.scores[rows]]
    if suitability is not None:
        columns["verdict"] = [[wording.capital(kind)] for kind in suitability.kinds[rows].tolist()]
    return pd.DataFrame(columns)


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
