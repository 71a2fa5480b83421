"""The shading: a text with its words shaded by their share of the score, signed without colour too."""

import html
import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from finrec_core.explain.explanation import Contribution, Word
from finrec_core.explain.points import PointScale
from finrec_core.narrative.labels import Labels
from finrec_core.terms import wording
from finrec_core.text.stop_words import speaks
from finrec_core.views.charts.theme import Theme

NUMBERED = 5  # strongest words, which carry their number
FAINT = 0.125  # words under this share of the strongest one stay plain
OTHERS = "Other words"
LONG = 2500  # characters from which on a text scrolls in a box of its own
NOTE = (
    "A word's number is its share of the score as it is. It is not what would change without the word, "
    "and not the mood of who wrote it."
)


@dataclass(frozen=True, repr=False)
class Source:
    """One text behind a reason: what it is called, its words, and its share of the score."""

    title: str
    text: str
    words: tuple[Word, ...]

    @property
    def value(self) -> float:
        """The share of the score that goes through this text."""
        return math.fsum(word.value for word in self.words)

    @property
    def opened(self) -> bool:
        """Whether the text is split into words; one that is not stands as a single stretch."""
        return len(self.words) > 1 or (len(self.words) == 1 and len(self.words[0].text.split()) == 1)

    def __repr__(self) -> str:
        return f"Source({self.title!r}: {len(self.words)} words)"


@dataclass(frozen=True, repr=False)
class Shading:
    """A shaded text for `st.html`, its words as a table, strongest first, and both in words.

    The last row of the table is what goes through stop words and punctuation together.
    """

    html: str
    caption: str
    table: pd.DataFrame
    text: str

    def __repr__(self) -> str:
        return f"Shading({len(self.table)} words)"


def sources(contribution: Contribution, labels: Labels) -> list[Source]:
    """Return the texts behind a reason whose text is known, those with the largest share first."""
    by_source: dict[str, list[Word]] = {}
    for word in contribution.words:
        by_source.setdefault(word.source, []).append(word)
    found = []
    for key, words in by_source.items():
        about = (
            labels.product_name(contribution.id)
            if contribution.kind in ("interaction", "product")
            else labels.product
        )
        title = f"Description of {about}" if key == "description" else labels.review(key).title
        if key != "description" and contribution.kind in ("interaction", "product"):
            title = f"{title} of {about}"
        text = labels.text(contribution, key)
        if text:
            found.append(Source(title, text, tuple(sorted(words, key=lambda word: word.start))))
    return sorted(found, key=lambda source: -abs(source.value))


def strongest(contributions: Sequence[Contribution], labels: Labels) -> int:
    """Return the place of the reason that has the text with the largest effect, 0 where none has a text."""
    largest = [
        max((abs(source.value) for source in sources(one, labels)), default=0.0) for one in contributions
    ]
    return largest.index(max(largest)) if largest else 0


def shading(source: Source, scale: PointScale, theme: Theme) -> Shading:
    """Return a text with its words shaded in quarters of the strongest one; everything is escaped.

    A solid line under a word says that it raises the rank, a dashed one that it lowers it; the five
    strongest carry their points. Stop words and punctuation are never shaded: what goes through them is
    with the other words. Raises `ValueError` where the words do not fit the text.
    """
    words = source.words if source.opened else ()
    spoken = [k for k, word in enumerate(words) if speaks(word.text)]
    largest = max((abs(words[k].value) for k in spoken), default=0.0)
    points = [word.value * scale.factor for word in words]
    ranked = sorted(spoken, key=lambda k: -abs(words[k].value))
    decimals = 0 if all(abs(points[k]) >= 1 for k in ranked[:NUMBERED]) else 1
    done, at, shaded = [], 0, []
    for k, word in enumerate(words):
        if word.start < at or source.text[word.start : word.end] != word.text:
            raise ValueError(f"{source.title}: the words do not fit the text.")
        done.append(html.escape(source.text[at : word.start]))
        at = word.end
        share = abs(word.value) / largest if largest else 0.0
        if share < FAINT or not speaks(word.text):
            done.append(html.escape(word.text))
            continue
        shaded.append(k)
        number = wording.signed(points[k], decimals) if k in ranked[:NUMBERED] else ""
        done.append(_span(word, share, "" if number.strip("0.") == "" else number, theme))
    done.append(html.escape(source.text[at:]))
    style = f"line-height:2.05;white-space:pre-wrap;overflow-wrap:anywhere;color:{theme.text}"
    box = f'<div dir="auto" style="{style}">{"".join(done)}</div>'
    if len(source.text) > LONG:
        box = f'<div style="max-height:24rem;overflow-y:auto" tabindex="0">{box}</div>'
    rows = [(words[k].text, points[k]) for k in ranked]
    if silent := set(range(len(words))).difference(spoken):
        rows.append((OTHERS, math.fsum(points[k] for k in silent)))
    table = pd.DataFrame(
        [(word, wording.signed(value, max(1, decimals))) for word, value in rows],
        columns=["Word", "Points"],
        dtype=str,
    )
    return Shading(
        html=box,
        caption=_caption(source, points, shaded, decimals),
        table=table,
        text=_in_words(source, points, ranked, decimals),
    )


def _span(word: Word, share: float, number: str, theme: Theme) -> str:
    """Return one shaded word; `share` is its strength beside the strongest word."""
    raises = word.value > 0
    quarter = min(4, math.ceil(4 * share - 1e-9)) - 1
    colour, line = (theme.for_, "solid") if raises else (theme.against, "dashed")
    shade = (theme.shades_for if raises else theme.shades_against)[quarter]
    above = f'<sup style="font-size:0.7em;padding-left:1px">{number}</sup>' if number else ""
    style = (
        f"background:{shade};color:{theme.text};border-bottom:2px {line} {colour};padding:1px 3px;"
        "border-radius:3px 3px 0 0"
    )
    return f'<span style="{style}">{html.escape(word.text)}{above}</span>'


def _caption(source: Source, points: Sequence[float], shaded: Sequence[int], decimals: int) -> str:
    if not source.opened:
        return "The words of this text are not opened."
    if not shaded:
        return "No word of this text moves the rank."
    total = math.fsum(points)
    inside = round(math.fsum(points[k] for k in shaded), decimals)
    rest = round(round(total, decimals) - inside, decimals)
    others = "" if len(shaded) == len(points) else f", other words to {wording.signed(rest, decimals)}"
    return (
        "Solid line: raises the rank. Dashed: lowers it. "
        f"The shaded words add up to {wording.signed(inside, decimals)}{others}."
    )


def _in_words(source: Source, points: Sequence[float], ranked: Sequence[int], decimals: int) -> str:
    """Return the strongest words with their points."""
    strongest = [k for k in ranked[:NUMBERED] if source.words[k].value]
    if not (source.opened and strongest):
        return f"{source.title}, no word shaded."
    each = (f"{source.words[k].text} {wording.signed(points[k], max(1, decimals))}" for k in strongest)
    return f"{source.title}, strongest words: {', '.join(each)}."
