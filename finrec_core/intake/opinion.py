"""Opinions: which numbers of a column of ratings are no rating but a code, and what its zeros mean."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from finrec_core.intake.names import is_unbounded, plain
from finrec_core.intake.question import Question, Questions
from finrec_core.intake.vocabulary import Cells

ZEROS = (LOW, NOT_HELD, NO_OPINION) = ("rated low", "not held", "no opinion")
CODES = (NO_OPINION, "a rating")
HIGHEST, MOST = 10, 21  # of a scale: the largest number and the distinct ones, half steps included
FEWEST = 3  # distinct numbers, up to 3 at least, that make a scale beside which 0 or 9 is odd
HIGH_CODES = frozenset({7, 8, 9, 77, 88, 777, 888, *range(95, 100), *range(995, 1000), 9999, 99999})
OWNED = frozenset(
    {"owned", "owns", "holds", "held", "has", "holding", "purchased", "bought", "target", "flag"}
)


@dataclass(frozen=True)
class Opinions:
    """What becomes of distinct ratings: `empty` names those that are none, with the reason for the report.

    `not_held` are those of them that say that the client does not have the product.
    """

    empty: Mapping[float, str] = field(default_factory=dict)
    not_held: frozenset[float] = frozenset()


def find_codes(ratings: Sequence[float]) -> tuple[float, ...]:
    """Return the numbers among distinct ratings that lie beside the scale of all others, ascending.

    Those are one or two negative numbers beside a scale of positive ones, 0 beside one that begins at 1,
    and numbers such as 9, 99 and 999 beyond a gap above its end.
    """
    whole = sorted({float(rating) for rating in ratings})
    high = [rating for rating in whole if rating > HIGHEST]
    scale = [rating for rating in whole if 0 < rating <= HIGHEST]
    if len(whole) > MOST or not set(high) <= HIGH_CODES:
        return ()
    gap = next((place for place in range(FEWEST, len(scale)) if _ends(scale, place)), len(scale))
    scale, high = scale[:gap], scale[gap:] + high
    firm = len(scale) >= FEWEST and scale[-1] >= FEWEST
    near = [rating for rating in whole if -9 < rating < 0]
    low = [rating for rating in whole if rating <= -9] + (near if firm and len(near) <= 2 else [])
    if firm and 0 in whole and scale[0] == 1 and len(near) <= 2:
        low.append(0.0)
    beside = set(low) | set(high)
    return tuple(sorted(beside)) if len(whole) - len(beside) > 1 else ()


def _ends(scale: Sequence[float], place: int) -> bool:
    """Whether a scale ends before a place, with 7, 8 or 9 far above as the only ones beyond."""
    beyond = scale[place:]
    return beyond[0] - scale[place - 1] > 2 and set(beyond) <= HIGH_CODES


def find_opinions(
    cells: Cells, ratings: Sequence[float | None], questions: Questions, *, every_pair: Callable[[], bool]
) -> Opinions:
    """Return what becomes of the ratings of a file, asking about codes and about zeros beside ones.

    `ratings` gives the number of each cell of `cells`, None where it has none; `every_pair` tells
    whether there is a row for nearly every client and product, where zeros are not asked about here.
    """
    counts: dict[float, int] = {}
    for rating, count in zip(ratings, np.asarray(cells.counts).tolist(), strict=True):
        if rating is not None:
            counts[rating] = counts.get(rating, 0) + count
    if set(counts) == {0.0, 1.0}:
        return Opinions() if every_pair() else _zeros(cells, counts, questions)
    codes = find_codes(list(counts)) if not is_unbounded(cells.name) else ()
    if not codes:
        return Opinions()
    rest = [rating for rating in counts if rating not in codes]
    values = {f"{code:g}": code for code in codes}
    named = ", ".join(f"{text} stands in {counts[code]:,} rows" for text, code in values.items())
    sentence = (
        f'Ratings in "{cells.name}" run from {min(rest):g} to {max(rest):g}, and {named} beside them. '
        "Does it mean no opinion, or is it a rating?"
    )
    proposal = dict.fromkeys(values, NO_OPINION)
    asked = Question("codes", cells.file, cells.name, sentence, CODES, proposal, tuple(values))
    answer = questions.ask(asked)
    told = {**proposal, **answer} if isinstance(answer, Mapping) else proposal
    reason = "Rating is a code for no opinion, left empty"
    return Opinions(empty={code: reason for text, code in values.items() if told[text] == NO_OPINION})


def _zeros(cells: Cells, counts: Mapping[float, int], questions: Questions) -> Opinions:
    """Return what becomes of zeros in a column that holds 0 and 1 alone."""
    proposal = NOT_HELD if is_unbounded(cells.name) or plain(cells.name) in OWNED else LOW
    sentence = (
        f'"{cells.name}" is 0 in {counts[0.0]:,} rows and 1 in {counts[1.0]:,}. Does 0 say that the client '
        "rates the product low, that the client does not have it, or nothing?"
    )
    answer = questions.ask(Question("zero_one", cells.file, cells.name, sentence, ZEROS, proposal))
    if answer == NO_OPINION:
        return Opinions(empty={0.0: "Rating 0 is no opinion, left empty"})
    if answer == NOT_HELD:
        reason = "Rating 0 says that the client does not have it, left empty"
        return Opinions(empty={0.0: reason}, not_held=frozenset({0.0}))
    return Opinions()
