"""Rules: versions that are added and never changed."""

import pytest

from finrec_core.store import StoreError


def test_the_last_version_counts_and_older_ones_stay(store):
    assert store.rules() is None
    assert store.rules_versions() == []
    first = store.add_rules({"risk": True}, reason="start", user="ana")
    second = store.add_rules({"risk": True, "horizon": {"years": 2}}, reason="horizon", user="ben")
    assert (first.version, second.version) == (1, 2)
    assert store.rules() == second
    assert store.rules(1) == first
    assert store.rules_versions() == [second, first]
    with pytest.raises(StoreError, match="no version 3 of the rules"):
        store.rules(3)
