"""Tests of the commands about finished trainings."""

import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import Desk, done, run


@pytest.fixture(scope="module")
def two(desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    """Return a copy of the store with a second training, and the names of both runs, the active one first."""
    place = tmp_path_factory.mktemp("two")
    done("backup", place / "kept.zip", "--store", desk.store)
    done("restore", place / "kept.zip", "--store", place / "finrec.duckdb")
    store = place / "finrec.duckdb"
    first = next(row["run"] for row in done("runs", "--store", store)["runs"] if row["active"])
    second = Path(done("train", "--encoder", "tf-idf", "--seed", 5, "--store", store)["folder"]).name
    return store, first, second


def test_two_runs_are_paired_with_intervals(two: tuple[Path, str, str]) -> None:
    store, first, second = two
    found = done("runs", "compare", first, first, "--store", store)
    assert found["basis"] == "same"
    assert {one["difference"] for one in found["figures"]} == {0.0}
    assert {one["result"] for one in found["figures"]} == {"not settled"}
    found = done("runs", "compare", first, second, "--store", store, "--client", "C00001")
    assert (
        found["basis"] == "same"
    )  # times order every client's products, so another seed holds the same back
    assert all(one["ci95"][0] <= one["difference"] <= one["ci95"][1] for one in found["figures"])
    assert len(found["lists"]["a"]) == len(found["lists"]["b"]) == 10


def test_publish_and_roll_back_stand_in_the_history(two: tuple[Path, str, str]) -> None:
    store, first, second = two
    published = run("runs", "publish", second, "--reason", "sharper", "--store", store)
    assert "against the model in use, 95 % interval" in published.out
    again = done("runs", "publish", second, "--reason", "once more", "--store", store)
    assert (again["active"], again["gain"]) == (True, None)
    assert done("runs", "rollback", "--reason", "advisers complained", "--store", store)["run"] == first
    told = [
        (one["run"], one["step"], one["reason"])
        for one in done("runs", "history", "--store", store)["history"]
    ]
    assert told[:2] == [(first, "roll back", "advisers complained"), (second, "publish", "sharper")]


def test_a_run_that_cannot_be_read_is_not_published(two: tuple[Path, str, str], tmp_path: Path) -> None:
    store, first, second = two
    shutil.copytree(store.parent, tmp_path / "copy", ignore=shutil.ignore_patterns("*.zip"))
    model = tmp_path / "copy" / "runs" / second / "model.safetensors"
    model.write_bytes(model.read_bytes()[:1000])
    copy = tmp_path / "copy" / "finrec.duckdb"
    ended = run("runs", "publish", second, "--store", copy)
    assert (ended.code, "model.safetensors" in ended.err) == (2, True)
    assert [row["run"] for row in done("runs", "--store", copy)["runs"] if row["active"]] == [first]


def test_a_run_is_removed_only_when_told_and_not_pinned(two: tuple[Path, str, str]) -> None:
    store, first, second = two
    assert run("runs", "remove", second, "--store", store).code == 2
    assert done("runs", "pin", second, "--store", store)["pinned"]
    refused = run("runs", "remove", second, "--yes", "--store", store)
    assert (refused.code, "is pinned" in refused.err) == (2, True)
    assert not done("runs", "unpin", second, "--store", store)["pinned"]
    assert done("runs", "remove", second, "--yes", "--store", store)["removed"]
    left = [row["run"] for row in done("runs", "--store", store)["runs"]]
    assert (first in left, second in left) == (True, False)
    assert not (store.parent / "runs" / second).exists()


def test_runs_without_figures_by_client_are_said(two: tuple[Path, str, str], tmp_path: Path) -> None:
    store, first, _ = two
    shutil.copytree(store.parent, tmp_path / "copy", ignore=shutil.ignore_patterns("*.zip"))
    (tmp_path / "copy" / "runs" / first / "per_client.parquet").unlink()
    ended = run("runs", "compare", first, first, "--store", tmp_path / "copy" / "finrec.duckdb")
    assert (ended.code, "train it again" in ended.err) == (2, True)
