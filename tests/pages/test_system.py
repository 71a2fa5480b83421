"""The page System: disk, memory, jobs, what runs, and when the record was kept safe."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from finrec_core import __version__
from finrec_core.store import Store, StoreError, backup
from finrec_core.store.visitor import Visitor
from pages.frame import gate, metrics
from tests.desk import Open


def told(app: AppTest) -> dict[str, str]:
    """Return what the tables of two columns say."""
    tables = [one.value for one in app.dataframe if list(one.value.columns) == ["What", "Now"]]
    return {row["What"]: row["Now"] for table in tables for row in table.to_dict("records")}


def test_an_empty_desk_says_what_runs_and_that_nothing_was_kept_safe(open_desk: Open) -> None:
    app = open_desk("pages/system/page.py")
    said = told(app)
    assert said["finrec"] == __version__
    assert said["Model in use"] == "None yet"
    assert said["Last backup"].startswith("Never")
    assert said["Newest of the decisions"] == said["Last anchor"] == said["Links of the record"] == "None yet"
    assert [one.label for one in app.metric] == ["Room on the disk", "Free memory", "Jobs", "Browsers"]
    assert "Nothing runs and nothing waits." in [one.value for one in app.caption]


def test_a_backup_is_told(open_desk: Open, tmp_path: Path) -> None:
    file = tmp_path / "data" / "finrec.duckdb"
    with Store(file) as store:
        assert backup.last(file) is None
        backup.write(store, tmp_path / "kept.zip")
        made = backup.last(file)
    assert made is not None
    assert not told(open_desk("pages/system/page.py"))["Last backup"].startswith("Never")
    said = metrics.text()
    (line,) = [one for one in said.splitlines() if one.startswith("finrec_last_backup_time_seconds ")]
    assert float(line.split()[1]) == made.timestamp()


def test_the_last_anchor_and_the_chain_are_told(open_desk: Open, tmp_path: Path) -> None:
    file = tmp_path / "data" / "finrec.duckdb"
    with Store(file) as store:
        store.add_rules({}, user="cora")
        made = store.anchor()
        assert made is not None
        links, head = store.chain_head()
    said = told(open_desk("pages/system/page.py"))
    assert said["Last anchor"].endswith(f"up to link {made.anchor.sequence:,}")
    assert said["Links of the record"] == f"{links:,}, newest {head[:16]}…"
    figures = metrics.text()
    assert f"finrec_last_anchor_link {float(made.anchor.sequence)}" in figures
    assert f"finrec_chain_links {float(links)}" in figures
    assert f'finrec_chain_info{{head="{head}",log="record"}} 1.0' in figures
    (line,) = [one for one in figures.splitlines() if one.startswith("finrec_last_anchor_time_seconds ")]
    assert float(line.split()[1]) == made.anchor.created.timestamp()


def test_the_desk_holds_commands_that_ask_it_to_the_table(
    open_desk: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_desk("pages/system/page.py")
    with Visitor(tmp_path / "data" / "finrec.duckdb") as visitor:
        assert visitor.decisions() == []
        monkeypatch.setattr(gate, "signing_in", lambda: True)
        with pytest.raises(StoreError, match="People sign in at this desk"):
            visitor.decisions()
        assert visitor.verify() == ()


def test_anchors_that_cannot_be_read_cost_no_other_figure(open_desk: Open, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir(exist_ok=True)
    (tmp_path / "data" / "anchors.jsonl").mkdir()
    said = told(open_desk("pages/system/page.py"))
    assert "cannot be read" in said["Last anchor"]
    assert "finrec_chain_links" in metrics.text()


def test_a_note_that_cannot_be_read_is_no_backup(tmp_path: Path) -> None:
    file = tmp_path / "finrec.duckdb"
    (tmp_path / "finrec.duckdb.backup").write_bytes(b"\xff yesterday")
    assert backup.last(file) is None


@pytest.mark.parametrize(("free", "warned"), [(1e9, 1), (9e9, 0)])
def test_little_room_is_warned_of(
    free: float, warned: int, open_desk: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(metrics, "free", lambda _: free)
    app = open_desk("pages/system/page.py")
    assert len([one for one in app.warning if "disk is almost full" in one.value]) == warned
