"""The grammar of the demo bank's texts: lines with alternatives and slots, and bags to draw them from.

A line is English with `{this|that}` where words may vary, `<slot>` where a fact of the writer stands,
and `@token,token` in front where it is kept for some writers or categories. `texts/` holds them.
"""

import re
import tomllib
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

T = TypeVar("T")
FOLDER = Path(__file__).parent / "texts"
PIECE = re.compile(r"\{([^{}]*)\}|<([a-z]+)>")

Pieces = tuple[Any, ...]  # of str, Slot, or a tuple of the alternatives' own pieces


@dataclass(frozen=True)
class Slot:
    """A place in a line that a fact of the writer or the product fills."""

    name: str


@dataclass(frozen=True, eq=False)
class Line:
    """One parsed line: its pieces, the slots it names, and groups of tokens; a writer needs one of each."""

    pieces: Pieces
    slots: frozenset[str]
    tokens: tuple[frozenset[str], ...] = ()

    def fits(self, tokens: Collection[str], slots: Collection[str]) -> bool:
        """Return whether a writer with these tokens, who can fill these slots, could have written it."""
        return self.slots.issubset(slots) and all(not group.isdisjoint(tokens) for group in self.tokens)


class Dice:
    """Whole numbers below a bound from one seeded stream, drawn in blocks because single draws are slow."""

    def __init__(self, *seed: int) -> None:
        self._rng = np.random.default_rng(seed)
        self._block: Iterator[int] = iter(())

    def roll(self, sides: int) -> int:
        """Return a number from 0 to `sides` - 1."""
        number = next(self._block, None)
        if number is None:
            self._block = iter(self._rng.integers(0, 2**32, size=65_536, dtype=np.uint32).tolist())
            number = next(self._block)
        return number * sides >> 32

    def pick(self, options: Sequence[T]) -> T:
        """Return one of the options of a sequence."""
        return options[self.roll(len(options))]

    def chance(self, share: float) -> bool:
        """Return True in `share` of all calls."""
        return self.roll(1_000_000) < share * 1_000_000


@dataclass(eq=False)
class Bag:
    """Lines drawn so that one comes back only after about half of the others were used."""

    lines: list[Line]
    dice: Dice = field(repr=False)

    def __post_init__(self) -> None:
        self.lines = sorted(self.lines, key=lambda line: self.dice.roll(1 << 30))

    def draw(self, allowed: Callable[[Line], bool]) -> Line | None:
        """Return the first allowed line and put it back into the rear half; None where none is allowed."""
        for place, line in enumerate(self.lines):
            if allowed(line):
                del self.lines[place]
                half = len(self.lines) // 2
                self.lines.insert(half + self.dice.roll(len(self.lines) - half + 1), line)
                return line
        return None


def parse(text: str) -> Line:
    """Return a line ready to be filled; raises `ValueError` naming a text with a stray brace."""
    tokens = []
    while text.startswith("@"):
        head, text = text[1:].split(" ", 1)
        tokens.append(frozenset(head.split(",")))
    pieces: list[Any] = []
    slots = set(re.findall(r"<([a-z]+)>", text))
    end = 0
    for match in PIECE.finditer(text):
        pieces.append(text[end : match.start()])
        if match[2]:
            pieces.append(Slot(match[2]))
        else:
            pieces.append(tuple(parse(option).pieces for option in match[1].split("|")))
        end = match.end()
    pieces.append(text[end:])
    kept = tuple(piece for piece in pieces if piece != "")
    if any(isinstance(piece, str) and set(piece) & set("{}|") for piece in kept):
        raise ValueError(f'the line "{text}" has a stray brace or bar.')
    return Line(kept, frozenset(slots), tuple(tokens))


def parse_lines(block: str) -> list[Line]:
    """Return the lines of a block of text, one each, blank ones left out."""
    return [parse(line.strip()) for line in block.splitlines() if line.strip()]


def expand(pieces: Pieces, dice: Dice, fill: Callable[[str], str]) -> str:
    """Return a text of a line: alternatives drawn with `dice`, slots filled by `fill(name)`."""
    out = []
    for piece in pieces:
        if isinstance(piece, str):
            out.append(piece)
        elif isinstance(piece, Slot):
            out.append(fill(piece.name))
        else:
            out.append(expand(dice.pick(piece), dice, fill))
    return "".join(out)


@cache
def read(name: str) -> dict[str, Any]:
    """Return a parsed file of `texts/`; callers must not change it."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))


def words(text: str) -> list[str]:
    """Return the items of a comma-separated list."""
    return [item.strip() for item in text.replace("\n", " ").split(",") if item.strip()]
