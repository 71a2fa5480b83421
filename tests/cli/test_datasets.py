"""The commands about versions: appended, listed, compared, removed, and one client's data erased."""

import json
import shutil
from pathlib import Path

import pytest

from finrec_core import jobs
from finrec_core.recommender import FusedRecommender
from finrec_core.store import Store
from tests.cli.conftest import Desk, done, run, write_files

FIRST = ("client_id,product_id,rating", "c1,p1,5", "c1,p2,4", "c2,p1,3")
MORE = ("client_id,product_id,rating", "c2,p1,1", "c3,p2,5")


@pytest.fixture
def store(tmp_path: Path) -> Path:
    files = write_files(tmp_path / "bank", interactions=FIRST)
    done("import", files, "--store", tmp_path, "--verb", "bought", "--rating-limit", 2)
    return tmp_path


def appended(store: Path, *options: object, rows: tuple[str, ...] = MORE) -> dict:
    return done("import", write_files(store / "more", interactions=rows), *options, "--store", store)


def test_rows_are_appended_to_the_version_named(store: Path) -> None:
    answer = appended(store, "--append", "bank")
    assert (answer["dataset"], answer["appended_to"]) == ("bank@2", "bank@1")
    assert (answer["verb"], answer["rating_limit"]) == ("bought", 2.0)
    # What c2 says of p1 now is an event beside what it said before.
    assert answer["changes"]["interactions"] == {"added": 2, "changed": 0, "removed": 0, "same": 3}
    assert answer["interactions"] == 5
    # That a file of interactions names c2, p1 and p2 creates none of them: they are there.
    assert [row["value"] for row in answer["repairs"]] == ["c3"]
    again = appended(store, "--append", "bank@2")
    assert again["changes"]["interactions"] == {"added": 0, "changed": 0, "removed": 0, "same": 5}
    first, second, third = done("datasets", "--store", store)["datasets"][::-1]
    assert third["content_hash"] == second["content_hash"] != first["content_hash"]
    assert [(v["how"], v["parent"]) for v in (first, second, third)] == [
        ("import", None),
        ("append", 1),
        ("append", 2),
    ]
    assert "append to 2" in run("datasets", "--store", store).out


def test_an_append_to_what_is_not_there_stores_nothing(store: Path) -> None:
    files = write_files(store / "more", interactions=MORE)
    ended = run("import", files, "--append", "other", "--store", store)
    assert (ended.code, ended.err.splitlines()[-1]) == (
        2,
        'The store holds no dataset "other"; it holds bank@1.',
    )
    ended = run("import", files, "--append", "bank", "--name", "x", "--store", store)
    assert "Give --name or --append, not both" in ended.err
    assert len(done("datasets", "--store", store)["datasets"]) == 1


def test_the_next_version_of_a_name_says_what_it_holds_otherwise(store: Path) -> None:
    answer = appended(store, "--name", "bank", "--yes")  # much would be removed
    assert answer["changes"]["interactions"] == {"added": 1, "changed": 1, "removed": 2, "same": 0}
    assert answer["appended_to"] is None


def test_two_versions_are_compared_and_written_row_by_row(store: Path, tmp_path: Path) -> None:
    appended(store, "--append", "bank")
    out = tmp_path / "difference.csv"
    answer = done("datasets", "compare", "bank@1", "bank", "--store", store, "--output", out)
    assert (answer["old"], answer["new"]) == ("bank@1", "bank@2")
    assert answer["tables"]["clients"] == {"added": 1, "removed": 0, "changed": 0, "same": 2}
    assert "interactions,added,c2,p1,,," in out.read_text("utf-8-sig")
    said = run("datasets", "compare", "bank@1", "bank@2", "--store", store).out
    assert "From bank@1 to bank@2" in said
    assert "Both hold the same." in run("datasets", "compare", "bank", "bank", "--store", store).out


