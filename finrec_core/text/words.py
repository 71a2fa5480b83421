"""Words: tokens merged to the words of the text as written, and each word's share of a score."""

import math
import re
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from finrec_core.text.states import TokenStates

# A piece is what blanks or the script set apart: each ideograph, each run of kana, of emoji, of East
# Asian signs, and each run of anything else.
IDEOGRAPH = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_HIRAGANA = "\u3041-\u309f"
_KATAKANA = "\u30a0-\u30ff"
_EAST_SIGN = "\u3001-\u303f\uff01-\uff0f\uff1a-\uff20"
_EMOJI = "\u200d\u20e3\u2600-\u27bf\ufe0f\U0001f000-\U0001faff"
_PIECE = re.compile(
    f"[{IDEOGRAPH}]|[{_HIRAGANA}]+|[{_KATAKANA}]+|[{_EAST_SIGN}]+|[{_EMOJI}]+"
    rf"|[^\s{IDEOGRAPH}{_HIRAGANA}{_KATAKANA}{_EAST_SIGN}{_EMOJI}]+"
)
# Web addresses are letter noise, 38 % of the tokens of a set of tweets; lone surrogates are no text.
_UNREAD = re.compile(r"https?://[!-~]+|[\ud800-\udfff]")
_LETTER = re.compile(rf"[^\W_]|[{_EMOJI}]")


def blanked(text: str) -> str:
    """Return the text with blanks for web addresses, as many: offsets stay those of the text as written."""
    return _UNREAD.sub(lambda match: " " * len(match[0]), text)


@dataclass(frozen=True)
class WordSpan:
    """A word `text[start:end]`, made of the tokens from `token_low` up to, not including, `token_high`.

    >>> import numpy as np
    >>> from finrec_core.text import words
    >>> words("Calm fund", np.array([[0, 4], [5, 9]]))[1]
    WordSpan(start=5, end=9, token_low=1, token_high=2)
    """

    start: int
    end: int
    token_low: int
    token_high: int


@dataclass(frozen=True, repr=False, eq=False)
class WordShares:
    """The words of a text and each one's share of a score.

    `values` is float64 (words,) and adds up to the stored share of the text. `word_error` is the
    gap between the stored share and what the tokens encoded now say, shared equally over the
    words, relative to the sum of the words' absolute values.

    >>> import numpy as np
    >>> from finrec_core.text import TfIdf, shares
    >>> encoder = TfIdf.fit(["calm fund", "bold fund", "calm card"])
    >>> nothing = np.zeros(encoder.dim)
    >>> shares("calm card", encoder.states("calm card"), nothing, nothing, weight=1.0, stored=0.5).values
    array([0.25, 0.25])
    """

    words: tuple[WordSpan, ...]
    values: np.ndarray
    word_error: float

    def __repr__(self) -> str:
        return f"WordShares({len(self.words)} words, word_error {self.word_error:.1e})"


def words(text: str, spans: np.ndarray) -> list[WordSpan]:
    """Return the words of `text` that have tokens, in order; each token belongs to exactly one word.

    `spans` is int (tokens, 2), character offsets of visible stretches in reading order. Blanks part
    words, in scripts that have none ideographs and runs of kana do, and emoji stand alone, unless
    one token covers both sides. Signs stay with the word they touch; standing alone they go with
    the word before, at the beginning with the word after. A word cut by the token limit keeps its
    whole spelling.

    >>> import numpy as np
    >>> from finrec_core.text import words
    >>> [(span.start, span.end) for span in words("Calm fund!", np.array([[0, 4], [5, 9], [9, 10]]))]
    [(0, 4), (5, 10)]
    """
    pieces = [match.span() for match in _PIECE.finditer(text)]
    if not len(spans) or not pieces:
        return []
    starts, ends = np.array(pieces).T  # (pieces,)
    low = np.searchsorted(ends, spans[:, 0], side="right").clip(max=len(pieces) - 1)  # (tokens,)
    high = np.searchsorted(starts, spans[:, 1], side="left") - 1
    low, high = np.maximum.accumulate(low), np.maximum.accumulate(np.maximum(low, high))
    sign = np.array([not _LETTER.search(text, *piece) for piece in pieces])
    joined = sign.copy()  # whether a piece goes with the one before
    joined[1:] |= np.logical_and.accumulate(sign)[:-1]
    for first, last in zip(low, high, strict=True):
        joined[first + 1 : last + 1] = True
    joined[0] = False
    group = np.cumsum(~joined) - 1  # (pieces,) number of the word each piece belongs to
    cuts = np.flatnonzero(np.diff(group[low])) + 1
    bounds = [0, *cuts.tolist(), len(spans)]
    return [
        WordSpan(
            start=int(starts[np.searchsorted(group, group[low[a]], side="left")]),
            end=int(ends[np.searchsorted(group, group[low[a]], side="right") - 1]),
            token_low=a,
            token_high=b,
        )
        for a, b in pairwise(bounds)
    ]


def shares(
    text: str, tokens: TokenStates, centre: np.ndarray, direction: np.ndarray, *, weight: float, stored: float
) -> WordShares:
    """Split a text's stored share of a score over its words, so that the words add up to it.

    Before sharing a word's value is the sum over its tokens of `weight * <t - c, y> / tokens`, with
    `centre` c and `direction` y of shape (dim,) and `weight` the text's weight in its product's
    vector; float64 throughout. A text without words whose stored share is not zero stands as one
    stretch with the error 1.

    >>> import numpy as np
    >>> from finrec_core.text import TfIdf, shares
    >>> encoder = TfIdf.fit(["calm fund", "bold fund", "calm card"])
    >>> centre, direction = np.zeros(encoder.dim), np.ones(encoder.dim)
    >>> stored = float(encoder.pool(["calm card"]).vectors[0] @ direction)
    >>> told = shares("calm card", encoder.states("calm card"), centre, direction, weight=1.0, stored=stored)
    >>> bool(abs(told.values.sum() - stored) < 1e-9)
    True
    """
    spans = words(text, tokens.spans)
    if not spans:
        whole = (WordSpan(0, len(text), 0, 0),) if stored else ()
        return WordShares(whole, np.full(len(whole), stored), float(len(whole)))
    centred = tokens.states.astype(np.float64) - np.asarray(centre, np.float64)  # (tokens, dim)
    each = centred @ np.asarray(direction, np.float64) * (weight / len(centred))  # (tokens,)
    values = np.add.reduceat(each, [word.token_low for word in spans])  # (words,)
    gap = stored - math.fsum(values)
    values += gap / len(values)
    # What rounding leaves goes to the largest word, where it matters least.
    values[np.abs(values).argmax()] += stored - math.fsum(values)
    total = float(np.abs(values).sum())
    return WordShares(tuple(spans), values, abs(gap) / total if total else 0.0)
