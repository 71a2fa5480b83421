"""Phrases: what the sentences of cards, contrasts and what-ifs are put together from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from finrec_core.explain.explanation import TIED, Contribution
from finrec_core.narrative.former import around
from finrec_core.narrative.labels import Labels
from finrec_core.terms import wording
from finrec_core.terms.wording import plural

MOST_NAMED = 4  # pieces of evidence that a sentence names where they are left out or added; more are counted


@dataclass(frozen=True)
class Piece:
    """A stretch of a sentence; `strong` marks the name of a product, which the card sets in bold."""

    text: str
    strong: bool = False


def plain(pieces: Iterable[Piece]) -> str:
    """Return pieces as plain text."""
    return "".join(piece.text for piece in pieces)


def trimmed(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """Return pieces without the blank after the last sentence."""
    last = pieces[-1]
    return (*pieces[:-1], Piece(last.text.rstrip(), last.strong))


def number(points: float) -> Piece:
    """Return points in brackets, as " (+13)": whole ones as they are, others with one decimal."""
    return Piece(f" ({wording.signed(points, 0 if isinstance(points, int) else 1)})")


def listed(items: Iterable[Sequence[Piece]], comma: str = ", ") -> list[Piece]:
    """Join phrases with commas and an "and" before the last; with semicolons the "and" is left out."""
    phrases = list(items)
    said: list[Piece] = []
    for k, phrase in enumerate(phrases):
        last = " and " if comma == ", " else comma
        said += [Piece(last if k == len(phrases) - 1 else comma)] if k else []
        said += phrase
    return said


def connections(keys: Sequence[str], labels: Labels, numbers: Sequence[Piece] = ()) -> list[Piece]:
    """Say who has something: "a friend has (+13)" or "a friend (+13) and another friend (+5) have".

    `keys` are the ids of tied clients, `numbers` stand behind each of them.
    """
    behind = [[piece] for piece in numbers] or [[] for _ in keys]
    seen: set[str] = set()
    people: list[list[Piece]] = []
    for key, after in zip(keys, behind, strict=True):
        phrase = labels.tie(key).phrase
        if phrase in seen:
            phrase = f"another {phrase.removeprefix('a ').removeprefix('the ')}"
        seen.add(labels.tie(key).phrase)
        people.append([Piece(phrase), *after])
    if len(people) == 1:
        verb = plural(labels.verb) if labels.tie(keys[0]).many else labels.verb
        return [people[0][0], Piece(f" {verb}"), *people[0][1:]]
    return [*listed(people), Piece(f" {plural(labels.verb)}")]


def had(client: str, product: str, when: str) -> list[Piece]:
    """Say until when the client had a product that it gave up."""
    before, behind = around(client, when)
    return [Piece(before), Piece(product, strong=True), Piece(behind)]


def evidence(contributions: Sequence[Contribution], labels: Labels) -> list[Piece]:
    """Name parts of a score: products, then what connections have, then similar clients."""
    phrases = [[Piece(labels.title(one), strong=True)] for one in contributions if one.kind == "interaction"]
    ties = [one.id for one in contributions if one.kind in TIED]
    if ties:
        phrases.append([Piece("what "), *connections(ties, labels)])
    return listed([*phrases, *([Piece(labels.title(one))] for one in contributions if one.kind == "client")])
