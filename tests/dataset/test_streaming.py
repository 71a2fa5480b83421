"""Rows that come in blocks are one file, whole or not at all."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from finrec_core.dataset import DatasetError
from finrec_core.dataset.streaming import csv_report, streamed

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
