"""Twins: ids that differ in how they are written only, found in all files, and joined where that is said."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from finrec_core.dataset.report import quoted
from finrec_core.intake.question import Question, Questions

Fold = Callable[[pa.Array], pa.Array]
CODE = r"^[^\p{Ll}]*\p{Lu}[^\p{Ll}]*$"  # no small letter in it
PLAIN_CASE = r"^(?:[^\p{Lu}]*|[^\p{L}]*\p{Lu}[^\p{Lu}]*)$"  # all small, or one capital in front
MIXED = 0.3  # share of ids in capitals and small letters where case may tell two apart
LONG = 8  # characters of a code that stays itself without the marks between its parts


def without_zeros(ids: pa.Array) -> pa.Array:
    """Return ids without the zeros before a number in them: `C00123` is `C123`."""
    return pc.replace_substring_regex(ids, pattern=r"(^|[^0-9.,])0+([0-9])", replacement=r"\1\2")


def without_point(ids: pa.Array) -> pa.Array:
    """Return whole numbers without the point of a float: `123.0` is `123`."""
    return pc.replace_substring_regex(ids, pattern=r"^(-?[0-9]+)[.,]0{1,2}$", replacement=r"\1")


def without_thousands(ids: pa.Array) -> pa.Array:
    """Return whole numbers without what separates their thousands: `10,000` is `10000`."""
    grouped = pc.match_substring_regex(ids, r"^[0-9]{1,3}(?:[,. '][0-9]{3})+$")
    return pc.if_else(grouped, pc.replace_substring_regex(ids, pattern="[,. ']", replacement=""), ids)


def without_marks(ids: pa.Array) -> pa.Array:
    """Return ids with one mark between their parts, long ones without: `BRK.B` is `BRK-B`."""
    short = pc.replace_substring_regex(ids, pattern=r"[\s_./\-]+", replacement="-")
    bare = pc.replace_substring(short, "-", "")
    return pc.if_else(pc.greater_equal(pc.utf8_length(bare), LONG), bare, short)


def bare(ids: pa.Array) -> pa.Array:
    """Return ids without all of these, in small letters."""
    return pc.utf8_lower(without_zeros(without_marks(without_thousands(without_point(ids)))))


@dataclass(frozen=True)
class Kind:
    """One way in which ids can be twins: its name in a question, in words, what makes them equal.

    `across` says that such ids are twins only in different columns.
    """

    name: str
    words: str
    fold: Fold
    across: bool = False


KINDS = (
    Kind("float_ids", 'in ".0" at the end', without_point),
    Kind("thousands", "in marks between thousands", without_thousands),
    Kind("leading_zeros", "in leading zeros", without_zeros),
    Kind("case_twins", "in upper and lower case", pc.utf8_lower),
    Kind("separators", "in the marks between their parts", without_marks, across=True),
    Kind("spellings", "in case, zeros and the marks between their parts", bare, across=True),
)


@dataclass(frozen=True, repr=False, eq=False)
class Place:
    """One column of ids of one file: its distinct ids, sorted, with the rows of each."""

    file: str
    column: str  # the file's own name
    home: bool  # whether the file lists the clients or products themselves
    ids: pa.Array
    counts: np.ndarray

    def renamed(self, names: Mapping[str, str]) -> "Place":
        """Return the place with some ids under other names, equal ones counted together."""
        both = pa.table({"id": rename(self.ids, names), "rows": self.counts}).group_by(
            "id", use_threads=False
        )
        table = both.aggregate([("rows", "sum")]).sort_by("id").combine_chunks()
        ids = table["id"].combine_chunks()
        return Place(self.file, self.column, self.home, ids, table["rows_sum"].to_numpy())


def rename(ids: pa.Array, names: Mapping[str, str]) -> pa.Array:
    """Return ids with those under a key of `names` replaced by its value."""
    if not names:
        return ids
    found = pc.index_in(ids, value_set=pa.array(list(names), pa.string()))
    return pc.coalesce(pa.array(list(names.values()), pa.string()).take(found), ids)


@dataclass(frozen=True, repr=False, eq=False)
class _Group:
    """Ids that fold to the same: in which places each stands, and the rows of each."""

    rows: Mapping[str, int]
    homes: frozenset[str]
    within: bool  # whether one place holds two of them

    def name(self, kind: Kind) -> str:
        """Return the spelling that stands for all: that of the home, else the fullest, the most frequent."""

        def rank(text: str) -> tuple[bool, bool, int, int, str]:
            small = kind.name == "case_twins" and text != text.upper()
            longer = len(text) if kind.name in ("thousands", "float_ids") else -len(text)
            return text not in self.homes, small, longer, -self.rows[text], text

        return min(self.rows, key=rank)


def unify(what: str, places: Sequence[Place], questions: Questions) -> tuple[dict[str, str], list[str]]:
    """Return the other name of each id that is a twin of another, and sentences on what was joined.

    `what` is "client" or "product". Each kind of twins is asked about, with a proposal where the
    spellings lean to one; without an answer the proposal counts, without both they are kept apart.
    """
    names: dict[str, str] = {}
    notices: list[str] = []
    if not places:
        return names, notices
    apart: set[str] = set()
    for kind in KINDS:
        groups = [group for group in _groups(kind, places) if apart.isdisjoint(group.rows)]
        if not groups:
            continue
        question = _question(kind, what, places, groups)
        joined = questions.ask(question) == "join"
        new = {text: group.name(kind) for group in groups for text in group.rows}
        new = {text: name for text, name in new.items() if text != name}
        text, name = min(new.items())
        differ, be = ("id differs", "is") if len(new) == 1 else ("ids differ", "are")
        count = f"{len(new):,} {what} {differ} from others {kind.words} only and {be}"
        if joined:
            notices.append(f"{count} read as the same: {quoted(text)} as {quoted(name)}.")
            names = {old: new.get(there, there) for old, there in names.items()} | new
            places = [place.renamed(new) for place in places]
        else:
            notices.append(f"{count} kept apart: {quoted(text)} and {quoted(name)}.")
            apart.update(text for group in groups for text in group.rows)
    return names, notices


def _groups(kind: Kind, places: Sequence[Place]) -> list[_Group]:
    """Return the ids of all places that are twins of a kind."""
    ids = pc.unique(pa.concat_arrays([place.ids for place in places]))
    codes = kind.fold(ids).dictionary_encode().indices.to_numpy()
    twins = np.bincount(codes)[codes] > 1 if len(codes) else np.zeros(0, dtype=bool)
    if not twins.any():
        return []
    texts = ids.filter(pa.array(twins))
    members: dict[str, list[Place]] = {text: [] for text in texts.to_pylist()}
    rows = dict.fromkeys(members, 0)
    for place in places:
        held = np.flatnonzero(pc.is_in(place.ids, value_set=texts).to_numpy(zero_copy_only=False))
        for text, count in zip(place.ids.take(pa.array(held)).to_pylist(), place.counts[held], strict=True):
            members[text].append(place)
            rows[text] += int(count)
    found: dict[int, list[str]] = {}
    for text, code in zip(members, codes[twins].tolist(), strict=True):
        found.setdefault(code, []).append(text)
    groups = []
    for group in found.values():
        stands = [id(place) for text in group for place in members[text]]
        homes = frozenset(text for text in group if any(place.home for place in members[text]))
        within = len(set(stands)) < len(stands)
        groups.append(_Group({text: rows[text] for text in sorted(group)}, homes, within))
    return [group for group in groups if not (kind.across and group.within)]


def _question(kind: Kind, what: str, places: Sequence[Place], groups: Sequence[_Group]) -> Question:
    """Return the question whether twins are the same, under the first file and column that holds one."""
    names = {text: group.name(kind) for group in groups for text in group.rows}
    other = pa.array(sorted(text for text, name in names.items() if text != name))
    file, column = min(
        (place.file, place.column) for place in places if pc.any(pc.is_in(place.ids, value_set=other)).as_py()
    )
    first = min(groups, key=lambda group: tuple(group.rows))
    example = " and ".join(quoted(text) for text in first.rows)
    rows = " and ".join(f"{count:,}" for count in first.rows.values())
    one = "1 " + what + " stands" if len(groups) == 1 else f"{len(groups):,} {what}s stand"
    sentence = (
        f'{file}: "{column}": {one} in several spellings that differ {kind.words} only, '
        f"such as {example} ({rows} rows). Are these the same?"
    )
    return Question(
        kind.name, file, column, sentence, ("join", "keep apart"), _proposal(kind, places, groups)
    )


def _proposal(kind: Kind, places: Sequence[Place], groups: Sequence[_Group]) -> str | None:
    """Return what the spellings lean to: None where one column itself holds both."""
    if kind.name == "case_twins":
        texts = pa.array([text for group in groups for text in group.rows])
        clear = pc.or_(pc.match_substring_regex(texts, CODE), pc.match_substring_regex(texts, PLAIN_CASE))
        ids = pa.concat_arrays([place.ids for place in places])
        known = pc.or_(pc.match_substring_regex(ids, CODE), pc.match_substring_regex(ids, PLAIN_CASE))
        mixed = 1 - pc.mean(known.cast(pa.int8())).as_py()
        return "join" if pc.all(clear).as_py() or mixed < MIXED else "keep apart"
    if kind.name == "leading_zeros":
        return None if any(group.within for group in groups) else "join"
    return "join"
