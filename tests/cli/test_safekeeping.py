import shutil
from pathlib import Path

import pyarrow.parquet as pq

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


def test_who_was_erased_since_a_backup_is_erased_from_the_store_and_the_runs_that_come_back(
    desk: Desk, client: str, tmp_path: Path
) -> None:
    place = tmp_path / "other" / "finrec.duckdb"
    done("backup", tmp_path / "kept.zip", "--store", desk.store)
    done("restore", tmp_path / "kept.zip", "--store", place)
    done("datasets", "erase", client, "--reason", "asked", "--yes", "--store", place)
    shutil.rmtree(place.parent / "runs")  # so that the runs of the backup, which hold the client, come back
    back = run("restore", tmp_path / "kept.zip", "--yes", "--store", place)
    assert back.code == 0, back.err
    assert "1 client erased since that backup was erased again" in back.out
    assert client in ids(desk.store.parent / "runs")
    assert client not in ids(place.parent / "runs")
    assert done("datasets", "--store", place)["erasures"][0]["finished"] is not None


def ids(runs: Path) -> set[str]:
    """Return the clients in the data of all runs."""
    found = [pq.read_table(path)["client_id"].to_pylist() for path in runs.glob("*/dataset/clients.parquet")]
    assert found
    return set().union(*found)


def test_a_backup_is_a_zip(desk: Desk, tmp_path: Path) -> None:
    ended = run("backup", tmp_path / "kept.tar", "--store", desk.store)
    assert (ended.code, ended.err.strip().endswith("ends in .zip.")) == (2, True)
