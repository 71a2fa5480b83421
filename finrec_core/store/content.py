"""The content of a row: a mapping of plain values as one canonical JSON text."""

import json
from collections.abc import Mapping
from typing import Any

from finrec_core.store.error import StoreError


def to_text(content: Mapping[str, Any]) -> str:
    """Return the JSON text, keys sorted, so that equal contents are equal texts.

    Raises `StoreError` if a value is none that JSON knows, NaN and infinity included.
    """
    try:
        return json.dumps(content, sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    except (TypeError, ValueError) as error:
        raise StoreError(f"The store cannot keep these values ({error}).") from error


def from_text(text: str) -> dict[str, Any]:
    """Return the mapping that `to_text` wrote."""
    return json.loads(text)
