"""The ledger of erasures: who was erased, without saying who."""

from datetime import UTC, datetime

import pytest

from finrec_core.store import StoreError
from finrec_core.store.ledger import Ledger, parsed

WHEN = datetime(2026, 3, 1, tzinfo=UTC)


def test_a_ledger_knows_whom_it_is_asked_about_and_names_nobody(tmp_path):
    ledger = Ledger(tmp_path / "s.duckdb", "abc")
    assert ledger.erased(["c1"], []) == {}
    ledger.add([("e1", WHEN, "client-1"), ("e2", WHEN, "client-2")])
    ledger.add([("e1", WHEN, "client-1"), ("e3", WHEN, "client-3")])
    assert [note.erasure for note in ledger.notes()] == ["e1", "e2", "e3"]
    assert len({note.salt for note in ledger.notes()}) == 1
    assert set(ledger.erased(["client-1", "client-2", "client-9"], ["e2"])) == {"client-1"}
    assert "client-" not in ledger.text()
    other = Ledger(tmp_path / "s.duckdb", "other")  # of another store
    other.add([("e4", WHEN, "client-1")])
    assert other.notes()[0].hash != ledger.notes()[0].hash
    other.merge(parsed(ledger.text(), tmp_path))
    other.merge(parsed(ledger.text(), tmp_path))
    assert len(other.notes()) == 4
    assert set(other.erased(["client-1", "client-3"], ["e4"])) == {"client-1", "client-3"}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", "is damaged"),
        ("[]", "is damaged"),
        ('{"format": 1}', "is damaged"),
        ('{"format": 1, "erased": [{"erasure": 1, "created": "", "salt": "", "hash": ""}]}', "is damaged"),
        ('{"format": 1, "erased": [{"erasure": "e"}]}', "is damaged"),
        ('{"format": 2, "erased": []}', "newer version"),
    ],
)
def test_a_ledger_that_cannot_be_read_is_a_sentence_and_stays(tmp_path, text, sentence):
    ledger = Ledger(tmp_path / "s.duckdb", "abc")
    ledger.add([("e1", WHEN, "c1")])
    (file,) = (tmp_path / "keys").iterdir()
    file.write_text(text)
    with pytest.raises(StoreError, match=sentence):
        ledger.add([("e2", WHEN, "c2")])
    assert file.read_text() == text
