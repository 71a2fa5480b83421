"""Small datasets and files for the tests of this package."""

from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from finrec_core.dataset import SCHEMAS, Dataset
from finrec_core.intake import Intake, Source, read_files

HEADER = "client_id,product_id,timestamp,rating,review\n"


def table(name: str, rows: list[dict[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist(rows, schema=SCHEMAS[name])


def dataset(
    pairs: list[tuple],
    *,
    products: list[dict] | None = None,
    clients: list[dict] | None = None,
    ties: list[tuple] = (),
    **settings: Any,
) -> Dataset:
    """A dataset of tuples: client, product, day of January 2024, rating, review, action, amount."""
    rows = []
    for client, product, *rest in pairs:
        day, rating, review, action, amount = [*rest, *[None] * 5][:5]
        time = None if day is None else datetime(2024, 1, day, tzinfo=UTC)
        rows.append(
            {
                "client_id": client,
                "product_id": product,
                "timestamp": time,
                "action": action,
                "amount": amount,
                "rating": rating,
                "review": review,
            }
        )
    ends = {end for tie in ties for end in tie[:2]}
    clients = clients or [{"client_id": key} for key in sorted({pair[0] for pair in pairs} | ends)]
    products = products or [{"product_id": key} for key in sorted({pair[1] for pair in pairs})]
    return Dataset(
        clients=table("clients", clients),
        products=table("products", products),
        interactions=table("interactions", rows),
        ties=table("ties", [dict(zip(SCHEMAS["ties"].names, tie, strict=False)) for tie in ties]),
        **settings,
    )


def read(*files: tuple[str, str | bytes], **options: Any) -> Intake:
    """Read files given as (name, text or bytes)."""
    sources = [Source(name, text.encode() if isinstance(text, str) else text) for name, text in files]
    return read_files(sources, **options)


def interactions(*rows: str, header: str = HEADER) -> tuple[str, str]:
    """The file `interactions.csv` with these rows."""
    return "interactions.csv", header + "".join(row + "\n" for row in rows)


def problems(report: pa.Table) -> list[tuple]:
    """A report as (line, column, value, reason) tuples."""
    return [tuple(row.values())[1:] for row in report.to_pylist()]
