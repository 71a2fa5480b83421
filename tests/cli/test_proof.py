"""The commands `verify` and `anchor`: what they say, what they leave with, and what they hand out."""

import pytest

from finrec_core.store import Store
from finrec_core.store.counter import Counter
from tests.cli.conftest import done, run
from tests.store.forgery import change, filled, rewrite, write


@pytest.fixture
def store(tmp_path):
    with filled(tmp_path / "s.duckdb") as desk:
        return desk.file


def test_a_record_is_anchored_handed_out_and_verified(store, tmp_path):
    assert done("verify", "--store", store)["remarks"][0].startswith("No anchor was compared")
    copy = tmp_path / "kept.jsonl"
    told = done("anchor", "--store", store, "--output", copy)
    assert (told["file"], told["written"], told["stamped"]) == (str(copy), 1, False)
    assert done("anchor", "--store", store)["written"] == 0
    found = done("verify", "--store", store, "--anchor", copy)
    assert (found["verified"], found["faults"], found["anchors"]) == (True, [], 2)
    assert "Every entry is as it was written" in run("verify", "--store", store).out


def test_a_forgery_leaves_with_three_and_is_told_row_by_row(store, tmp_path):
    copy = tmp_path / "kept.jsonl"
    done("anchor", "--store", store, "--output", copy)
    with Store(store) as desk:
        write(desk)
        change(desk, "DELETE FROM decisions WHERE sequence > 2", "DELETE FROM chain WHERE about = 'anchor'")
        rewrite(desk)
        desk.anchors_file.unlink()
    assert run("verify", "--store", store).code == 0  # the file fits itself
    ended = run("verify", "--store", store, "--anchor", copy, "--json")
    assert ended.code == 3
    for row in (3, 4):
        assert any(f"decisions: row {row} was cut" in fault for fault in ended.document["faults"])
    assert "decisions: row 3 was cut" in ended.err


def test_the_record_is_verified_while_the_desk_holds_the_store(store, tmp_path):
    copy = tmp_path / "kept.jsonl"
    done("anchor", "--store", store, "--output", copy)
    with Store(store) as desk:
        counter = Counter(desk)
        try:
            found = done("verify", "--store", store, "--anchor", copy)
            assert (found["verified"], found["anchors"]) == (True, 2)
            change(desk, "UPDATE rules SET content = '{}' WHERE version = 1")
            ended = run("verify", "--store", store, "--json")
            assert (ended.code, ended.document["faults"]) == (
                3,
                ["rules: row 1 was changed after it was written."],
            )
        finally:
            counter.close()


def test_a_file_that_is_no_anchor_leaves_with_two_and_one_sentence(store, tmp_path):
    (tmp_path / "given").write_text("rubbish")
    ended = run("verify", "--store", store, "--anchor", tmp_path / "given")
    assert (ended.code, ended.err.count("\n")) == (2, 1)
    assert "holds no anchor of a store" in ended.err
