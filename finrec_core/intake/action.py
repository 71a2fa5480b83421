"""Actions: which columns say what a row does, or whether it counts, and what their words mean."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc

from finrec_core.dataset.report import quoted
from finrec_core.dataset.schema import ACTIONS
from finrec_core.intake.mapping import FileMapping
from finrec_core.intake.names import HELD, STATUS, counts_pieces, plain
from finrec_core.intake.question import Question, Questions
from finrec_core.intake.records import Records
from finrec_core.intake.values import says_nothing
from finrec_core.intake.word import (
    CERTAIN,
    CONFIRMED,
    COUNTS,
    DENIED,
    LIKELY,
    NO,
    PART,
    STATES,
    YES,
    may_be_known,
    meaning_of,
    proposed,
    senses,
)

MOST_WORDS = 50  # distinct cells; a column with more says something else
MOST_CODES = 10  # words of a status that are not known and yet named
NAMED = 6  # words that a sentence shows
EMPTY = "(empty)"  # how a question calls an empty cell beside others


def look_for_actions(mapping: FileMapping, rows: Sequence[Mapping[str, str | None]]) -> None:
    """Have those columns of a file of interactions read whole whose first rows may say what a row does."""
    if mapping.table != "interactions" or HELD in mapping.uses.values():
        return
    for name in list(mapping.uses):
        if mapping.told(name) is not None or mapping.uses[name] not in ("", "action"):
            continue
        cells = {(row.get(name) or "").strip() for row in rows} - {""}
        named = plain(name) in {*CERTAIN, *LIKELY, *STATES, *DENIED, *CONFIRMED}
        if named or (len(cells) <= MOST_WORDS and all(map(may_be_known, cells))):
            mapping.looked_at.add(name)
    if "action" not in mapping.uses.values():
        words = {name: Counter((row.get(name) or "").strip() for row in rows) for name in mapping.looked_at}
        said = [_Said(name, "", {w: n for w, n in found.items() if w}, None) for name, found in words.items()]
        if action := _chosen(said)[0]:
            mapping.uses[action.name] = "action"


@dataclass(frozen=True, repr=False, eq=False)
class _Said:
    """A column as candidate: how often each of its words stands there, and what is proposed for them."""

    name: str
    key: str  # of its cells
    counts: Mapping[str, int]
    told: str | None

    @property
    def plain(self) -> str:
        return plain(self.name)

    @property
    def role(self) -> str:
        """What the column may say: "action", "status", or "" where it is about something else."""
        if not 0 < len(self.counts) <= MOST_WORDS:
            return ""
        if self.told in ("action", STATUS):
            return self.told
        if self.counts.keys() <= set(ACTIONS):
            return "action"
        lower = {value.casefold() for value in self.counts}
        if self.plain in (*DENIED, *CONFIRMED) and lower <= YES | NO:
            return STATUS
        known = [meaning for meaning in senses(self.counts).values() if meaning]
        meanings = set(known)
        about_orders = COUNTS in meanings or (
            "no_fact" in meanings and not meanings & {"gives_up", "neither", PART}
        )
        kind = STATUS if about_orders or self.plain in STATES else "action"
        if self.plain in CERTAIN:
            return kind
        if self.plain in LIKELY or self.plain in STATES:
            return kind if 2 * len(known) >= len(self.counts) else ""
        spoken = any(len(plain(value)) > 1 for value in self.counts) or lower == {"b", "s"}
        return kind if len(known) == len(self.counts) and len(meanings) > 1 and spoken else ""

    @property
    def rank(self) -> tuple:
        """What is chosen before others comes first."""
        meanings = set(senses(self.counts).values())
        order = (*CERTAIN, *DENIED, *CONFIRMED, *STATES, *LIKELY)
        place = order.index(self.plain) if self.plain in order else len(order)
        return self.told is None, not {"takes", "gives_up"} <= meanings, place, self.name

    def listed(self) -> str:
        """Return the words as a sentence lists them, the most frequent first."""
        most = sorted(self.counts.items(), key=lambda pair: (-pair[1], pair[0]))
        shown = ", ".join(f'"{quoted(value)}" ({count:,})' for value, count in most[:NAMED])
        return shown if len(most) <= NAMED else f"{shown} and {len(most) - NAMED} more"


def _chosen(said: Sequence[_Said]) -> tuple[_Said | None, _Said | None]:
    """Return the column that says what a row does, and the one beside it that says whether a row counts."""
    actions = sorted((one for one in said if one.role == "action"), key=lambda one: one.rank)
    states = sorted((one for one in said if one.role == STATUS), key=lambda one: one.rank)
    action = next(iter(actions or states), None)
    return action, next((one for one in states if one is not action), None)


def told_actions(records: Records, mapping: FileMapping, questions: Questions, notices: list[str]) -> Records:
    """Return records whose action is one of `ACTIONS`, as the analyst sorts the words of the file.

    What is not sorted yet does neither. A column that says whether a row counts is asked about beside the one
    that says what it does: a row that does not count is no fact. Columns that were only looked at are gone.
    """
    if records.table != "interactions":
        return _without_looked_at(records, mapping)
    said = [one for name in mapping.uses if (one := _said(name, records, mapping)) is not None]
    action, state = _chosen(said)
    notices += [
        f'{records.file}: "{one.name}" with {one.listed()} may say which rows count; it is left out. Use '
        "it as action or status where that is meant."
        for one in said
        if one not in (action, state) and (one.role or _may_count(one))
    ]
    names = {key: name for key, name in records.names.items() if key not in ("action", STATUS)}
    cells = records.cells
    mapping.uses |= {name: "" for name, use in mapping.uses.items() if use in ("action", STATUS)}
    if action is not None:
        netted = _netted(records, action)
        done = _asked(action, records, questions, notices, beside=False, netted=netted)
        mapping.uses[action.name], names["action"] = "action", action.name
        if state is not None:
            counted = _asked(state, records, questions, notices, beside=True, netted=False)
            mapping.uses[state.name] = STATUS
            done = pc.if_else(pc.fill_null(pc.equal(counted, "no_fact"), fill_value=False), counted, done)
    if "action" in cells.column_names:
        cells = cells.drop_columns(["action"])
    if action is not None:
        cells = cells.append_column("action", done)
    return _without_looked_at(replace(records, cells=cells, names=names), mapping)


def _without_looked_at(records: Records, mapping: FileMapping) -> Records:
    mapping.looked_at.clear()
    gone = [key for key in records.cells.column_names if key.startswith("?") or key == STATUS]
    names = {key: name for key, name in records.names.items() if key not in gone}
    return replace(records, cells=records.cells.drop_columns(gone), names=names)


def _said(name: str, records: Records, mapping: FileMapping) -> _Said | None:
    """Return a column that may say what a row does; None for any other."""
    told = mapping.told(name)
    key = mapping.key(name)
    if key not in records.cells.column_names or not (key in ("action", STATUS) or key.startswith("?")):
        return None
    found = pc.value_counts(_words(records.cells[key]).drop_null()).to_pylist()
    return _Said(name, key, {one["values"]: one["counts"] for one in found}, told)


def _words(cells: pa.ChunkedArray) -> pa.Array:
    """Return trimmed cells, those without a value empty."""
    words = pc.utf8_trim_whitespace(cells).combine_chunks()
    return pc.if_else(says_nothing(words), pa.scalar(None, pa.string()), words)


def _may_count(one: _Said) -> bool:
    """Whether a column is called as if it said which rows count, in too many words, or unknown ones."""
    if one.plain in STATES and "status" in one.plain:
        return 1 < len(one.counts) <= MOST_CODES
    known = sum(meaning_of(value) is not None for value in one.counts)
    return one.plain in (*CERTAIN, *LIKELY) and len(one.counts) > MOST_WORDS and 2 * known >= len(one.counts)


def _netted(records: Records, action: _Said) -> bool:
    """Whether the amounts count pieces and each sale of a part has one, so that they tell what is left."""
    name = records.names.get("amount")
    if name is None or not counts_pieces(name):
        return False
    parts = pa.array([value for value in action.counts if meaning_of(value) == PART], pa.string())
    rows = pc.is_in(_words(records.cells[action.key]), value_set=parts)
    amounts = _words(records.cells["amount"]).filter(rows)
    return len(amounts) > 0 and amounts.null_count == 0


def _asked(
    one: _Said, records: Records, questions: Questions, notices: list[str], *, beside: bool, netted: bool
) -> pa.Array:
    """Return the action of each row as one column says it, asking where that is not plain."""
    words = _words(records.cells[one.key])
    if one.counts.keys() <= set(ACTIONS):
        return words
    where = f'{records.file}: "{one.name}"'
    found = proposed(one.counts, one.name, netted=netted)
    if set(found) == one.counts.keys() and set(found.values()) == {"takes"}:
        notices.append(
            f"{where} says {_and(sorted(found))} in every row, which is read as taking the product."
        )
        return pc.if_else(words.is_valid(), pa.scalar("takes"), words)
    values = tuple(sorted(one.counts))
    empty = words.null_count
    if empty:
        values, found = (*values, EMPTY), {**found, EMPTY: "takes"}
    line = records.cells["line"][_first_of_rarest(words, one)].as_py()
    what = "whether a row counts" if beside else "what a row does"
    blank = f", nothing in {empty:,}" if empty else ""
    sentence = (
        f"{where} seems to say {what}: {one.listed()}{blank}; the rarest stands on line {line}. Say which "
        f"of these take the product, give it up, do neither, or are no fact (yet)."
    )
    question = Question("actions", records.file, one.name, sentence, ACTIONS, found or None, values)
    answer = questions.ask(question)
    sorted_as = answer if isinstance(answer, Mapping) else {}
    means = pa.array([sorted_as.get(value, "neither") for value in values], pa.string())
    return means.take(pc.index_in(pc.fill_null(words, EMPTY), value_set=pa.array(values)))


def _first_of_rarest(words: pa.Array, one: _Said) -> int:
    rarest = min(one.counts.items(), key=lambda pair: (pair[1], pair[0]))[0]
    return int(pc.index(words, rarest).as_py())


def _and(words: Iterable[str]) -> str:
    return " and ".join(f'"{word}"' for word in words)
