import json
import shutil
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from finrec_core.advice import Rules
from finrec_core.recommender import FusedRecommender
from finrec_core.store import Store
from finrec_core.terms import manifest
from tests.cli.conftest import Desk, done, held, run


def test_recommend_has_the_shape_of_the_contract(desk: Desk, client: str, listed: Any) -> None:
    assert set(listed) == {"run", "client", "why", "items"}
    assert (listed["run"], listed["client"]) == (desk.trained["run"], client)
    assert [item["rank"] for item in listed["items"]] == [1, 2, 3, 4, 5]
    for item in listed["items"]:
        assert set(item) == {"rank", "product", "name", "score", "points", "verdict", "former", "evidence"}
        assert set(item["evidence"]) == {"interactions", "clients", "reviews", "ties"}
        assert all(isinstance(count, int) for count in item["evidence"].values())
        assert item["verdict"] in ("fits", "check", "does not fit")
    assert listed["items"][0]["points"] == pytest.approx(100.0)


def test_recommend_says_what_the_class_says(model: FusedRecommender, client: str, listed: Any) -> None:
    lines = model.recommend(client, 5)
    assert [item["product"] for item in listed["items"]] == [line.product for line in lines]
    assert [item["score"] for item in listed["items"]] == pytest.approx(
        [line.score for line in lines], abs=1e-9
    )


def test_nothing_that_the_client_has_is_recommended(desk: Desk, model: FusedRecommender, client: str) -> None:
    offered = {item["product"] for item in done("recommend", client, "-k", 1000, "--run", desk.run)["items"]}
    assert offered
    assert offered.isdisjoint(held(model, client))


def test_all_products_include_those_without_a_rank(desk: Desk, model: FusedRecommender, client: str) -> None:
    items = done("recommend", client, "-k", 1000, "--all-products", "--run", desk.run)["items"]
    assert len(items) == len(model.dataset.products)
    unranked = {item["product"] for item in items if item["rank"] is None}
    assert set(held(model, client)) <= unranked


def test_the_active_model_answers_as_its_folder_does(desk: Desk, client: str, listed: Any) -> None:
    assert done("recommend", client, "-k", 5, "--store", desk.store) == listed


def test_suitable_leaves_out_what_does_not_fit_and_keeps_the_ranks(desk: Desk, client: str) -> None:
    whole = done("recommend", client, "-k", 1000, "--run", desk.run)["items"]
    fitting = [item for item in whole if item["verdict"] != "does not fit"]
    assert 0 < len(fitting) < len(whole)
    assert done("recommend", client, "-k", 1000, "--suitable", "--run", desk.run)["items"] == fitting
    assert done("recommend", client, "-k", 3, "--suitable", "--run", desk.run)["items"] == fitting[:3]


def test_the_rules_of_the_store_count_and_a_run_folder_knows_none(desk: Desk, client: str) -> None:
    items = done("recommend", client, "-k", 1000, "--run", desk.run)["items"]
    with Store(desk.store) as store:
        store.add_rules(Rules({}, "credit").to_json() | {"sets": {"Funds": "insurance"}}, reason="a test")
    ruled = done("recommend", client, "-k", 1000, "--store", desk.store)["items"]
    assert {item["verdict"] for item in ruled} == {"check"}
    assert done("recommend", client, "-k", 1000, "--run", desk.run)["items"] == items
    with Store(desk.store) as store:  # back to those proposed, for the other tests
        rules = Rules.proposed(store.dataset())
        store.add_rules(rules.to_json(), reason="a test")
    assert done("recommend", client, "-k", 1000, "--store", desk.store)["items"] == items


def test_without_profiles_there_is_no_verdict_and_nothing_suitable(tmp_path: Path, desk: Desk) -> None:
    folder = tmp_path / "run"
    shutil.copytree(desk.run, folder)
    file = folder / "dataset" / "clients.parquet"
    clients = pq.read_table(file)
    for place, field in enumerate(clients.schema):
        if field.name in ("risk_tolerance", "horizon_years", "knowledge", "loss_capacity"):
            clients = clients.set_column(place, field, pa.nulls(len(clients), field.type))
    pq.write_table(clients, file)
    header = json.loads((folder / "run.json").read_text("utf-8")) | {"files": manifest.manifest(folder)}
    (folder / "run.json").write_text(json.dumps(header), "utf-8")
    client = clients["client_id"][0].as_py()
    items = done("recommend", client, "--run", folder)["items"]
    assert {item["verdict"] for item in items} == {None}
    ended = run("recommend", client, "--suitable", "--run", folder)
    assert ended.code == 2
    assert "Suitability cannot be checked: this data set has no client profiles." in ended.err


@pytest.mark.parametrize("command", ["recommend", "explain"])
def test_an_unknown_client_is_one_sentence_with_the_nearest_ids(
    desk: Desk, client: str, command: str
) -> None:
    wrong = client[:-1] + "X"
    rest = ["P001"] if command == "explain" else []
    ended = run(command, wrong, *rest, "--run", desk.run, "--json")
    assert ended.code == 2
    assert ended.out == ""
    start = f'There is no client "{wrong}"; the nearest are C000'
    assert ended.err.splitlines()[-1].startswith(start)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--run", "nowhere"), "nowhere is not the folder of a finished run: it holds no run.json."),
        (("--run", ".", "--store", "."), "Give --run or --store, not both: a run folder needs no store."),
        (("--store", "nowhere"), "There is no store at nowhere yet: import files first, or name another"),
    ],
)
def test_a_place_without_a_model_is_one_sentence(
    options: tuple[str, ...], sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ended = run("recommend", "c1", *options, "--json")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.splitlines()[-1].startswith(sentence)


def test_a_store_without_a_model_says_what_to_do(desk: Desk, tmp_path: Path) -> None:
    done("import", desk.files, "--store", tmp_path)
    ended = run("recommend", "c1", "--store", tmp_path)
    assert ended.code == 2
    assert ended.err.splitlines()[-1] == "No model is active yet: run `python -m finrec_core train` first."


def test_lists_and_parts_go_into_files(desk: Desk, client: str, listed: Any, tmp_path: Path) -> None:
    run("recommend", client, "-k", 5, "--run", desk.run, "--output", tmp_path / "list.parquet")
    rows = pq.read_table(tmp_path / "list.parquet").to_pylist()
    assert [row["product"] for row in rows] == [item["product"] for item in listed["items"]]
    assert rows[0]["clients"] == listed["items"][0]["evidence"]["clients"]
    product = listed["items"][0]["product"]
    answer = done("explain", client, product, "--run", desk.run, "--output", tmp_path / "parts.csv")
    parts = [part for lens in answer["lenses"].values() for part in lens["parts"]]
    assert (tmp_path / "parts.csv").read_text("utf-8-sig").count("\n") >= 1 + 2 + len(parts)
    done("explain", client, product, "--run", desk.run, "--output", tmp_path / "why.json")
    assert json.loads((tmp_path / "why.json").read_text()) == answer
