"""JSON documents: arrays of objects, columns, objects of arrays, each table in them as lines of its own."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any

from finrec_core.intake.encoding import UTF8
from finrec_core.intake.error import IntakeError
from finrec_core.intake.form import JSON
from finrec_core.intake.names import KNOWN_NAMES, plain, table_of_name
from finrec_core.intake.objects import json_object, literal_object
from finrec_core.intake.textfile import TextFile

LARGEST = 1 << 28  # characters of a document, all of which is in memory at once
DEEPEST = 4  # objects around a table
WRAPPERS = ("_source", "node", "fields", "properties")  # what search engines and GraphQL put around a record


@dataclass(frozen=True)
class Found:
    """One table of a document: the key it stands under, "" at the top, and its records.

    `lines` are the lines on which they begin, none where these are not known.
    """

    key: str
    records: Sequence[Mapping[str, Any]]
    lines: Sequence[int] = ()


def opened(files: Sequence[TextFile]) -> tuple[list[TextFile], list[str], dict[str, IntakeError]]:
    """Return files with each JSON document as a file of one object a line for each table in it, and notices.

    Documents that are no JSON, hold no table or are larger than `LARGEST` stay as they are; why, by name,
    comes last.

    A document of one table keeps its name, of several the key is added: `all.json/products`. Records that
    begin on lines of their own keep these; else a line counts records.
    """
    found: list[TextFile] = []
    notices: list[str] = []
    unread: dict[str, IntakeError] = {}
    for file in files:
        if file.suffix not in JSON or not _is_document(file):
            found.append(file)
            continue
        try:
            tables = _tables(file)
        except IntakeError as error:
            unread[file.name] = error
            found.append(file)
            continue
        found += [_as_lines(file, table, alone=len(tables) == 1) for table in tables]
        names = ", ".join(f'"{table.key}"' for table in tables if table.key)
        if len(tables) > 1:
            notices.append(
                f"{file.name} holds {len(tables)} tables, {names}, each read as a file of its own."
            )
        elif tables[0].records and not tables[0].lines:
            notices.append(f"{file.name} is read as one table; a line of it means the record of that number.")
    return found, notices, unread


def _is_document(file: TextFile) -> bool:
    """Whether a file is one JSON text over several lines, or one line of a table; not an object a line."""
    lines = []
    with file.open(longest=LARGEST) as text:
        for line in text:
            if line.strip():
                lines.append(line)
            if len(lines) == 2:
                break
    if not lines or lines[0].lstrip("\ufeff \t")[:1] not in ("{", "["):
        return False
    row = json_object(lines[0]) or literal_object(lines[0])
    if row is None:
        return True
    return len(lines) == 1 and _nested(row)


def _nested(row: Mapping[str, Any]) -> bool:
    """Whether the only object of a file holds tables, and is no record itself."""
    lists = [value for value in row.values() if isinstance(value, list | dict) and value]
    columns = [value for value in row.values() if isinstance(value, list)]
    if len(columns) == len(row) > 1 and len({len(value) for value in columns}) == 1:
        return True
    return bool(_inside(row, "")) and len(lists) > 0


def _tables(file: TextFile) -> list[Found]:
    with file.open(longest=LARGEST) as text:
        whole = text.read(LARGEST + 1)
    if len(whole) > LARGEST:
        size = f"{LARGEST / 1e6:,.0f} million characters"
        raise IntakeError(f"this JSON is longer than {size}; write one object a line.", file=file.name)
    values, lines = _values(whole.lstrip("\ufeff"), file.name)
    del whole
    if len(values) > 1 and all(isinstance(value, dict) for value in values):
        return [Found("", [flat(value) for value in values], lines)]
    if values == [[]]:
        return [Found("", [])]
    found = _inside(values[0], "") if len(values) == 1 else []
    if not found:
        reason = (
            "this is JSON, but holds no table: an array of objects, columns, or one object a line is needed."
        )
        raise IntakeError(reason, file=file.name, line=1)
    if found[0].key == "" and lines and len(found[0].records) == len(lines):
        found = [replace(found[0], lines=lines)]
    return found


def _values(text: str, name: str) -> tuple[list[Any], list[int]]:
    """Return the values that a text holds one after the other, and the lines on which objects begin.

    Of one array these are the lines of its objects, none where two begin on one line.
    """
    try:
        return _decoded(text)
    except json.JSONDecodeError as error:
        reason = f"this is no JSON: {error.msg[:1].lower()}{error.msg[1:]} (column {error.colno})."
        raise IntakeError(reason, file=name, line=error.lineno) from error
    except RecursionError as error:
        raise IntakeError("this JSON is nested too deeply to be read.", file=name) from error


def _decoded(text: str) -> tuple[list[Any], list[int]]:
    decoder = json.JSONDecoder()
    values: list[Any] = []
    lines: list[int] = []
    at = _skipped(text, 0)
    array = text[at : at + 1] == "["
    counted, line = 0, 1
    at = _skipped(text, at + 1) if array else at
    while at < len(text) and not (array and text[at] == "]"):
        line += text.count("\n", counted, at)
        counted = at
        value, at = decoder.raw_decode(text, at)
        values.append(value)
        lines.append(line)
        at = _skipped(text, at)
        if text[at : at + 1] == ",":
            at = _skipped(text, at + 1)
        elif array and text[at : at + 1] != "]":
            raise json.JSONDecodeError("Expecting ',' or ']'", text, at)
    if array and _skipped(text, at + 1) < len(text):
        raise json.JSONDecodeError("Extra data", text, at + 1)
    return ([values] if array else values), lines if len(set(lines)) == len(lines) else []


def _skipped(text: str, at: int) -> int:
    """Return the place of the first sign from `at` on that is no blank."""
    while at < len(text) and text[at] in " \t\r\n":
        at += 1
    return at


def _inside(value: Any, key: str, depth: int = 0) -> list[Found]:  # noqa: ANN401 - whatever JSON holds
    """Return the tables in a value."""
    if isinstance(value, list):
        return _of_list(value, key)
    if not isinstance(value, dict) or depth > DEEPEST or not value:
        return []
    for read in (_split, _columns, _keyed):
        if (records := read(value)) is not None:
            return [Found(key, records)]
    within = [(str(name), inner) for name, inner in value.items() if name != "schema"]  # pandas' `table`
    return [one for name, inner in within for one in _inside(inner, name, depth + 1) if one.records]


def _of_list(value: Sequence[Any], key: str) -> list[Found]:
    if value and all(isinstance(one, dict) for one in value):
        return [Found(key, [flat(one) for one in value])]
    if len(value) > 1 and all(isinstance(one, list) for one in value):
        names = value[0]
        if all(isinstance(name, str) for name in names) and len(set(names)) == len(names) > 1:
            return [Found(key, [dict(zip(names, row, strict=False)) for row in value[1:]])]
    return []


def _split(value: Mapping[str, Any]) -> list[dict[str, Any]] | None:
    """Return the records of pandas' `split`: names apart from rows."""
    names, rows = value.get("columns", value.get("header")), value.get("data", value.get("rows"))
    if (
        not isinstance(names, list)
        or not isinstance(rows, list)
        or not all(isinstance(r, list) for r in rows)
    ):
        return None
    names = [name.get("name") if isinstance(name, dict) else name for name in names]
    return [dict(zip(map(str, names), row, strict=False)) for row in rows]


