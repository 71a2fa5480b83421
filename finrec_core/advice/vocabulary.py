"""The vocabulary: the words that raise or lower the products at the head of all lists the most.

A word's value is its share of the scores, exact and summed over all first places of all lists, through the
texts of the products that stand there. A word shows only where no single writer can stand behind it: it
must stand in reviews of at least five clients, or in the own words of at least five products.
"""

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np

from finrec_core.advice.drivers import Drivers
from finrec_core.recommender import FusedRecommender
from finrec_core.terms.progress import Progress, silent
from finrec_core.text import shares
from finrec_core.text.reading import TF_IDF

TEXTS = 200  # texts that are read again word by word, those with most influence
TEXTS_COUNTED = 5_000  # the same where words are only counted, which costs nothing
SOURCES = 5  # writers, or products, that a word must come from
CHUNK = 50_000  # reviews worked on at once


@dataclass(frozen=True)
class StrongWord:
    """One word: what it adds to the first places of all lists, and how widely it is used.

    `where` are the points that it adds on average to a product in whose texts it stands, `points` what it
    adds to a hundred first places of any product: a word can be strong where it stands, and rare. `products`
    and `writers` count whose texts were read that hold it.
    """

    word: str
    points: float
    where: float
    products: int
    writers: int


@dataclass(frozen=True, repr=False)
class Vocabulary:
    """The words that may be shown, the strongest where they stand first, and what they rest on.

    `read` of `texts` were read word by word; they hold `held` of what all texts add and take. `withheld`
    words stand in too few texts to be shown. `word_error` is the largest gap between a text as it was stored
    and as it was read now, as a share of its words.
    """

    words: tuple[StrongWord, ...]
    read: int
    texts: int
    held: float
    withheld: int
    word_error: float

    def __repr__(self) -> str:
        return f"Vocabulary({len(self.words):,} words of {self.read:,} texts)"


@dataclass
class _Tally:
    """What has been found of one word so far."""

    value: float = 0.0
    products: set[int] = field(default_factory=set)
    told: set[int] = field(default_factory=set)  # products whose own words hold it
    writers: set[int] = field(default_factory=set)


@dataclass(frozen=True, eq=False)
class _Told:
    """One text: its product, its share of all scores in points, and how it is read."""

    product: int
    text: str
    share: float
    direction: np.ndarray
    weight: float
    writer: int | None


def vocabulary(
    recommender: FusedRecommender, found: Drivers, progress: Progress = silent, *, most: int | None = None
) -> Vocabulary:
    """Return the strongest words behind what drives a model; `most` texts are read word by word.

    `progress` may end the work by raising. Without text there are no words.
    """
    if most is None:
        most = TEXTS_COUNTED if recommender.encoder_name == TF_IDF else TEXTS
    own, reviews = _shares(recommender, found)
    each = np.r_[own, reviews]
    telling = np.flatnonzero(each)
    order = telling[np.argsort(-np.abs(each[telling]), kind="stable")][:most]
    tallies: dict[str, _Tally] = defaultdict(_Tally)
    error = 0.0
    for place, number in enumerate(order.tolist()):
        progress("reading the strongest texts", place / len(order))
        told = _text(recommender, found, number, float(each[number]))
        error = max(error, _count(recommender, told, tallies))
    progress("reading the strongest texts", 1.0)
    shown = {
        word: tally for word, tally in tallies.items() if max(len(tally.told), len(tally.writers)) >= SOURCES
    }
    whole = float(np.abs(each).sum())
    words = [_strong(word, tally, found) for word, tally in shown.items()]
    return Vocabulary(
        words=tuple(sorted(words, key=lambda one: (-abs(one.where), one.word))),
        read=len(order),
        texts=len(telling),
        held=float(np.abs(each[order]).sum()) / whole if whole else 0.0,
        withheld=len(tallies) - len(shown),
        word_error=error,
    )


def plain_word(stretch: str) -> str:
    """Return a word in small letters without the signs around it; "" where no letter or digit is left."""
    letters = [place for place, sign in enumerate(stretch) if sign.isalnum()]
    return stretch[letters[0] : letters[-1] + 1].casefold() if letters else ""


def _shares(recommender: FusedRecommender, found: Drivers) -> tuple[np.ndarray, np.ndarray]:
    """Return what each product's own words (products,) and each review (reviews,) add to all first places."""
    features = recommender.model.evidence.features
    width = features.own.shape[1]
    own = np.einsum("ik,ik->i", features.own, found.directions[:, :width])
    weights = features.shares.tocsc().data  # one for each review, in their order
    reviews = np.zeros(len(features.review_products))
    for low in range(0, len(reviews), CHUNK):
        part = slice(low, low + CHUNK)
        towards = found.directions[features.review_products[part], width:]
        reviews[part] = weights[part] * np.einsum(
            "rk,rk->r", features.reviews[part].astype(np.float64), towards
        )
    return own, reviews


def _text(recommender: FusedRecommender, found: Drivers, number: int, share: float) -> _Told:
    """Return one text by its number: own words of products first, then reviews."""
    dataset, features = recommender.dataset, recommender.model.evidence.features
    width, products = features.own.shape[1], len(features.own)
    if number < products:
        direction = features.own_basis @ found.directions[number, :width]
        return _Told(number, dataset.product_texts[number], share, direction, 1.0, None)
    review = number - products
    product, row = int(features.review_products[review]), int(features.review_rows[review])
    direction = features.review_basis @ found.directions[product, width:]
    weight = float(features.shares[[product]].data[0])
    writer = int(dataset.event_clients[row])
    return _Told(product, dataset.review_texts[row], share, direction, weight, writer)


def _count(recommender: FusedRecommender, told: _Told, tallies: dict[str, _Tally]) -> float:
    """Add the words of a text to the tallies and return its error."""
    split = shares(
        told.text,
        recommender.states(told.text),
        recommender.model.evidence.features.centre,
        told.direction,
        weight=told.weight,
        stored=told.share,
    )
    for span, value in zip(split.words, split.values.tolist(), strict=True):
        word = plain_word(told.text[span.start : span.end])
        if not word:
            continue
        tally = tallies[word]
        tally.value += value
        tally.products.add(told.product)
        if told.writer is None:
            tally.told.add(told.product)
        else:
            tally.writers.add(told.writer)
    return split.word_error


def _strong(word: str, tally: _Tally, found: Drivers) -> StrongWord:
    places = float(found.listed[list(tally.products)].sum())
    return StrongWord(
        word=word,
        points=100.0 * tally.value / found.cells,
        where=tally.value / places if places else 0.0,
        products=len(tally.products),
        writers=len(tally.writers),
    )
