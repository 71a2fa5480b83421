"""Frames: a dataset from tables that a program already holds, without files."""

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from finrec_core.dataset.contract import DatasetError
from finrec_core.dataset.dataset import Dataset
from finrec_core.dataset.schema import SCHEMAS, TABLES
from finrec_core.intake.cells import cast
from finrec_core.intake.contract import check
from finrec_core.intake.handover import arrow_table
from finrec_core.intake.names import ALIASES, plain
from finrec_core.intake.sense import Sense

HOMES = (  # where an id that another table names must have a row
    ("products", (("interactions", "product_id"),)),
    (
        "clients",
        (("interactions", "client_id"), ("ties", "client_id"), ("ties", "other_client_id")),
    ),
)
MOST_NAMED = 20  # columns that an error lists


def from_frames(
    interactions: Any,  # noqa: ANN401 - whatever holds columns
    *,
    products: Any = None,  # noqa: ANN401
    clients: Any = None,  # noqa: ANN401
    ties: Any = None,  # noqa: ANN401
    name: str = "dataset",
    verb: str = "has",
    rating_limit: float | None = None,
    answers: Mapping[str, Any] | None = None,
) -> Dataset:
    """Return a dataset made of tables that a program holds.

    They may be pandas, polars or Arrow tables, a record batch or its reader, DuckDB relations, anything else
    with Arrow's C stream, mappings of columns to lists, or lists of mappings.
    Columns are those of docs/data.md, "Columns", in any order; one that is not there is empty. Whole
    numbers and UUIDs do for ids, NaN is an empty cell, and times are read as in files: one without a zone is
    in UTC, a number counts unix seconds or milliseconds. Clients and products that are only named
    get a row of their own, in the order in which they are named. No cell is repaired and no row left out for
    one that cannot be read, unlike `read_files`. But what rows mean is asked as of files (a rating of 99, an
    amount of 0, the same row twice, a product taken and given up at one moment, nearly all pairs held): what
    `answers` leave open is read as proposed, and told in a warning that names the question.

    Args:
        interactions: What clients did with products, a row for each event.
        products: Facts and texts of products, or None.
        clients: Facts of clients, or None.
        ties: Who is close to whom, or None.
        name: What the dataset is called.
        verb: What a client does with a product.
        rating_limit: Under it a rating is low; None for no limit.
        answers: What the caller says to questions, by their id; a line in one counts rows from 0.

    Returns:
        The dataset.

    Raises:
        DatasetError: Where a column is unknown or a value does not fit, in one sentence that names the row,
            counted from 0, and the column; where an answer is none, or says not to import.

    >>> from finrec_core import from_frames
    >>> from_frames({"client_id": ["ann", "ann", "bob"], "product_id": ["fund", "card", "card"]})
    Dataset('dataset': 2 clients, 2 products, 3 interactions, 0 ties)
    """
    given = {"interactions": interactions, "products": products, "clients": clients, "ties": ties}
    named = {table: _cells(table, frame) for table, frame in given.items()}
    tables = {table: _table(table, cells) for table, cells in named.items()}
    sense = Sense(answers or {})
    tables["interactions"] = sense.read(tables["interactions"], named["interactions"].schema.names)
    for home, naming in HOMES:
        key = TABLES[home][0].name
        chunks = [chunk for t, column in naming for chunk in tables[t][column].chunks]
        ids = pa.chunked_array(chunks, type=pa.string())
        unknown = pc.invert(pc.is_in(ids, value_set=tables[home][key].combine_chunks()))
        new = pa.table({key: pc.unique(ids.filter(unknown).drop_null())})
        whole = pa.concat_tables([tables[home], new], promote_options="default")
        tables[home] = whole.select(SCHEMAS[home].names)
    counted = sense.amounts_count
    dataset = Dataset(**tables, name=name, verb=verb, rating_limit=rating_limit, amounts_count=counted)
    sense.close(dataset)
    return dataset


def _cells(table: str, frame: Any) -> pa.Table:  # noqa: ANN401 - whatever holds columns
    """Return what was handed over for a table, whose columns are known."""
    if frame is None:
        return SCHEMAS[table].empty_table()
    cells = arrow_table(table, frame)
    _check_names(table, cells.schema.names)
    return cells


def _table(table: str, cells: pa.Table) -> pa.Table:
    """Return one table with all columns of its schema; those that the frame lacks hold nothing."""
    columns = [
        cast(table, column, cells[column.name])
        if column.name in cells.schema.names
        else pa.nulls(len(cells), column.type)
        for column in TABLES[table]
    ]
    made = pa.table(columns, schema=SCHEMAS[table])
    check(table, made)
    return made


def _check_names(table: str, names: Sequence[str]) -> None:
    known = SCHEMAS[table].names
    if twice := [name for place, name in enumerate(names) if name in names[:place]]:
        raise DatasetError(f"{table}: the column {twice[0]} is there twice.")
    unknown = [name for name in names if name not in known]
    missing = [column.name for column in TABLES[table] if column.required and column.name not in names]
    if not unknown and not missing:
        return
    meant: dict[str, str] = {}
    for name in unknown:
        ours = next((ours for ours, usual in ALIASES[table].items() if plain(name) in usual), "")
        if ours in known and ours not in names:
            meant.setdefault(ours, name)
    renames = " and ".join(f'"{name}" to "{ours}"' for ours, name in meant.items())
    hint = f" Rename {renames} if that is meant." if renames else ""
    found = f" Found: {', '.join(names[:MOST_NAMED])}." if names else ""
    wrong = f'there is no column "{unknown[0]}"; there are {", ".join(known)}.' if unknown else ""
    raise DatasetError(f"{table}: {wrong or f'the column {missing[0]} is missing.'}{found}{hint}")
