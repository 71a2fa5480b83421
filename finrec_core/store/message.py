"""The messages between a store's owner and other processes of its user: one JSON document a line.

Plain values, times, paths, and the dataclasses of the store that are named here; nothing else comes out of a
line, whoever wrote it.
"""

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from finrec_core.store.activations import Activation
from finrec_core.store.archive import Dependents
from finrec_core.store.clients import ClientMatch
from finrec_core.store.datasets import DatasetVersion
from finrec_core.store.erasures import Erasure, Trace
from finrec_core.store.journal import RulesVersion
from finrec_core.store.log import LogQuery, LogRow
from finrec_core.store.registry import Comparison
from finrec_core.store.removals import RunUse
from finrec_core.store.runs import RunRow
from finrec_core.store.verification import Verification

CLASSES: Mapping[str, type] = {
    one.__name__: one
    for one in (
        *(Activation, ClientMatch, Comparison, DatasetVersion, Dependents, Erasure, LogQuery, LogRow),
        *(RulesVersion, RunRow, RunUse, Trace, Verification),
    )
}
# What reading a line that somebody made up can raise.
UNREADABLE = (ValueError, TypeError, KeyError, AttributeError, RecursionError)


def line(value: Any) -> bytes:  # noqa: ANN401 - whatever is sent
    """Return a value as a line; raises `TypeError` for one that no line can hold."""
    return json.dumps(_held(value)).encode("ascii") + b"\n"


def value(text: bytes) -> Any:  # noqa: ANN401 - whatever was sent
    """Return what a line holds; raises one of `UNREADABLE` where it is none of `line`."""
    return _taken(json.loads(text))


def _held(given: Any) -> Any:  # noqa: ANN401 - one way out for each kind
    if given is None or isinstance(given, bool | int | float | str):
        return given
    if isinstance(given, list):
        return [_held(one) for one in given]
    if isinstance(given, tuple):
        return {"tuple": [_held(one) for one in given]}
    if isinstance(given, Mapping):
        return {"map": [[_held(key), _held(one)] for key, one in given.items()]}
    if isinstance(given, datetime):
        return {"time": given.isoformat()}
    if isinstance(given, date):
        return {"date": given.isoformat()}
    if isinstance(given, Path):
        return {"path": str(given)}
    if is_dataclass(given) and type(given).__name__ in CLASSES:
        made = {field.name: _held(getattr(given, field.name)) for field in fields(given) if field.init}
        return {type(given).__name__: made}
    raise TypeError(f"a message cannot hold a {type(given).__name__}.")


def _taken(held: Any) -> Any:  # noqa: ANN401 - one way out for each kind
    if isinstance(held, list):
        return [_taken(one) for one in held]
    if not isinstance(held, dict):
        return held
    ((kind, inside),) = held.items()
    if kind == "tuple":
        return tuple(_taken(one) for one in inside)
    if kind == "map":
        return {_taken(key): _taken(one) for key, one in inside}
    if kind == "time":
        return datetime.fromisoformat(inside)
    if kind == "date":
        return date.fromisoformat(inside)
    if kind == "path":
        return Path(inside)
    return CLASSES[kind](**{name: _taken(one) for name, one in inside.items()})
