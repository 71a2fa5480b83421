"""A bank of a few products and clients with the facts that a test names."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from finrec_core.dataset import SCHEMAS, Dataset

GIVEN_UP = datetime(2024, 6, 3, tzinfo=UTC)


def bank(
    products: Sequence[dict[str, Any]],
    clients: Sequence[dict[str, Any]],
    given_up: Iterable[tuple[int, int]] = (),
) -> Dataset:
    """Return products p0, p1, ... and clients c0, c1, ... with these columns; nobody has anything.

    `given_up` are rows of a client and a product that it had until June 2024.
    """
    events = [
        {"client_id": f"c{client}", "product_id": f"p{product}", "action": action, "timestamp": when}
        for client, product in given_up
        for action, when in (("takes", datetime(2020, 1, 1, tzinfo=UTC)), ("gives_up", GIVEN_UP))
    ]
    tables = {
        "products": [{"product_id": f"p{row}"} | facts for row, facts in enumerate(products)],
        "clients": [{"client_id": f"c{row}"} | facts for row, facts in enumerate(clients)],
        "interactions": events,
        "ties": [],
    }
    return Dataset(
        **{
            name: pa.Table.from_pylist(
                [dict.fromkeys(SCHEMAS[name].names) | row for row in rows], schema=SCHEMAS[name]
            )
            for name, rows in tables.items()
        }
    )
