"""The vocabulary of one column: cells that are none of our values, and what they stand for, asked."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from finrec_core.dataset.report import quoted
from finrec_core.dataset.schema import Column
from finrec_core.intake import scale
from finrec_core.intake.question import Question, Questions

MOST_WORDS = 60  # distinct words that a question lists
EXAMPLES = 4  # of them that its sentence names
FEW = 0.05  # share of cells beyond a scale that may be slips
CODE = re.compile(r"9[6-9]|99[6-9]|9{4,}")  # no place on a scale but "not known"


@dataclass(frozen=True, repr=False, eq=False)
class Cells:
    """The distinct cells of one column of a file: trimmed texts and how often each stands, int64 (texts,).

    `name` is the column's own name in the file.
    """

    file: str
    name: str
    column: Column
    texts: Sequence[str]
    counts: np.ndarray

    @property
    def where(self) -> str:
        """File and column as a notice names them."""
        return f'{self.file}: "{self.name}"'

    def count(self, texts: Iterable[str]) -> int:
        """Return how many cells say one of some texts."""
        wanted = set(texts)
        return sum(
            count for text, count in zip(self.texts, self.counts.tolist(), strict=True) if text in wanted
        )

    def __repr__(self) -> str:
        return f"Cells({self.where}, {len(self.texts):,} distinct)"


@dataclass(frozen=True)
class Vocabulary:
    """What the cells of one column are read as, where that is not as they are written.

    `said` gives the text that is read in place of a cell's, None where it is left empty; `asked` says that
    the analyst is asked what some stand for.
    """

    said: Mapping[str, str | None] = field(default_factory=dict)
    notices: tuple[str, ...] = ()
    asked: bool = False

    def __repr__(self) -> str:
        return f"Vocabulary({len(self.said):,} words)"


def find_vocabulary(cells: Cells, read: Callable[[str], object], questions: Questions) -> Vocabulary:
    """Return how the cells of a column are read, asking for those that stand for a value of ours.

    `read` reads one or raises `ValueError`. A few cells of which no word is known are not asked about, and
    of ratings none: they stay as they are.
    """
    column = cells.column.name
    if column not in scale.TOPICS and column != "ongoing_cost_pct":
        return Vocabulary()
    strange = [text for text in cells.texts if not _fits(read, text)]
    sure = {text: scale.certain(column, text) for text in strange}
    if column == "rating" and scale.shared_whole(strange):
        parts = {text: scale.FRACTION.fullmatch(scale.bare(text)) for text in strange}
        sure |= {text: found["part"] for text, found in parts.items() if found}
    said: dict[str, str | None] = {text: other for text, other in sure.items() if other != text}
    if column not in scale.TOPICS:
        return Vocabulary(said)
    unread = [text for text in strange if not _fits(read, sure[text])]
    unread += [text for text in cells.texts if scale.is_odd(column, text)]
    if column not in scale.RISK:
        told = _asked(cells, {text: scale.proposed(column, text, 0) for text in unread}, questions)
        return Vocabulary(said | told, asked=bool(told))
    numbers, end = _other_scale(cells, scale.declared_top(cells.name))
    if end:
        why = f"{cells.where} holds numbers up to {end}, on another scale than 1 to 7, and is left empty."
        return Vocabulary(dict.fromkeys(cells.texts), (why,))
    top = scale.declared_top(cells.name) or _top(unread)
    guesses = {text: scale.proposed(column, text, top) for text in unread} | numbers
    told = _asked(cells, guesses, questions)
    return Vocabulary(said | told, asked=bool(told))


def _asked(cells: Cells, guesses: Mapping[str, str | None], questions: Questions) -> dict[str, str | None]:
    """Return what some cells stand for by the analyst, else by their guesses; None for nothing."""
    same = defaultdict(list)  # the cells of one word
    for text in guesses:
        same[scale.bare(text)].append(text)
    words = {min(texts): texts for texts in same.values()}
    topic = scale.TOPICS[cells.column.name]
    known = any(guesses.values())
    many = topic != "rating" and cells.count(guesses) > FEW * cells.count(cells.texts)
    if not (known or many) or len(words) > MOST_WORDS:
        return {}
    proposal = {word: guesses[word] or scale.NOTHING for word in sorted(words)}
    more = set(proposal.values()) - {scale.NOTHING, *scale.CHOICES[topic]}
    choices = (*scale.CHOICES[topic], *sorted(more, key=float), scale.NOTHING)
    shown = [(word, value) for word, value in proposal.items() if (value != scale.NOTHING) == known]
    examples = ", ".join(
        f'"{quoted(word)}"' + (f" for {value}" if known else "") for word, value in shown[:EXAMPLES]
    )
    sentence = (
        f'{cells.count(guesses):,} cells of "{cells.name}" say in words of their own what the '
        f"{cells.column.label.lower()} is, {'it seems' if known else 'such as'} {examples}. "
        "What does each stand for?"
    )
    kind = "risk" if topic == "risk" else "words"
    values = tuple(proposal)
    answer = questions.ask(Question(kind, cells.file, cells.name, sentence, choices, proposal, values))
    told = {**proposal, **answer} if isinstance(answer, Mapping) else proposal
    return {
        text: None if told[word] == scale.NOTHING else told[word]
        for word, texts in words.items()
        for text in texts
    }


def _other_scale(cells: Cells, declared: int | None) -> tuple[dict[str, str | None], str]:
    """Return what is proposed for numbers on another scale than 1 to 7, and its end where it is no scale.

    Numbers up to 10 are on a scale of 10 where more than a few cells lie beyond 7.
    """
    numbers = {
        text: float(text)
        for text in cells.texts
        if text.replace(".", "", 1).isdecimal() and not CODE.fullmatch(text)
    }
    few = FEW * cells.count(numbers)

    def many_above(end: int) -> bool:
        return cells.count(text for text, number in numbers.items() if number > end) > few

    top = declared or (10 if many_above(7) else 7)
    if top == 7:
        return {}, ""
    if not declared and many_above(top):
        return {}, max(numbers, key=lambda text: numbers[text])
    up = cells.column.name == "risk_class"
    return {text: scale.rescaled(number, top, up=up) for text, number in numbers.items()}, ""


def _top(texts: Sequence[str]) -> int:
    """Return where a scale in letters or with a prefix such as R3 ends: at 5 where none is higher."""
    short = {scale.plain(text).split(" ")[-1] for text in texts}
    letters = [ord(text) - ord("a") + 1 for text in short if len(text) == 1 and "a" <= text <= "g"]
    found = [scale.NUMBERED.fullmatch(scale.bare(text)) for text in texts]
    numbers = [int(match["number"]) for match in found if match and scale.plain(match["before"])]
    return 5 if max(letters + numbers, default=7) == 5 else max(7, max(numbers, default=7))


def _fits(read: Callable[[str], object], text: str) -> bool:
    try:
        read(text)
    except ValueError:
        return False
    return True
