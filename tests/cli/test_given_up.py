"""What a client gave up, as the commands that recommend and explain say it, and repeats of a test."""

from pathlib import Path

import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest

from finrec_core.recommender import FusedRecommender
from tests.cli.conftest import done, run, write_files
from tests.served import LEAVER
from tests.views.markup import Page

UNTIL = "until January 2027"


@pytest.fixture(scope="module")
def folder(given_up: FusedRecommender, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a run whose clients gave products up."""
    place = tmp_path_factory.mktemp("gave-up") / "run"
    place.mkdir()
    given_up.save(place)
    return place


def test_recommend_marks_it_for_people_programs_and_files(folder: Path, gone: str, tmp_path: Path) -> None:
    file = tmp_path / "list.parquet"
    answer = done("recommend", LEAVER, "-k", 1000, "--run", folder, "--output", file)
    assert {item["product"]: item["former"] for item in answer["items"] if item["former"]} == {gone: UNTIL}
    assert next(item["rank"] for item in answer["items"] if item["product"] == gone)
    said = run("recommend", LEAVER, "-k", 1000, "--run", folder).out
    assert "held before" in said
    assert said.count(UNTIL) == 1
    rows = pq.read_table(file).to_pylist()
    assert {row["product"]: row["former"] for row in rows if row["former"]} == {gone: UNTIL}
    assert "held before" not in run("recommend", "c012", "-k", 5, "--run", folder).out


def test_the_files_of_all_clients_have_it_in_a_column_and_in_the_reason(
    folder: Path, gone: str, tmp_path: Path
) -> None:
    file = tmp_path / "all.csv"
    done("recommend", "--all-clients", "-k", 64, "--run", folder, "--output", file)
    rows = pa_csv.read_csv(file).to_pylist()
    row = next(row for row in rows if (row["client"], row["product"]) == (LEAVER, gone))
    assert row["former"] == UNTIL
    pairs = FusedRecommender.load(folder).dataset.pairs
    assert 0 < sum(bool(row["former"]) for row in rows) <= int(pairs.former.sum())


def test_explain_says_had_and_lets_it_be_added_and_not_left_out(folder: Path, gone: str) -> None:
    answer = done("explain", LEAVER, gone, "--run", folder)
    assert answer["former"] == UNTIL
    assert answer["sentence"].startswith(f"Client {LEAVER} had ")
    assert [one["product"] for one in answer["holdings"] if one["state"] == "formerly held"] == [gone]
    other = next(
        item["product"]
        for item in done("recommend", LEAVER, "-k", 2, "--run", folder)["items"]
        if item["product"] != gone
    )
    assert done("explain", LEAVER, other, "--run", folder)["former"] is None
    added = done("explain", LEAVER, other, "--with-interaction", gone, "--run", folder)
    assert added["what_if"]["score_before"] != added["score"]
    refused = run("explain", LEAVER, other, "--without-interaction", gone, "--run", folder)
    assert refused.code == 2
    assert "the client does not have product" in refused.err
    against = done("explain", LEAVER, other, "--against", gone, "--run", folder)["against"]["sentence"]
    assert f" {UNTIL}. " in against
    assert "already" not in against


def test_clients_for_marks_who_had_it(folder: Path, gone: str, tmp_path: Path) -> None:
    items = done("clients-for", gone, "-k", 100, "--run", folder)["items"]
    assert next(item["former"] for item in items if item["client"] == LEAVER) == UNTIL
    assert "held before" in run("clients-for", gone, "-k", 100, "--run", folder).out


def test_the_record_says_it_at_its_head(folder: Path, gone: str, tmp_path: Path) -> None:
    file = tmp_path / "record.html"
    assert done("report", LEAVER, gone, "--output", file, "--run", folder)["former"] == UNTIL
    assert f"Client {LEAVER} had it {UNTIL}." in Page(file.read_text(encoding="utf-8")).text


def test_evaluate_says_how_much_of_the_test_repeats(tmp_path: Path) -> None:
    bought = [
        f"c{client},p{(client + day) % 5 if day < 3 else client % 5 if client % 2 else (client + 3) % 5},"
        f"2024-01-0{day + 1}"
        for client in range(8)
        for day in range(4)
    ]
    files = write_files(tmp_path / "files", interactions=["client_id,product_id,timestamp", *bought])
    again = ("evaluate", files, "--arms", "popularity")
    shares = {name: one["repeats"] for name, one in done(*again)["protocols"].items()}
    said = run(*again).out
    told = sum("repeats are no targets" in line for line in said.splitlines())
    assert told == sum(share > 0 for share in shares.values()) > 0
