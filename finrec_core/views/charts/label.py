"""A label in a figure: a long name fitted into the room it has, and escaped for the place it stands in."""

import html
import itertools
import unicodedata
from collections.abc import Sequence

from finrec_core.terms import wording

ISOLATE, ISOLATED = "\u2068", "\u2069"
JOINER = "\u2060"


def width(text: str) -> int:
    """Return how much room a text takes, in characters of a Latin script; wide signs count double."""
    return sum(_sign_width(sign) for sign in text)


def cut(text: str, room: int) -> str:
    """Return a text on one line no wider than `room`, cut in its middle: names often differ at the end."""
    if width(text) <= room:
        return text
    head, tail = "", ""
    for sign in text:
        if width(head) + _sign_width(sign) > (2 * room) // 3 - 1:
            break
        head += sign
    for sign in reversed(text):
        if width(head) + 1 + width(tail) + _sign_width(sign) > room:
            break
        tail = sign + tail
    return f"{head.rstrip()}…{tail.lstrip()}"


def lines(text: str, room: int, most: int = 2) -> list[str]:
    """Return a text on at most `most` lines no wider than `room`, broken at blanks, the last one cut."""
    isolated = text.startswith(ISOLATE)  # a name in a right-to-left script: each line is one again
    words, found = text.strip(ISOLATE + ISOLATED).split(), [""]
    for k, word in enumerate(words):
        longer = f"{found[-1]} {word}".strip()
        if width(longer) <= room:
            found[-1] = longer
        elif len(found) < most and found[-1]:
            found.append(word)
        else:
            found[-1] = f"{found[-1]} {' '.join(words[k:])}".strip()
            break
    cuts = [cut(line, room) for line in found]
    return [f"{ISOLATE}{line}{ISOLATED}" for line in cuts] if isolated else cuts


def apart(names: Sequence[str], room: int) -> list[str]:
    """Return names with a long beginning that they share taken out after the first word.

    Only names wider than `room` lose it, and no more of it than they must: "Gift Card in a Box (Bow)"
    and "Gift Card in a Box (Lace)" would otherwise be cut to the same text.
    """
    split = [name.split() for name in names]
    short = []
    for k, words in enumerate(split):
        shared = max((_shared(words, other) for m, other in enumerate(split) if m != k), default=0)
        if width(names[k]) > room and shared >= 3 and shared < len(words):
            fitting = (" ".join([words[0], "…", *words[k:]]) for k in range(3, shared + 1))
            last = " ".join([words[0], "…", *words[shared:]])
            short.append(next((text for text in fitting if width(text) <= room), last))
        else:
            short.append(names[k])
    return short


def in_figure(text: str) -> str:
    """Return a text as plotly shows it literally: plotly reads tags and entities inside its labels."""
    return html.escape(wording.name(text, "", 10_000), quote=False)


def in_attribute(text: str) -> str:
    """Return a text as the value of an attribute of HTML, which no page drops.

    A browser's cleaner takes an attribute away in which an element could begin or a comment end; a joiner,
    which has no width, keeps the signs apart.
    """
    return html.escape(text.replace("<", f"<{JOINER}").replace(">", f"{JOINER}>"))


def _shared(one: Sequence[str], other: Sequence[str]) -> int:
    """Return how many words two names share from their beginning; none where they are the same name."""
    if one == other:
        return 0
    same = (a == b for a, b in zip(one, other, strict=False))
    return sum(1 for _ in itertools.takewhile(bool, same))


def _sign_width(sign: str) -> int:
    if unicodedata.combining(sign) or unicodedata.category(sign) == "Cf":
        return 0
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1
