"""Comparisons: kept by the version that they were made on, newest first, with any name in them."""

from dataclasses import replace

import pytest

from finrec_core.store import Store, StoreError
from tests.store.conftest import HOSTILE, make_bank


def document(value=0.25, arm="fused (tf-idf)", metric="ndcg@20"):
    figure = {"value": value, "ci95": [0.2, 0.3]}
    return {"dataset": "demo", "keep": 1.0, "protocols": {"per-client": {"arms": {arm: {metric: figure}}}}}


def test_a_comparison_comes_back_as_it_was(store):
    version = store.add_dataset(make_bank())
    made = store.add_comparison(version, document(), user="ana")
    assert made.document == document()
    assert (made.label, made.user, made.content_hash) == (version.label, "ana", version.content_hash)
    assert repr(made) == f"Comparison({version.label}: per-client)"
    assert store.comparisons(version.name, version.version) == [made]
    file = store.file
    store.close()
    with Store(file) as again:
        assert again.latest_comparison(version.name, version.version) == made


def test_the_newest_of_a_version_is_first_and_other_versions_have_their_own(store):
    first, second = (store.add_dataset(make_bank()) for _ in range(2))
    for value in (0.1, 0.2, 0.3):
        store.add_comparison(first, document(value))
    assert store.latest_comparison(second.name, second.version) is None
    store.add_comparison(second, document(0.9))
    found = store.comparisons(first.name, first.version)
    assert [one.document for one in found] == [document(value) for value in (0.3, 0.2, 0.1)]
    assert store.latest_comparison(first.name, first.version) == found[0]


def test_a_version_that_is_gone_keeps_its_comparisons(store):
    version = store.add_dataset(make_bank())
    store.add_comparison(version, document(0.1))
    store.remove_dataset(version.name, version.version)
    store.add_comparison(version, document(0.2))  # the removal came while the comparison ran
    assert len(store.comparisons(version.name, version.version)) == 2
    assert store.comparisons("nowhere", 1) == []


@pytest.mark.parametrize("text", [HOSTILE, "'; DROP TABLE comparisons; --", "x" * 200])
def test_any_name_is_kept_and_found(store, text):
    name = "".join(sign for sign in text if sign.isprintable() and sign != "@")[:200]
    version = replace(store.add_dataset(make_bank()), name=name)
    made = store.add_comparison(version, document(arm=text), user=text)
    assert store.comparisons(name, version.version) == [made]
    assert list(made.document["protocols"]["per-client"]["arms"]) == [text]


def test_what_json_does_not_know_is_refused(store):
    version = store.add_dataset(make_bank())
    with pytest.raises(StoreError, match="cannot keep these values"):
        store.add_comparison(version, document(float("nan")))
    assert store.comparisons(version.name, version.version) == []
