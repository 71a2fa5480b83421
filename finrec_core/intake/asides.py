"""Asides: lines in a file that are no rows of its table, such as titles, totals, rules and footers."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from finrec_core.dataset.report import quoted

ABOVE = "Above the header"
AGAIN = "The header again"
COMMENT = "A comment"
EMPTY = "A row without any content"
FOOTER = "Below the data"
RULE = "A rule"
SECOND = "A second header line"
TOTAL = "A total"
LONGEST = 120  # characters of a line that says how many rows there are
LAST = 5  # rows at the end among which a total is looked for by its first cell alone
MARK = re.compile(r"\s*\"?(?:#|//|--(?!-))(?=\s|\w|$)")
MARKS = ("# ", "// ", "-- ", "---", "===")  # what a cell begins with that may be no id
DASHES = re.compile(r"[\s\"',;|+:=_*~\-─━═┼│╪├┤┌┐└┘┴┬╋]{3,}")
TOTAL_WORDS = (
    r"(?:(?:grand|sub|overall|running|net|page|report|gesamt|zwischen|end|final)[\s-]*)?"
    r"(?:totals?|totale|totaal|totalt|summen?|sum|gesamt|insgesamt|somme|suma|soma|gesamtsumme|gesamtbetrag"
    r"|endbetrag|endsumme|zwischensumme|saldo|итого|всего|合计|合計|总计|總計|小计|小計|計|razem|celkem|yhteensä)"
)
# A total alone, or with what it is a total of: "Total", "Summe:", "Total (171 rows)", "Total 10000".
TOTAL_CELL = re.compile(rf"[\s*]*{TOTAL_WORDS}(?:\s*[:=*]*|[\s:=(*]+.{{0,60}})", re.IGNORECASE)
TOTAL_ALONE = re.compile(rf"[\s*]*{TOTAL_WORDS}[\s:=*]*", re.IGNORECASE)
COUNT = re.compile(
    r"\W*(?:(?:anzahl|number of|count of|no\. of|total|#)\s*)?"
    r"(?:rows?|records?|lines?|entries|items?|positions?|positionen|zeilen|datensätze|einträge|lignes|filas)?"
    r"\W*\d[\d.,' ]*\s*"
    r"(?:rows?|records?|lines?|entries|items?|positions?|positionen|zeilen|datensätze|einträge|lignes|filas)?"
    r"(?:\s+(?:in set|selected|returned|affected|fetched|found|exported|total|ausgewählt))?.{0,40}",
    re.IGNORECASE,
)
COUNTED = re.compile(
    r"rows?|records?|lines?|entries|items?|position|zeilen|datensätze|einträge|lignes|filas", re.IGNORECASE
)
FOOTER_WORDS = re.compile(
    r"\W*(?:end of|ende|eof|fin\b|source|quelle|stand\b|as of|as at|generated|created|exported|printed"
    r"|erstellt|gedruckt|export\b|page\b|seite|disclaimer|haftung|note|notes|hinweis|bemerkung|legend|legende|remark"
    r"|confidential|vertraulich|copyright|©|\(c\)|all rights|alle angaben|report|bericht"
    r"|this (?:report|document|file)"
    r"|for (?:internal|information)|diese|dieser|contact|kontakt|footnote|fussnote|fußnote|\*|time taken"
    r"|query|elapsed|completion time|\d+ rows)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Aside:
    """One line of a file that is no row of its table: where it begins, what it says, what it is."""

    line: int
    value: str
    reason: str


def is_rule(text: str) -> bool:
    """Whether a line is drawn, not written: `-----+-----`."""
    return DASHES.fullmatch(text) is not None and any(text.count(sign) >= 3 for sign in "-=_─━═*~")


def mark_of(text: str) -> str | None:
    """Return what a line is that stands outside any table by its first signs, None where it may be a row."""
    if is_rule(text):
        return RULE
    return COMMENT if MARK.match(text) else None


def ragged_aside(cells: Sequence[str], header: Sequence[str], *, last: bool, apart: bool) -> str | None:
    """Return what a row with too few or too many cells is where it is an aside, else None.

    `last` says that no whole row follows, `apart` that a blank line stands before it.
    """
    filled = [cell.strip() for cell in cells if cell.strip()]
    if not filled:
        return EMPTY
    text = " ".join(filled)
    if (mark := mark_of(text)) is not None:
        return mark
    if same_names(filled, [name for name in header if name]):
        return AGAIN
    if TOTAL_CELL.fullmatch(filled[0]):
        return TOTAL
    if len(filled) == 1 and _is_count(text):
        return TOTAL
    if last and (
        FOOTER_WORDS.match(text)
        or (len(filled) == 1 and (apart or len(text.split()) > 2))
        or (apart and len(text.split()) > 3)
    ):
        return FOOTER
    return None


def _is_count(text: str) -> bool:
    """Whether a line says how many rows there are."""
    return len(text) <= LONGEST and bool(COUNT.fullmatch(text) and COUNTED.search(text))


def same_names(cells: Sequence[str], header: Sequence[str]) -> bool:
    """Whether a row says what the header says, whatever the case."""
    return [" ".join(cell.split()).casefold() for cell in cells] == [name.casefold() for name in header]


def odd_rows(ids: Sequence[tuple[pa.Array, str]]) -> list[int]:
    """Return the rows of a batch that may be asides: those which lack an id, repeat a name or begin oddly.

    `ids` are the columns that a row cannot do without, each with its name in the file.
    """
    if not ids:
        return []
    odd = np.zeros(len(ids[0][0]), dtype=bool)
    for cells, name in ids:
        spelled = {
            f"{before}{one}{after}"
            for one in (name, name.upper(), name.lower(), name.title())
            for before in ("", " ")
            for after in ("", " ")
        }
        coded = cells.dictionary_encode()  # an id comes again and again, and is looked at once
        distinct = coded.dictionary
        masks = [pc.is_in(distinct, value_set=pa.array(["", *sorted(spelled)]))]
        masks += [pc.starts_with(distinct, mark) for mark in MARKS]
        found = np.any([mask.to_numpy(zero_copy_only=False) for mask in masks], axis=0)
        if found.any() or cells.null_count:
            codes = pc.fill_null(coded.indices, len(distinct)).to_numpy()
            odd |= np.append(found, True)[codes]
    return np.flatnonzero(odd).tolist()


def whole_aside(cells: Sequence[str], header: Sequence[str], *, lacking: bool) -> str | None:
    """Return what a row of the right width is where it is an aside, else None.

    `lacking` says that an id which a row cannot do without is missing from it.
    """
    filled = [cell.strip() for cell in cells if cell.strip()]
    if not filled:
        return EMPTY
    if same_names([cell.strip() for cell in cells], header):
        return AGAIN
    if is_rule("".join(filled)) and all(DASHES.fullmatch(cell * 3) for cell in filled):
        return RULE
    first = cells[0].lstrip()
    if first.startswith(("# ", "// ", "-- ")):
        return COMMENT
    if lacking and any(TOTAL_CELL.fullmatch(cell) for cell in filled):
        return TOTAL
    if lacking and len(filled) == 1 and (FOOTER_WORDS.match(filled[0]) or _is_count(filled[0])):
        return FOOTER
    return None


def last_aside(first: str, firsts: Sequence[str], *, apart: bool) -> str | None:
    """Return what one of the last rows is by its first cell, None where it is a row.

    `firsts` are the first cells of the rows around it; `apart` says that a blank line stands above.
    """
    if TOTAL_ALONE.fullmatch(first) and firsts.count(first) == 1:
        return TOTAL
    if apart and " " in first.strip() and FOOTER_WORDS.match(first):
        return FOOTER
    return None


def sentences(file: str, asides: Iterable[Aside]) -> list[str]:
    """Return a sentence for each kind of aside of a file: how many lines, and the first as an example."""
    asides = list(asides)
    counts = Counter(aside.reason for aside in asides)
    firsts = {aside.reason: aside for aside in reversed(asides)}
    found = []
    for reason, count in counts.items():
        first = firsts[reason]
        said = quoted(" ".join(first.value.split()))
        example = f'line {first.line}, "{said}"' if said else f"line {first.line}"
        many = f"{count:,} lines are" if count > 1 else "1 line is"
        found.append(f"{file}: {many} left out as no row of the table ({PHRASES[reason]}): {example}.")
    return found


PHRASES = {
    ABOVE: "above the header",
    AGAIN: "the header again",
    COMMENT: "a comment",
    EMPTY: "nothing in it",
    FOOTER: "below the data",
    RULE: "a rule",
    SECOND: "a second header line",
    TOTAL: "a total",
}
