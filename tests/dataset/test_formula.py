"""No text from the data runs as a formula, whichever separator a spreadsheet reads the file with."""

import csv
import io

import pyarrow as pa
import pytest

from finrec_core.dataset import csv_report
from finrec_core.dataset.formula import harmless

SIGNS = "=+-@\uff1d\uff0b\uff0d\uff20"
LEADS = ("", " ", "\u00a0", "\ufeff", "\u200b", "\u202e", "\u2068", '"', ' "')
BREAKS = (";", "\t", "\n", "\r", "\r\n", "\u2028")


def cells(written: bytes, separator: str) -> list[str]:
    """Return what a spreadsheet that parts at `separator` holds in its cells, without marks and blanks."""
    rows = csv.reader(io.StringIO(written.decode("utf-8-sig"), newline=""), delimiter=separator)
    found = [cell for row in rows for cell in row]
    found += [line for cell in found for line in cell.splitlines()]
    unseen = "\u00a0\ufeff\u200b\u202e\u2068"
    return [cell.strip(f' "\r\n\t{unseen}') for cell in found]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_no_cell_begins_with_a_sign_that_runs(separator: str) -> None:
    texts = [f"{lead}{sign}1+1" for sign in SIGNS for lead in LEADS]
    texts += [f"a{parted}{text}" for parted in BREAKS for text in texts]
    written = csv_report(pa.table({"=name": texts, "b;=c": [*reversed(texts)]}))
    assert [cell for cell in cells(written, separator) if cell.startswith(tuple(SIGNS))] == []


@pytest.mark.parametrize(
    "text",
    [
        "Fund - class A",
        "a@b.example",
        "1 + 1 = 2",
        "Bonds; shares",
        "C'est un fonds",
        "",
        "two\nlines",
        "'=1",
    ],
)
def test_what_runs_nowhere_stays_as_it_is(text: str) -> None:
    assert harmless(text) == text


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("=1", "'=1"),
        ("\t1", "'\t1"),
        ("\n1", "'\n1"),
        ("a;=1;+2", "a;'=1;'+2"),
        ('a;"=1"', 'a;\'"=1"'),
        ("a\n-1", "a\n'-1"),
        ("\uff1d1", "'\uff1d1"),
    ],
)
def test_an_apostrophe_stands_where_a_formula_would_begin(text: str, safe: str) -> None:
    assert harmless(text) == safe
    assert harmless(safe) == safe  # of a file read again and written again nothing grows
