"""Lists in a cell: several ids where one belongs, taken apart into a row each."""

import ast
import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from finrec_core.dataset.report import quoted
from finrec_core.intake.question import Question, Questions
from finrec_core.intake.records import Records

SPLIT, WHOLE = "split", "one id"
COLUMNS = {"interactions": ("client_id", "product_id"), "ties": ("client_id", "other_client_id")}
BRACKETED = r"^\s*(?:(?:array|set|frozenset|list|Index)\()?\s*[\[({].*[\])}]\s*\)?\s*$"
SIGNS = (";", "|", ",", "/", "+", "\n", " ")  # what parts the ids of a list that has no brackets
USUAL = (";", "|", ",")  # those that an id seldom has
LONGEST = 1 << 20  # characters of a list that is taken apart
WRAPPED = re.compile(r"(?:array|set|frozenset|list|Index)\((.*?)(?:,\s*dtype=.*)?\)", re.DOTALL)
TOKEN = re.compile(
    r"""\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|([^,'"\s\[\](){}][^,'"\[\](){}]*))\s*(?:,|(?=\s|$|'|"))"""
)


def take_apart(records: Records, questions: Questions, notices: list[str]) -> Records:
    """Return records with a row for each id of a list; the other cells of its row stand in each.

    A list in brackets, as Python, JSON, numpy or Postgres write it, is taken apart with a notice, an empty
    one is an empty cell, and other cells of its row that hold as many values go along one by one. Ids that
    a sign parts are asked about where they look like lists.
    """
    for column in COLUMNS.get(records.table, ()):
        if column in records.names:
            records = _bracketed(records, column, notices)
            records = _delimited(records, column, questions, notices)
    return records


def _bracketed(records: Records, column: str, notices: list[str]) -> Records:
    coded = records.cells[column].combine_chunks().dictionary_encode()
    texts: list[str] = coded.dictionary.to_pylist()
    maybe = pc.match_substring_regex(coded.dictionary, BRACKETED.replace(".*", "(?s:.*)"))
    bracketed = np.flatnonzero(maybe.to_numpy(zero_copy_only=False)).tolist()
    lists = {code: found for code in bracketed if (found := parsed(texts[code])) is not None}
    if lists and all(len(found) == 1 and not set(texts[code]) & set("'\"") for code, found in lists.items()):
        return records  # one word in brackets, as ids are written too
    refused = [code for code in bracketed if code not in lists and texts[code].strip()[0] in "[{"]
    if refused:
        records, coded = _without(records, column, coded, refused)
    if not lists:
        return records
    rows = _rows_of(coded, lists)
    example = " ".join(texts[next(iter(lists))].split())
    empty = sum(not found for found in lists.values())
    where = f"on line {records.cells['line'][rows[0]].as_py()}"
    notices.append(
        f'{records.file}: "{records.names[column]}" holds a list in {len(rows):,} rows, such as '
        f'"{quoted(example)}" {where}; each of its ids is read as a row of its own'
        f"{', and an empty list as an empty cell' if empty else ''}."
    )
    return _exploded(records, column, coded, lists, rows, beside=True)


def _without(
    records: Records, column: str, coded: pa.DictionaryArray, refused: Sequence[int]
) -> tuple[Records, pa.DictionaryArray]:
    """Return records without the rows whose list cannot be taken apart, which are broken."""
    mask = np.isin(pc.fill_null(coded.indices, -1).to_numpy(), refused)
    lost = records.cells.filter(pa.array(mask))
    label = column.removesuffix("_id").replace("_", " ").capitalize()
    reason = f"{label} holds a list that cannot be taken apart"
    pairs = zip(lost["line"].to_pylist(), lost[column].to_pylist(), strict=True)
    broken = [*records.broken, *((line, text, reason) for line, text in pairs)]
    kept = pa.array(~mask)
    return replace(records, cells=records.cells.filter(kept), broken=broken), coded.filter(kept)


def _delimited(records: Records, column: str, questions: Questions, notices: list[str]) -> Records:
    coded = records.cells[column].combine_chunks().dictionary_encode()
    for sign in SIGNS:
        with_sign = pc.match_substring(coded.dictionary, sign)
        codes = np.flatnonzero(with_sign.to_numpy(zero_copy_only=False)).tolist()
        if not codes:
            continue
        texts: list[str] = coded.dictionary.to_pylist()
        lists = {code: parts for code in codes if len(parts := _parts(texts[code], sign)) > 1}
        alone = {text.strip() for code, text in enumerate(texts) if code not in lists}
        proposal = _proposal(list(lists.values()), alone, sign)
        if proposal is None:
            continue
        rows = _rows_of(coded, lists)
        example = quoted(" ".join(texts[next(iter(lists))].split()))
        name = records.names[column]
        shown = {"\n": "line ends", " ": "blanks"}.get(sign, f'"{sign}"')
        sentence = (
            f'{records.file}: "{name}" holds {len(rows):,} cells such as "{example}" (line '
            f"{records.cells['line'][rows[0]].as_py()}): is each a list of ids parted by {shown}, or one id?"
        )
        answer = questions.ask(Question("lists", records.file, name, sentence, (SPLIT, WHOLE), proposal))
        if answer == SPLIT:
            notices.append(
                f'{records.file}: "{name}" is taken apart at {shown} in {len(rows):,} rows, such as '
                f'"{example}".'
            )
            return _exploded(records, column, coded, lists, rows, beside=False)
        return records
    return records


def _parts(text: str, sign: str) -> list[str]:
    return [part.strip() for part in text.split(sign) if part.strip()]


