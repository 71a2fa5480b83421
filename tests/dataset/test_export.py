"""What is written is read again the same; rows that come in blocks are one file, whole or not at all."""

import gzip
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from finrec_core.dataset import TABLES, Dataset, DatasetError, write_csv
from finrec_core.dataset.export import csv_report, streamed
from finrec_core.dataset.schema import TIME
from finrec_core.intake import Source, find_sources, read_files
from finrec_core.intake.scale import LONGEST, YEARS
from tests.dataset.identifiers import ids
from tests.dataset.tables import dataset, table

ROWS = pa.table({"product": ["p1", "=1+1"], "score": [0.5, -0.25]})


@pytest.mark.parametrize("ending", [".csv", ".parquet"])
def test_rows_that_come_in_blocks_are_one_file(tmp_path: Path, ending: str) -> None:
    file = tmp_path / f"list{ending}"
    with streamed(file, ROWS.schema) as append:
        append(ROWS)
        append(ROWS.slice(1))
        assert not file.exists()
    whole = pa.concat_tables([ROWS, ROWS.slice(1)])
    if ending == ".csv":
        assert file.read_bytes() == csv_report(whole)
        assert "'=1+1" in file.read_text("utf-8-sig")
    else:
        assert pq.read_table(file).equals(whole)
    assert [path.name for path in tmp_path.iterdir()] == [file.name]


def test_what_fails_halfway_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("what was there")

    def write() -> None:
        with streamed(file, ROWS.schema) as append:
            append(ROWS)
            raise OSError(28, "full")

    with pytest.raises(OSError, match="full"):
        write()
    assert file.read_text() == "what was there"
    assert [path.name for path in tmp_path.iterdir()] == ["list.csv"]


def test_another_ending_or_place_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"rows are written as \.csv or \.parquet"):
        streamed(tmp_path / "list.json", ROWS.schema).__enter__()
    with pytest.raises(FileNotFoundError):
        streamed(tmp_path / "nowhere" / "list.csv", ROWS.schema).__enter__()


# What a file leaves open and who wrote it knows, by the kind of the question.
TRUTH = {"amounts": "pieces", "codes": "a rating"}


def read_as_meant(files):
    """Read files, answering what is asked as their writer would."""
    found = read_files(files, rating_limit=None)
    told = {one.id: TRUTH[one.kind] for one in found.questions if one.kind in TRUTH}
    told = {
        one.id: dict.fromkeys(one.values, told[one.id]) if one.values else told[one.id]
        for one in found.questions
        if one.id in told
    }
    return read_files(files, rating_limit=None, answers=told) if told else found


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=12)
SHORT = TEXT.map(lambda text: pa.compute.utf8_trim_whitespace(text).as_py()).filter(bool)
LONG = TEXT.filter(lambda text: pa.compute.utf8_trim_whitespace(text).as_py() != "")


def cells(column):
    if column.values:
        return st.sampled_from(column.values)
    if pa.types.is_string(column.type):
        return LONG if column.name in ("review", "description") else SHORT
    if pa.types.is_boolean(column.type):
        return st.booleans()
    if column.type == TIME:
        return st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29)).map(
            lambda time: time.replace(tzinfo=UTC)
        )
    if pa.types.is_date(column.type):
        return st.dates(date(1, 1, 3))
    if pa.types.is_integer(column.type):
        return st.integers(int(column.low), int(column.high))
    # A horizon of more years is asked about, and so is an amount of 0.
    high = LONGEST if column.name in YEARS else column.high
    numbers = st.floats(column.low, high, allow_nan=False, allow_infinity=False)
    return numbers.filter(bool) if column.name == "amount" else numbers


def signed(row):
    """Return a row whose amount has the sign of its action, as every dataset that was read has it."""
    sign = {"takes": 1, "gives_up": -1}.get(row.get("action"))
    amount = row.get("amount")
    return row if sign is None or amount is None else row | {"amount": sign * abs(amount)}


