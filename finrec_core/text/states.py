"""What an encoder is and gives: states of one text's tokens, a vector for each of many texts, or an error."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    from finrec_core.terms.progress import Progress


class EncoderError(RuntimeError):
    """No encoder can be made; the message is one sentence for whoever chose the model."""


@dataclass(frozen=True, repr=False, eq=False)
class TokenStates:
    """Last-layer states of one text's word tokens, with the characters each token stands for.

    `states` is float32 (tokens, dim); `spans` is int64 (tokens, 2), start and end offsets into the
    text as written. Several tokens may share one character. Raises `ValueError` where they differ
    in length.

    >>> from finrec_core.text import TfIdf
    >>> TfIdf.fit(["calm fund", "bold fund", "calm card"]).states("a calm card").spans.tolist()
    [[0, 1], [2, 6], [7, 11]]
    """

    states: np.ndarray
    spans: np.ndarray

    def __post_init__(self) -> None:
        if self.states.ndim != 2 or self.spans.shape != (len(self.states), 2):
            raise ValueError(f"token states {self.states.shape} and spans {self.spans.shape} do not fit.")

    def __repr__(self) -> str:
        return f"TokenStates({len(self.states)} tokens, {self.states.shape[1]}-d)"


@dataclass(frozen=True, repr=False, eq=False)
class Pooled:
    """One vector for each text: the plain mean of its token states, zero where it has no word token.

    `vectors` is float32 (texts, dim); `tokens` is int32 (texts,), the number of word tokens in the
    mean. Raises `ValueError` where they differ in length.

    >>> from finrec_core.text import TfIdf
    >>> TfIdf.fit(["calm fund", "bold fund", "calm card"]).pool(["calm", ""]).tokens
    array([1, 0], dtype=int32)
    """

    vectors: np.ndarray
    tokens: np.ndarray

    def __post_init__(self) -> None:
        if self.vectors.ndim != 2 or self.tokens.shape != self.vectors.shape[:1]:
            raise ValueError(f"vectors {self.vectors.shape} and token counts {self.tokens.shape} do not fit.")

    def __repr__(self) -> str:
        return f"Pooled({len(self.vectors):,} texts, {self.vectors.shape[1]}-d)"


class TextEncoder(Protocol):
    """Reads texts: a frozen language model, or TF-IDF.

    A text's vector is the plain mean of its word tokens' states, so that words add up to it.
    """

    @property
    def name(self) -> str:
        """What identifies the vectors: two encoders that read a text differently differ in it."""

    @property
    def dim(self) -> int:
        """Length of a vector."""

    def states(self, text: str) -> TokenStates:
        """Return the states of the text's word tokens, float32 (tokens, dim)."""

    def pool(self, texts: Sequence[str], progress: "Progress" = ...) -> Pooled:
        """Return the mean state of each text's word tokens; a text without one gets the zero vector."""
