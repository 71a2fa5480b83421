"""Words for what a row does: buy and sell, cancelled and executed, as `action.toml` lists them."""

import re
import tomllib
from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path

from finrec_core.dataset.schema import ACTIONS
from finrec_core.intake.names import ALIASES, plain

WRITTEN = tomllib.loads(Path(__file__).with_name("action.toml").read_text("utf-8"))
COUNTS = "counts"  # of an order: it has happened
PART = "part"  # a sale of a part, which gives nothing up
SPOKEN = 3  # letters of a word that is known within a longer text too


def _plain_words(words: str) -> frozenset[str]:
    return frozenset(map(plain, words.split()))


WORDS: dict[str, str] = {
    word: meaning for meaning in (COUNTS, *reversed(ACTIONS)) for word in _plain_words(WRITTEN[meaning])
}
WAITS, PARTS, WHOLES = (_plain_words(WRITTEN[key]) for key in ("waits", "part", "whole"))
YES, NO = (frozenset(WRITTEN[key].split()) for key in ("yes", "no"))
# letters and signs that mean something beside each other
LETTERS = [
    dict(zip(written["signs"].split(), written["mean"].split(), strict=True))
    for written in WRITTEN["letters"]
]
LIKELY, STATES, DENIED, CONFIRMED = (
    tuple(plain(name) for name in WRITTEN["columns"][key].split())
    for key in ("likely", "status", "denied", "confirmed")
)
CERTAIN = tuple(plain(name) for name in ALIASES["interactions"]["action"])


@cache
def meaning_of(word: str) -> str | None:
    """Return what a word says a row does: one of `ACTIONS`, `COUNTS` or `PART`; None for one not known.

    >>> [meaning_of(word) for word in ("Buy", "SALE (PARTIAL)", "Wertpapierverkauf", "storniert", "1")]
    ['takes', 'part', 'gives_up', 'no_fact', None]
    """
    if known := WORDS.get(plain(word)):
        return known
    parts = [part for part in map(plain, re.split(r"[\W_]+|(?<=[a-zäöü])(?=[A-Z])", word)) if part]
    partly = [part for part in parts if part in PARTS or _begins_partly(part)]
    parts = [_after_part(part) for part in parts if part not in PARTS and part not in WHOLES]
    told = {found for part in parts if part and (found := _told(part, alone=len(parts) == 1))}
    if parts in (["s"], ["v"]) and len(plain(word)) > 1:
        told = {"gives_up"}  # as in "S (partial)"
    for meaning in ("no_fact", "neither"):
        if meaning in told:
            return meaning
    told = told - {COUNTS} if len(told) > 1 else told
    if len(told) != 1:
        return None
    found = told.pop()
    return PART if partly and found == "gives_up" else found


def _told(part: str, *, alone: bool) -> str | None:
    """Return what one word of several says; German words are joined, and the last one counts."""
    if not alone and len(part) < SPOKEN:
        return None
    known = WORDS.get(part)
    if known is None:
        endings = ("ruckkauf", "ruckgabe", "verkauf", "verkaufe", "kauf", "kaufe", "zeichnung", "verkoop")
        ending = next((ending for ending in endings if part.endswith(ending)), "")
        known = WORDS.get(ending)
    return known


def _begins_partly(part: str) -> bool:
    return part.startswith("teil") and WORDS.get(part) is None


def _after_part(part: str) -> str:
    return part.removeprefix("teil") if _begins_partly(part) else part


def is_yes_or_no(values: Collection[str]) -> bool:
    """Whether cells hold nothing but yes and no, and not 0 and 1 alone."""
    words = {value.casefold() for value in values}
    return bool(words) and words <= YES | NO and not all(re.fullmatch(r"[01](\.0)?", word) for word in words)


def may_be_known(value: str) -> bool:
    """Whether a value alone may say what a row does: a letter or a sign does among others of its kind."""
    return meaning_of(value) is not None or len(value.strip()) == 1


def senses(values: Collection[str]) -> dict[str, str | None]:
    """Return what each value of a column says, letters and signs as those beside them tell.

    >>> senses(["P", "S", "S (partial)"])
    {'P': 'takes', 'S': 'gives_up', 'S (partial)': 'part'}
    >>> senses(["S", "H"])
    {'S': None, 'H': None}
    """
    single = {value: value.casefold() for value in values if len(value.strip()) == 1}
    signs = set(single.values())
    sets = LETTERS if len(signs) > 1 else LETTERS[:1]
    letters = next((found for found in sets if signs <= found.keys()), {})
    return {value: letters.get(single[value]) if value in single else meaning_of(value) for value in values}


def order_words(told: Mapping[str, str | None]) -> bool:
    """Whether these are the words of an order's state, of which "open" says that it waits."""
    takes = any(meaning == "takes" and plain(value) not in WAITS for value, meaning in told.items())
    return COUNTS in told.values() and not takes


def proposed(values: Collection[str], name: str, *, netted: bool = False) -> dict[str, str]:
    """Return what is proposed for each value of a column called `name` that is understood.

    `netted` says that amounts tell what a sale of a part leaves, so that it may count as a sale.
    """
    column = plain(name)
    if column in DENIED or column in CONFIRMED:
        yes, no = ("no_fact", "takes") if column in DENIED else ("takes", "no_fact")
        sides = {**dict.fromkeys(YES, yes), **dict.fromkeys(NO, no)}
        return {value: sides[value.casefold()] for value in values if value.casefold() in sides}
    told = senses(values)
    orders = order_words(told)
    found = {}
    for value in sorted(values):
        meaning = told[value]
        if orders and plain(value) in WAITS:
            meaning = "no_fact"
        elif orders and plain(value) == "closed":
            meaning = None
        if meaning is not None:
            part = "gives_up" if netted else "neither"
            found[value] = {COUNTS: "takes", PART: part}.get(meaning, meaning)
    return found
