"""Datasets for property tests, drawn over all that one holds, and files read as their writer means them."""

from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa
from hypothesis import strategies as st

from finrec_core.dataset import TABLES, Dataset
from finrec_core.dataset.schema import TIME, Column
from finrec_core.intake import Intake, Source, read_files
from finrec_core.intake.scale import LONGEST, YEARS
from finrec_core.intake.spool import ERRORS
from tests.dataset.identifiers import ids
from tests.dataset.tables import table

# What a file leaves open and who wrote it knows, by the kind of the question.
TRUTH = {"amounts": "pieces", "codes": "a rating"}
MOST_EVENTS = 8

# None is what a spreadsheet calls an error: hypothesis finds those words in the code and tries them.
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=12).filter(
    lambda text: text.strip() not in ERRORS
)
SHORT = TEXT.map(lambda text: pa.compute.utf8_trim_whitespace(text).as_py()).filter(bool)
LONG = TEXT.filter(lambda text: pa.compute.utf8_trim_whitespace(text).as_py() != "")


def read_as_meant(files: list[Source], **options: Any) -> Intake:
    """Read files, answering what is asked as their writer would."""
    found = read_files(files, rating_limit=None, **options)
    told = {one.id: TRUTH[one.kind] for one in found.questions if one.kind in TRUTH}
    told = {
        one.id: dict.fromkeys(one.values, told[one.id]) if one.values else told[one.id]
        for one in found.questions
        if one.id in told
    }
    return read_files(files, rating_limit=None, answers=told, **options) if told else found


def _cells(column: Column) -> st.SearchStrategy[Any]:
    if column.values:
        return st.sampled_from(column.values)
    if pa.types.is_string(column.type):
        return LONG if column.name in ("review", "description") else SHORT
    if pa.types.is_boolean(column.type):
        return st.booleans()
    if column.type == TIME:
        return st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29)).map(
            lambda time: time.replace(tzinfo=UTC)
        )
    if pa.types.is_date(column.type):
        return st.dates(date(1, 1, 3))
    if pa.types.is_integer(column.type):
        return st.integers(int(column.low or 0), int(column.high or 0))
    # A horizon of more years is asked about, and so is an amount of 0.
    high = LONGEST if column.name in YEARS else column.high
    numbers = st.floats(column.low, high, allow_nan=False, allow_infinity=False)
    numbers = numbers.map(lambda number: number + 0.0)  # no cell of a workbook holds the sign of -0.0
    return numbers.filter(bool) if column.name == "amount" else numbers


def _signed(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row whose amount has the sign of its action, as every dataset that was read has it."""
    sign = {"takes": 1, "gives_up": -1}.get(row.get("action") or "")
    amount = row.get("amount")
    return row if sign is None or amount is None else row | {"amount": sign * abs(amount)}


@st.composite
def datasets(draw: st.DrawFn) -> Dataset:
    """Datasets of up to four clients and products, a pair in several events, each at a time of its own."""
    clients = draw(ids(SHORT))
    products = draw(ids(SHORT))
    every_pair = [(client, product) for client in clients for product in products]
    every_tie = [(one, other) for one in clients for other in clients if one != other]
    keys = {
        "interactions": draw(st.lists(st.sampled_from(every_pair), min_size=1, max_size=MOST_EVENTS)),
        "products": [(product,) for product in products],
        "clients": [(client,) for client in clients],
        "ties": draw(st.lists(st.sampled_from(every_tie), unique=True)) if every_tie else [],
    }
    parts = {}
    for name, columns in TABLES.items():
        required = [column.name for column in columns if column.required]
        optional = {column.name: st.none() | _cells(column) for column in columns if not column.required}
        rows = [
            dict(zip(required, key, strict=True)) | draw(st.fixed_dictionaries(optional))
            for key in keys[name]
        ]
        if name == "interactions":  # what stands twice at one time is asked about
            rows = list({tuple(row[key] for key in (*required, "timestamp")): row for row in rows}.values())
        parts[name] = table(name, [_signed(row) for row in rows])
    return Dataset(**parts)
