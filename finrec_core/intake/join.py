"""Joins: which clients and products of one file are found in the file that lists them, and why not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc

from finrec_core.dataset.report import quoted
from finrec_core.intake.conversion import TypedRows
from finrec_core.intake.names import plain
from finrec_core.intake.question import STOP, Question, Questions
from finrec_core.intake.twins import KINDS, Place, rename, unify

# Where ids stand, by what they name: the home table first.
COLUMNS = {
    "client": (
        ("clients", "client_id"),
        ("interactions", "client_id"),
        ("ties", "client_id"),
        ("ties", "other_client_id"),
    ),
    "product": (("products", "product_id"), ("interactions", "product_id")),
}
CODES = ("isin", "ticker", "symbol", "wkn", "valor", "cusip", "sedol", "figi", "ric", "sku", "asin")
NUMBER = r"^[^0-9]*([0-9].*)$"  # an id without what stands before its number
STEM = r"^(?:[A-Z]+:)?([A-Z0-9]+)(?:[ .:/].*)?$"  # a ticker without its exchange: BHP.AX, AAPL US Equity


@dataclass(frozen=True)
class Join:
    r"""One column of ids of one file and the files that list these: how many of its ids are found there.

    `home` is the name of the file that lists them, several with commas between; `cause` says in words
    why fewer than half are found, "" where that is not known or more are.

    >>> from finrec_core.intake import Source, read_files
    >>> has = Source("has.csv", b"client,isin\nann,A1\nbob,B2\n")
    >>> read_files([has, Source("products.csv", b"isin,name\nA1,Fund\n")]).joins
    (Join(file='has.csv', column='isin', home='products.csv', found=1, of=2, cause=''),)
    """

    file: str
    column: str
    home: str
    found: int
    of: int
    cause: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.found <= self.of:
            raise ValueError("a join finds some of the ids that there are.")

    @property
    def fails(self) -> bool:
        """Whether fewer than half of the ids are found."""
        return 2 * self.found < self.of


@dataclass(frozen=True, repr=False, eq=False)
class Joined:
    """The rows of all files with their ids in one spelling, how the files join, and what to say of it.

    `failures` are sentences on joins that fail, to be read before all others.
    """

    parts: tuple[TypedRows, ...]
    joins: tuple[Join, ...]
    failures: tuple[str, ...]
    notices: tuple[str, ...]


def join(parts: Sequence[TypedRows], questions: Questions) -> Joined:
    """Return the rows of all files with twins joined as the analyst says, and how the files join."""
    parts, joins, failures, notices = list(parts), [], [], []
    for what in COLUMNS:
        places = _places(what, parts)
        names, said = unify(what, [place for _, _, place in places], questions)
        notices += said
        if names:
            parts = _renamed(what, parts, names)
            places = _places(what, parts)
        for number, column, place in places:
            found, sentence, names = _joined(what, place, _home(what, parts[number].table, places), questions)
            if found is not None:
                joins.append(found)
            if sentence:
                failures.append(sentence)
            if names:
                parts[number] = _with_names(parts[number], column, names)
    return Joined(tuple(parts), tuple(joins), tuple(failures), tuple(notices))


def _places(what: str, parts: Sequence[TypedRows]) -> list[tuple[int, str, Place]]:
    """Return the columns of ids: number of the part, our name of the column, its ids."""
    found = []
    for number, part in enumerate(parts):
        for table, column in COLUMNS[what]:
            if part.table == table and column in part.names:
                counts = pc.value_counts(part.rows[column].combine_chunks())
                ids, rows = counts.field(0), counts.field(1)
                order = pc.sort_indices(ids)
                place = Place(
                    part.file,
                    part.names[column],
                    table == COLUMNS[what][0][0],
                    ids.take(order),
                    rows.take(order).to_numpy(),
                )
                found.append((number, column, place))
    return found


def _home(what: str, table: str, places: Sequence[tuple[int, str, Place]]) -> list[Place]:
    """Return where the ids of a table ought to stand; for ties the interactions, where nothing lists them."""
    if table == COLUMNS[what][0][0]:
        return []
    homes = [place for _, _, place in places if place.home]
    if not homes and table == "ties":
        own = {"client_id", "other_client_id"}
        homes = [place for number, column, place in places if column in own and not _is_tie(number, places)]
    return homes


def _is_tie(number: int, places: Sequence[tuple[int, str, Place]]) -> bool:
    return any(column == "other_client_id" for other, column, _ in places if other == number)


def _renamed(what: str, parts: Sequence[TypedRows], names: Mapping[str, str]) -> list[TypedRows]:
    """Return all parts with ids under other names."""
    found = list(parts)
    for number, part in enumerate(parts):
        for table, column in COLUMNS[what]:
            if part.table == table:
                found[number] = _with_names(found[number], column, names)
    return found


def _with_names(part: TypedRows, column: str, names: Mapping[str, str]) -> TypedRows:
    coded = part.rows[column].combine_chunks().dictionary_encode()
    ids = pa.DictionaryArray.from_arrays(coded.indices, rename(coded.dictionary, names)).cast(pa.string())
    place = part.rows.schema.get_field_index(column)
    return replace(part, rows=part.rows.set_column(place, column, ids))


def _joined(
    what: str, place: Place, homes: Sequence[Place], questions: Questions
) -> tuple[Join | None, str, dict[str, str]]:
    """Return the join of a column with its home, a sentence where it fails, and names that make it hold."""
    if not homes or not len(place.ids):
        return None, "", {}
    there = pc.unique(pa.concat_arrays([home.ids for home in homes]))
    names = ", ".join(sorted({home.file for home in homes}))
    join = Join(place.file, place.column, names, _count(place.ids, there), len(place.ids))
    if not join.fails:
        return join, "", {}
    cause, found = _cause(place, homes, there)
    join = replace(join, cause=cause)
    few = "None" if not join.found else f"Only {join.found:,}"
    verb = "is" if join.found < 2 else "are"
    alone = place.ids.filter(pc.invert(pc.is_in(place.ids, value_set=there)))
    why = f", likely since {cause}" if cause else ""
    sentence = (
        f"{few} of the {join.of:,} {what}s of {place.file} {verb} in {names}{why}: "
        f'"{place.column}" says {quoted(pc.min(alone).as_py())} here, {_there(homes)} there.'
    )
    if found and 2 * len(found) >= join.of:
        ask = Question("join", place.file, place.column, f"{sentence} Join them so?", ("join", "go on"))
        return _after(ask, join, sentence, found, questions)
    if not join.found:
        ask = Question("join", place.file, place.column, f"{sentence} Go on without?", ("go on", STOP))
        return _after(ask, join, sentence, found, questions)
    return join, sentence, {}


def _after(
    ask: Question, join: Join, sentence: str, names: dict[str, str], questions: Questions
) -> tuple[Join, str, dict[str, str]]:
    """Return a join as the analyst answers."""
    if questions.ask(ask) == "join":
        found = join.found + len(names)
        said = f"{join.file}: {len(names):,} ids are joined with {join.home}, although {join.cause}."
        return replace(join, found=min(found, join.of), cause=""), said, names
    return join, sentence, {}


def _there(homes: Sequence[Place]) -> str:
    """Return in words what stands in a home's column: its name and an example."""
    first = min(homes, key=lambda home: (not len(home.ids), home.file))
    return f'"{first.column}" says {quoted(first.ids[0].as_py()) if len(first.ids) else "nothing"}'


