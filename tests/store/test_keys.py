"""The folder of keys: where it is, and who may read it."""

from pathlib import Path

import pytest

from finrec_core.settings import settings
from finrec_core.store import StoreError, keys


def test_the_keys_lie_beside_the_store_or_where_the_setting_says_and_nobody_else_reads_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    beside = keys.folder(tmp_path / "desk" / "finrec.duckdb")
    assert beside == tmp_path / "desk" / "keys"
    monkeypatch.setenv("FINREC_KEYS", str(tmp_path / "safe"))
    settings.cache_clear()
    try:
        place = keys.folder(tmp_path / "desk" / "finrec.duckdb")
        assert place == settings().keys_folder == tmp_path / "safe"
    finally:
        monkeypatch.undo()
        settings.cache_clear()
    keys.keep(beside / "one", b"secret")
    keys.keep(beside / "one", b"other")
    assert (beside / "one").read_bytes() == b"other"
    assert [path.name for path in beside.iterdir()] == ["one"]
    assert (beside.stat().st_mode & 0o777, (beside / "one").stat().st_mode & 0o777) == (0o700, 0o600)


def test_a_place_where_no_keys_can_stand_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("a file")
    with pytest.raises(StoreError, match=r"keys: the folder of keys cannot be made"):
        keys.folder(tmp_path / "finrec.duckdb")
    with pytest.raises(StoreError, match=r"this key cannot be written"):
        keys.keep(tmp_path / "none" / "one", b"secret")
