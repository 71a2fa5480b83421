"""The command `decisions`: what it lists, what it writes, and what a broken chain comes to."""

import csv
import json

import pyarrow.parquet as pq
import pytest

from finrec_core.advice.decision import withdraw
from finrec_core.store import Store, seal
from tests.advice.made import decided
from tests.cli.conftest import done, run


@pytest.fixture
def store(tmp_path):
    """A store with a decision that was withdrawn and one on another client."""
    file = tmp_path / "finrec.duckdb"
    accepted = decided("accept")
    with Store(file) as open_store:

        def write(decision):
            values = {"kind": decision.kind, "client": decision.client, "product": decision.product}
            return open_store.add_decision(**values, run="r1", content=decision.content, user="ana")

        first = write(accepted)
        write(decided("reject", client="c2", note="=HYPERLINK(1)"))
        write(withdraw(accepted, first.id, "mistake"))
    return file


def test_it_lists_the_newest_first_with_what_was_shown(store):
    document = done("decisions", "--store", store)
    assert [one["kind"] for one in document["decisions"]] == ["withdraw", "reject", "accept"]
    assert document["log_hash"] == document["decisions"][0]["hash"]
    assert document["decisions"][2]["content"]["snapshot"]["points"] == 92
    assert document["verified"] is None
    text = run("decisions", "--store", store).out
    assert "withdrawn by no. 3" in text
    assert document["log_hash"] in text


@pytest.mark.parametrize(
    ("filters", "kinds"),
    [
        (["--client", "c2"], ["reject"]),
        (["--kind", "accept"], ["accept"]),
        (["--client", "c2", "--kind", "accept"], []),
        (["--since", "2026-01-01"], ["withdraw", "reject", "accept"]),
        (["--since", "2999-01-01"], []),
    ],
)
def test_filters_narrow_it_down(store, filters, kinds):
    assert [one["kind"] for one in done("decisions", "--store", store, *filters)["decisions"]] == kinds


def test_a_chain_as_it_was_written_is_said_to_be(store):
    assert done("decisions", "--store", store, "--verify")["verified"] is True
    assert "Every entry is as it was written." in run("decisions", "--store", store, "--verify").out


def test_a_changed_entry_is_named_and_leaves_with_three(store):
    with Store(store) as open_store, open_store._connection.writing() as cursor:
        cursor.execute("UPDATE decisions SET client = 'c9' WHERE sequence = 2")
    ended = run("decisions", "--store", store, "--verify", "--json")
    assert ended.code == 3
    assert ended.document["verified"] is False
    assert ended.err.strip() == "decisions: row 2 was changed after it was written."
    assert run("decisions", "--store", store).code == 0


def test_it_writes_files(store, tmp_path):
    for ending in ("csv", "parquet", "json"):
        done("decisions", "--store", store, "--output", tmp_path / f"log.{ending}")
    with (tmp_path / "log.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["sequence"] for row in rows] == ["3", "2", "1"]
    assert rows[1]["note"] == "'=HYPERLINK(1)"
    assert pq.read_table(tmp_path / "log.parquet")["note"].to_pylist()[1] == "=HYPERLINK(1)"
    assert len(json.loads((tmp_path / "log.json").read_text())["decisions"]) == 3


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (["--kind", "accepted"], "there are accept, reject, later, answer, withdraw"),
        (["--since", "yesterday"], "write a day as 2026-03-01"),
        (["--output", "log.xlsx"], "--output writes"),
    ],
)
def test_what_the_caller_can_put_right_is_one_sentence(store, wrong, sentence):
    ended = run("decisions", "--store", store, *wrong)
    assert (ended.code, ended.out) == (2, "")
    assert sentence in ended.err


def test_an_empty_log_says_so(tmp_path):
    Store(tmp_path / "finrec.duckdb").close()
    assert "Nothing was decided yet." in run("decisions", "--store", tmp_path).out
    assert done("decisions", "--store", tmp_path)["decisions"] == []


def test_a_summary_counts_what_stands(store, tmp_path):
    document = done("decisions", "--store", store, "--summary", "--output", tmp_path / "summary.csv")
    assert (document["accepted"], document["rejected"], document["withdrawn"]) == (0, 1, 1)
    assert document["by"]["rank"] == [
        {
            **{"name": "2-3", "accepted": 0, "rejected": 1, "put_off": 0, "overrides": 0, "took": 0},
            **{"declined": 0, "accept_rate": 0.0, "ci95": [0.0, pytest.approx(0.7935, abs=1e-4)]},
        }
    ]
    with (tmp_path / "summary.csv").open(encoding="utf-8-sig", newline="") as file:
        assert {row["by"] for row in csv.DictReader(file)} == {*document["by"]}
    text = run("decisions", "--store", store, "--summary").out
    assert "1 decision stands: 0 accepted, 1 rejected, 0 put off." in text
    assert "Model r1 (removed)" in text
    ended = run("decisions", "--store", store, "--summary", "--kind", "accept")
    assert ended.code == 2
    assert "counts the whole log" in ended.err


def test_what_was_shown_of_an_erased_client_is_one_sentence_wherever_it_is_read(store, tmp_path):
    with Store(store) as opened:
        opened.erase_client("c1", reason="asked", elsewhere=True)
    text = run("decisions", "--store", store, "--verify").out
    assert f"2 entries of these: {seal.GONE}" in text
    assert "Every entry is as it was written." in text
    document = done("decisions", "--store", store)["decisions"]
    assert [(one["lost"], "snapshot" in one["content"]) for one in document] == [
        (seal.GONE, False),
        ("", True),
        (seal.GONE, False),
    ]
    bare = document[2]["content"]["decision"]
    assert (bare["reason"], bare["verdict"], bare["category"]) == ("need", "fits", "Funds")
    assert not {"client_name", "note"} & bare.keys()
    done("decisions", "--store", store, "--output", tmp_path / "all.csv")
    rows = list(csv.DictReader((tmp_path / "all.csv").read_text("utf-8-sig").splitlines()))
    assert [row["note"] for row in rows] == [seal.GONE, "'=HYPERLINK(1)", seal.GONE]
    assert [row["client_name"] for row in rows][::2] == ["", ""]
    assert done("decisions", "--store", store, "--summary")
