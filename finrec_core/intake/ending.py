"""Endings: a column with the day on which what a row began has ended, which makes a second event."""

from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from finrec_core.intake.conversion import TypedRows
from finrec_core.intake.mapping import FileMapping
from finrec_core.intake.names import ENDED, WRITTEN, plain
from finrec_core.intake.question import Question, Questions
from finrec_core.intake.records import Records
from finrec_core.intake.values import says_nothing

NAMES = tuple(map(plain, WRITTEN["shared"]["ended"].split()))
GIVEN_UP, NOTHING = "given up", "something else"


def look_for_ending(mapping: FileMapping) -> None:
    """Have the column read that is called as if it said when a client gave a product up."""
    free = [name for name, use in mapping.uses.items() if use == "" and mapping.told(name) is None]
    ended = next((name for known in NAMES for name in free if plain(name) == known), None)
    if mapping.table == "interactions" and ended is not None and ENDED not in mapping.uses.values():
        mapping.uses[ended] = ENDED


def endings(records: Records) -> tuple[Records, Records | None]:
    """Return records without the column of endings, and those of a giving up in each row that has one."""
    if ENDED not in records.cells.column_names:
        return records, None
    cells = pc.utf8_trim_whitespace(records.cells[ENDED])
    rest = replace(
        records,
        cells=records.cells.drop_columns([ENDED]),
        names={key: name for key, name in records.names.items() if key != ENDED},
    )
    filled = pc.invert(says_nothing(cells))
    added = rest.cells.filter(filled)
    if not len(added):
        return rest, None
    kept = [key for key in ("line", "client_id", "product_id", "amount") if key in added.column_names]
    added = added.select(kept).append_column("timestamp", cells.filter(filled))
    added = added.append_column("action", pa.array(["gives_up"] * len(added)))
    names = {key: name for key, name in rest.names.items() if key in kept}
    names |= {"timestamp": records.names[ENDED], "action": records.names[ENDED]}
    return rest, Records(records.file, "interactions", added, names, 0)


def given_up(begun: TypedRows, ended: TypedRows, questions: Questions) -> TypedRows:
    """Return those endings of rows that took a product which gave it up, as the analyst says.

    Proposed is that they did where some rows have no ending and most endings lie before the last beginning:
    others may be planned.
    """
    takes = pc.fill_null(pc.equal(begun.rows["action"], "takes"), fill_value=True)
    lines = begun.rows["line"].filter(takes).combine_chunks()
    rows = ended.rows.filter(pc.is_in(ended.rows["line"], value_set=lines))
    rows = rows.filter(rows["timestamp"].is_valid())
    if not len(rows):
        return replace(ended, rows=rows)
    name, first = ended.names["timestamp"], rows.slice(0, 1).to_pylist()[0]
    sentence = (
        f'{ended.file}: "{name}" is filled in {len(rows):,} of {len(begun.rows):,} rows, as on line '
        f"{first['line']} with {first['timestamp']:%Y-%m-%d}. Did the client give the product up then?"
    )
    latest = pc.max(begun.rows["timestamp"])
    past = pc.sum(pc.less_equal(rows["timestamp"], latest)).as_py() or 0
    proposal = GIVEN_UP if len(rows) < len(begun.rows) and 2 * past >= len(rows) else None
    question = Question("ending", ended.file, name, sentence, (GIVEN_UP, NOTHING), proposal)
    return replace(ended, rows=rows if questions.ask(question) == GIVEN_UP else rows.slice(0, 0))