def _columns(value: Mapping[str, Any]) -> list[dict[str, Any]] | None:
    """Return the records of an object of columns: each a list of cells, or an object of cells by row."""
    cells = list(value.values())
    if len(cells) > 1 and all(isinstance(column, list) for column in cells):
        scalar = not any(isinstance(cell, dict) for column in cells for cell in column)
        if scalar and len({len(column) for column in cells}) == 1 and _known(value):
            return [dict(zip(value, row, strict=True)) for row in zip(*cells, strict=True)]
    if len(cells) > 1 and all(isinstance(column, dict) for column in cells) and _known(value):
        rows = dict.fromkeys(key for column in cells for key in column)
        return [{name: column.get(row) for name, column in value.items()} for row in rows]
    return None


def _keyed(value: Mapping[str, Any]) -> list[dict[str, Any]] | None:
    """Return the records of an object of objects by their number or id, which is kept as `id`."""
    records = list(value.values())
    if not all(isinstance(record, dict) and record for record in records) or _known(value):
        return None
    names = {name for record in records for name in record}
    alike = all(len(names & set(record)) * 2 >= len(names) for record in records)
    if not alike or not any(plain(name) in KNOWN_NAMES for name in names):
        return None
    if all(isinstance(inner, dict | list) for record in records for inner in record.values()):
        return None  # objects around tables
    numbered = list(value) == [str(number) for number in range(len(value))]
    told = numbered or bool({"id", "ID", "Id"} & names)
    return [flat(record) if told else {"id": key, **flat(record)} for key, record in value.items()]


def _known(value: Mapping[str, Any]) -> bool:
    return any(plain(name) in KNOWN_NAMES for name in value) and not all(
        table_of_name(name) and not isinstance(inner, dict) for name, inner in value.items()
    )


def flat(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record with the objects in it taken apart, their names joined by a dot."""
    for wrapper in WRAPPERS:
        if isinstance(record.get(wrapper), dict):
            record = record[wrapper]
    found: dict[str, Any] = {}
    for name, value in record.items():
        if isinstance(value, dict) and value and not next(iter(value)).startswith("$"):
            found |= {f"{name}.{inner}": cell for inner, cell in value.items()}
        else:
            found[name] = value
    return found


def _as_lines(file: TextFile, table: Found, *, alone: bool) -> TextFile:
    """Return a table as a file of JSON lines, each record on the line where it began if that is known."""
    content = BytesIO()
    written = 0
    for number, record in enumerate(table.records, start=1):
        line = table.lines[number - 1] if table.lines else number
        content.write(b"\n" * (line - 1 - written))
        content.write(_dumped(record) + b"\n")
        written = line
    held = content.getvalue()
    told = alone and not (table.key and table_of_name(table.key))
    return TextFile(
        file.name if alone else f"{file.name}/{table.key}",
        file.stem if told else table.key.lower(),
        ".jsonl",
        lambda: BytesIO(held),
        len(held),
        None,
        UTF8,
    )


def _dumped(record: Mapping[str, Any]) -> bytes:
    try:
        return json.dumps(record, ensure_ascii=False).encode()
    except UnicodeEncodeError:  # half a surrogate pair: told when its line is read
        return json.dumps(record).encode()
