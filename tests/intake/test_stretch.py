import io
from unittest import mock

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from finrec_core.intake import rows, stretch
from finrec_core.intake.error import IntakeError
from finrec_core.intake.form import Form
from finrec_core.intake.mapping import FileMapping
from finrec_core.intake.rows import DelimitedRows
from finrec_core.intake.stretch import Lines, odd_signs, plain_cells
from finrec_core.intake.textfile import TextFile

NAMES = ("client_id", "product_id", "review")
CELLS = st.sampled_from(
    [
        *(
            "c1",
            "p1",
            "",
            " ",
            "x y",
            " x ",
            "Total",
            "# c",
            "---",
            "client_id",
            "0",
            "NA",
            "null",
            "\\",
            "a\\",
        ),
        *("é𝄞", "\x0b", "\x1c", "\x85", "\u2028", "\ufeff", "::"),
        *('"', '"q"', '"a,b"', '"a;b\n"', 'a"b', '"no"t', '"é ""x"""'),
    ]
)
ENDS = st.sampled_from(["\n", "\n", "\n", "\r\n", "\r\n", "\r", "\n\n", "\r\n\r\n", "\r\r\n", "\n\r"])
WIDE = st.lists(CELLS, min_size=3, max_size=3)
RAGGED = st.one_of(st.lists(CELLS, max_size=6), WIDE.map(lambda row: [*row, ""]))
ROWS = st.lists(st.tuples(st.one_of(WIDE, WIDE, WIDE, RAGGED), ENDS), max_size=14)
PLAIN = Form(",", quoted=True, names=NAMES, header=True, first=2)
FORMS = st.builds(
    Form,
    delimiter=st.sampled_from([",", ",", ";", "\t", "|", " ", "\x1f"]),
    quoted=st.sampled_from([True, True, False]),
    names=st.just(NAMES),
    header=st.just(value=True),
    first=st.sampled_from([1, 2, 2, 4]),
    lead=st.sampled_from([0, 0, 1]),
    tail=st.sampled_from([0, 0, 0, 1]),
    escape=st.sampled_from(["", "", "\\"]),
)


def text_file(data, encoding="utf-8"):
    return TextFile("x.csv", "x", ".csv", lambda: io.BytesIO(data), size=len(data), encoding=encoding)


def read(data, form, encoding, *, batch):
    """Return all that a reading gives: the rows by batch, what is broken or aside, or the error."""
    mapping = FileMapping("x.csv", "interactions", dict.fromkeys(NAMES, ""), {}, header=True)
    found = DelimitedRows(text_file(data, encoding), form, mapping, lambda stage, share: None)
    batches = []
    with mock.patch.object(rows, "BATCH", batch):
        try:
            for lines, columns in found.batches():
                batches.append((lines.tolist(), {name: cells.to_pylist() for name, cells in columns.items()}))
        except IntakeError as error:
            batches.append(str(error))
    return batches, found.broken, found.asides, found.padded