def test_what_hangs_on_a_version_is_named_before_it_goes(desk: Desk, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(desk.store.parent, data)
    done("import", desk.files, "--append", "small", "--store", data)
    ended = run("datasets", "remove", "small@1", "--store", data)
    assert ended.code == 2
    told = next(line for line in ended.out.splitlines() if line.startswith("Runs that learned from it"))
    assert desk.run.name in told  # beside those that other tests have trained
    assert "The active model is one of them" in ended.out
    assert "Later versions that came from it: 2." in ended.out
    assert "Nothing was removed" in ended.err
    answer = done("datasets", "--store", data, "remove", "small@1", "--yes")
    assert (answer["removed"], answer["active"]) == (True, desk.run.name)
    assert [v["dataset"] for v in done("datasets", "--store", data)["datasets"]] == ["small@2"]
    assert done("runs", "--store", data)["runs"][0]["active"]


def test_one_clients_data_is_erased_from_versions_and_runs(desk: Desk, client: str, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(desk.store.parent, data)
    ended = run("datasets", "erase", client, "--store", data, "--json")
    assert ended.code == 2
    assert ended.document["erased"] is False
    assert ended.document["versions"][0]["clients"] == 1
    assert "Nothing was erased" in ended.err
    assert "Nothing was erased" in run("datasets", "erase", client, "--yes", "--store", data).err

    answer = done("datasets", "erase", client, "--reason", "asked", "--yes", "--store", data)
    assert (answer["erased"], answer["finished"], desk.run.name in answer["runs"]) == (True, True, True)
    listed = done("datasets", "--store", data)
    assert listed["datasets"][0]["erased"]
    assert listed["datasets"][0]["content_hash"] != desk.imported.get("content_hash")
    assert listed["erasures"][0] | {"created": 0, "finished": 0, "user": 0} == {
        "client": client,
        "created": 0,
        "user": 0,
        "reason": "asked",
        "versions": ["small@1"],
        "runs": [desk.run.name],
        "finished": 0,
    }
    folder = data / "runs" / desk.run.name
    assert client not in FusedRecommender.load(folder).dataset.client_rows
    assert json.loads((folder / "run.json").read_text("utf-8"))["erased"]
    refused = run("recommend", client, "--store", data)
    assert refused.code == 2
    assert list(jobs.runs_with(data / "runs", client)) == []
    ended = run("datasets", "erase", client, "--store", data)
    assert "no run holds a client" in ended.err

    # The files still hold the client: it does not come back by itself.
    answer = done("import", desk.files, "--name", "small", "--store", data)
    assert answer["erased_clients"] == [client]
    assert answer["clients"] == desk.imported["clients"] - 1
    answer = done("import", desk.files, "--name", "small", "--keep-erased", "--store", data)
    assert answer["clients"] == desk.imported["clients"]
    with Store(data / "finrec.duckdb") as opened:
        assert client in opened.dataset("small").client_rows


def test_a_profile_tells_what_the_data_carries_and_guesses(desk: Desk, tmp_path: Path) -> None:
    answer = done("datasets", "profile", "small@1", "--store", desk.store)
    assert answer["dataset"] == "small@1"
    assert answer["profile"]["clients"] == desk.imported["clients"]
    assert {one["kind"] for one in answer["sentences"]} <= {"can", "mind", "cannot"}
    assert answer["forecast"]["guess"] is True
    assert answer["forecast"]["text"] is None
    said = run("datasets", "profile", "--store", desk.store).out
    assert "evaluate --dataset small@1 --arms text-closed,graph-network,fused" in said
    assert "A guess: ties will change" in said
    data = tmp_path / "data"
    shutil.copytree(desk.store.parent, data)
    figures = {arm: {"ndcg@20": {"value": 0.2}} for arm in ("text-closed", "graph-network")}
    document = {"protocols": {"per-client": {"arms": figures}}}
    with Store(data / "finrec.duckdb") as store:
        store.add_comparison(store.version("small"), document)
    assert done("datasets", "profile", "--store", data)["forecast"]["text"]["ratio"] == 1.0
    assert "Text alone reaches 100 %" in run("datasets", "profile", "--store", data).out


def test_a_profile_tells_which_interactions_repeat_a_pair(store: Path) -> None:
    twice = write_files(store / "twice", interactions=(*FIRST, "c1,p1,5", "c2,p1,2"))
    done("import", twice, "--name", "twice", "--yes", "--store", store)
    answer = done("datasets", "profile", "twice@1", "--store", store)
    assert answer["profile"]["repeated"] == 2
    assert any("2 interactions repeat" in one["text"] for one in answer["sentences"])
    answer = done("datasets", "profile", "bank@1", "--store", store)
    assert answer["profile"]["repeated"] == 0
    assert not any("repeat" in one["text"] for one in answer["sentences"])
