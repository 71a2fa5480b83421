"""What is written is read again the same; rows that come in blocks are one file, whole or not at all."""

import gzip
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from finrec_core.dataset import TABLES, DatasetError, write_csv
from finrec_core.dataset.export import csv_report, streamed
from finrec_core.intake import Source, find_sources, read_files
from tests.dataset.specimen import datasets, read_as_meant
from tests.dataset.tables import dataset

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


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
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
