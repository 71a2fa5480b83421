import io

import pytest

from finrec_core.dataset.report import Report
from finrec_core.intake import records as module
from finrec_core.intake import rows as rows_module
from finrec_core.intake import textfile
from finrec_core.intake.form import find_form
from finrec_core.intake.mapping import FileMapping
from finrec_core.intake.records import read_rows, report_broken, sample
from finrec_core.intake.rows import MisquotedError
from finrec_core.intake.textfile import TextFile
from tests.dataset.tables import problems


def records(text, suffix=".csv"):
    file = TextFile("x" + suffix, "x", suffix, lambda: io.BytesIO(text.encode()))
    form = find_form(file)
    mapping = FileMapping(file.name, "interactions", sample(file, form), {}, header=form.header)
    rejects = Report()
    found = read_rows(file, form, mapping)
    report_broken(found, rejects)
    return found, problems(rejects.table([file.name]))


def rows(found):
    return [tuple(row.values()) for row in found.cells.to_pylist()]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_physical_whatever_ends_them(end):
    text = 'client_id,product_id,review\n\nc1,p1,"a\nb""\n\nc"\nc2,p2,\nc3\n"c\n4",p4\nc5,p5,x'.replace(
        "\n", end
    )
    found, rejected = records(text)
    assert rows(found) == [
        (3, "c1", "p1", f'a{end}b"{end}{end}c'),
        (7, "c2", "p2", ""),
        (11, "c5", "p5", "x"),
    ]
    assert rejected == [
        (8, "", "c3", "Too few columns: 1 of 3"),
        (9, "", f"c{end}4,p4", "Too few columns: 2 of 3, runs to line 10"),
    ]
    assert found.rows_read == 5


def test_only_used_columns_are_kept_in_any_order():
    found, _ = records("foo;isin;rating;user\n1;p1;5;c1\n")
    assert found.cells.column_names == ["line", "product_id", "rating", "client_id"]
    assert found.names == {"product_id": "isin", "rating": "rating", "client_id": "user"}
    assert repr(found) == "Records('x.csv': 1 rows of interactions)"


def test_batches_join_seamlessly(monkeypatch):
    text = "client_id,product_id\n" + "".join(f'c{i},"p\n{i}"\n' for i in range(10))
    whole, _ = records(text)
    monkeypatch.setattr(rows_module, "BATCH", 3)
    parts, _ = records(text)
    assert rows(parts) == rows(whole)
    assert parts.cells["line"].to_pylist() == list(range(2, 22, 2))


def test_a_quote_misplaced_within_a_line_rejects_the_row():
    found, rejected = records('client_id,product_id,review\nc1,p1,"he said "no" again"\nc2,p2,"fine"\n')
    assert rejected == [(2, "", "", "Quotation mark inside a quoted text: it must be doubled")]
    assert rows(found) == [(3, "c2", "p2", "fine")]


@pytest.mark.parametrize(
    ("rest", "sentence"),
    [
        ('c1,p1,"never\nclosed\n', "x.csv, line 3: a quotation mark that is opened here is never closed."),
        ('c1,p1,"', "x.csv, line 3: a quotation mark that is opened here is never closed."),
        (
            'c1,p1,"never\nc2,p2,x\nc3,p3,"fine"\n',
            "x.csv, line 3: a quotation mark that is opened here ends on line 5 in the midst of a text.",
        ),
    ],
)
def test_a_quote_that_swallows_lines_stops_the_file(rest, sentence):
    with pytest.raises(MisquotedError) as caught:
        records("client_id,product_id,review\nc0,p0,x\n" + rest)
    assert str(caught.value) == sentence


def test_a_text_without_end_stops_the_file(monkeypatch):
    monkeypatch.setattr(textfile, "LINE_LIMIT", 1000)
    with pytest.raises(
        MisquotedError, match="line 2: a quoted text begins here and has not ended after 1,000"
    ):
        records('client_id,product_id\nc1,"' + "x\n" * 2000)


def test_a_text_may_be_longer_than_the_limit_csv_sets_itself():
    found, _ = records(f"client_id,product_id,review\nc1,p1,{'x' * 200_000}\n")
    assert len(found.cells["review"][0].as_py()) == 200_000


def test_two_colons_separate_and_quotes_are_plain():
    found, rejected = records('client_id::product_id::review\nc1::p1::"Weird Al" : it\nc2::p2\n', ".dat")
    assert rows(found) == [(2, "c1", "p1", '"Weird Al" : it')]
    assert rejected == [(3, "", "c2::p2", "Too few columns: 2 of 3")]


def test_a_file_without_header_begins_with_its_first_line():
    found, _ = records("\n1::7::5\n2::8::4\n", ".dat")
    assert found.cells["line"].to_pylist() == [2, 3]


def test_json_lines():
    text = "\n".join(
        [
            '{"user_id": 7, "item_id": "p1", "overall": 5.0, "tags": [1]}',
            "",
            '{"item_id": "p2", "user_id": "c2", "text": "caf\\u00e9 \\ud83d\\ude00", "overall": null}',
            '{"user_id": "c3", "item_id": ["a", ["b"], null], "text": {"a": true}}',
            "{oops",
            "[1]",
            '{"user_id": "x\\u0000", "item_id": "p1"}',
            '{"user_id": "x\\ud800", "item_id": "p1"}',
            '{"user_id": "x\\\\u0000", "item_id": true}',
            "[" * 100_000,
        ]
    )
    found, rejected = records(text, ".jsonl")
    assert rows(found) == [
        (1, "7", "p1", "5.0", None),
        (3, "c2", "p2", None, "café 😀"),
        (4, "c3", '["a", ["b"], null]', None, '{"a": true}'),
        (9, "x\\u0000", "true", None, None),
    ]
    assert [(line, reason) for line, _, _, reason in rejected] == [
        (5, "Line is not a JSON object"),
        (6, "Line is not a JSON object"),
        (7, "Text holds a character that no text can hold"),
        (8, "Text holds a character that no text can hold"),
        (10, "Line is not a JSON object"),
    ]
    assert found.rows_read == 9


def test_a_json_column_may_first_appear_late(monkeypatch):
    monkeypatch.setattr(module, "BATCH", 50)
    lines = [f'{{"user_id": "c{i}", "item_id": "p"}}' for i in range(200)]
    lines.append('{"user_id": "c", "item_id": "p", "reviewText": "late", "colour": 1}')
    found, _ = records("\n".join(lines), ".jsonl")
    assert found.cells["review"].to_pylist() == [None] * 200 + ["late"]


def test_examples_come_from_the_first_rows():
    file = TextFile("x.csv", "x", ".csv", lambda: io.BytesIO(f"a,b,c\n,{'y' * 90},\nx  1,2,\n".encode()))
    assert sample(file, find_form(file)) == {"a": "x 1", "b": "y" * 59 + "…", "c": ""}
    file = TextFile("x.jsonl", "x", ".jsonl", lambda: io.BytesIO(b'{"a": 1}\n{bad\n{"b": null, "a": 2}'))
    assert sample(file, find_form(file)) == {"a": "1", "b": ""}
