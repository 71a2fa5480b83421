"""Matrices: tables with a row for a client and a column for a product, whose cells say who has what."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from finrec_core.intake.mapping import FileMapping, propose
from finrec_core.intake.names import ALIASES, HELD, WRITTEN, plain
from finrec_core.intake.numerals import PLAIN as NUMBER
from finrec_core.intake.question import Question, Questions
from finrec_core.intake.records import Records
from finrec_core.intake.values import NO_VALUE
from finrec_core.intake.word import NO, YES

FEWEST = 5  # columns that make a matrix
SPARSE = 0.5  # share of cells without anything that columns of counts have
PRODUCT, LEFT_OUT = "product", "left out"
FLAGS, COUNTS, NUMBERS = "flags", "counts", "numbers"
ABOUT_CLIENTS = frozenset(WRITTEN["matrix"]["about_clients"].split())
SNAPSHOTS = tuple(map(plain, WRITTEN["matrix"]["snapshots"].split()))
CLIENTS = (*ALIASES["clients"]["client_id"], *map(plain, WRITTEN["matrix"]["clients"].split()))


def look_for_matrices(
    mappings: Sequence[FileMapping], samples: Sequence[Sequence[Mapping[str, str | None]]]
) -> None:
    """Have files read as matrices whose first rows look so, where no other file holds interactions."""
    if any(one.table == "interactions" and not one.missing() for one in mappings):
        return
    for mapping, rows in zip(mappings, samples, strict=True):
        client = _client(mapping, rows)
        if client is None or not mapping.header or not _may_be(mapping):
            continue
        cells = {name: [row.get(name) or "" for row in rows] for name in mapping.uses or rows[0]}
        about = {name for name in cells if name != client and mapping.said(name, "clients")}
        free = [
            name
            for name in cells
            if name not in {client, *about} and mapping.said(name, "interactions") in (None, HELD)
        ]
        kinds = {name: _kind(Counter(cell.strip() for cell in cells[name])) for name in free}
        told = [name for name in free if mapping.said(name, "interactions") == HELD]
        columns = told or _likely(kinds)
        counted = any(kinds[name] == COUNTS for name in columns)
        if not told and (len(columns) < FEWEST or (counted and 2 * len(columns) < len(cells))):
            continue
        mapping.table = "interactions"
        mapping.uses = dict.fromkeys(cells, "") | {client: "client_id"}
        if when := _time(mapping, free):
            mapping.uses[when] = "timestamp"
        mapping.uses |= dict.fromkeys(columns, HELD)
        mapping.looked_at |= {*free, *about} - {when}


def _likely(kinds: Mapping[str, str]) -> list[str]:
    """Return the columns of flags, and those of counts where these are more."""
    flags, counts = ([name for name in kinds if kinds[name] == kind] for kind in (FLAGS, COUNTS))
    return [name for name in kinds if kinds[name] in (FLAGS, COUNTS)] if len(counts) >= len(flags) else flags


def _may_be(mapping: FileMapping) -> bool:
    """Whether a file is not plainly one of products, which may have flags too."""
    if mapping.told_table is not None:
        return mapping.told_table == "interactions"
    if "client_id" in (mapping.said(name, "clients") for name in mapping.examples):
        return True
    uses = propose("products", list(mapping.examples)).values()
    return mapping.table_by_name not in ("products", "ties") and not {
        "name",
        "category",
        "description",
    } & set(uses)


def _client(mapping: FileMapping, rows: Sequence[Mapping[str, str | None]]) -> str | None:
    """Return the column that names the client: as the analyst says, else by its name."""
    if not rows:
        return None
    said = [name for name in mapping.examples if mapping.said(name, "clients") == "client_id"]
    named = [name for known in CLIENTS for name in mapping.examples if plain(name) == known]
    first = next(iter(mapping.examples), None)
    unnamed = (
        [first]
        if first is not None and (not first.strip() or first.startswith(("Unnamed", "column 1")))
        else []
    )
    return next(iter([*said, *named, *unnamed]), None)


def _time(mapping: FileMapping, free: Collection[str]) -> str | None:
    said = [name for name in mapping.examples if mapping.said(name, "interactions") == "timestamp"]
    known = (*SNAPSHOTS, *ALIASES["interactions"]["timestamp"])
    named = [name for alias in known for name in free if plain(name) == alias]
    return next(iter([*said, *named]), None)


def _kind(cells: Mapping[str, int]) -> str:
    """Return whether the cells of a column are flags, counts that are mostly nothing, or other numbers."""
    words = {cell.casefold() for cell in cells if cell.casefold() not in NO_VALUE} - {""}
    if words <= YES | NO and (not words & {"t", "f"} or words == {"t", "f"}):
        return FLAGS
    if not all(NUMBER.fullmatch(word) and float(word) >= 0 for word in words):
        return ""
    nothing = sum(count for cell, count in cells.items() if cell not in words or float(cell) == 0)
    return COUNTS if nothing >= SPARSE * sum(cells.values()) else NUMBERS


@dataclass(frozen=True, repr=False, eq=False)
class Matrix:
    """The records of a file taken apart: its products, the profiles beside them, the cells of both.

    `clients` are records of clients with the columns that a dataset has, and the client alone where it has
    none; `rows` records of interactions, a row a client, without a product; `cells` a column for each product
    and the column `line`.
    """

    rows: Records
    clients: Records
    cells: pa.Table
    products: tuple[str, ...]


def taken_apart(records: Records, mapping: FileMapping, questions: Questions) -> Matrix:
    """Return a file's matrix, asking which of its columns are products.

    Proposed are those that hold nothing but 0 and 1, or else counts that are mostly 0, and are not about the
    client. Without an answer for it, a column is left out.
    """
    cells = {
        name: records.cells[f"?{name}"] for name in mapping.uses if f"?{name}" in records.cells.column_names
    }
    about = {name: use for name in cells if (use := mapping.said(name, "clients")) and use != "client_id"}
    found = {name: _counts(column) for name, column in cells.items() if name not in about}
    kinds = {name: _kind(counts) for name, counts in found.items()}
    told = {name for name in cells if mapping.told(name) == HELD}
    sparse = _likely(kinds)
    counted = any(kinds[name] == COUNTS for name in sparse)
    values = sorted({*told, *(name for name in kinds if kinds[name] and (kinds[name] != NUMBERS or counted))})
    likely = told or _products(sparse)
    proposal = {name: PRODUCT if name in likely else LEFT_OUT for name in values}
    example = next((name for name, use in proposal.items() if use == PRODUCT), "")
    held = sum(count for cell, count in found.get(example, {}).items() if _is_held(cell))
    rows = records.cells.num_rows
    sentence = (
        f"{records.file} seems to have a row for each client and a column for each product: {len(values):,} "
        f'columns hold little but 0 and 1, as "{example}", which {held:,} of {rows:,} rows have. Which of '
        "them are products?"
    )
    question = Question("matrix", records.file, "", sentence, (PRODUCT, LEFT_OUT), proposal, tuple(values))
    answer = questions.ask(question)
    chosen = answer if isinstance(answer, Mapping) else {}
    products = tuple(name for name in values if chosen.get(name) == PRODUCT)
    profile = propose("clients", [name for name in found if name not in products])
    taken = {"client_id", "friends", *about.values()}
    profile = about | {name: use for name, use in profile.items() if use not in taken}
    mapping.uses |= {name: HELD if name in products else profile.get(name, "") for name in cells}
    mapping.looked_at.clear()
    return _matrix(records, cells, products, profile)


def _matrix(
    records: Records,
    cells: Mapping[str, pa.ChunkedArray],
    products: tuple[str, ...],
    profile: Mapping[str, str],
) -> Matrix:
    line, client = records.cells["line"], records.cells["client_id"]
    names = {key: records.names[key] for key in ("client_id", "timestamp") if key in records.names}
    rows = {"line": line, **{key: records.cells[key] for key in names}}
    rows["product_id"] = pa.chunked_array([pa.array(["-"], pa.string()).take(pa.array([0] * len(line)))])
    about = {"line": line, "client_id": client, **{use: cells[name] for name, use in profile.items()}}
    about_names = {"client_id": names["client_id"], **{use: name for name, use in profile.items()}}
    if "timestamp" in names and "profile_date" not in about:
        about["profile_date"], about_names["profile_date"] = records.cells["timestamp"], names["timestamp"]
    return Matrix(
        Records(
            records.file,
            "interactions",
            pa.table(rows),
            names | {"product_id": "the name of a column"},
            records.rows_read,
        ),
        Records(records.file, "clients", pa.table(about), about_names, 0),
        pa.table({"line": line, **{f"={name}": cells[name] for name in products}}),
        products,
    )


def _counts(column: pa.ChunkedArray) -> dict[str, int]:
    words = pc.fill_null(pc.utf8_trim_whitespace(column), "")
    return {one["values"]: one["counts"] for one in pc.value_counts(words).to_pylist()}


def _is_held(cell: str) -> bool:
    return cell.casefold() not in NO | NO_VALUE | {""} and not (NUMBER.fullmatch(cell) and float(cell) == 0)


def _products(names: Iterable[str]) -> set[str]:
    """Return those columns that are products, as it seems: not about the client, and called alike."""
    names = [name for name in names if plain(name) not in ABOUT_CLIENTS]
    for end in (-1, 0):
        words = {
            name: name.casefold().replace(" ", "_").split("_")[end]
            for name in names
            if "_" in name or " " in name
        }
        most = Counter(words.values()).most_common(1)
        if most and FEWEST <= most[0][1] < len(names) and 2 * most[0][1] > len(names):
            return {name for name, word in words.items() if word == most[0][0]}
    return set(names)
