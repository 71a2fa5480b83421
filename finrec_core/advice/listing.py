"""The listing: the lists of all clients in one file, the same from the desk and from the command line."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from finrec_core.advice.batch import ROWS, tables
from finrec_core.advice.reasons import Reasons
from finrec_core.advice.rules import Rules
from finrec_core.dataset.export import streamed
from finrec_core.recommender import FusedRecommender
from finrec_core.terms.progress import Progress, silent


@dataclass(frozen=True)
class Listing:
    """A file of lists as it was written: its rows, and the clients that have at least one."""

    rows: int
    clients: int


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
    said = Reasons(recommender) if reasons else None
    made = tables(recommender, k, rules=rules, today=today, reason=said, suitable=suitable, progress=progress)
    with streamed(file, ROWS) as append:
        for block in made:
            append(block)
            rows += len(block)
            clients += len(block["client"].unique())
    return Listing(rows, clients)
