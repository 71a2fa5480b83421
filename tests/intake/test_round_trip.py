"""A dataset written as any container holds the same after it is read."""

import bz2
import csv
import gzip
import io
import json
import lzma
import sqlite3
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import feather

from finrec_core.dataset import TABLES, Dataset, write_csv
from finrec_core.demo.bank import demo_bank
from finrec_core.intake import Source, find_sources, read_files
from tests.dataset import tables
from tests.dataset.identifiers import ids
from tests.dataset.specimen import SHORT, datasets, read_as_meant
from tests.intake.workbooks import tables_of, xlsx


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """Return a small bank as its own CSV files are read."""
    folder = tmp_path_factory.mktemp("bank")
    write_csv(demo_bank(40, 20, 5).dataset, folder)
    found = read_files(find_sources([folder])).dataset
    assert found is not None
    return found


def held(*sources: Source) -> str:
    found = read_files(sources)
    assert found.rows_rejected == 0, found.rejects.to_pylist()[:3]
    assert found.dataset is not None
    return found.dataset.content_hash


def as_xlsx(bank: Dataset, _: Path) -> list[Source]:
    return [Source("book.xlsx", xlsx({name.title(): rows for name, rows in tables_of(bank).items()}))]


def as_xlsx_in_a_zip(bank: Dataset, folder: Path) -> list[Source]:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("deep/book.xlsx", as_xlsx(bank, folder)[0].content)
    return [Source("bank.zip", out.getvalue())]


def as_parquet(bank: Dataset, _: Path) -> list[Source]:
    found = []
    for table in TABLES:
        out = pa.BufferOutputStream()
        pq.write_table(getattr(bank, table), out)
        found.append(Source(f"{table}.parquet", out.getvalue().to_pybytes()))
    return found


def as_pandas_parquet(bank: Dataset, folder: Path) -> list[Source]:
    for table in TABLES:  # pandas makes floats of whole numbers beside empty cells, times in nanoseconds
        getattr(bank, table).to_pandas().to_parquet(folder / f"{table}.parquet")
    return find_sources([folder])


def as_feather(bank: Dataset, folder: Path) -> list[Source]:
    for table in TABLES:
        feather.write_feather(getattr(bank, table), str(folder / f"{table}.feather"))
    return find_sources([folder])


def as_stream(bank: Dataset, folder: Path) -> list[Source]:
    for table in TABLES:
        whole = getattr(bank, table)
        with pa.ipc.new_stream(str(folder / f"{table}.arrow"), whole.schema) as writer:
            writer.write_table(whole, max_chunksize=7)
    return find_sources([folder])


def as_sqlite(bank: Dataset, folder: Path) -> list[Source]:
    with closing(sqlite3.connect(folder / "bank.sqlite")) as database:
        for table, (names, *rows) in tables_of(bank).items():
            database.execute(f"CREATE TABLE {table} ({', '.join(names)})")
            texts = [
                [cell if isinstance(cell, int | float | None) else str(cell) for cell in row] for row in rows
            ]
            database.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(names))})", texts)
        database.commit()
    return find_sources([folder])


def as_duckdb(bank: Dataset, folder: Path) -> list[Source]:
    with duckdb.connect(folder / "bank.duckdb") as database:
        for table in TABLES:
            database.register("rows", getattr(bank, table))
            database.execute(f"CREATE TABLE {table} AS FROM rows")
    return find_sources([f"duckdb://{folder}/bank.duckdb"])


def packed(ending: str, pack: object) -> object:
    def written(bank: Dataset, folder: Path) -> list[Source]:
        write_csv(bank, folder)
        files = find_sources([folder])
        return [Source(file.name + ending, pack(file.content.read_bytes())) for file in files]

    return written


