"""Lines that hold one object each: JSON, or the Python literals in which Amazon's reviews of 2014 came."""

import ast
import json
from typing import Any

LONGEST_LITERAL = 1 << 20  # characters; a longer one would cost too much memory to take apart


def json_object(line: str) -> dict[str, Any] | None:
    """Return the object that a line of JSON holds, None where it holds none."""
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return row if isinstance(row, dict) else None


def literal_object(line: str) -> dict[str, Any] | None:
    """Return the object that a line holds as a Python literal with text keys, None where it holds none."""
    line = line.strip()
    if not line.startswith("{") or not line.endswith("}") or len(line) > LONGEST_LITERAL:
        return None
    try:
        row = ast.literal_eval(line)
    except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
        return None
    if not isinstance(row, dict) or not all(isinstance(key, str) for key in row):
        return None
    return row


def line_object(line: str, *, literal: bool) -> dict[str, Any] | None:
    """Return the object of a line: JSON, or, where `literal`, else a Python literal."""
    row = json_object(line)
    return literal_object(line) if row is None and literal else row
