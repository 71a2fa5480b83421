"""Opening texts: from the direction a part's text goes in to the share of each word in it.

A product's text enters a score as its own words and its reviews, each with a weight; the share of
each is known from the stored vectors. Only texts that are asked for are encoded again and split.
"""

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass

import numpy as np

from finrec_core.dataset import Dataset
from finrec_core.explain.explanation import Word
from finrec_core.explain.lenses import RowContribution
from finrec_core.model.features import TextFeatures
from finrec_core.text import TokenStates, shares

States = Callable[[str], TokenStates]


@dataclass(frozen=True, repr=False, eq=False)
class Text:
    """One text behind a reason: its product and source, its stored share of the score, how it is read.

    `direction` (dim,) and `weight` turn a centred token state into its share, `weight * <t, y> / n`.
    """

    product: int
    source: str
    text: str
    share: float
    direction: Callable[[], np.ndarray]
    weight: float

    @property
    def key(self) -> tuple[int, str]:
        """What tells this text from all others: the product row and the source."""
        return self.product, self.source


def through_text(contribution: RowContribution, features: TextFeatures) -> float:
    """Return how much of a reason's value goes through text."""
    if contribution.text is None:
        return 0.0
    if contribution.kind in ("description", "review"):
        return contribution.value
    own, reviews = features.parts_of(contribution.text.product, contribution.text.values)
    return own + sum(value for _, value in reviews)


def texts_of(contribution: RowContribution, dataset: Dataset, features: TextFeatures) -> list[Text]:
    """Return the texts a reason speaks through, their shares adding up to what goes through text."""
    if contribution.text is None:
        return []
    product, values = contribution.text.product, contribution.text.values
    width = features.own.shape[1]
    own, reviews = features.parts_of(product, values)
    if contribution.kind == "description":
        reviews = []
    if contribution.kind == "review":
        reviews = [(contribution.row, contribution.value)]
    found = []
    if contribution.kind != "review" and features.own[product].any():
        text = dataset.product_texts[product]
        found.append(
            Text(product, "description", text, own, lambda: features.own_basis @ values[:width], 1.0)
        )
    weight = float(features.shares[[product]].data[0]) if reviews else 0.0
    for number, share in reviews:
        row = int(features.review_rows[number])
        text = dataset.review_texts[row]
        found.append(
            Text(
                product,
                review_id(dataset, row),
                text,
                share,
                lambda: features.review_basis @ values[width:],
                weight,
            )
        )
    return found


def review_id(dataset: Dataset, row: int) -> str:
    """Return the id of the review of an interaction row, "<client id>/<product id>".

    Of a pair with several reviews, the second is "<client id>/<product id>/2", and so on in order of time.
    """
    row = int(row)
    event, number = dataset.interactions.slice(row, 1), int(dataset.text_numbers[row])
    key = f"{event['client_id'][0].as_py()}/{event['product_id'][0].as_py()}"
    return f"{key}/{number}" if number > 1 else key


def opened(
    texts: Sequence[Text], chosen: Set[tuple[int, str]], states: States, centre: np.ndarray
) -> tuple[tuple[Word, ...], float]:
    """Return the words of the chosen texts, the other texts as one stretch each, and the word error.

    The values add up to the texts' shares. The error is the largest among the texts opened.
    """
    words, error = [], 0.0
    for text in texts:
        if text.key not in chosen:
            words.append(Word(text.source, text.text, 0, len(text.text), text.share))
            continue
        split = shares(
            text.text, states(text.text), centre, text.direction(), weight=text.weight, stored=text.share
        )
        error = max(error, split.word_error)
        for word, value in zip(split.words, split.values, strict=True):
            stretch = text.text[word.start : word.end]
            words.append(Word(text.source, stretch, word.start, word.end, float(value)))
    return tuple(words), error
