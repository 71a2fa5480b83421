from pathlib import Path

import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest

from finrec_core.advice.rules import Rules
from finrec_core.recommender import FusedRecommender
from finrec_core.store import Store
from tests.cli.conftest import Desk, done, run


def test_all_clients_get_the_list_that_recommend_gives_one(
    desk: Desk, model: FusedRecommender, tmp_path: Path
) -> None:
    file = tmp_path / "all.parquet"
    answer = done("recommend", "--all-clients", "-k", 3, "--run", desk.run, "--output", file)
    whole = {"why": None, "without": {}, "file": str(file)}
    assert answer == {"run": desk.trained["run"], "clients": 60, "rows": 180, "k": 3} | whole
    rows = pq.read_table(file).to_pylist()
    assert len(rows) == 180
    for client in ("C00001", "C00033"):
        own = done("recommend", client, "-k", 3, "--run", desk.run)["items"]
        mine = [row for row in rows if row["client"] == client]
        for key in ("rank", "product", "name"):
            assert [row[key] for row in mine] == [item[key] for item in own]
        assert [row["points"] for row in mine] == pytest.approx([item["points"] for item in own])
    assert {row["verdict"] for row in rows} >= {"fits", "check"}
    assert {row["reason"] for row in rows} == {None}


def test_reasons_are_the_sentences_of_explain(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "all.csv"
    done("recommend", "--all-clients", "-k", 1, "--reasons", "--run", desk.run, "--output", file)
    rows = pa_csv.read_csv(file).to_pylist()
    assert len(rows) == 60
    row = rows[7]
    assert row["reason"] == done("explain", row["client"], row["product"], "--run", desk.run)["sentence"]


def test_the_rules_of_the_store_decide_the_verdicts(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "all.parquet"
    done("recommend", "--all-clients", "-k", 2, "--store", desk.store, "--output", file)
    before = pq.read_table(file)["verdict"].to_pylist()
    with Store(desk.store) as store:
        rules = Rules.proposed(store.dataset())
        store.add_rules(Rules(dict.fromkeys(rules.sets, "insurance")).to_json(), reason="a test")
    done("recommend", "--all-clients", "-k", 2, "--store", desk.store, "--output", file)
    assert set(pq.read_table(file)["verdict"].to_pylist()) == {"check"} != set(before)


def test_a_file_that_fails_halfway_leaves_the_old_one_and_nothing_else(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "all.csv"
    file.write_text("what was there")
    monkeypatch.setattr(
        "finrec_core.advice.listing.Reasons.__call__", lambda *_: (_ for _ in ()).throw(OSError(28, "full"))
    )
    ended = run("recommend", "--all-clients", "--reasons", "--run", desk.run, "--output", file)
    assert (ended.code, ended.out) == (2, "")
    assert "all.csv cannot be written (full)." in ended.err
    assert file.read_text() == "what was there"
    assert [path.name for path in tmp_path.iterdir()] == ["all.csv"]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--all-clients",), "--all-clients writes into a file: name it with --output FILE.csv or"),
        (("--all-clients", "--output", "a.json"), "a.json: lists of all clients are written as .csv or"),
        (("C00001", "--all-clients"), "--all-clients ranks what is offered to everybody: give no CLIENT"),
        ((), "Give the id of a CLIENT, or --all-clients"),
        (("C00001", "--reasons"), "Give the id of a CLIENT, or --all-clients"),
    ],
)
def test_what_does_not_go_together_is_one_sentence(
    desk: Desk, options: tuple[str, ...], sentence: str
) -> None:
    ended = run("recommend", *options, "--run", desk.run)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.splitlines()[-1].startswith(sentence)


def test_clients_for_gives_the_ranks_that_clients_see(
    desk: Desk, model: FusedRecommender, tmp_path: Path
) -> None:
    file = tmp_path / "clients.csv"
    answer = done("clients-for", "P002", "-k", 4, "--run", desk.run, "--output", file)
    assert (answer["run"], answer["product"], answer["offered"]) == (desk.trained["run"], "P002", True)
    assert answer["clients"] + answer["holders"] == 60
    assert [row["rank"] for row in answer["items"]] == sorted(row["rank"] for row in answer["items"])
    for item in answer["items"]:
        own = done("recommend", item["client"], "-k", 30, "--run", desk.run)["items"]
        line = next(line for line in own if line["product"] == "P002")
        assert (item["rank"], item["points"]) == (line["rank"], pytest.approx(line["points"]))
    assert pa_csv.read_csv(file)["client"].to_pylist() == [item["client"] for item in answer["items"]]
    shown = run("clients-for", "P002", "-k", 4, "--run", desk.run).out
    assert answer["items"][0]["client"] in shown
    assert f"{answer['holders']} clients have it and are left out." in shown


def test_an_unknown_product_is_one_sentence(desk: Desk) -> None:
    ended = run("clients-for", "P2", "--run", desk.run, "--json")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.splitlines()[-1].startswith('There is no product "P2"; the nearest are P0')