def _proposal(lists: Sequence[Sequence[str]], alone: set[str], sign: str) -> str | None:
    """Return what is proposed for cells that a sign parts, None where nothing speaks for lists.

    Parts that stand alone elsewhere, or that come again in other lists of another length, are ids; an id
    made of parts, as `CH|123`, has as many everywhere.
    """
    if not lists:
        return None
    parts = Counter(chain.from_iterable(lists))
    joined = sum(all(part in alone for part in one) for one in lists)
    if 2 * joined >= len(lists):
        return SPLIT
    if sign == " ":
        return None  # words of a name stand so too
    lengths = {len(one) for one in lists}
    wordy = sum(" " in part for part in parts) > len(parts) / 10
    if len(lists) <= len(alone) or wordy:
        return None
    repeated = sum(count for count in parts.values() if count > 1)
    if len(lengths) > 1 and 2 * repeated >= sum(parts.values()):
        return SPLIT
    return WHOLE if sign in USUAL and len(lengths) > 1 else None


def parsed(text: str) -> list[str] | None:
    """Return the ids of a list in brackets as Python, JSON, numpy or Postgres write it, None for none.

    >>> parsed("['F09', 'F08']"), parsed('["a"]'), parsed("{F1,F2}"), parsed("['a' 'b']"), parsed("[]")
    (['F09', 'F08'], ['a'], ['F1', 'F2'], ['a', 'b'], [])
    """
    text = text.strip()
    if len(text) > LONGEST:
        return None
    if wrapped := WRAPPED.fullmatch(text):
        text = wrapped[1].strip()
    if len(text) < 2 or text[0] + text[-1] not in ("[]", "()", "{}"):
        return None
    inside = text[1:-1].strip()
    if not inside:
        return []
    if text[0] == "(" and "," not in inside and inside[0] not in "'\"":
        return None  # brackets around one id, as in "(A)"
    for read in (_as_json, _as_literal):
        if (found := read(text)) is not None:
            return found
    return _as_tokens(inside)


def _as_json(text: str) -> list[str] | None:
    try:
        return _flat(json.loads(text, parse_float=str, parse_int=str))
    except (ValueError, RecursionError):
        return None


def _as_literal(text: str) -> list[str] | None:
    if re.search(r"['\"]\s+['\"]", text):
        return None  # numpy's, which Python would join
    try:
        return _flat(ast.literal_eval(text))
    except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
        return None


def _flat(found: Any) -> list[str] | None:  # noqa: ANN401 - whatever a cell holds
    """Return the texts of a list of texts and numbers, None for anything else."""
    if not isinstance(found, list | tuple | set):
        return None
    values = sorted(found, key=str) if isinstance(found, set) else _inner(found)
    if not all(value is None or isinstance(value, str | int | float) for value in values):
        return None
    return [str(value).strip() for value in values if value is not None and str(value).strip()]


def _inner(found: Sequence[Any]) -> list[Any]:
    """Return what a list holds, the lists in it taken apart too."""
    return [inner for one in found for inner in (_inner(one) if isinstance(one, list | tuple) else [one])]


def _as_tokens(inside: str) -> list[str] | None:
    """Return words that commas or blanks part, quoted or not, None where something else stands between."""
    found, at = [], 0
    while at < len(inside):
        token = TOKEN.match(inside, at)
        if token is None or token.end() == at:
            return None
        found.append(next(group for group in token.groups() if group is not None).strip())
        at = token.end()
    return [one for one in found if one]


def _rows_of(coded: pa.DictionaryArray, lists: dict[int, Any]) -> np.ndarray:
    codes = pc.fill_null(coded.indices, -1).to_numpy()
    return np.flatnonzero(np.isin(codes, list(lists)))


def _exploded(
    records: Records,
    column: str,
    coded: pa.DictionaryArray,
    lists: dict[int, list[str]],
    rows: np.ndarray,
    *,
    beside: bool,
) -> Records:
    """Return records with a row for each part of the lists in `rows`."""
    codes = pc.fill_null(coded.indices, -1).to_numpy()
    counts = np.ones(len(codes), dtype=np.int64)
    counts[rows] = [max(1, len(lists[code])) for code in codes[rows].tolist()]
    places = np.repeat(np.arange(len(codes)), counts)
    cells = records.cells.combine_chunks().take(pa.array(places))
    starts = np.cumsum(counts) - counts  # the new row of each old one
    targets = np.repeat(starts[rows], counts[rows])
    targets += np.arange(len(targets)) - np.repeat(np.cumsum(counts[rows]) - counts[rows], counts[rows])
    nothing: list[str | None] = [None]
    parts = list(chain.from_iterable(lists[code] or nothing for code in codes[rows].tolist()))
    cells = _replaced(cells, column, targets, parts)
    for other in records.names:
        if beside and other != column and not other.endswith("_id"):
            written = records.cells[other].combine_chunks().take(pa.array(rows)).to_pylist()
            values: list[str | None] = []
            for text, count in zip(written, counts[rows].tolist(), strict=True):
                found = parsed(text) if text and count > 1 else None
                values += found if found is not None and len(found) == count else [text] * count
            cells = _replaced(cells, other, targets, values)
    return replace(records, cells=cells, rows_read=records.rows_read + int((counts - 1).sum()))


def _replaced(cells: pa.Table, column: str, rows: np.ndarray, values: Sequence[str | None]) -> pa.Table:
    mask = np.zeros(cells.num_rows, dtype=bool)
    mask[rows] = True
    merged = pc.replace_with_mask(
        cells[column].combine_chunks(), pa.array(mask), pa.array(values, pa.string())
    )
    return cells.set_column(cells.column_names.index(column), column, merged)