WAYS = {
    "xlsx": as_xlsx,
    "xlsx in a zip": as_xlsx_in_a_zip,
    "parquet": as_parquet,
    "parquet of pandas": as_pandas_parquet,
    "feather": as_feather,
    "arrow stream": as_stream,
    "sqlite": as_sqlite,
    "duckdb": as_duckdb,
    "gz": packed(".gz", gzip.compress),
    "xz": packed(".xz", lzma.compress),
    "bz2": packed(".bz2", bz2.compress),
    "zst": packed(".zst", lambda raw: pa.compress(raw, "zstd", asbytes=True)),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_bank_is_the_same_in_any_container(way: str, bank: Dataset, tmp_path: Path) -> None:
    assert held(*WAYS[way](bank, tmp_path)) == bank.content_hash


def test_a_container_that_is_packed_as_a_whole_is_opened(bank: Dataset, tmp_path: Path) -> None:
    (book,) = as_xlsx(bank, tmp_path)
    assert held(Source("book.xlsx.zst", pa.compress(book.content, "zstd", asbytes=True))) == bank.content_hash
    (file,) = as_sqlite(bank, tmp_path)
    assert held(Source("bank.db.xz", lzma.compress(file.content.read_bytes()))) == bank.content_hash


def records(one: Dataset, table: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of a table as JSON has them, without what they do not say."""
    names, *rows = tables_of(one)[table]
    for row in rows:
        cells = {
            name: str(cell) if isinstance(cell, date) else cell for name, cell in zip(names, row, strict=True)
        }
        yield {name: cell for name, cell in cells.items() if cell is not None}


def json_array(one: Dataset) -> list[Source]:
    return [Source(f"{table}.json", json.dumps(list(records(one, table))).encode()) for table in TABLES]


def json_lines(one: Dataset) -> list[Source]:
    lines = {table: "\n".join(map(json.dumps, records(one, table))) for table in TABLES}
    return [Source(f"{table}.jsonl", text.encode()) for table, text in lines.items()]


def as_a_cell(value: Any) -> Any:
    """Return a value as a workbook can hold it: numbers of 16 digits, times of the years from 1900 on by the
    millisecond; what is finer or further is written as text."""
    if isinstance(value, datetime):
        fits = value.year >= 1901 and value.microsecond % 1000 == 0
        return value if fits else value.isoformat()
    if isinstance(value, date):
        return value if value.year >= 1901 else value.isoformat()
    if isinstance(value, float):
        return value if float(f"{value:.16G}") == value else repr(value)
    return value


def workbook(one: Dataset) -> list[Source]:
    sheets = {
        name: [[as_a_cell(cell) for cell in row] for row in rows] for name, rows in tables_of(one).items()
    }
    return [Source("book.xlsx", xlsx(sheets))]


def parquet(one: Dataset) -> list[Source]:
    return as_parquet(one, Path())


FORMS: dict[str, Callable[[Dataset], list[Source]]] = {
    "json array": json_array,
    "json lines": json_lines,
    "parquet": parquet,
    "xlsx": workbook,
}


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(one=datasets())
def test_any_dataset_is_the_same_in_any_form(form: str, one: Dataset) -> None:
    found = read_as_meant(FORMS[form](one))
    assert found.rows_read == found.rows_clean == sum(len(getattr(one, name)) for name in TABLES)
    assert found.dataset is not None
    for name in TABLES:
        assert getattr(found.dataset, name).equals(getattr(one, name))
    assert found.dataset.content_hash == one.content_hash


# A matrix holds who has how much of what at which time: no rating, no text, no time between snapshots, and
# no name of a product with a line's end or two blanks in a row, since these stand in the header.
HEADED = SHORT.filter(lambda name: " ".join(name.split()) == name)
MOMENTS = [datetime(2024, month, 1, tzinfo=UTC) for month in (1, 2, 3)]


@st.composite
def matrices(draw: st.DrawFn) -> tuple[dict[tuple[str, datetime | None], list[int]], list[str]]:
    """How much of each product a client has, by client and time, and the products."""
    products = draw(ids(HEADED, 5, 7))
    times: list[datetime | None] = [*draw(st.sampled_from([[], MOMENTS[:1], MOMENTS]))] or [None]
    level = draw(st.sampled_from([st.integers(0, 1), st.integers(0, 3) | st.just(10**9)]))
    levels = st.lists(level, min_size=len(products), max_size=len(products))
    cells = {(client, time): draw(levels) for client in draw(ids(SHORT, 2, 4)) for time in times}
    return cells, products


def as_matrix(cells: dict[tuple[str, datetime | None], list[int]], products: list[str]) -> Source:
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(["client_id", "timestamp", *products])
    writer.writerows([client, time and time.isoformat(), *levels] for (client, time), levels in cells.items())
    return Source("held.csv", out.getvalue().encode("utf-8-sig"))


def meant(cells: dict[tuple[str, datetime | None], list[int]], products: list[str]) -> Dataset:
    """Return the dataset of a matrix, worked out cell by cell."""
    several = len({time for _, time in cells}) > 1
    counted = any(level > 1 for levels in cells.values() for level in levels)
    rows = []
    for place, product in enumerate(products):
        held: dict[str, int] = {}
        for (client, time), levels in cells.items():
            change = levels[place] - held.get(client, 0)
            held[client] = levels[place]
            if change:
                action = ("takes" if change > 0 else "gives_up") if several else None
                rows.append((client, product, time, action, float(change) if counted else None))
        if not any(levels[place] for levels in cells.values()):  # then one event that does neither
            client, time = min(cells, key=lambda key: (key[0], str(key[1])))
            rows.append((client, product, time, "neither", 0.0 if counted else None))
    names = ("client_id", "product_id", "timestamp", "action", "amount")
    last = dict(cells.keys())
    return Dataset(
        interactions=tables.table("interactions", [dict(zip(names, row, strict=True)) for row in rows]),
        products=tables.table("products", [{"product_id": product} for product in products]),
        clients=tables.table(
            "clients",
            [{"client_id": one, "profile_date": time and time.date()} for one, time in last.items()],
        ),
        ties=tables.table("ties", []),
    )


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(matrices())
def test_any_matrix_is_what_its_cells_say(
    matrix: tuple[dict[tuple[str, datetime | None], list[int]], list[str]],
) -> None:
    cells, products = matrix
    mapping = {"held.csv:client_id": "client_id", "held.csv:timestamp": "timestamp"}
    mapping |= {f"held.csv:{product}": "held" for product in products}
    found = read_as_meant([as_matrix(cells, products)], mapping=mapping)
    assert found.rows_rejected == 0
    assert found.dataset is not None
    assert found.dataset.content_hash == meant(cells, products).content_hash


@pytest.mark.parametrize("form", FORMS)
def test_a_text_that_looks_like_an_escape_of_iso_2022_jp_is_read_again(form: str) -> None:
    one = tables.dataset([("c1", "p1", 1, 4.0, "Ctrl \x1b$B here"), ("c2", "p1", 2, 3.5, "none")])
    found = read_files(FORMS[form](one), rating_limit=None)
    assert found.dataset is not None
    assert found.dataset.content_hash == one.content_hash
