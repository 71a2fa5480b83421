"""A ledger gives back what was measured, and nothing that is broken or belongs to other code."""

import numpy as np
import pytest

from finrec_core.evaluation import ledger as module
from finrec_core.evaluation.holdout import Measured
from finrec_core.evaluation.ledger import Ledger


@pytest.fixture
def measured(holdout):
    from finrec_core.evaluation.scorer import SameForAll

    return holdout.measure(SameForAll(holdout.holders.astype(float)))


def never():
    raise AssertionError("this was done before.")


def test_constants_are_chosen_once(tmp_path):
    assert Ledger(tmp_path).chosen("a", lambda: {"ridge": 0.1, "steps": [3, 4]})[0]["ridge"] == 0.1
    again, seconds = Ledger(tmp_path).chosen("a", never)
    assert again == {"ridge": 0.1, "steps": [3, 4]}
    assert seconds >= 0
    assert Ledger(tmp_path).chosen("b", dict)[0] == {}


def test_figures_come_back_to_the_last_bit(tmp_path, measured):
    first, seconds = Ledger(tmp_path).measured("a", lambda: measured)
    again, kept = Ledger(tmp_path).measured("a", never)
    assert kept == seconds
    assert again.coverage == first.coverage
    assert again.values.keys() == measured.values.keys()
    for part, metrics in measured.values.items():
        for metric, values in metrics.items():
            assert np.array_equal(again.values[part][metric], values, equal_nan=True)


def test_without_a_folder_nothing_is_kept(measured):
    calls = []
    for _ in range(2):
        Ledger().measured("a", lambda: calls.append(1) or measured)
    assert len(calls) == 2


@pytest.mark.parametrize("content", [b"", b"{", b"\0" * 100])
def test_a_broken_entry_is_made_again(tmp_path, measured, content):
    ledger = Ledger(tmp_path)
    ledger.measured("a", lambda: measured)
    ledger.chosen("a", dict)
    for path in tmp_path.iterdir():
        path.write_bytes(content)
    assert isinstance(ledger.measured("a", lambda: measured)[0], Measured)
    assert ledger.chosen("a", lambda: {"x": 1})[0] == {"x": 1}
    ledger.measured("a", never)
    ledger.chosen("a", never)


def test_other_code_has_other_entries(tmp_path, monkeypatch):
    """Guards against a table that mixes figures from before and after a change."""
    Ledger(tmp_path).chosen("a", dict)
    monkeypatch.setattr(module, "code_hash", lambda: "another")
    assert Ledger(tmp_path).chosen("a", lambda: {"x": 1})[0] == {"x": 1}


def test_the_code_is_told_by_its_source():
    assert len(module.code_hash()) == 64
