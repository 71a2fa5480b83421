"""The listing: the lists of all clients in one file, the same from the desk and from the command line."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from finrec_core.advice.batch import ROWS, tables
from finrec_core.advice.emptiness import Cause
from finrec_core.advice.rules import Rules
from finrec_core.dataset.export import streamed
from finrec_core.explain.account import account
from finrec_core.explain.pair import Pair
from finrec_core.explain.points import shown
from finrec_core.narrative.labels import Labels
from finrec_core.narrative.sentence import sentence
from finrec_core.ranking import Ranking
from finrec_core.recommender import FusedRecommender
from finrec_core.terms.progress import Progress, silent


@dataclass(frozen=True)
class Listing:
    """A file of lists as it was written: its rows, and the clients that have at least one.

    `without` counts the clients that have none by why they do not.
    """

    rows: int
    clients: int
    without: Mapping[Cause, int] = field(default_factory=dict)


def write(
    recommender: FusedRecommender,
    file: Path,
    k: int,
    *,
    rules: Rules | None,
    today: date,
    reasons: bool = False,
    suitable: bool = False,
    progress: Progress = silent,
) -> Listing:
    """Write the k best products of every client into a .csv or .parquet file, a block of clients at a time.

    See `tables` for the rows. The file is there whole or as it was before; no more than a block is in
    memory. Raises `DatasetError` for another ending, `OSError` where the file cannot be written.
    """
    rows, clients = 0, 0
    none: Counter[Cause] = Counter()
    said = Reasons(recommender) if reasons else None
    made = tables(
        *(recommender, k),
        rules=rules,
        today=today,
        reason=said,
        suitable=suitable,
        without=none,
        progress=progress,
    )
    with streamed(file, ROWS) as append:
        for block in made:
            append(block)
            rows += len(block)
            clients += len(block["client"].unique())
    return Listing(rows, clients, none)


class Reasons:
    """Says why a product stands where it does in a client's list, as the card's client lens does.

    Connections are told by kind, whatever the settings say, and no other client and no review at all:
    the sentences are made for files. What is the same for all products of a client is kept for the next.
    """

    def __init__(self, recommender: FusedRecommender) -> None:
        self._recommender = recommender
        self._ranking: Ranking | None = None

    def __call__(self, client: str, product: str) -> str:
        """Return the sentence of a client and a product; raises `UnknownIdError`."""
        recommender = self._recommender
        if self._ranking is None or self._ranking.client != client:
            self._ranking = recommender.ranking(client)
        target = recommender.product_row(product)
        pair = Pair(recommender.model, recommender.client_row(client), target)
        rank = int(self._ranking.ranks[target]) or None
        explanation = account(pair, recommender.dataset, rank=rank, both=False)
        labels = Labels.of(recommender.dataset, explanation)
        return sentence(explanation, shown(explanation.client_lens, self._ranking.scale), labels, "client")

    def __repr__(self) -> str:
        return f"Reasons({self._recommender})"
