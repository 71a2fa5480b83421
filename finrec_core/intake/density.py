"""Density: data in which nearly everybody has nearly everything, which hardly anyone means."""

from collections.abc import Sequence

import numpy as np

from finrec_core.dataset.dataset import Dataset
from finrec_core.intake.conversion import TypedRows
from finrec_core.intake.question import STOP, Question, Questions

DENSE = 0.9  # share of all pairs that are held
WHOLE = 0.1  # share of clients who have the whole catalogue
SMALLEST = 5  # clients and products; fewer may well be so
TRUE = "that is so"


def check_density(dataset: Dataset, parts: Sequence[TypedRows], questions: Questions) -> None:
    """Ask where nearly all pairs of a dataset would be held, or all products by many of its clients.

    The question names the largest of the files that `parts` are from.
    """
    clients, products = len(dataset.clients), len(dataset.products)
    if min(clients, products) < SMALLEST:
        return
    events = np.bincount(dataset.event_clients, minlength=clients)
    if events.sum() <= DENSE * clients * products and (events >= products).sum() <= WHOLE * clients:
        return  # as each pair that is held has an event
    held = int(dataset.pairs.held.sum())
    each = np.bincount(dataset.pairs.clients[dataset.pairs.held], minlength=clients)
    whole = int((each == products).sum())
    if held <= DENSE * clients * products and whole <= WHOLE * clients:
        return
    read = [part for part in parts if part.table == "interactions"]
    file = min(read, key=lambda part: (-len(part.rows), part.file)).file
    sentence = (
        f"{file}: {held:,} of the {clients * products:,} pairs of a client and a product would be held "
        f"({held / (clients * products):.0%}), and {whole:,} of {clients:,} clients would have all "
        f"{products:,} products, so that little or nothing is left to recommend. Is that so?"
    )
    questions.ask(Question("density", file, "", sentence, (TRUE, STOP), once=True))
