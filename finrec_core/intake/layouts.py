"""Layouts: the columns of files that their authors publish without a header."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

AMAZON_USER = re.compile(r"A[0-9A-Z]{9,20}")
AMAZON_ITEM = re.compile(r"B[0-9A-Z]{9}|\d{9}[\dX]")
SHA1 = re.compile(r"[0-9a-f]{40}")
UNIX_SECONDS = re.compile(r"\d{9,10}")
STARS = re.compile(r"\d(\.\d)?")
RATINGS = ("user_id", "item_id", "rating", "timestamp")
FLAGS = tuple(f"genre {number}" for number in range(19))


@dataclass(frozen=True)
class Layout:
    """A published file: what it is called in a sentence, the table it holds, its columns in order."""

    source: str
    table: str
    names: tuple[str, ...]


def layout_of(stem: str, suffix: str, cells: Sequence[str]) -> Layout | None:
    """Return the layout of a file without a header by its name and its first row, None where unknown."""
    width = len(cells)
    if (stem, suffix, width) == ("u", ".data", 4):
        return Layout("MovieLens 100K", "interactions", RATINGS)
    if (stem, suffix, width) == ("u", ".item", 24):
        names = ("movie_id", "title", "release", "video release", "url", *FLAGS)
        return Layout("MovieLens 100K", "products", names)
    if (stem, suffix, width) == ("u", ".user", 5):
        return Layout("MovieLens 100K", "clients", ("user_id", "age", "gender", "segment", "zip"))
    if width == 4 and SHA1.fullmatch(cells[0]) and cells[3].strip().isdigit():
        return Layout("Last.fm 360K", "interactions", ("user_id", "artist mbid", "artist", "plays"))
    if width == 5 and SHA1.fullmatch(cells[0]):
        return Layout("Last.fm 360K", "clients", ("user_id", "gender", "age", "segment", "signed up"))
    if width == 4 and STARS.fullmatch(cells[2]) and UNIX_SECONDS.fullmatch(cells[3].strip()):
        if AMAZON_ITEM.fullmatch(cells[0]) and AMAZON_USER.fullmatch(cells[1]):
            return Layout("Amazon's ratings", "interactions", ("item_id", "user_id", "rating", "timestamp"))
        if AMAZON_USER.fullmatch(cells[0]) and AMAZON_ITEM.fullmatch(cells[1]):
            return Layout("Amazon's ratings", "interactions", RATINGS)
    return None
