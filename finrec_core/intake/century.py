"""Centuries: dates whose years have two digits, read once it is said that these stand last."""

from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from finrec_core.intake.question import Question, Questions
from finrec_core.intake.records import Records

SHORT = r"^\s*(\d{1,2})([-/. ])(\d{1,2})([-/. ])(\d{2})((?:[ T,].*)?)$"
NAMED = r"^\s*(?P<one>\d{1,2})[-/. ](?P<two>\d{1,2})[-/. ](?P<year>\d{2})(?:[ T,].*)?$"
TURN = "70"  # years from here on are of the last century
LAST, EMPTY = "1970 to 2069", "no date"


def with_centuries(records: Records, questions: Questions) -> Records:
    """Return records whose times have four digits for the year where all have two, once that is confirmed.

    Proposed are the years 1970 to 2069, unless the year may as well stand first.
    """
    if "timestamp" not in records.cells.column_names:
        return records
    cells = records.cells["timestamp"].combine_chunks()
    short = pc.fill_null(pc.match_substring_regex(cells, SHORT), fill_value=False)
    found = pc.sum(short).as_py() or 0
    if 2 * found <= len(cells):
        return records
    shown = cells.filter(short)
    parts = pc.extract_regex(shown, NAMED)
    one, two, year = (pc.struct_field(parts, name).cast(pa.int64()) for name in ("one", "two", "year"))
    sure = (
        pc.max(two).as_py() > 12
        or pc.max(year).as_py() > 31
        or pc.all(pc.match_substring(shown, ".")).as_py()
        or pc.count_distinct(year).as_py() < pc.count_distinct(one).as_py()
    )
    name = records.names["timestamp"]
    line = records.cells["line"].filter(short)[0].as_py()
    sentence = (
        f'{records.file}: the years in "{name}" have two digits in {found:,} rows, as {shown[0].as_py()} on '
        f"line {line}. Do they stand last, and are they those of 1970 to 2069?"
    )
    question = Question("years", records.file, name, sentence, (LAST, EMPTY), LAST if sure else None)
    if questions.ask(question) != LAST:
        return records
    late = pc.greater_equal(pc.struct_field(parts, "year"), TURN)
    whole = pc.if_else(
        late,
        pc.replace_substring_regex(shown, SHORT, r"\1\2\3\419\5\6"),
        pc.replace_substring_regex(shown, SHORT, r"\1\2\3\420\5\6"),
    )
    place = records.cells.column_names.index("timestamp")
    cells = pc.replace_with_mask(cells, short, whole)
    return replace(records, cells=records.cells.set_column(place, "timestamp", cells))
