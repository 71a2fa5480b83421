"""Candidates: of several columns that may name the client or the product, the one that joins and repeats."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from finrec_core.dataset.report import quoted
from finrec_core.intake.mapping import FileMapping
from finrec_core.intake.question import Question, Questions
from finrec_core.intake.spelling import spelled
from finrec_core.intake.twins import without_point, without_zeros

HOMES = {"client_id": "clients", "product_id": "products"}
LOOKED_AT = 20_000  # rows of a file of interactions
LISTED = 200_000  # rows of a file that lists clients or products
MANY = 20  # rows from which it says something that an id never repeats
LIKELY = 0.5  # share of the ids that are found where two columns join
NEARLY = 0.02  # shares that tell two columns apart
FEW, TIMES = 6, 3  # ids of a column that is a kind of product, and how many more another one has
ADVISED = 4  # clients an adviser has at least

Sample = Callable[[str, Sequence[str], int], Mapping[str, Sequence[str | None]]]


@dataclass(frozen=True, repr=False, eq=False)
class Candidate:
    """One column that may name the client or product: the rows that hold an id, its ids, loosely read."""

    name: str
    rows: int
    ids: pa.Array
    found: int = 0  # of the ids, in the file that lists them

    @property
    def share(self) -> float:
        """The share of the ids that are found."""
        return self.found / len(self.ids) if len(self.ids) else 0.0

    @property
    def words(self) -> str:
        """Say how many ids there are."""
        return f'"{self.name}" has {len(self.ids):,} in {self.rows:,} rows'


def choose(mappings: Sequence[FileMapping], sample: Sample, questions: Questions) -> list[str]:
    """Set, where a file leaves a choice, which column names the client and which the product.

    Chosen is what the analyst maps or answers, else what joins with the file that lists clients or
    products, else what repeats as ids do. `sample(file, columns, rows)` hands out the first rows of a file.
    Returns sentences on what was chosen.
    """
    notices: list[str] = []
    for target, home in HOMES.items():
        homes = [one for one in mappings if one.table == home and one.header]
        users = [one for one in mappings if one.table == "interactions" and one.header]
        several = [one for one in (*homes, *users) if len(one.candidates(target)) > 1]
        if not several:
            continue
        sampled = {
            one.file: _candidates(one, target, sample, LISTED if one in homes else LOOKED_AT)
            for one in (*homes, *users)
        }
        for one in homes:
            notices += _choose_home(one, target, sampled, [user.file for user in users])
        listed = [
            candidate.ids
            for one in homes
            for candidate in sampled[one.file]
            if one.uses.get(candidate.name) == target
        ]
        for one in users:
            notices += _choose(one, target, _joined(sampled[one.file], listed), homes, questions)
    return notices


def _candidates(one: FileMapping, target: str, sample: Sample, rows: int) -> list[Candidate]:
    names = one.candidates(target)
    cells = sample(one.file, names, rows) if names else {}
    found = []
    for name in names:
        ids = spelled(pa.array(cells.get(name, []), pa.string()))
        ids = ids.filter(pc.fill_null(pc.not_equal(ids, ""), fill_value=False))
        loose = pc.utf8_lower(without_zeros(without_point(pc.unique(ids))))
        found.append(Candidate(name, len(ids), pc.unique(loose)))
    return found


def _joined(candidates: Sequence[Candidate], listed: Sequence[pa.Array]) -> list[Candidate]:
    """Return candidates with how many of their ids are listed."""
    if not listed:
        return list(candidates)
    there = pa.concat_arrays(listed)
    return [Candidate(one.name, one.rows, one.ids, _found(one.ids, there)) for one in candidates]


def _found(ids: pa.Array, there: pa.Array) -> int:
    return int(pc.sum(pc.is_in(ids, value_set=there)).as_py() or 0)


def _choose_home(
    one: FileMapping, target: str, sampled: Mapping[str, Sequence[Candidate]], users: Sequence[str]
) -> list[str]:
    """Use the column of a home by which most ids of the interactions are found."""
    candidates = sampled[one.file]
    if len(candidates) < 2:
        return []
    theirs = [candidate for user in users for candidate in sampled[user]]

    def reach(mine: Candidate) -> float:
        return max((_found(other.ids, mine.ids) / max(1, len(other.ids)) for other in theirs), default=0.0)

    first = candidates[0]
    best = max(candidates, key=reach)
    if reach(best) < LIKELY or reach(best) < reach(first) + NEARLY:
        best = first
    if one.uses.get(best.name) == target:
        return []
    one.use(best.name, target)
    return [
        f'{one.file}: "{quoted(best.name)}" is used as {target} and "{quoted(first.name)}" is not: '
        f"the one holds {reach(best):.0%} of the ids of the interactions, the other {reach(first):.0%}."
    ]


def _choose(
    one: FileMapping,
    target: str,
    candidates: Sequence[Candidate],
    homes: Sequence[FileMapping],
    questions: Questions,
) -> list[str]:
    """Use the best column of a file of interactions, and ask where that is a guess."""
    if len(candidates) < 2:
        return []
    odd = {candidate.name: why for candidate in candidates if (why := _oddity(candidate, candidates, target))}
    likely = [candidate for candidate in candidates if candidate.name not in odd] or list(candidates)
    first = likely[0]
    best = max(candidates, key=lambda candidate: candidate.share)
    joins = best.share >= LIKELY
    if not joins or best.share < first.share + NEARLY:
        best = first
    others = [candidate for candidate in candidates if candidate is not best]
    sure = joins and all(other.share <= best.share - NEARLY for other in others)
    what = target.removesuffix("_id")
    if sure:
        before = candidates[0]
        one.use(best.name, target)
        if before is best:
            return []
        listing = " and ".join(home.file for home in homes)
        return [
            f'{one.file}: "{quoted(best.name)}" is used as {target} and "{quoted(before.name)}" is not: '
            f"of its ids {best.found:,} of {len(best.ids):,} are in {listing}, of the other's "
            f"{before.found:,} of {len(before.ids):,}."
        ]
    if best.name == target:  # called so by its author
        one.use(best.name, target)
        return []
    said = "; ".join(f"{other.words}{odd.get(other.name, '')}" for other in others)
    sentence = (
        f"{one.file}: {len(candidates)} columns may name the {what}. Of {what}s, {best.words}; {said}. "
        f'Is it "{best.name}"?'
    )
    choices = tuple(candidate.name for candidate in candidates)
    answer = questions.ask(Question("columns", one.file, target, sentence, choices, best.name))
    one.use(str(answer), target)
    return []


def _oddity(one: Candidate, candidates: Sequence[Candidate], target: str) -> str:
    """Return why a column is none of ids of a client or a product, "" where nothing speaks against it."""
    others = [other for other in candidates if other is not one]
    if 2 * one.rows < max(other.rows for other in others):
        return ", and is mostly empty"
    if _serial(one) and any(not _serial(other) and len(other.ids) > 1 for other in others):
        return ", and never repeats, as the number of an order"
    most = max((len(other.ids) for other in others if not _serial(other)), default=0)
    if target == "product_id" and len(one.ids) <= FEW and most >= TIMES * len(one.ids):
        return ", and repeats too much"
    if target == "client_id" and most >= ADVISED * len(one.ids):
        return ", and repeats too much, as an adviser's"
    return ""


def _serial(one: Candidate) -> bool:
    return one.rows >= MANY and len(one.ids) == one.rows
