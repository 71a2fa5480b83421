"""An intake in a folder: what one process read, kept as Parquet and JSON for another that did not.

Everything in it follows the fields of `Intake` and of what these hold, so a new field travels too. Tables
lie beside `intake.json` as Parquet files, which it names, and the dataset in a folder as it saves itself.
"""

import json
import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

import pyarrow as pa
import pyarrow.parquet as pq

from finrec_core.dataset.dataset import Dataset
from finrec_core.intake.encoding import UnknownEncodingError
from finrec_core.intake.error import ColumnUse, IntakeError
from finrec_core.intake.intake import Intake
from finrec_core.intake.preview import Preview
from finrec_core.intake.times import AmbiguousDatesError

INTAKE, ERROR = "intake.json", "error.json"
T = TypeVar("T")


class FolderError(ValueError):
    """A folder does not hold a readable intake; the message is one sentence."""


def save_intake(intake: Intake, folder: Path) -> None:
    r"""Write an intake into a folder, from which `load_intake` reads it.

    >>> from pathlib import Path
    >>> from finrec_core.intake import Source, load_intake, read_files, save_intake
    >>> save_intake(read_files([Source("has.csv", b"client,product\nann,card\n")]), Path("read"))
    >>> load_intake(Path("read")).mapping
    {'has.csv:client': 'client_id', 'has.csv:product': 'product_id'}
    """
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / INTAKE, _plain(intake, folder))


def load_intake(folder: Path) -> Intake:
    r"""Read what `save_intake` wrote; raises `FolderError` where it cannot be read.

    >>> from pathlib import Path
    >>> from finrec_core.intake import Source, load_intake, read_files, save_intake
    >>> save_intake(read_files([Source("has.csv", b"client,product\nann,card\n")]), Path("found"))
    >>> load_intake(Path("found")).dataset
    Dataset('dataset': 1 clients, 1 products, 1 interactions, 0 ties)
    """
    return _load(Intake, folder, INTAKE)


def save_error(error: IntakeError, folder: Path) -> None:
    """Write why files could not be read, with what is known of their columns and what would help."""
    folder.mkdir(parents=True, exist_ok=True)
    cause = error.__cause__
    values = {
        "message": str(error),
        "file": error.file,
        "line": error.line,
        "columns": _plain(error.columns, folder),
        "previews": _plain(error.previews, folder),
        "readings": dict(cause.readings) if isinstance(cause, UnknownEncodingError) else None,
        "dates": str(cause) if isinstance(cause, AmbiguousDatesError) else None,
    }
    _write(folder / ERROR, values)


def load_error(folder: Path) -> IntakeError:
    """Read what `save_error` wrote, with a cause of the same kind; raises `FolderError` where it cannot."""
    values = _read(folder, ERROR)
    try:
        error = IntakeError(
            values["message"], columns=_made(tuple[ColumnUse, ...], values["columns"], folder)
        )
        error.file, error.line = values["file"], values["line"]
        error.previews = _made(tuple[Preview, ...], values["previews"], folder)
        if values["readings"] is not None:
            unknown = UnknownEncodingError(b"")
            unknown.readings = values["readings"]
            error.__cause__ = unknown
        elif values["dates"] is not None:
            error.__cause__ = AmbiguousDatesError(values["dates"], 0)
    except (KeyError, TypeError, ValueError, OSError, pa.ArrowException) as fault:
        raise _unreadable(folder, fault) from fault
    return error


def _load(kind: type[T], folder: Path, name: str) -> T:
    values = _read(folder, name)
    try:
        return cast(T, _made(kind, values, folder))
    except (KeyError, TypeError, ValueError, OSError, pa.ArrowException) as fault:
        raise _unreadable(folder, fault) from fault


def _write(file: Path, values: Any) -> None:  # noqa: ANN401 - any JSON value
    # Escaped to ASCII, for a name may hold half a surrogate pair, which no UTF-8 file can.
    file.write_text(json.dumps(values, allow_nan=False), "ascii")


def _read(folder: Path, name: str) -> dict[str, Any]:
    try:
        return cast(dict[str, Any], json.loads((folder / name).read_text("ascii")))
    except (OSError, ValueError) as fault:
        raise _unreadable(folder, fault) from fault


def _unreadable(folder: Path, fault: Exception) -> FolderError:
    return FolderError(f"{folder}: this folder does not hold a readable import ({fault}).")


def _plain(value: Any, folder: Path) -> Any:  # noqa: ANN401 - any field of an intake
    """Return a value as JSON has it; a table or a dataset is written into the folder and named."""
    if isinstance(value, Dataset):
        value.save(folder / "dataset")
        return "dataset"
    if isinstance(value, pa.Table):
        name = f"{sum(1 for _ in folder.glob('*.parquet'))}.parquet"
        pq.write_table(value, folder / name)
        return name
    if is_dataclass(value):
        return {one.name: _plain(getattr(value, one.name), folder) for one in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(one, folder) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one, folder) for one in value]
    if value is None or isinstance(value, str | int | float):
        return value
    raise TypeError(f"an intake cannot be kept with a {type(value).__name__} in it.")


def _made(kind: Any, value: Any, folder: Path) -> Any:  # noqa: ANN401 - a type as annotations name it
    """Return the value of a type that `_plain` wrote as JSON."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return _made(_fitting(inner, value), value, folder)
    if kind is Dataset:
        return Dataset.load(folder / value)
    if kind is pa.Table:
        return pq.read_table(folder / value)
    if origin is tuple:
        each = inner[:1] * len(value) if inner[-1:] == (...,) else inner
        return tuple(_made(one, item, folder) for one, item in zip(each, value, strict=True))
    if origin is list:
        return [_made(inner[0], item, folder) for item in value]
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {key: _made(inner[1], item, folder) for key, item in value.items()}
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return cast(Any, kind)(**{name: _made(hints[name], item, folder) for name, item in value.items()})
    if origin is Literal or kind in (Any, type(None)):
        return value
    if kind is float and isinstance(value, int):
        return float(value)
    if not isinstance(value, kind):
        raise TypeError(f"{value!r} is no {kind}")
    return value


def _fitting(kinds: tuple[Any, ...], value: Any) -> Any:  # noqa: ANN401 - a type as annotations name it
    """Return the member of a union that a JSON value can be."""
    for kind in kinds:
        origin = get_origin(kind)
        if value is None:
            fits = kind is type(None)
        elif isinstance(value, dict):
            fits = is_dataclass(kind) or (isinstance(origin, type) and issubclass(origin, Mapping))
        elif isinstance(value, list):
            fits = origin in (tuple, list)
        elif isinstance(value, str):
            fits = kind in (str, Dataset, pa.Table) or origin is Literal
        else:
            fits = kind in (type(value), float)
        if fits:
            return kind
    raise TypeError(f"{value!r} is none of {kinds}")
