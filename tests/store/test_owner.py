"""The owner of a store, and the places where a store can stand."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from finrec_core.store import Store, StoreError, backup, owner
from tests import tied
from tests.conftest import real_case

# Leaves the claim, for the given seconds, to a process that it was just starting when it ended.
LEFT = """
import os, sys, time
from pathlib import Path
from finrec_core.store.owner import Owner

owner = Owner(Path(sys.argv[1]))
if os.fork() == 0:
    time.sleep(float(sys.argv[2]))
    os._exit(0)
print(os.getpid(), flush=True)
os._exit(0)
"""

# What a shell, a URL, SQL, a pattern or DuckDB's own prefixes would read something into.
ODD = [
    "what#", "a%41", "a%2Fb", "sp ace", "q'uote", 'dq"', "semi;colon", "e\u0301", "\u00fc", "new\nline",
    "tab\t", ":memory:", "md:", "postgres:x", "sqlite:x", "s3:", "file:", "C:", "back\\slash", "a{b}", "*",
    "[x]", "~", "$HOME", "-x", "hive=1", "\U0001f600", " lead",
]  # fmt: skip


def in_use(file: Path) -> None:
    """Make a store, write to it and have it written anew, as after an erasure."""
    values = [
        "e",
        "ann",
        datetime(2026, 1, 1, tzinfo=UTC),
        "",
        "asked",
        '{"traces": [], "runs": []}',
        None,
        None,
    ]
    with Store(file) as store, store._connection.writing() as cursor:
        cursor.execute("INSERT INTO erasures VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values)
    assert file.stat().st_size > 0
    with Store(file) as store:
        assert [one.client for one in store.erasures()] == ["ann"]
        assert not store._connection._erased()


@pytest.mark.parametrize("name", ODD)
def test_a_store_stands_at_any_place_that_the_system_can_name(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Guards relative paths such as ":memory:", which DuckDB takes for no file, and kept nothing."""
    monkeypatch.chdir(tmp_path)
    in_use(Path(name) / "s.duckdb")
    in_use(Path(f"{name}.duckdb"))
    in_use(Path("at") / name)
    archive = Path(f"{name}.zip")
    with Store(Path("at") / name) as store:
        backup.write(store, archive)
    backup.restore(archive, Path("back") / name, Path("back") / "runs")
    with Store(Path("back") / name) as store:
        assert [one.client for one in store.erasures()] == ["ann"]


@pytest.mark.parametrize(
    "place", ["what?/s.duckdb", "s?.duckdb", "?", "a?/b/s.duckdb", "a?access_mode=read_only/s.duckdb"]
)
def test_a_place_with_a_question_mark_is_named_before_anything_is_made_there(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real_case("question-mark-in-path")
    with Store(tmp_path / "s.duckdb") as store:
        backup.write(store, tmp_path / "s?.zip")  # only the store itself cannot stand there
    before = sorted(tmp_path.rglob("*"))
    for file in (tmp_path / place, Path(place)):
        monkeypatch.chdir(tmp_path)
        for act in (Store, lambda file: backup.restore(tmp_path / "s?.zip", file, tmp_path / "runs")):
            with pytest.raises(StoreError) as error:
                act(file)
            assert str(error.value) == (
                f"{file}: a path with a question mark cannot hold a store, because DuckDB takes what follows "
                "it for settings: choose another place, or rename the folder."
            )
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize(("seconds", "opens"), [(0.5, True), (5, False)])
def test_the_claim_of_a_process_that_is_gone_is_waited_for(tmp_path, monkeypatch, seconds, opens):
    monkeypatch.setattr(owner, "PATIENCE", 20.0 if opens else 0.2)
    file = tmp_path / "s.duckdb"
    process = tied.start([sys.executable, "-c", LEFT, str(file), str(seconds)], stdout=subprocess.PIPE)
    with process, process.stdout as said:
        assert int(said.readline()) == process.pid
        process.wait()
        if opens:
            owner.Owner(file).release()
        else:
            with pytest.raises(StoreError, match=f"is open in process {process.pid} "):
                owner.Owner(file)
