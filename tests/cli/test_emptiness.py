"""Empty lists and names that stand twice, as the command line tells them, on inputs as banks write them."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from finrec_core import FusedRecommender
from finrec_core.intake import find_sources, read_files
from finrec_core.recommender import FusedRecommender as Recommender
from tests.cli.conftest import done, run
from tests.conftest import real_case

WHY = "This client has every product that is offered, so there is nothing to recommend."


def learned(case: str, folder: Path) -> Path:
    """Learn a case and return the folder of the run."""
    dataset = read_files(find_sources(sorted(real_case(case).glob("*.csv")))).dataset
    assert dataset is not None
    FusedRecommender(seed=1).fit(dataset).save(folder / "run")
    return folder / "run"


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return learned("empty-list-says-nothing", tmp_path_factory.mktemp("full"))


@pytest.fixture(scope="module")
def alike(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return learned("same-names-in-a-sentence", tmp_path_factory.mktemp("alike"))


def test_an_empty_list_says_why(full: Path, tmp_path: Path) -> None:
    ended = run("recommend", "ALL", "--run", full)
    assert (ended.code, ended.out.strip()) == (0, WHY)
    assert done("recommend", "ALL", "--run", full) | {"run": ""} == {
        "run": "",
        "client": "ALL",
        "why": WHY,
        "items": [],
    }
    other = run("recommend", "C00", "--run", full)
    assert WHY not in other.out
    assert done("recommend", "C00", "--run", full)["why"] is None
    for ending in ("parquet", "csv", "json"):
        done("recommend", "ALL", "--run", full, "--output", tmp_path / f"list.{ending}")
    assert pq.read_table(tmp_path / "list.parquet").schema.names[:4] == ["client", "rank", "product", "name"]
    assert (tmp_path / "list.csv").read_text("utf-8-sig").startswith("client,rank,product,name")
    assert WHY in (tmp_path / "list.json").read_text("utf-8")


def test_the_lists_of_all_clients_count_who_has_none(full: Path, tmp_path: Path) -> None:
    order = ("recommend", "--all-clients", "--run", full, "--output", tmp_path / "all.parquet")
    said = "1 client has no list: 1 has every product that is offered."
    assert said in run(*order).out
    document = done(*order)
    assert (document["why"], document["without"], document["clients"]) == (said, {"has all": 1}, 30)
    assert "ALL" not in pq.read_table(tmp_path / "all.parquet")["client"].to_pylist()


def test_reasons_and_record_of_an_empty_list_do_not_speak_of_others_on_it(full: Path, tmp_path: Path) -> None:
    said = run("explain", "ALL", "F1", "--run", full).out
    assert "This client is offered nothing, so there are neither ranks nor points." in said
    assert "score the same" not in said
    done("report", "ALL", "F1", "--run", full, "--output", tmp_path / "record.html")
    page = (tmp_path / "record.html").read_text("utf-8")
    assert WHY in page
    assert "No other product on the list fits" not in page
    assert "score the same" not in page


def test_products_of_one_name_carry_their_id_in_every_answer(alike: Path, tmp_path: Path) -> None:
    """Guards "Global Equity Fund stands before Global Equity Fund by 143 points"."""
    items = done("recommend", "10000", "--run", alike)["items"]
    assert [item["name"] for item in items] == [f"Global Equity Fund ({item['product']})" for item in items]
    first, last = items[0]["product"], items[-1]["product"]
    told = run("explain", "10000", first, "--against", last, "--run", alike).out
    assert f"Global Equity Fund ({first}) stands before Global Equity Fund ({last}) by " in told
    gone = done("explain", "10000", first, "--without-interaction", "F12", "--run", alike)
    done("recommend", "--all-clients", "--reasons", "--run", alike, "--output", tmp_path / "all.csv")
    done("report", "10000", first, "--run", alike, "--output", tmp_path / "record.html")
    texts = [
        told,
        str(gone),
        (tmp_path / "all.csv").read_text("utf-8-sig"),
        (tmp_path / "record.html").read_text("utf-8"),
    ]
    for text in texts:
        named = text.count("Global Equity Fund")
        assert named
        assert named == text.count("Global Equity Fund (F")


def test_clients_of_one_name_carry_their_id(tmp_path: Path) -> None:
    interactions = tmp_path / "interactions.csv"
    interactions.write_text(
        "client_id,product_id\n" + "".join(f"c{k % 8},p{(k * 5 + k // 8) % 7}\n" for k in range(24))
    )
    clients = tmp_path / "clients.csv"
    clients.write_text(
        "client_id,name\n" + "".join(f"c{k},{'Anna Meier' if k % 2 else 'anna  meier'}\n" for k in range(8))
    )
    dataset = read_files(find_sources([interactions, clients])).dataset
    assert dataset is not None
    Recommender(seed=1).fit(dataset).save(tmp_path / "run")
    items = done("clients-for", "p1", "--run", tmp_path / "run")["items"]
    assert items
    assert [item["client_name"].partition(" (")[2] for item in items] == [
        f"{item['client']})" for item in items
    ]
    told = run("explain", items[0]["client"], "p1", "--run", tmp_path / "run").out
    assert f"nna Meier ({items[0]['client']})" in told.replace("meier", "Meier")