@st.composite
def datasets(draw):
    clients = draw(ids(SHORT))
    products = draw(ids(SHORT))
    every_pair = [(client, product) for client in clients for product in products]
    every_tie = [(one, other) for one in clients for other in clients if one != other]
    keys = {
        "interactions": draw(st.lists(st.sampled_from(every_pair), min_size=1, unique=True)),
        "products": [(product,) for product in products],
        "clients": [(client,) for client in clients],
        "ties": draw(st.lists(st.sampled_from(every_tie), unique=True)) if every_tie else [],
    }
    parts = {}
    for name, columns in TABLES.items():
        required = [column.name for column in columns if column.required]
        optional = {column.name: st.none() | cells(column) for column in columns if not column.required}
        rows = [
            dict(zip(required, key, strict=True)) | draw(st.fixed_dictionaries(optional))
            for key in keys[name]
        ]
        parts[name] = table(name, [signed(row) for row in rows])
    return Dataset(**parts)


def dressed(folder, dress):
    """Return the files of a folder as they may be handed over."""
    if dress == "zip":
        archive = folder / "bank.zip"
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as out:
            for file in sorted(folder.glob("*.csv")):
                out.write(file, f"bank/{file.name}")
        return [Source("bank.zip", archive)]
    sources = find_sources([folder])
    if dress == "gz":
        return [Source(f"{one.name}.gz", gzip.compress(one.content.read_bytes())) for one in sources]
    if dress == "utf-16":
        texts = ((one.name, one.content.read_bytes().decode()) for one in sources)
        return [Source(name, text.encode("utf-16")) for name, text in texts]
    return sources


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(datasets(), st.sampled_from(["plain", "gz", "zip", "utf-16"]))
def test_any_dataset_written_and_read_is_the_same(tmp_path_factory, one, dress):
    folder = tmp_path_factory.mktemp("written")
    write_csv(one, folder)
    found = read_as_meant(dressed(folder, dress))
    assert found.rows_read == found.rows_clean == sum(len(getattr(one, name)) for name in TABLES)
    for name in TABLES:
        assert getattr(found.dataset, name).equals(getattr(one, name))
    assert found.dataset.content_hash == one.content_hash


@pytest.mark.parametrize("dress", ["plain", "gz", "utf-16"])
def test_a_text_that_looks_like_an_escape_of_iso_2022_jp_is_read_again(tmp_path, dress):
    one = dataset([("c1", "p1", 1, 4.0, "Ctrl \x1b$B here")])
    write_csv(one, tmp_path)
    found = read_files(dressed(tmp_path, dress), rating_limit=None)
    assert found.dataset.interactions["review"].to_pylist() == ["Ctrl \x1b$B here"]


def test_the_files_hold_what_there_is_and_nothing_else(tmp_path):
    one = dataset(
        [("c1", "p1", 1, 4.0, 'a "b",\nc'), ("c1", "p2", None, 0.1, None)],
        products=[
            {"product_id": "p1", "available": True, "risk_class": 3},
            {"product_id": "p2", "available": False},
        ],
    )
    write_csv(one, tmp_path / "new")
    assert {path.name: path.read_bytes().decode() for path in (tmp_path / "new").iterdir()} == {
        "interactions.csv": (
            "client_id,product_id,timestamp,rating,review\n"
            'c1,p1,2024-01-01T00:00:00Z,4,"a ""b"",\nc"\n'
            "c1,p2,,0.1,\n"
        ),
        "products.csv": "product_id,risk_class,available\np1,3,true\np2,,false\n",
        "clients.csv": "client_id\nc1\n",
        "ties.csv": "client_id,other_client_id\n",
    }


def test_a_zero_character_cannot_be_written(tmp_path):
    with pytest.raises(DatasetError, match="interactions: a review holds a zero character"):
        write_csv(dataset([("c1", "p1", 1, 4.0, "a\0b")]), tmp_path)
