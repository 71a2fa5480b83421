"""Density: data in which nearly everybody has nearly everything, which hardly anyone means."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from finrec_core.dataset.keys import codes
from finrec_core.intake.conversion import TypedRows
from finrec_core.intake.error import IntakeError
from finrec_core.intake.question import Question, Questions

DENSE = 0.9  # share of all pairs that are held
WHOLE = 0.1  # share of clients who have the whole catalogue
SMALLEST = 5  # clients and products; fewer may well be so
TRUE, STOP = "that is so", "stop"


def check_density(parts: Sequence[TypedRows], questions: Questions) -> None:
    """Ask where nearly all pairs of the files would be held, or all products by many of their clients.

    Raises `IntakeError` where the analyst says to stop.
    """
    events = [part for part in parts if part.table == "interactions"]
    interactions = pa.concat_tables(
        [part.rows.select(["client_id", "product_id", "action"]) for part in events]
    )
    file = min(events, key=lambda part: (-len(part.rows), part.file)).file
    clients, products = (pc.count_distinct(interactions[key]).as_py() for key in ("client_id", "product_id"))
    if min(clients, products) < SMALLEST:
        return
    takes = pc.fill_null(pc.equal(interactions["action"], "takes"), fill_value=True)
    pairs = interactions.filter(takes).group_by(["client_id", "product_id"]).aggregate([])
    whole = int(
        (np.unique(codes([pairs["client_id"].combine_chunks()]), return_counts=True)[1] == products).sum()
    )
    share = len(pairs) / (clients * products)
    if share <= DENSE and whole <= WHOLE * clients:
        return
    sentence = (
        f"{file}: {len(pairs):,} of the {clients * products:,} pairs of a client and a product would be held "
        f"({share:.0%}), and {whole:,} of {clients:,} clients would have all {products:,} products, so that "
        "little or nothing is left to recommend. Is that so?"
    )
    if questions.ask(Question("density", file, "", sentence, (TRUE, STOP))) == STOP:
        raise IntakeError("the import is stopped, since nearly all of its pairs would be held.", file=file)
