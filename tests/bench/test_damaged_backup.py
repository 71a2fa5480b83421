"""A backup damaged at each megabyte, at a random bit: one sentence each, and nothing half restored."""

import random
from datetime import UTC, datetime
from pathlib import Path

import pytest

from finrec_core.store import RunRow, Store, StoreError, backup
from tests.store.conftest import make_bank

pytestmark = pytest.mark.bench
MEGABYTE = 1 << 20


def test_a_backup_damaged_at_each_megabyte_is_one_sentence(tmp_path: Path) -> None:
    chance = random.Random(7)
    with Store(tmp_path / "old" / "finrec.duckdb") as store:
        store.add_dataset(make_bank())
        folder = store.runs_folder / "run-1"
        folder.mkdir(parents=True)
        (folder / "run.json").write_text("{}")
        (folder / "model.safetensors").write_bytes(chance.randbytes(24 * MEGABYTE))
        store.add_run(RunRow("run-1", "demo", 1, "ab", datetime(2026, 3, 1, tzinfo=UTC), 1.0, "x", 0))
        store.add_decision(kind="accept", client="c1", product="p1", run="run-1", content={"decision": {}})
        backup.write(store, tmp_path / "kept.zip")
    place = tmp_path / "new" / "finrec.duckdb"
    for archive in (tmp_path / "kept.zip", tmp_path / "kept-keys.zip"):
        whole = archive.read_bytes()
        for at in range(0, len(whole), MEGABYTE):
            damaged = bytearray(whole)
            damaged[at + chance.randrange(min(200, len(whole) - at))] ^= 1 << chance.randrange(8)
            archive.write_bytes(damaged)
            with pytest.raises(StoreError) as caught:
                backup.restore(tmp_path / "kept.zip", place, tmp_path / "new" / "runs")
            assert "\n" not in str(caught.value)
            left = [path.name for path in place.parent.rglob("*") if path.is_file()]
            assert left == ["finrec.duckdb.owner"]
        archive.write_bytes(whole)
    assert backup.restore(tmp_path / "kept.zip", place, tmp_path / "new" / "runs").runs == 1
