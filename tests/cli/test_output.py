import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from finrec_core.cli.output import check_ending, write
from finrec_core.cli.terminal import CallerError

ROWS = pa.table({"product": ["p1", "=1+1"], "score": [0.5, -0.25]})


def test_the_ending_chooses_the_format(tmp_path: Path) -> None:
    for ending in (".csv", ".json", ".parquet", ".CSV"):
        write(tmp_path / f"list{ending}", ROWS, {"run": "r", "items": 2})
    assert pq.read_table(tmp_path / "list.parquet").equals(ROWS)
    assert json.loads((tmp_path / "list.json").read_text()) == {"run": "r", "items": 2}
    assert (tmp_path / "list.CSV").read_bytes() == (tmp_path / "list.csv").read_bytes()


def test_no_cell_of_a_csv_file_runs_as_a_formula(tmp_path: Path) -> None:
    write(tmp_path / "list.csv", ROWS, {})
    assert (tmp_path / "list.csv").read_text("utf-8-sig").splitlines() == [
        "product,score",
        "p1,0.5",
        "'=1+1,-0.25",
    ]


@pytest.mark.parametrize("name", ["list.xlsx", "list", "list.csv.gz"])
def test_another_ending_is_refused_with_those_there_are(name: str) -> None:
    with pytest.raises(CallerError, match=r"--output writes \.csv, \.json and \.parquet files"):
        check_ending(Path(name))


def test_a_place_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(CallerError, match=r"list\.csv: there is no folder .*nowhere to write it into\."):
        write(tmp_path / "nowhere" / "list.csv", ROWS, {})
    (tmp_path / "list.csv").mkdir()
    with pytest.raises(CallerError, match=r"list\.csv cannot be written \(Is a directory\)"):
        write(tmp_path / "list.csv", ROWS, {})
