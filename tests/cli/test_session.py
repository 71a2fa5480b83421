"""Commands while a desk owns the store: those that read ask it, those that write say who holds it."""

import json
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from finrec_core.store import Store
from finrec_core.store.counter import Counter
from pages.frame import gate
from pages.frame.desk import counted
from tests.cli.conftest import Desk, done, run


@pytest.fixture
def running(desk: Desk) -> Iterator[Store]:
    """Keep the bank's store open, as a desk does."""
    with Store(desk.store) as store, closing(Counter(store)):
        yield store


def test_every_reading_command_answers_while_the_desk_runs_as_it_does_without(
    desk: Desk, client: str, tmp_path: Path
) -> None:
    product = done("recommend", client, "--store", desk.store)["items"][0]["product"]
    commands = [
        ("datasets",),
        ("datasets", "compare", "small@1", "small@1"),
        ("runs",),
        ("runs", "history"),
        ("decisions", "--verify"),
        ("decisions", "--summary"),
        ("recommend", client),
        ("recommend", "--all-clients", "-k", 1, "--output", tmp_path / "lists.csv"),
        ("clients-for", product),
        ("explain", client, product),
        ("card", "--output", tmp_path / "card.html"),
        ("report", client, product, "--output", tmp_path / "record.html"),
    ]
    before = [done(*command, "--store", desk.store) for command in commands]
    with Store(desk.store) as store, closing(Counter(store)):
        assert [done(*command, "--store", desk.store) for command in commands] == before


def test_a_backup_is_made_while_the_desk_runs(desk: Desk, running: Store, tmp_path: Path) -> None:
    packed = done("backup", tmp_path / "kept.zip", "--store", desk.store)
    assert packed["keys"] == str(tmp_path / "kept-keys.zip")
    place = tmp_path / "other" / "finrec.duckdb"
    done("restore", tmp_path / "kept.zip", "--store", place)
    with Store(place) as restored:
        assert restored.heads() == running.heads()
        assert [one.label for one in restored.datasets()] == [one.label for one in running.datasets()]
    assert not list(desk.store.parent.glob(".copy-*"))


@pytest.mark.parametrize(
    "command",
    [
        ("runs", "publish", "x"),
        ("datasets", "remove", "small"),
        ("datasets", "erase", "c", "--reason", "x", "--yes"),
        ("train",),
        ("restore", "kept.zip", "--yes"),
    ],
)
@pytest.mark.usefixtures("running")
def test_a_writing_command_says_who_holds_the_store(desk: Desk, command: tuple[str, ...]) -> None:
    ended = run(*command, "--store", desk.store)
    assert ended.code == 2
    assert "already open in this process" in ended.err
    assert len(ended.err.strip().splitlines()) == 1


def test_where_people_sign_in_a_command_verifies_and_backs_up_and_reads_no_client(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "signing_in", lambda: True)
    with Store(desk.store) as store, closing(Counter(store, counted)):
        ended = run("decisions", "--store", desk.store)
        assert ended.code == 2
        assert "People sign in at this desk, so no command may read decisions" in ended.err
        assert done("verify", "--store", desk.store)["verified"]
        assert done("runs", "--store", desk.store)
        done("backup", tmp_path / "kept.zip", "--store", desk.store)
        monkeypatch.setattr(gate, "signing_in", lambda: False)
        assert run("decisions", "--store", desk.store).code == 0


def test_a_run_without_a_store_is_checked_against_its_own_list_and_that_is_said(
    desk: Desk, client: str, tmp_path: Path
) -> None:
    ended = run("recommend", client, "--run", desk.run)
    assert ended.code == 0
    assert (
        "its files are as its run.json lists them, and this is all that was checked; "
        "only the store knows whether run.json is as it was written."
    ) in " ".join(ended.err.split())
    bare = shutil.copytree(desk.run, tmp_path / "bare")
    header = json.loads((bare / "run.json").read_text("utf-8"))
    del header["files"]
    (bare / "run.json").write_text(json.dumps(header), "utf-8")
    said = " ".join(run("recommend", client, "--run", bare).err.split())
    assert "this run is older than lists of files, so nothing was checked of it." in said
    changed = shutil.copytree(desk.run, tmp_path / "changed")
    (changed / "metrics.json").write_text("{}")
    ended = run("recommend", client, "--run", changed)
    assert ended.code == 2
    assert "this file is not what was trained" in ended.err
    assert "all that was checked" not in ended.err
