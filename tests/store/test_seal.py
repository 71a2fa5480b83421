"""The seal: content goes in and comes out, and nothing that was altered opens."""

import json

import pytest

from finrec_core.store import seal
from finrec_core.store.keys import Keyring

CONTENT = {"decision": {"reason": "risk", "note": "in debt"}, "snapshot": {"rank": 2}, "more": [1, "\ud800"]}


@pytest.fixture
def ring(tmp_path):
    return Keyring(tmp_path / "finrec.duckdb")


def test_what_is_sealed_opens_and_only_what_may_be_known_stands_open(ring):
    text = seal.sealed(CONTENT, name := ring.make(), ring, "row")
    assert seal.opened(text, ring, "row") == (CONTENT, "")
    assert "debt" not in text
    assert json.loads(text)["open"] == {"decision": {"reason": "risk"}, "snapshot": {"rank": 2}}
    assert seal.sealed(CONTENT, name, ring, "row") != text  # the same words never look the same
    ring.destroy([name])
    assert seal.opened(text, ring, "row") == ({"decision": {"reason": "risk"}}, seal.GONE)
    ring.destroy([name])  # twice does nothing


@pytest.mark.parametrize(
    "alter",
    [
        lambda held: held["sealed"].update(snapshot=held["sealed"]["decision"]),  # in another's place
        lambda held: held["sealed"].update(decision="????"),
        lambda held: held["sealed"].update(decision=3),
        lambda held: held["sealed"].update(decision=""),
        lambda held: held.update(sealed=[1]),
        lambda held: held.update(open=7, sealed={"decision": "AAAA"}),
    ],
)
def test_what_was_altered_is_a_sentence(ring, alter):
    held = json.loads(seal.sealed(CONTENT, ring.make(), ring, "row"))
    alter(held)
    content, lost = seal.opened(json.dumps(held), ring, "row")
    assert lost == seal.BROKEN
    assert "snapshot" not in content


def test_a_seal_does_not_open_in_another_row_nor_with_a_key_named_by_a_path(ring, tmp_path):
    text = seal.sealed(CONTENT, ring.make(), ring, "row")
    assert seal.opened(text, ring, "other")[1] == seal.BROKEN
    (tmp_path / "keys" / "outside").write_bytes(bytes(32))
    held = json.loads(text) | {"key": "../outside"}
    assert seal.opened(json.dumps(held), ring, "row")[1] == seal.GONE
    assert seal.opened("no JSON", ring, "row") == ({}, seal.BROKEN)
    assert seal.opened("[1]", ring, "row") == ({}, seal.BROKEN)
