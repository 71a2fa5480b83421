import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from finrec_core.dataset import TABLES, Dataset
from finrec_core.store import Store
from tests.cli.conftest import Desk, done, run, write_files

GOOD = ("client_id,product_id,rating", *(f"c{n},p{n % 3},{n % 5 + 1}" for n in range(19)))


def test_demo_writes_the_files_it_counts(desk: Desk) -> None:
    answer = done("demo", desk.files, "--clients", 60, "--products", 30, "--seed", 3)
    assert answer["clients"] == 60
    assert answer["products"] == 30
    assert sorted(path.name for path in desk.files.iterdir()) == sorted(f"{table}.csv" for table in TABLES)
    for table in TABLES:
        lines = (desk.files / f"{table}.csv").read_text("utf-8-sig").count("\n")
        assert lines >= answer[table] + 1


def test_an_imported_bank_is_the_bank_that_was_written(desk: Desk) -> None:
    answer = desk.imported
    assert answer["dataset"] == "small@1"
    assert answer["stored"] is True
    assert answer["rejected"] == 0
    assert [answer[table] for table in ("clients", "products")] == [60, 30]
    with Store(desk.store) as store:
        assert store.dataset("small", 1).name == "small"


def test_datasets_lists_what_was_imported(desk: Desk) -> None:
    (row,) = done("datasets", "--store", desk.store)["datasets"]
    assert row["dataset"] == "small@1"
    assert row["interactions"] == desk.imported["interactions"]
    assert row["source"] == "clients.csv, interactions.csv, products.csv, ties.csv"
    assert "small@1" in run("datasets", "--store", desk.store).out


def test_the_store_may_be_named_by_its_folder(desk: Desk) -> None:
    assert done("datasets", "--store", desk.store.parent) == done("datasets", "--store", desk.store)


def test_rejected_rows_are_named_with_file_and_line(tmp_path: Path) -> None:
    files = write_files(tmp_path / "bank", interactions=(*GOOD, "c1,,5"))
    ended = run("import", files, "--store", tmp_path)
    assert ended.code == 0
    assert '  interactions.csv, line 21: product_id "": ' in ended.out
    assert "Stored as bank@1." in ended.out
    answer = done("import", files, "--store", tmp_path)
    assert answer["dataset"] == "bank@2"
    assert answer["rejected"] == 1
    assert answer["rejects"][0] | {"reason": ""} == {
        "file": "interactions.csv",
        "line": 21,
        "column": "product_id",
        "value": "",
        "reason": "",
    }


def test_above_five_percent_rejected_nothing_is_stored_without_yes(tmp_path: Path) -> None:
    files = write_files(tmp_path / "bank", interactions=(*GOOD, "c1,,5", ",p8,5"))
    report = tmp_path / "report.csv"
    ended = run("import", files, "--store", tmp_path, "--json", "--output", report)
    assert ended.code == 2
    assert ended.document["stored"] is False
    assert ended.document["dataset"] is None
    assert len(ended.document["rejects"]) == 2
    assert ended.err.splitlines()[-1] == (
        'Nothing was stored: question "rejects:interactions.csv:" is open; answer it with '
        "--answers FILE.json, or take what is proposed with --yes."
    )
    assert report.read_text("utf-8-sig").count("rejected,interactions.csv,2") == 2
    assert not (tmp_path / "finrec.duckdb").exists()
    assert done("import", files, "--store", tmp_path, "--yes")["dataset"] == "bank@1"


def test_columns_verb_and_limit_are_as_the_caller_says(tmp_path: Path) -> None:
    lines = ("who,what,stars,noise", *(f"c{n},p{n % 3},{n % 5 + 1},x" for n in range(19)))
    files = write_files(tmp_path / "bank", interactions=lines)
    mapping = ("--map", "client_id=who", "--map", "product_id=what", "--map", "=noise")
    options = ("--verb", "listens to", "--rating-limit", 2, "--name", "songs", "--store", tmp_path)
    answer = done("import", files, *mapping, *options)
    assert (answer["dataset"], answer["verb"], answer["rating_limit"]) == ("songs@1", "listens to", 2.0)
    assert answer["rating_proposal"] == {
        "low": 1.0,
        "high": 5.0,
        "limit": 3.0,
        "rows": 19,
        "rows_low": 8,
        "clients_empty": 8,
    }
    used = {use["column"]: use["used_as"] for use in answer["columns"]}
    assert used == {"who": "client_id", "what": "product_id", "stars": "rating", "noise": ""}
    assert (
        done("import", files, *mapping, "--rating-limit", "none", "--store", tmp_path)["rating_limit"] is None
    )


