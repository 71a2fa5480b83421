import csv
import io

import pyarrow as pa

from finrec_core.dataset import csv_report, reason_counts, row_sentences
from finrec_core.dataset.report import REPORT, Report
from finrec_core.intake import IntakeError


def test_rows_come_in_the_order_of_files_and_lines():
    report = Report()
    report.add("b.csv", [7, 3], "stars", ["five", None], "Rating is not a number")
    report.add(["a.csv", "b.csv"], [9, 5], ["x", "y"], ["1", "2"], ["R: 1", "R: 2"])
    report.add("a.csv", [], "x", [], "R")
    table = report.table(["b.csv", "a.csv"])
    assert table.schema == REPORT
    assert list(zip(table["file"].to_pylist(), table["line"].to_pylist(), strict=True)) == [
        ("b.csv", 3),
        ("b.csv", 5),
        ("b.csv", 7),
        ("a.csv", 9),
    ]
    assert reason_counts(table) == [("R", 2), ("Rating is not a number", 2)]
    assert table["value"].to_pylist() == ["", "2", "five", "1"]


def test_lines_of_another_report_can_be_left_out():
    one, other = Report(), Report()
    one.add("a.csv", [1, 2, 2], "x", ["", "", ""], "R")
    other.add(["a.csv", "b.csv"], [2, 1], "x", ["", ""], "S")
    rest = one.table(["a.csv", "b.csv"], without=other.table(["a.csv", "b.csv"]))
    assert rest["line"].to_pylist() == [1]
    assert Report().table([]).num_rows == 0


def test_long_values_are_cut():
    report = Report()
    report.add("a.csv", [1], "x", ["y" * 1000], "R")
    value = report.table(["a.csv"])["value"][0].as_py()
    assert value == "y" * 199 + "…"


def test_a_row_as_a_sentence():
    report = Report()
    report.add("a.csv", [7], "stars", ["fi\nve"], "Rating is not a number")
    report.add("a.csv", [8], "", ["1,2"], "Too few columns: 2 of 5")
    assert list(row_sentences(report.table(["a.csv"]))) == [
        'a.csv, line 7: stars "fi ve": Rating is not a number',
        "a.csv, line 8: Too few columns: 2 of 5",
    ]


def test_no_cell_of_a_csv_report_runs_as_a_formula():
    texts = ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "x=1", 'a "b", c', "two\nlines", None, ""]
    table = pa.table({"=name": pa.array(texts), "line": pa.array([-1] * len(texts))})
    raw = csv_report(table)
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
    assert rows[0] == ["'=name", "line"]
    assert [row[0] for row in rows[1:]] == [
        *("'=1+1", "'+1", "'-1", "'@x", "'\tx", "'\rx"),
        *("x=1", 'a "b", c', "two\nlines", "", ""),
    ]
    assert {row[1] for row in rows[1:]} == {"-1"}


def test_an_error_names_file_and_line():
    assert str(IntakeError("no.", file="a.csv", line=3)) == "a.csv, line 3: no."
    assert str(IntakeError("no.", file="a.csv")) == "a.csv: no."
    assert str(IntakeError("no.")) == "no."
