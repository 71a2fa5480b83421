"""The column names and file names of other data sets that stand for ours, as `names.toml` lists them."""

import re
import tomllib
import unicodedata
from collections.abc import Sequence
from pathlib import Path

WRITTEN = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
FRIENDS = "friends"  # a column of clients that lists other clients: it makes ties
STATUS = "status"  # a column of interactions that says whether a row counts, beside its action
HELD = "held"  # a column of interactions that is a product, whose cells say who has it
ENDED = "ended"  # a column of interactions that says when the client gave the product up
BESIDE = {
    "interactions": (STATUS, HELD, ENDED),
    "clients": (FRIENDS,),
}  # uses that are no column of a dataset
ORDER = "order"  # the number of an order, by which a file of orders joins with one of their lines
OTHER_FILES = re.compile(
    r"(?<![a-z])(links|check_?ins?|photos?|genome|tagged_?artists|read_?me|dictionary|code_?book|glossary|guide"
    r"|licen[cs]e|change_?log|manifest|check_?sums?|md5(sums?)?|sha(1|256|512)(sums?)?|questionnaires?|schema"
    r"|prices|price_?history|ohlcv?|kurse|kurshistorie|aisles|departments|sample_submission)(?![a-z])",
    re.IGNORECASE,
)
# What some libraries write behind a name: RecBole's user_id:token, Neo4j's age:int.
TYPE = re.compile(
    r":(token|float|string|str|int|integer|long|double|date|datetime|boolean|bool)(_seq|\[\])?$",
    re.IGNORECASE,
)


def is_other(stem: str) -> bool:
    """Whether a file's name says that it belongs to a published data set but holds none of our tables."""
    return OTHER_FILES.search(stem) is not None


def plain(name: str) -> str:
    """Return a name by its letters and digits, so that `User ID`, `Üser-id` and `user_id:token` agree."""
    apart = unicodedata.normalize("NFKD", TYPE.sub("", name)).casefold()  # accents stand behind their letters
    return re.sub(r"[\W_]+", "", apart)


def _plain_names(names: str) -> tuple[str, ...]:
    return tuple(plain(name) for name in names.format(**WRITTEN["shared"]).split())


ALIASES: dict[str, dict[str, tuple[str, ...]]] = {
    table: {column: _plain_names(names) for column, names in columns.items()}
    for table, columns in WRITTEN["columns"].items()
}
KNOWN_NAMES = {name for columns in ALIASES.values() for names in columns.values() for name in names}


def is_unbounded(name: str) -> bool:
    """Whether a rating's column counts plays, amounts and the like, which are no scale of opinion."""
    return plain(name) in _plain_names("{unbounded} amount {pieces} {money}")


def counts_pieces(name: str) -> bool:
    """Whether an amount's column counts pieces, of which a purchase and a sale leave what is left."""
    return plain(name) in _plain_names("{pieces} {unbounded}")


def counts_money(name: str) -> bool:
    """Whether an amount's column counts money, of which a sale may bring more than a purchase cost."""
    return plain(name) in _plain_names("{money}")


def table_of_name(stem: str) -> str | None:
    """Return the table that a file's name speaks of, None where it speaks of none.

    The first table with a word in the name wins, so `user_friends` is ties and `user_reviews`
    interactions.
    """
    words = set(re.split(r"[\W_\d]+", stem.casefold()))
    return next((table for table, names in WRITTEN["files"].items() if words & set(names.split())), None)


def is_header(cells: Sequence[str]) -> bool:
    """Whether the first row of a file names its columns: it holds at least as many known names as numbers."""
    if plain(cells[0]) in KNOWN_NAMES and len(set(cells)) == len(cells) >= 6:
        return True  # a product a column, called by its number
    numbers = sum(cell.strip().replace(".", "", 1).isdigit() for cell in cells)
    return sum(plain(cell) in KNOWN_NAMES for cell in cells) >= numbers
