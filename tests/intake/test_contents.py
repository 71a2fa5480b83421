import io
import zipfile
from pathlib import Path

import pytest

from finrec_core.intake import FormChoice, IntakeError, Source, find_sources, read_files, table_names
from finrec_core.intake.choice import chosen
from finrec_core.intake.contents import text_files
from tests.intake.workbooks import xlsx

HAS = b"client_id,product_id\nc1,p1\n"
BOOK = xlsx({"Trades": (("client_id", "product_id"), ("c1", "p1")), "Notes": (("about",), ("x",))})


def names(*sources: Source) -> list[str]:
    return [file.name for file in text_files(sources)[0]]


def test_a_workbook_is_found_wherever_it_lies(tmp_path: Path) -> None:
    (tmp_path / "book.xlsx").write_bytes(BOOK)
    (tmp_path / "~$book.xlsx").write_bytes(b"a lock of Excel")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("in/book.xlsx", BOOK)
    assert names(*find_sources([tmp_path])) == ["book.xlsx/Trades", "book.xlsx/Notes"]
    assert names(Source("bank.zip", out.getvalue())) == [
        "bank.zip/in/book.xlsx/Trades",
        "bank.zip/in/book.xlsx/Notes",
    ]


def test_a_table_of_another_kind_is_written_once_for_each_source() -> None:
    source = Source("book.xlsx", BOOK)
    assert [one.stream for one in text_files([source])[0]] == [one.stream for one in text_files([source])[0]]


def test_what_is_said_of_the_form_of_all_files_does_not_garble_a_sheet() -> None:
    book = xlsx({"Trades": (("client_id", "product_id", "review"), ("Jürg", "p1", "a;b,c\td|e"))})
    told = {"book.xlsx/Trades": FormChoice(encoding="cp1252", delimiter=";")}
    intake = read_files([Source("book.xlsx", book)], forms=told)
    assert intake.dataset is not None
    assert intake.dataset.interactions.select(["client_id", "review"]).to_pylist() == [
        {"client_id": "Jürg", "review": "a;b,c\td|e"}
    ]


def test_an_xls_that_is_text_is_read_and_one_that_is_a_page_named() -> None:
    assert names(Source("has.xls", HAS.replace(b",", b"\t"))) == ["has.xls"]
    intake = read_files([Source("has.xls", HAS.replace(b",", b"\t"))])
    assert intake.dataset is not None
    for page in (b"<html><table>", b"\xef\xbb\xbf\r\n<?xml version='1.0'?>", b"<TABLE>"):
        with pytest.raises(IntakeError, match=r"this is a web page or XML that is called \.xls"):
            names(Source("has.xls", page))


def test_a_stray_file_that_cannot_be_opened_is_left_out_but_never_a_table() -> None:
    found, notices = text_files([Source("has.csv", HAS), Source("more.xlsx", b"x")])
    assert [file.name for file in found] == ["has.csv"]
    assert notices == ["more.xlsx is left out: this is no workbook."]
    for given in ([Source("has.csv", HAS), Source("products.xlsx", b"x")], [Source("more.xlsx", b"x")]):
        with pytest.raises(IntakeError, match="this is no workbook"):
            text_files(given)


def test_sheets_are_chosen_for_one_workbook_or_for_all() -> None:
    sources = [Source("a.xlsx", BOOK), Source("b.xlsx", BOOK), Source("has.csv", HAS)]
    assert [one.only for one in chosen(sources, ["Trades"], "")] == [("Trades",), ("Trades",), ()]
    assert [one.only for one in chosen(sources, ["a.xlsx=Notes"], "")] == [("Notes",), (), ()]
    assert names(*chosen(sources, ["Trades"], "")) == ["a.xlsx/Trades", "b.xlsx/Trades", "has.csv"]
    assert table_names(sources[0]) == ["Trades", "Notes"]
    assert table_names(sources[2]) == []
    for given, sheets in ((sources[2:], ["Trades"]), (sources, ["has.csv=Trades"])):
        with pytest.raises(IntakeError, match="can be chosen: there is no workbook or database"):
            chosen(given, sheets, "")
    with pytest.raises(IntakeError, match="a query is asked of one database"):
        chosen(sources, [], "SELECT 1")
    with pytest.raises(IntakeError, match="a query is asked of a database; this is a workbook"):
        names(*chosen(sources[:1], [], "SELECT 1"))