@settings(max_examples=150, deadline=None)
@given(
    ROWS,
    FORMS,
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252", "wrong"]),
    st.tuples(st.integers(1, 5), st.sampled_from([3, 7, 64, 1 << 20])),
    st.booleans(),
)
@example([(["c", "p", "é"], "\n")] * 9, PLAIN, "utf-8", (2, 64), True)
@example([(["c", "p", "x"], "\r\n"), (["\ufeff", "p", "x"], "\n")] * 3, PLAIN, "utf-8", (1, 3), True)
def test_lines_cut_at_once_read_as_lines_cut_one_by_one(written, form, encoding, sizes, ended):
    batch, block = sizes
    sign = "::" if form.delimiter == "\x1f" else form.delimiter
    text = "".join(sign.join(cells) + end for cells, end in written)
    text = text if ended else text.rstrip("\r\n")
    data = text.encode("utf-8" if encoding == "wrong" else encoding, "replace")
    data = data + b"c,p,\xff\n" if encoding == "wrong" else data
    told = encoding if encoding in ("utf-16", "cp1252") else "utf-8"
    with mock.patch.object(stretch, "BLOCK", block):
        fast = read(data, form, told, batch=batch)
    with mock.patch.object(rows, "odd_signs", return_value=None):
        careful = read(data, form, told, batch=batch)
    assert fast == careful


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_plain_lines_are_cut_at_once(encoding):
    form = Form(",", quoted=True, names=NAMES, header=True, first=2)
    data = ("a,b,c\n" + "c1,p1, é \r\n" * 6).encode(encoding)
    with mock.patch.object(rows, "rows_of", wraps=rows.rows_of) as singly:
        found, *_ = read(data, form, "utf-8", batch=3)
    assert [lines for lines, _ in found] == [[2, 3, 4], [5, 6, 7], []]
    assert found[0][1]["review"] == [" é "] * 3
    assert singly.call_count == 1  # for the end alone


@pytest.mark.parametrize(
    ("text", "odd"),
    [
        (b"a,b,c\n\na,b,c\n", "blank"),
        (b"\na,b,c\n", "blank at first"),
        (b"\r\na,b,c\r\n", "blank at first"),
        (b"\na,b,c\rx,y,z\n", "blank, and a return that ends a line"),
        ("\ufeffa,b,c\n".encode(), "a mark that is a cell's"),
        (b"a,b,c\r\n\r\n", "blank"),
        (b"a,b\rc\n", "a return in a cell"),
        (b"a,b\n", "too few"),
        (b"a,b,c,\n", "too many"),
    ],
)
def test_lines_that_are_no_plain_rows_are_not_cut(text, odd):
    assert (
        plain_cells(text, text.count(b"\n"), Form(",", quoted=True, names=NAMES, header=True, first=1))
        is None
    ), odd


def test_one_column_is_cut_at_once_but_for_blank_lines():
    form = Form(",", quoted=True, names=("client_id",), header=True, first=1)
    assert [column.to_pylist() for column in plain_cells(b"a\n \nNA\n", 3, form)] == [["a", " ", "NA"]]
    assert plain_cells(b"a\n\nb\n", 3, form) is None


def test_no_line_is_lost_between_stretches_and_single_lines():
    text = "".join(f"{number}\n" for number in range(9)) + "last"
    with text_file(text.encode()).open() as opened:
        lines = Lines(opened)
        assert next(lines.singly()) == "0\n"
        assert lines.stretch(3, b'"') == b"1\n2\n3\n"
        assert lines.stretch(3, b'"5') is None
        lines.put_back(b"3\n")
        assert next(lines.singly()) == "3\n"
        assert lines.stretch(6, b'"') is None
        assert list(lines.singly()) == ["4\n", "5\n", "6\n", "7\n", "8\n", "last"]


def test_a_stretch_has_an_end(monkeypatch):
    monkeypatch.setattr(stretch, "LARGEST", 64)
    monkeypatch.setattr(stretch, "BLOCK", 32)
    with text_file(b"a" * 200 + b"\nb\n").open() as opened:
        lines = Lines(opened)
        assert lines.stretch(1, b"") is None
        assert list(lines.singly()) == ["a" * 200 + "\n", "b\n"]


def test_signs_that_make_a_line_odd():
    form = Form(",", quoted=True, names=NAMES, header=True, first=1)
    assert odd_signs(form) == b'"'
    assert odd_signs(Form("\t", quoted=False, names=NAMES, header=True, first=1)) == b""
    assert odd_signs(Form(",", quoted=True, names=NAMES, header=True, first=1, escape="\\")) == b'"\\'
    assert odd_signs(Form(" ", quoted=True, names=NAMES, header=True, first=1)) is None
    assert odd_signs(Form(",", quoted=True, names=NAMES, header=True, first=1, tail=1)) is None
