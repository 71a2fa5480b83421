"""The text table: the vectors of a dataset's texts, row by row beside the dataset."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from finrec_core.dataset import Dataset
from finrec_core.dataset.content import key_order
from finrec_core.dataset.occasion import copied
from finrec_core.terms.progress import Progress, part, silent
from finrec_core.text.cache import VectorCache
from finrec_core.text.states import Pooled, TextEncoder

_log = logging.getLogger(__name__)
# Texts encoded between two writes to the cache: what a killed training loses at most.
_STRETCH = 4096


@dataclass(frozen=True, repr=False, eq=False)
class TextTable:
    """The texts of a dataset as vectors, uncentred: products' own words, and reviews.

    `own` is float32 (products, dim), `reviews` float32 (interactions, dim), rows as in the
    dataset; `own_tokens` and `review_tokens` are int32 counts of word tokens. A text without a word
    token has the zero vector and the count 0. `read` counts the word tokens that the encoder had to
    read for it, which no cache held. Raises `ValueError` where the shapes do not fit.

    >>> from finrec_core.text import TfIdf, encode
    >>> texts = encode(bank, TfIdf.fit(bank.product_texts))
    >>> texts.own.shape[0], texts.reviews.shape[0]
    (30, 361)
    """

    own: np.ndarray
    own_tokens: np.ndarray
    reviews: np.ndarray
    review_tokens: np.ndarray
    read: int = 0

    def __post_init__(self) -> None:
        for vectors, tokens in ((self.own, self.own_tokens), (self.reviews, self.review_tokens)):
            if vectors.ndim != 2 or tokens.shape != vectors.shape[:1] or vectors.shape[1] != self.dim:
                raise ValueError(f"vectors {vectors.shape} and token counts {tokens.shape} do not fit.")

    def __repr__(self) -> str:
        return f"TextTable({len(self.own):,} products, {len(self.reviews):,} reviews, {self.dim}-d)"

    @property
    def dim(self) -> int:
        """Length of a vector."""
        return int(self.own.shape[1])

    def take(self, keep: np.ndarray) -> "TextTable":
        """Return the table of `Dataset.take(keep)`: all products, only the marked interactions."""
        return replace(self, reviews=self.reviews[keep], review_tokens=self.review_tokens[keep])


def in_order(dataset: Dataset, texts: TextTable) -> TextTable:
    """Return the table of `dataset.sorted()`."""
    products = key_order(dataset.products, "products")
    return replace(
        texts,
        own=texts.own[products],
        own_tokens=texts.own_tokens[products],
        reviews=texts.reviews[dataset.order],
        review_tokens=texts.review_tokens[dataset.order],
    )


def known(dataset: Dataset, texts: TextTable | None, keep: np.ndarray) -> tuple[Dataset, TextTable | None]:
    """Return the rows that `keep` marks, and their texts, for a fit that the other rows measure.

    A review that also stands in one of these others is left out, whoever wrote it: a retweet or a copy
    would tell what is asked.
    """
    silent = copied(dataset, keep)[keep]  # (rows kept,)
    rows, read = dataset.take(keep), texts and texts.take(keep)
    if silent.any():
        reviews = pc.if_else(pa.array(silent), pa.scalar(None, pa.string()), rows.interactions["review"])
        place = rows.interactions.schema.get_field_index("review")
        rows = replace(rows, interactions=rows.interactions.set_column(place, "review", reviews))
        read = read and replace(
            read,
            reviews=np.where(silent[:, None], 0, read.reviews),
            review_tokens=np.where(silent, 0, read.review_tokens),
        )
    return rows, read


def encode(
    dataset: Dataset, encoder: TextEncoder, cache: VectorCache | None = None, progress: Progress = silent
) -> TextTable:
    """Return the vectors of the dataset's product texts and reviews; only what `cache` lacks is encoded.

    A cancelled or killed call leaves the stretches it finished in the cache and nothing else.

    >>> from finrec_core.text import TfIdf, encode
    >>> encode(bank, TfIdf.fit(bank.product_texts))
    TextTable(30 products, 361 reviews, 30-d)
    """
    texts = [*dataset.product_texts, *dataset.review_texts]
    unique = list(dict.fromkeys(texts))
    place = {text: row for row, text in enumerate(unique)}
    pooled, missing = _pool(unique, encoder, cache, progress)
    rows = np.array([place[text] for text in texts], dtype=np.int64)
    own, reviews = rows[: len(dataset.products)], rows[len(dataset.products) :]
    return TextTable(
        own=pooled.vectors[own],
        own_tokens=pooled.tokens[own],
        reviews=pooled.vectors[reviews],
        review_tokens=pooled.tokens[reviews],
        read=int(pooled.tokens[missing].sum()),
    )


def _pool(
    texts: Sequence[str], encoder: TextEncoder, cache: VectorCache | None, progress: Progress
) -> tuple[Pooled, np.ndarray]:
    """Pool distinct texts through the cache, stretch by stretch; return too which rows it lacked."""
    known = np.array([not text for text in texts], dtype=bool)  # the empty text is known: zero
    pooled = Pooled(np.zeros((len(texts), encoder.dim), np.float32), np.zeros(len(texts), np.int32))
    if cache:
        found, pooled = cache.fetch(encoder.name, texts, encoder.dim)
        known |= found
    missing = np.flatnonzero(~known)
    for low in range(0, len(missing), _STRETCH):
        rows = missing[low : low + _STRETCH]
        stretch = [texts[row] for row in rows]
        share = part(progress, low / len(missing), (low + len(rows)) / len(missing))
        new = encoder.pool(stretch, share)
        pooled.vectors[rows], pooled.tokens[rows] = new.vectors, new.tokens
        if cache:
            try:
                cache.add(encoder.name, stretch, new)
            except OSError as error:
                # The vectors are at hand: a full disk costs the next training time, not this one its result.
                _log.warning("The text vectors could not be stored for the next training (%s).", error)
    progress("Reading texts", 1.0)
    return pooled, missing
