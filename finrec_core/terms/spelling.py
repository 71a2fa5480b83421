"""Spelling: the words that a mistyped one may have meant."""

from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA

SHORTEST = 4  # letters of a word that may be mistyped; a shorter one is a slip away from too many
LONG = 8  # letters from which there may be two slips
MOST = 6  # words that one may have meant


class Vocabulary:
    """The words of many texts, each once, among which a mistyped word is looked for.

    Words with digits are left out: a number that is one digit off is another one's number.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._words = sorted({word for word in words if _is_word(word, SHORTEST - 1)})

    def __repr__(self) -> str:
        return f"Vocabulary({len(self._words):,} words)"

    def near(self, word: str) -> list[str]:
        """Return the words that a word becomes by one slip, two in a long one, nearest first, at most `MOST`.

        A slip leaves a letter out, adds one, takes another, or swaps two neighbours. The word itself is
        not among them.
        """
        if not _is_word(word, SHORTEST):
            return []
        slips = 2 if len(word) >= LONG else 1
        found = process.extract(word, self._words, scorer=OSA.distance, score_cutoff=slips, limit=MOST + 1)
        return [near for near, distance, _ in found if distance][:MOST]


def _is_word(word: str, shortest: int) -> bool:
    return len(word) >= shortest and word.isalpha()
