"""The batch: the best products of every client as tables of rows, a block of clients at a time."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from itertools import islice

import numpy as np
import pyarrow as pa

from finrec_core.advice.emptiness import Cause, causes
from finrec_core.advice.grid import Grid
from finrec_core.advice.reverse import Block, blocks
from finrec_core.advice.rules import Rules
from finrec_core.advice.suitability import KINDS, judged
from finrec_core.dataset.naming import client_names, product_names
from finrec_core.narrative.former import formers
from finrec_core.recommender import FusedRecommender
from finrec_core.terms.progress import Progress, silent

ROWS = pa.schema(
    [
        ("client", pa.string()),
        ("client_name", pa.string()),
        ("rank", pa.int64()),
        ("product", pa.string()),
        ("name", pa.string()),
        ("score", pa.float64()),
        ("points", pa.float64()),
        ("verdict", pa.string()),
        ("former", pa.string()),
        ("reason", pa.string()),
    ]
)
AT_ONCE = 20_000  # rows of a table, about 10 MB with reasons
FORBIDDEN = KINDS.index("does not fit")
Reason = Callable[[str, str], str]  # of a client and a product: the sentence that says why


def tables(
    recommender: FusedRecommender,
    k: int,
    *,
    rules: Rules | None = None,
    today: date,
    reason: Reason | None = None,
    suitable: bool = False,
    without: Counter[Cause] | None = None,
    progress: Progress = silent,
) -> Iterator[pa.Table]:
    """Yield the k best offered products of all clients, best first, in tables of schema `ROWS`.

    Clients stand in the order of their rows, and ranks are those of `FusedRecommender.ranking`.
    `points` are null where all products score the same, `verdict` where there are no rules or no client
    has a profile, `reason` where nothing gives one; `former` says until when the client had the product,
    null where it did not give it up. With `suitable` what does not fit is left out where
    that can be told, and ranks stay those of the whole list. A client to whom nothing is offered has no
    row; `without` is told why at the end. No more than one block of scores and `AT_ONCE` rows with those of
    one client is in memory.
    """
    dataset = recommender.dataset
    names: Mapping[str, list[str]] = {
        "client": dataset.clients["client_id"].to_pylist(),
        "client_name": client_names(dataset).every,
        "product": dataset.products["product_id"].to_pylist(),
    }
    titles = [name or key for name, key in zip(product_names(dataset).every, names["product"], strict=True)]
    grid = None if rules is None or not judged(dataset, rules) else Grid.of(dataset, rules, today)
    empty: dict[int, int] = {}  # client row to how many products it was offered, where it has no row
    for block in blocks(recommender, progress):
        codes = None if grid is None else grid.verdicts(block.clients)
        rows: list[dict[str, object]] = []
        for place, scale in enumerate(block.scales()):
            number = int(block.clients[place])
            client = names["client"][number]
            progress("scoring clients", number / len(names["client"]))
            forbidden = None if codes is None or not suitable else codes[place] == FORBIDDEN
            found = ranked(block, place, k, forbidden)
            if not found:
                empty[number] = int(block.offered[place].sum())
            had = formers(dataset, number)
            for rank, product in found:
                key, score = names["product"][product], float(block.scores[place, product])
                rows.append(
                    {
                        "client": client,
                        "client_name": names["client_name"][number],
                        "rank": rank,
                        "product": key,
                        "name": titles[product],
                        "score": score,
                        "points": None if scale.flat else scale.points(score),
                        "verdict": None if codes is None else KINDS[codes[place, product]],
                        "former": had.get(product),
                        "reason": None if reason is None else reason(client, key),
                    }
                )
            if len(rows) >= AT_ONCE:
                yield pa.Table.from_pylist(rows, schema=ROWS)
                rows = []
        yield pa.Table.from_pylist(rows, schema=ROWS)
    if without is not None:
        without.update(causes(dataset, [*empty], [*empty.values()]))
    progress("scoring clients", 1.0)


def ranked(block: Block, place: int, k: int, forbidden: np.ndarray | None) -> list[tuple[int, int]]:
    """Return rank and product row of the k best of one client, without those forbidden, bool (products,)."""
    if forbidden is None:
        return [*enumerate(best(block, place, k), start=1)]
    whole = enumerate(best(block, place, block.scores.shape[1]), start=1)
    return [*islice(((rank, product) for rank, product in whole if not forbidden[product]), k)]


def best(block: Block, place: int, k: int) -> list[int]:
    """Return the product rows of the k best that one client is offered; of equal scores the lower row."""
    offered = np.flatnonzero(block.offered[place])
    scores = block.scores[place, offered]
    if len(offered) > k:  # a whole sort of a large catalogue takes twenty times as long
        kept = scores >= -np.partition(-scores, k - 1)[k - 1]
        offered, scores = offered[kept], scores[kept]
    return offered[np.argsort(-scores, kind="stable")[:k]].tolist()
