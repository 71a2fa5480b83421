"""Ids for property tests: such as come through the door as they are, and are twins of none."""

import re

import pyarrow as pa
from hypothesis import strategies as st

from finrec_core.intake.asides import is_rule
from finrec_core.intake.heading import UNITS
from finrec_core.intake.identity import FLOAT, MARKS, NOBODY, POWER, SCIENTIFIC
from finrec_core.intake.spelling import spelled
from finrec_core.intake.twins import KINDS

NUMBERS = re.compile(f"{FLOAT}|{POWER}|{SCIENTIFIC}|^[0-9]{{16,}}$")


def folded(text: str) -> str:
    """An id without all by which twins differ."""
    ids = pa.array([text])
    for kind in (*KINDS, *KINDS):
        ids = kind.fold(ids)
    return ids[0].as_py()


def is_plain(text: str) -> bool:
    """Whether an id is read as it stands."""
    read = spelled(pa.array([text]))[0].as_py()
    # Alone on its line, one that is drawn is a rule between rows, and a unit tells what stands below it; one
    # that opens a bracket may be a list.
    return (
        read == text
        and read.lower() not in MARKS | NOBODY
        and not NUMBERS.search(text)
        and not is_rule(text)
        and not UNITS.fullmatch(text)
        and text[0] not in "[{("
    )


def ids(texts: st.SearchStrategy[str], low: int = 1, high: int = 4) -> st.SearchStrategy[list[str]]:
    """Lists of `low` to `high` ids."""
    return st.lists(texts.filter(is_plain), unique_by=folded, min_size=low, max_size=high)
