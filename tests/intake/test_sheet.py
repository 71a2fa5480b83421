import io
import zipfile
from datetime import date, datetime, time
from pathlib import Path

import pytest
import xlsxwriter

from finrec_core.intake import IntakeError, Source, read_files, survey, table_names
from finrec_core.intake.sheet import LOCKED, OLD, Workbook
from tests.intake.workbooks import ods, ods_row, xlsx

TRADES = (("client_id", "product_id", "timestamp"), ("c1", "p1", date(2024, 3, 5)), ("c2", "p2", None))


def lines(
    content: bytes, only: tuple[str, ...] = (), name: str = "book.xlsx"
) -> tuple[dict[str, list[str]], list[str]]:
    tables, notices = Workbook(name, content).tables(only)
    found = {table: spool.open().read().decode("utf-8-sig").split("\r\n")[:-1] for table, spool in tables}
    return found, notices


def filled(write: object) -> bytes:
    """Return a workbook with one sheet that `write` fills."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        write(book, book.add_worksheet("Trades"))
    return out.getvalue()


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("00123", "00123"),
        (10000, "10000"),
        (10000.0, "10000"),
        (-0.5, "-0.5"),
        (1234567.125, "1234567.125"),
        (4.23e15, "4.23E+15"),
        (date(2024, 3, 5), "2024-03-05"),
        (datetime(2024, 3, 5, 14, 30, 15), "2024-03-05T14:30:15"),
        (datetime(2024, 3, 5, 14, 30, 15, 250000), "2024-03-05T14:30:15.250000"),
        (time(14, 30), "14:30:00"),
        (True, "true"),
        (False, "false"),
        ("1.234,56", "1.234,56"),
        ("05.03.2024", "05.03.2024"),
        ("=1+1", "=1+1"),
        ("  x ", "  x "),
        ("Zürich 株", "Zürich 株"),
    ],
)
def test_a_cell_is_written_as_what_it_is(cell: object, text: str) -> None:
    found, notices = lines(xlsx({"Trades": (("a", "b"), ("x", cell))}))
    assert found["Trades"] == ["a\tb", f"x\t{text}"]
    assert notices == []


def test_a_line_is_a_row_of_the_sheet_also_below_blank_rows_and_texts_of_several_lines() -> None:
    rows = (
        *((), (), ("client_id", "product_id", "rating", "review")),
        *(("c1", "p1", 5, "one\ntwo\r\nthree"), (), ("c2", "p2", 4, "a\nb"), ("c3", None, 3, "x")),
    )
    intake = read_files([Source("book.xlsx", xlsx({"Trades": rows}))])
    assert intake.rejects.select(["file", "line"]).to_pylist() == [{"file": "book.xlsx/Trades", "line": 7}]
    assert intake.dataset is not None
    assert intake.dataset.interactions["review"].to_pylist() == ["one\ntwo\r\nthree", "a\nb"]


def test_columns_that_hold_nothing_are_no_columns() -> None:
    rows = ((None, None, "client_id", None, "product_id"), (None, None, "c1", None, "p1"))
    assert lines(xlsx({"Trades": rows}))[0]["Trades"] == ["client_id\tproduct_id", "c1\tp1"]


def test_each_sheet_is_a_table_and_those_that_hold_nothing_are_named() -> None:
    content = xlsx(
        {
            "Trades": TRADES,
            "Customers": (("client_id", "name"), ("c1", "Ann")),
            "Empty": (),
            "Old": (("client_id", "product_id"), ("c9", "p9")),
        },
        hidden=["Old"],
    )
    intake = read_files([Source("book.xlsx", content)])
    assert [(file.name, file.table) for file in intake.files] == [
        ("book.xlsx/Trades", "interactions"),
        ("book.xlsx/Customers", "clients"),
    ]
    assert intake.notices[:2] == (
        "book.xlsx/Empty is left out: it holds nothing.",
        "book.xlsx/Old is left out: it is hidden in the workbook; name the sheet to read it.",
    )


def test_one_sheet_alone_may_be_chosen_also_a_hidden_one() -> None:
    content = xlsx({"Trades": TRADES, "Old": TRADES[:2]}, hidden=["Old"])
    assert list(lines(content, ("Old",))[0]) == ["Old"]
    assert table_names(Source("book.xlsx", content)) == ["Trades", "Old"]
    with pytest.raises(
        IntakeError, match=r'book\.xlsx: there is no sheet "Olds"; there are "Trades", "Old"\.'
    ):
        lines(content, ("Olds",))


def test_where_all_is_hidden_it_is_read_and_said() -> None:
    found, notices = lines(xlsx({"Cover": (), "Trades": TRADES}, hidden=["Trades"]))
    assert list(found) == ["Trades"]
    assert "book.xlsx/Trades is hidden in the workbook." in notices


def test_the_only_sheet_is_known_by_the_name_of_its_workbook() -> None:
    content = xlsx({"Sheet1": (("client_id", "name"), ("c1", "Ann"))})
    clients = Source("customers.xlsx", content)
    intake = read_files([clients, Source("holdings.csv", b"client_id,product_id\nc1,p1\n")])
    assert [file.table for file in intake.files] == ["clients", "interactions"]


def test_errors_durations_and_formulas_without_a_value_are_counted() -> None:
    def write(book: xlsxwriter.Workbook, sheet: object) -> None:
        sheet.write_row(0, 0, ["client_id", "product_id", "rating", "timestamp"])
        sheet.write_formula(1, 0, "=NA()", None, "#N/A")
        sheet.write_formula(2, 0, '="c"&2', None, "c2")
        sheet.write_formula(3, 1, "=A1", None, "")
        sheet.write_formula(4, 1, "=A2", None, "")
        sheet.write(5, 2, 1.5, book.add_format({"num_format": "[h]:mm"}))
        sheet.write_string(6, 1, "#REF!")

    found, notices = lines(filled(write))
    assert found["Trades"] == ["client_id\tproduct_id\trating", "", "c2\t\t", "", "", "", ""] or found[
        "Trades"
    ] == ["client_id\tproduct_id\trating\ttimestamp", "", "c2\t\t\t", "", "", "", ""]
    assert notices == [
        "book.xlsx/Trades: 1 cell holds an error, the first is #N/A in A2, read as empty.",
        "book.xlsx/Trades: 2 formulas have no value, the first in B4, read as empty; open the workbook in "
        "its program and save it, so that they are worked out.",
        "book.xlsx/Trades: 1 cell holds a duration, the first in row 6, read as empty: no column takes one.",
        'book.xlsx/Trades: 1 cell holds an error, the first is "#REF!" in row 7, read as empty.',
    ]


def test_a_cell_merged_over_rows_stands_in_each_and_one_over_columns_is_said() -> None:
    rows = (
        ("client_id", "product_id"),
        ("c1", "p1"),
        (None, "p2"),
        (),
        ("c2", "p3"),
        (None, None),
        ("All", None),
    )
    found, notices = lines(xlsx({"Trades": rows}, merged=["A2:A4", "A7:B7"]))
    assert found["Trades"] == ["client_id\tproduct_id", "c1\tp1", "c1\tp2", "", "c2\tp3", "", "All\t"]
    assert notices == [
        "book.xlsx/Trades: 1 merged cell stands in each of its rows, 1 more.",
        "book.xlsx/Trades: 1 merged cell spans several columns, as A7:B7; its value stands in the first "
        "alone.",
    ]


def test_a_title_merged_over_columns_is_no_matter() -> None:
    rows = (("Holdings of March", None), ("client_id", "product_id"), ("c1", "p1"))
    assert lines(xlsx({"Trades": rows}, merged=["A1:B1"]))[1] == []


def test_charts_alone_hold_no_table() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "=Chart!$A$1:$A$2"})
        book.add_chartsheet("Chart").set_chart(chart)
    with pytest.raises(IntakeError, match=r"book\.xlsx: the workbook holds charts or macros alone\."):
        lines(out.getvalue())
    with pytest.raises(IntakeError, match="holds no cell with anything in it"):
        lines(xlsx({"Empty": ()}))


def test_an_opendocument_is_read_with_its_types_and_repetitions() -> None:
    kinds = "".join(
        f'<table:table-cell office:value-type="{kind}" {value}/>'
        for kind, value in (
            ("float", 'office:value="10000"'),
            ("date", 'office:date-value="2024-03-05"'),
            ("date", 'office:date-value="2024-03-05T14:30:00"'),
            ("boolean", 'office:boolean-value="true"'),
            ("currency", 'office:value="12.5"'),
        )
    )
    empty = '<table:table-cell table:number-columns-repeated="16384"/>'
    content = ods(
        ods_row("id", *"abcde", empty)
        + ods_row("00123", kinds, empty)
        + ods_row(empty, times=2)
        + ods_row("x", "#N/A", times=2)
        + ods_row(empty, times=1_040_000)
    )
    found, notices = lines(content, name="book.ods")
    written = "00123\t10000\t2024-03-05\t2024-03-05T14:30:00\ttrue\t12.5"
    assert found["Trades"] == ["id\ta\tb\tc\td\te", written, "", "", "x\t\t\t\t\t", "x\t\t\t\t\t"]
    assert notices == ['book.ods/Trades: 2 cells hold an error, the first is "#N/A" in row 5, read as empty.']


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (
            b"PK\x03\x04 and nothing of a workbook",
            "the workbook is damaged (File is not a zip file); save it anew.",
        ),
        (xlsx({"Trades": TRADES})[:2000], "the workbook is damaged (File is not a zip file); save it anew."),
        (b"", "the file is empty."),
        (b"client,product\n", "this is no workbook."),
        (OLD + bytes(600), "this is a workbook of Excel before 2007; open it and save it as .xlsx."),
        (
            OLD + b"\xa1\xb1\x1a\xe1" + bytes(600) + LOCKED,
            "the workbook is under a password; open it with the password and save it without one.",
        ),
    ],
)
def test_what_is_no_workbook_is_told_apart(content: bytes, sentence: str, tmp_path: Path) -> None:
    (tmp_path / "book.xlsx").write_bytes(content)
    for given in (content, tmp_path / "book.xlsx"):
        with pytest.raises(IntakeError) as caught:
            Workbook("book.xlsx", given)
        assert str(caught.value) == f"book.xlsx: {sentence}"


def test_a_byte_that_changed_is_found() -> None:
    content = bytearray(xlsx({"Trades": TRADES}))
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as archive:
        member = archive.getinfo("xl/worksheets/sheet1.xml")
    content[member.header_offset + 30 + len(member.filename) + 40] ^= 0xFF
    with pytest.raises(IntakeError, match="the workbook is damaged"):
        lines(bytes(content))


def test_what_is_no_xml_is_damaged_and_not_read_without_an_end() -> None:
    content = ods(ods_row("client_id", "product_id"))
    assert lines(content, name="book.ods")[0] == {"Trades": ["client_id\tproduct_id"]}
    for broken in ("</t<ble:table>", "<table:table-row>", "&nothing;"):
        with pytest.raises(IntakeError, match=r"book\.ods: the workbook is damaged \("):
            lines(ods(ods_row("client_id") + broken), name="book.ods")


def test_a_cell_far_away_is_no_reason_to_fill_the_memory() -> None:
    content = filled(lambda _, sheet: (sheet.write(0, 0, "client_id"), sheet.write(1_048_575, 16_383, "x")))
    with pytest.raises(IntakeError, match="a sheet reaches over 1,048,576 rows and 16,384 columns"):
        lines(content)
    row = ods_row('<table:table-cell office:value-type="float" office:value="1"/>' * 50, times=1_000_000)
    with pytest.raises(IntakeError, match="a sheet reaches over 1,000,000 rows and 41 columns"):
        lines(ods(row), name="book.ods")


def test_a_bomb_is_refused_whatever_it_says_of_its_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(survey.textfile, "UNSUSPECTED", 1 << 16)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (1 << 24))
    content = bytearray(out.getvalue())
    with pytest.raises(IntakeError, match="over 200 times its size"):
        Workbook("book.xlsx", bytes(content))
    place = content.index(b"PK\x01\x02") + 24
    content[place : place + 4] = (100).to_bytes(4, "little")  # a lie
    with pytest.raises(IntakeError, match="over 200 times its size"):
        Workbook("book.xlsx", bytes(content))