def _count(ids: pa.Array, there: pa.Array) -> int:
    return int(pc.sum(pc.is_in(ids, value_set=there)).as_py() or 0)


def _cause(place: Place, homes: Sequence[Place], there: pa.Array) -> tuple[str, dict[str, str]]:
    """Return why ids are not found, with the name of each in its home; both empty where no cause shows."""
    here = place.ids.filter(pc.invert(pc.is_in(place.ids, value_set=there)))
    for kind in KINDS:
        if names := _matched(here, there, kind.fold(here), kind.fold(there)):
            return f"the ids differ {kind.words} only", names
    for pattern, words in ((NUMBER, "begin with"), (STEM, "end with")):
        ours, theirs = (_part(ids, pattern) for ids in (here, there))
        if names := _matched(here, there, *(KINDS[2].fold(ids) for ids in (ours, theirs))):
            example, name = min(names.items())
            return f"the ids differ in what they {words}, as {quoted(example)} and {quoted(name)}", names
    columns = {plain(place.column)} | {plain(home.column) for home in homes}
    known = sorted(code for code in CODES if any(code in column for column in columns))
    if len(known) > 1 and len(columns) > 1:
        return f'"{place.column}" stands against "{homes[0].column}"', {}
    return "", {}


def _part(ids: pa.Array, pattern: str) -> pa.Array:
    return pc.utf8_lower(pc.replace_substring_regex(ids, pattern=pattern, replacement=r"\1"))


def _matched(here: pa.Array, there: pa.Array, ours: pa.Array, theirs: pa.Array) -> dict[str, str]:
    """Return the home's name of each id whose fold is found there, where at least half are, one to one."""
    once = [_once(fold) for fold in (ours, theirs)]
    here, ours = here.filter(once[0]), ours.filter(once[0])
    there, theirs = there.filter(once[1]), theirs.filter(once[1])
    found = pc.index_in(ours, value_set=theirs)
    if not len(found) or 2 * (len(found) - found.null_count) < len(once[0]):
        return {}
    pairs = zip(here.to_pylist(), there.take(found).to_pylist(), strict=True)
    return {text: name for text, name in pairs if name is not None}


def _once(fold: pa.Array) -> pa.Array:
    """Return which ids fold like no other."""
    counts = pc.value_counts(fold)
    single = counts.field(0).filter(pc.equal(counts.field(1), 1))
    return pc.is_in(fold, value_set=single)
