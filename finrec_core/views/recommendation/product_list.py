"""A client's list: which products its filters show, their ranks kept, as a table."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from finrec_core.advice import Suitability
from finrec_core.advice.emptiness import nothing_shown
from finrec_core.advice.suitability import VerdictKind
from finrec_core.dataset import Dataset
from finrec_core.dataset.naming import product_names
from finrec_core.narrative.former import badge, formers
from finrec_core.narrative.labels import product_titles
from finrec_core.recommender import Ranking
from finrec_core.terms import wording

WHOLE = 1000  # characters of a name in a table, whose cells are cut by their width alone


@dataclass(frozen=True)
class Filters:
    """What an adviser asked the list for; no category and no verdict chosen means all of them.

    `rejected` are the ids of products that are hidden. `most` products are shown; those that do not fit
    come on top of that number, and only where they are `unfolded` or their verdict was asked for.
    """

    most: int
    categories: tuple[str, ...] = ()
    verdicts: tuple[VerdictKind, ...] = ()
    hide_held: bool = True
    unfolded: bool = False
    rejected: tuple[str, ...] = ()


@dataclass(frozen=True, repr=False, eq=False)
class Listed:
    """The products of a list in order, and how many more rank among them but do not fit."""

    rows: np.ndarray  # (shown,), rows of products
    misfits: int

    def __repr__(self) -> str:
        return f"Listed({len(self.rows):,} products, {self.misfits:,} that do not fit among them)"


def held(dataset: Dataset, client: str) -> np.ndarray:
    """Return the products that a client has, those it rated low too: bool (products,)."""
    marks = np.zeros(len(dataset.products), dtype=bool)
    mine = dataset.pairs.of_client(dataset.client_rows[client])
    marks[dataset.pair_products[mine]] = dataset.pairs.held[mine]
    return marks


def listed(dataset: Dataset, ranking: Ranking, filters: Filters, suitability: Suitability | None) -> Listed:
    """Return the products that the filters leave of a list, best first.

    What the client has stands, where it is not hidden, at the place of its score and has no rank; it is
    never folded away. `suitability` is None where it cannot be checked: nothing is folded then.
    """
    has = held(dataset, ranking.client)
    rows = ranking.order
    if not filters.hide_held:
        rows = np.argsort(-ranking.scores, kind="stable")
        rows = rows[(ranking.ranks[rows] > 0) | has[rows]]
    if filters.rejected:
        rows = rows[~np.isin(rows, [dataset.product_rows.get(key, -1) for key in filters.rejected])]
    if filters.categories:
        wanted = pc.is_in(dataset.products["category"], value_set=pa.array(filters.categories))
        rows = rows[wanted.to_numpy()[rows]]
    if suitability is None:
        return Listed(rows[: filters.most], 0)
    if filters.verdicts:
        return Listed(rows[np.isin(suitability.kinds[rows], filters.verdicts)][: filters.most], 0)
    misfit = (suitability.kinds[rows] == "does not fit") & ~has[rows]
    fitting = np.flatnonzero(~misfit)
    end = fitting[filters.most - 1] + 1 if len(fitting) >= filters.most else len(rows)
    if len(fitting) < filters.most:  # the whole list is asked for, of which no more than that is shown
        end = max(filters.most, *(fitting[-1:] + 1), 0)
    shown, misfit = rows[:end], misfit[:end]
    return Listed(shown if filters.unfolded else shown[~misfit], int(misfit.sum()))


def nothing(dataset: Dataset, ranking: Ranking, filters: Filters, suitability: Suitability | None) -> str:
    """Return what stands in the place of a list of which the filters leave nothing."""
    return nothing_shown(
        dataset,
        ranking,
        suitability,
        categories=filters.categories,
        verdicts=filters.verdicts,
        rejected=filters.rejected,
        unfolded=filters.unfolded,
    )


def rejected(count: int, *, shown: bool) -> str:
    """Return what stands below a list from which products are hidden that were rejected."""
    if shown:
        return f"{wording.counted(count, 'rejected product')} shown: hide again"
    return f"{wording.counted(count, 'rejected product')} hidden: show"


def fold(misfits: int, *, unfolded: bool) -> str:
    """Return what stands below a list with products that do not fit, as the label of its button."""
    if unfolded:
        return f"{misfits:,} ranked here {'does' if misfits == 1 else 'do'} not fit: fold away"
    ranks, does = ("ranks", "does") if misfits == 1 else ("rank", "do")
    return f"{misfits:,} more {ranks} here but {does} not fit: show"


def categories(dataset: Dataset) -> list[str]:
    """Return the categories of the products by the alphabet, none where there is only one."""
    known = pc.unique(dataset.products["category"].drop_null()).to_pylist()
    return sorted(known, key=str.casefold) if len(known) > 1 else []


def ranked(
    dataset: Dataset,
    ranking: Ranking,
    rows: np.ndarray,
    suitability: Suitability | None,
    traces: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Return products of a list as a table, (rows,) in the order they stand in.

    Columns: `rank` on the whole list, empty for what the client has, `id`, `product`, `former` where the
    client gave any of them up, as "Had until June 2024", `category` where there are several, `points`, whole
    numbers, where not all products score the same, `verdict`, lists of one, where it can be told, and
    `decided`, lists of at most one, where any of them was: `traces` has by product how a decision stands.
    """
    chosen, ranks = dataset.products.take(rows), ranking.ranks[rows]
    ids, names = chosen["product_id"].to_pylist(), product_names(dataset)
    columns = {
        "rank": pd.array(ranks, dtype="Int64"),
        "id": pd.Series(ids, dtype="str"),
        "product": [wording.name(names.or_id(row), longest=WHOLE) for row in rows.tolist()],
    }
    columns["rank"][ranks == 0] = pd.NA
    had = formers(dataset, dataset.client_rows[ranking.client])
    if had.keys() & set(rows.tolist()):
        columns["former"] = [badge(had.get(row, "")) for row in rows.tolist()]
    if categories(dataset):
        columns["category"] = [wording.name(text, longest=WHOLE) for text in chosen["category"].to_pylist()]
    if not ranking.scale.flat:
        columns["points"] = [ranking.scale.whole(score) for score in ranking.scores[rows]]
    if suitability is not None:
        columns["verdict"] = [[wording.capital(kind)] for kind in suitability.kinds[rows].tolist()]
    if traces and traces.keys() & set(ids):
        columns["decided"] = [[traces[key]] if key in traces else [] for key in ids]
    return pd.DataFrame(columns)


def choices(dataset: Dataset, ranking: Ranking, most: int) -> dict[str, str]:
    """Return products by id with what a list of choices calls them: offered ones by rank, then the others."""
    others = np.setdiff1d(np.arange(len(ranking.ranks)), ranking.order)
    rows = np.concatenate([ranking.order, others])[:most]
    titles = product_titles(dataset, rows.tolist())
    had = formers(dataset, dataset.client_rows[ranking.client])
    found = {}
    for (key, title), row in zip(titles.items(), rows.tolist(), strict=True):
        rank = int(ranking.ranks[row])
        said = [title, wording.ordinal(rank) if rank else "not on the list"]
        found[key] = ", ".join([*said, *([wording.inside(badge(had[row]))] if row in had else [])])
    return found


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
