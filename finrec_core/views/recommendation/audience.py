"""The audience of a product: a reverse ranking as a table with the cards' reasons, and as a file."""

import io
import math
from collections.abc import Callable
from datetime import date
from typing import Literal

import pandas as pd
import pyarrow.parquet as pq

from finrec_core.advice.reverse import Reverse, rows
from finrec_core.advice.rules import Rules
from finrec_core.dataset import Dataset, csv_report
from finrec_core.explain import Explanation
from finrec_core.explain.points import shown
from finrec_core.narrative.former import badge
from finrec_core.narrative.labels import Labels
from finrec_core.narrative.people import client_name
from finrec_core.narrative.sentence import sentence
from finrec_core.recommender import FusedRecommender
from finrec_core.terms import wording


def table(
    recommender: FusedRecommender,
    found: Reverse,
    most: int,
    rules: Rules,
    today: date,
    *,
    explain: Callable[[str, str], Explanation] | None = None,
) -> pd.DataFrame:
    """Return the first clients as a table: id, Place, Client, Held before, Points, Verdict, Why.

    Until when they had it stands there where any of them gave it up. Points are missing where no client's
    list has any, and verdicts where they cannot be told. Connections stand by kind, never by name: the table
    goes over many clients. `explain` gives the explanation of a client and a product as it may be shown; by
    default as the model gives it.
    """
    dataset = recommender.dataset
    lines = rows(found, dataset, most, rules=rules, today=today).to_pylist()
    points = [line["points"] for line in lines]
    columns = {
        "id": [line["client"] for line in lines],
        "Place": [line["rank"] for line in lines],
        "Client": [
            wording.capital(client_name(dataset, dataset.client_rows[line["client"]])) for line in lines
        ],
        "Held before": [badge(line["former"] or "") for line in lines],
        "Points": pd.array([None if p is None else math.floor(p + 0.5) for p in points], dtype="Int64"),
        "Verdict": [[wording.capital(line["verdict"] or "")] for line in lines],
        "Why": [_why(recommender, line["client"], found.product, explain) for line in lines],
    }
    empty = [] if any(point is not None for point in points) else ["Points"]
    empty += [] if any(line["former"] for line in lines) else ["Held before"]
    empty += [] if any(line["verdict"] for line in lines) else ["Verdict"]
    return pd.DataFrame(columns).drop(columns=empty)


def export(
    found: Reverse, dataset: Dataset, rules: Rules, today: date, form: Literal["csv", "parquet"]
) -> bytes:
    """Return all clients of a reverse ranking as a file; no cell of a CSV file runs as a formula."""
    whole = rows(found, dataset, len(found.clients), rules=rules, today=today)
    if form == "csv":
        return csv_report(whole)
    out = io.BytesIO()
    pq.write_table(whole, out)
    return out.getvalue()


def _why(
    recommender: FusedRecommender,
    client: str,
    product: str,
    explain: Callable[[str, str], Explanation] | None,
) -> str:
    """Return what the card of a client says of a product, seen from the client."""
    explanation = (explain or recommender.explain)(client, product)
    labels = Labels.of(recommender.dataset, explanation)
    view = shown(explanation.client_lens, recommender.ranking(client).scale)
    return sentence(explanation, view, labels, "client")
