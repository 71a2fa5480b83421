from pathlib import Path

from tests.cli.conftest import Desk, done, run


def test_a_backup_comes_back_with_its_runs(desk: Desk, tmp_path: Path) -> None:
    packed = done("backup", tmp_path / "kept.zip", "--store", desk.store)
    assert packed["runs"] >= 1
    place = tmp_path / "other" / "finrec.duckdb"
    assert done("restore", tmp_path / "kept.zip", "--store", place)["runs"] == packed["runs"]
    before, after = (done("runs", "--store", store)["runs"] for store in (desk.store, place))
    assert before == after
    client = done("recommend", "--all-clients", "-k", 1, "--store", place, "--output", tmp_path / "a.csv")
    assert client


def test_a_store_that_is_there_stays_unless_told(desk: Desk, tmp_path: Path) -> None:
    done("backup", tmp_path / "kept.zip", "--store", desk.store)
    ended = run("restore", tmp_path / "kept.zip", "--store", desk.store)
    assert ended.code == 2
    assert "--yes" in ended.err


def test_a_backup_is_a_zip(desk: Desk, tmp_path: Path) -> None:
    ended = run("backup", tmp_path / "kept.tar", "--store", desk.store)
    assert (ended.code, ended.err.strip().endswith("ends in .zip.")) == (2, True)
