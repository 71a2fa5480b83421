"""A bank of a few products and clients with the facts that a test names."""

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from finrec_core.dataset import SCHEMAS, Dataset


def bank(products: Sequence[dict[str, Any]], clients: Sequence[dict[str, Any]]) -> Dataset:
    """Return products p0, p1, ... and clients c0, c1, ... with these columns; nobody has anything."""
    tables = {
        "products": [{"product_id": f"p{row}"} | facts for row, facts in enumerate(products)],
        "clients": [{"client_id": f"c{row}"} | facts for row, facts in enumerate(clients)],
        "interactions": [],
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
