"""The emptiness: why a list has nothing on it, in one sentence, the same wherever a list is shown."""

from collections.abc import Mapping, Sequence
from typing import Literal, get_args

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from finrec_core.advice.reverse import Reverse
from finrec_core.advice.suitability import Suitability
from finrec_core.advice.verdict import VerdictKind
from finrec_core.dataset import Dataset
from finrec_core.ranking import Ranking
from finrec_core.terms import wording
from finrec_core.terms.wording import plural

Cause = Literal["no products", "none offered", "has all", "rated low", "has or rated low", "not suitable"]
MOST = 3  # categories that are named
UNSUITABLE: VerdictKind = "does not fit"


def causes(dataset: Dataset, clients: Sequence[int], offered: Sequence[int]) -> list[Cause]:
    """Return why nothing is recommended to clients, by their rows.

    `offered` counts the products that each was offered before the rules took them away.
    """
    if not len(dataset.products):
        return ["no products"] * len(clients)
    good = dataset.positive & dataset.available[dataset.pair_products]
    pairs = np.unique(np.stack([dataset.pair_clients[good], dataset.pair_products[good]]), axis=1)
    had = np.bincount(pairs[0], minlength=len(dataset.clients))  # offered products that each client has
    every = int(dataset.available.sum())
    found: list[Cause] = []
    for client, left in zip(clients, offered, strict=True):
        if left:
            found.append("not suitable")
        elif not every:
            found.append("none offered")
        else:
            has = int(had[client])
            found.append("has all" if has == every else "has or rated low" if has else "rated low")
    return found


def sentence(dataset: Dataset, why: Cause) -> str:
    """Return what is said to whoever looks at an empty list of one client."""
    verb = wording.name(dataset.verb, "has", 40)
    return {
        "no products": "This data set has no products, so there is nothing to recommend.",
        "none offered": (
            f"None of the {wording.counted(len(dataset.products), 'product')} is offered any more, "
            "so there is nothing to recommend."
        ),
        "has all": f"This client {verb} every product that is offered, so there is nothing to recommend.",
        "rated low": "This client rated every product that is offered low, so there is nothing to recommend.",
        "has or rated low": (
            f"This client {verb} or rated low every product that is offered, "
            "so there is nothing to recommend."
        ),
        "not suitable": (
            "None of the products that are offered suits this client under the bank's rules, "
            "so there is nothing to recommend."
        ),
    }[why]


def nothing_left(dataset: Dataset, ranking: Ranking, suitability: Suitability | None = None) -> str:
    """Return why a client's whole list is empty, "" where it is not.

    With `suitability`, the list is that of the products that do not break the rules.
    """
    order = ranking.order
    if suitability is not None:
        order = order[suitability.kinds[order] != UNSUITABLE]
    if len(order):
        return ""
    why = causes(dataset, [dataset.client_rows[ranking.client]], [len(ranking.order)])[0]
    return sentence(dataset, why)


def nothing_shown(
    dataset: Dataset,
    ranking: Ranking,
    suitability: Suitability | None = None,
    *,
    categories: Sequence[str] = (),
    verdicts: Sequence[VerdictKind] = (),
    rejected: Sequence[str] = (),
    unfolded: bool = False,
) -> str:
    """Return why nothing of a client's list is shown where filters leave nothing of it.

    Where one filter alone hides everything it is named alone, else all of them. What does not fit is
    hidden unless it is `unfolded` or its verdict is asked for.
    """
    if said := nothing_left(dataset, ranking):
        return said
    order = ranking.order
    keys = np.isin(order, [dataset.product_rows.get(key, -1) for key in rejected])
    filters: list[tuple[np.ndarray, str, str]] = []  # what each leaves, what it says alone, and among others
    if rejected:
        alone = "Every product on this list is hidden, because it was rejected for this client."
        filters.append(
            (~keys, alone, f"{int(keys.sum()):,} that {'was' if keys.sum() == 1 else 'were'} rejected")
        )
    if categories:
        wanted = pc.is_in(dataset.products["category"], value_set=pa.array(categories)).to_numpy()[order]
        few = [f"“{wording.name(text, '', 40)}”" for text in categories[:MOST]]
        few += [f"{len(categories) - MOST:,} more"] if len(categories) > MOST else []
        shelf = f"the {'category' if len(categories) == 1 else 'categories'} {wording.joined(few)}"
        filters.append((wanted, f"Nothing on this list is in {shelf}.", f"those outside {shelf}"))
    if suitability is not None and verdicts:
        asked = f"the verdict {' or '.join(f'“{one}”' for one in verdicts)}"
        left = np.isin(suitability.kinds[order], verdicts)
        filters.append((left, f"Nothing on this list has {asked}.", f"those without {asked}"))
    elif suitability is not None and not unfolded:
        fitting = suitability.kinds[order] != UNSUITABLE
        filters.append((fitting, sentence(dataset, "not suitable"), "those that do not suit the client"))
    for left, alone, _ in filters:
        if not left.any():
            return alone
    names = wording.joined([name for left, _, name in filters if not left.all()])
    return f"Together the filters hide all {len(order):,} products on this list: {names}."


def nobody(dataset: Dataset, found: Reverse) -> str:
    """Return why a product stands in no client's list, "" where it stands in one."""
    if not found.offered:
        return "It is not offered any more, so it stands in no client's list."
    if len(found.clients):
        return ""
    if not len(dataset.clients):
        return "This data set has no clients, so it stands in no list."
    row = dataset.product_rows[found.product]
    about = dataset.pair_products == row
    holders = len(np.unique(dataset.pair_clients[about & dataset.positive]))
    verb = wording.name(dataset.verb, "has", 40)
    if holders == len(dataset.clients):
        return f"Every client {verb} it already, so it stands in no list."
    return f"Every client {f'{verb} it or ' if holders else ''}rated it low, so it stands in no list."


def without(dataset: Dataset, causes: Mapping[Cause, int]) -> str:
    """Return how many clients have no list and why, "" where all have one."""
    total = sum(causes.values())
    verb = wording.name(dataset.verb, "has", 40)
    said = []
    for why in get_args(Cause):
        if count := causes.get(why, 0):
            has = verb if count == 1 else plural(verb)
            said.append(
                {
                    "no products": "the data set has no products",
                    "none offered": "no product is offered any more",
                    "has all": f"{count:,} {has} every product that is offered",
                    "rated low": f"{count:,} rated every product that is offered low",
                    "has or rated low": f"{count:,} {has} or rated low every product that is offered",
                    "not suitable": f"nothing suits {count:,} under the bank's rules",
                }[why]
            )
    who = f"{wording.counted(total, 'client')} {'has' if total == 1 else 'have'} no list"
    return f"{who}: {wording.joined(said)}." if said else ""
