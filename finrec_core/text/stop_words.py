"""The stop words: words that say nothing of their own, which no shading points at."""

import re
from functools import cache

_BESIDE = re.compile(r"^\W+|\W+$")  # what punctuation a word carries around it


def speaks(word: str) -> bool:
    """Return whether a word says something of its own: it has a letter or a digit, and is no stop word.

    The stop words are those of scikit-learn, which are English; of another language none is one.

    >>> from finrec_core.text.stop_words import speaks
    >>> [word for word in ("Bonds,", "and", "must", "–", "5,000") if speaks(word)]
    ['Bonds,', '5,000']
    """
    bare = _BESIDE.sub("", word).lower()
    return bool(bare) and bare not in _english()


@cache
def _english() -> frozenset[str]:
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS  # noqa: PLC0415 - it takes half a second

    return frozenset(ENGLISH_STOP_WORDS)
