"""Commands while a desk owns the store: those that read ask it, those that write say who holds it."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from finrec_core.store import Store
from finrec_core.store.counter import Counter
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