@pytest.mark.parametrize(("flag", "month"), [("--day-first", 4), ("--month-first", 3)])
def test_an_ambiguous_date_is_read_as_the_caller_says(tmp_path: Path, flag: str, month: int) -> None:
    lines = ("client_id,product_id,timestamp", *(f"c{n},p{n % 3},03/04/2026" for n in range(5)))
    files = write_files(tmp_path / "bank", interactions=lines)
    done("import", files, flag, "--store", tmp_path)
    with Store(tmp_path / "finrec.duckdb") as store:
        assert store.dataset().interactions["timestamp"][0].as_py().month == month


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("missing",), "missing: there is no such file or folder."),
        (("bank", "--map", "client_id"), '--map "client_id": write COLUMN=THEIRS, like client_id=userId.'),
        (("bank", "--rating-limit", "low"), '--rating-limit "low": give a number, or none.'),
        (("bank", "--output", "x.doc"), "x.doc: --output writes .csv, .json and .parquet files."),
        (("picture.csv",), "picture.csv"),
    ],
)
def test_what_cannot_be_imported_is_one_sentence_and_leaves_nothing(
    arguments: tuple[str, ...], sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write_files(Path("bank"), interactions=GOOD)
    Path("picture.csv").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    ended = run("import", *arguments, "--store", "store", "--json")
    assert ended.code == 2
    assert ended.out == ""
    assert ended.err.splitlines()[-1].startswith(sentence)
    assert not Path("store").exists()


def test_reading_a_store_that_is_not_there_makes_none(tmp_path: Path) -> None:
    ended = run("datasets", "--store", tmp_path / "finrec.duckdb")
    assert ended.code == 2
    assert ended.err == (
        f"There is no store at {tmp_path / 'finrec.duckdb'} yet: import files first, "
        "or name another with --store.\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_a_report_can_be_written_whole(tmp_path: Path) -> None:
    rows = (*GOOD, *(f"c{n},,5" for n in range(30)))
    files = write_files(tmp_path / "bank", interactions=rows)
    ended = run("import", files, "--yes", "--store", tmp_path, "--output", tmp_path / "report.parquet")
    assert "  and 20 more; --output FILE writes all." in ended.out
    report = pq.read_table(tmp_path / "report.parquet")
    assert report.column_names == ["what", "file", "line", "column", "value", "reason"]
    assert report["what"].to_pylist().count("rejected") == 30


def test_a_run_folder_holds_the_dataset_it_learned_from(desk: Desk) -> None:
    with Store(desk.store) as store:
        assert Dataset.load(desk.run / "dataset").content_hash == store.dataset("small").content_hash
    assert json.loads((desk.run / "run.json").read_text())["run"] == desk.trained["run"]


def test_an_encoding_and_a_separator_are_told(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "has.csv"
    file.write_bytes("kunde|produkt;neu\nJürg|card;x\n".encode("cp1252"))
    maps = ("--map", "client_id=kunde", "--map", "product_id=produkt;neu", "--store", tmp_path / "x.duckdb")
    ended = run("import", file, *maps)
    assert ended.code == 2
    assert "has.csv, line 2" in ended.err
    assert "say which encoding it is" in ended.err.replace("\n", " ")
    answer = done("import", file, *maps, "--encoding", "has.csv=cp1252", "--separator", "|")
    assert answer["columns"][0]["example"] == "Jürg"
    assert run("import", file, *maps, "--encoding", "y.csv=cp1252").code == 2


def test_the_header_an_escape_and_a_file_left_out_are_told(tmp_path: Path) -> None:
    folder = tmp_path / "bank"
    folder.mkdir()
    (folder / "has.csv").write_text(
        'client,product,x\nclient,product,review\nann,card,"5\\" tall"\nbob,fund,y\n'
    )
    (folder / "products.csv").write_text("prose\nof one column\n")
    told = ("import", folder, "--store", tmp_path / "x.duckdb", "--header-line", "has.csv=2")
    assert run(*told).code == 2
    answer = done(*told, "--leave-out", "products.csv", "--escape", "has.csv=backslash")
    assert (answer["interactions"], answer["rejected"]) == (2, 0)
    assert [line["line"] for line in answer["skipped"]] == [1]
    assert [use["column"] for use in answer["columns"]] == ["client", "product", "review"]
    assert done(*told, "--leave-out", "products.csv", "--escape", "has.csv=none", "--yes")["rejected"] == 1
    for wrong in (("--header-line", "two"), ("--escape", "^"), ("--leave-out", "none.csv")):
        assert run("import", folder, "--store", tmp_path / "x.duckdb", *wrong).code == 2


def test_an_import_of_nothing_but_rejected_rows_reports_them(tmp_path: Path) -> None:
    files = write_files(tmp_path / "bad", interactions=("client,product,rating", ",card,x", ",fund,five"))
    out = tmp_path / "report.csv"
    ended = run("import", files, "--store", tmp_path, "--yes", "--output", out)
    assert ended.code == 2
    assert "2 rejected: Client is empty" in ended.out
    assert "Nothing was stored: no interaction could be read" in ended.err
    assert "interactions.csv,3,client,,Client is empty" in out.read_text("utf-8-sig")


@pytest.mark.parametrize("limit", ["nan", "inf", "-inf", "low"])
def test_a_limit_that_is_no_number_is_refused_before_anything_is_stored(limit: str, tmp_path: Path) -> None:
    files = write_files(tmp_path / "bank", interactions=("client,product,rating", "ann,card,5"))
    ended = run("import", files, "--store", tmp_path, f"--rating-limit={limit}")
    assert (ended.code, "give a number, or none" in ended.err) == (2, True)
    assert not (tmp_path / "finrec.duckdb").exists()


def test_a_report_that_cannot_be_written_stops_before_the_import(tmp_path: Path) -> None:
    files = write_files(tmp_path / "bank", interactions=("client,product", "ann,card"))
    ended = run("import", files, "--store", tmp_path, "--output", tmp_path / "none" / "x.csv")
    assert (ended.code, "there is no folder" in ended.err) == (2, True)
    assert not (tmp_path / "finrec.duckdb").exists()


def test_what_is_left_out_of_a_folder_is_said(tmp_path: Path) -> None:
    files = write_files(tmp_path / "bank", interactions=("client,product", "ann,card"))
    (files / "more.xlsx").write_text("x")
    assert any(
        "more.xlsx is left out" in one for one in done("import", files, "--store", tmp_path)["notices"]
    )


def test_what_joins_is_told_with_counts(tmp_path: Path) -> None:
    listed = ("product_id,name", "card,Card")
    files = write_files(tmp_path, interactions=("client,product_id", "ann,card", "bob,loan"), products=listed)
    (join,) = done("import", files, "--store", tmp_path)["joins"]
    assert (join["file"], join["home"], join["found"], join["of"]) == (
        "interactions.csv",
        "products.csv",
        1,
        2,
    )
