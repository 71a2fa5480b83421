"""A product as its page shows it: facts, text, what was written about it, and what is like it."""

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from finrec_core.advice.particulars import Particulars, product_facts
from finrec_core.dataset import Dataset
from finrec_core.dataset.naming import product_names
from finrec_core.model.evidence import Evidence
from finrec_core.narrative.labels import Review, product_titles
from finrec_core.narrative.people import ENOUGH, client_name
from finrec_core.terms import wording
from finrec_core.terms.wording import plural
from finrec_core.text.stop_words import speaks
from finrec_core.views.recommendation.evidence import beginning, review_frame

REVIEWS = 100  # reviews that the page lists; each goes to the browser
BEGINNING = 90  # characters of a review in the list
MOST = 5  # products of each kind
WORDS = 4  # shared words that are named
SAMPLE = 2_000  # texts that tell how rare a word is
COMMON = 0.2  # a word in more than this share of the texts tells nothing
ENDING = 2  # letters by which two forms of one word differ, as "bond" and "bonds"
_WORD = re.compile(r"[^\W\d_]{4,}")


@dataclass(frozen=True, repr=False)
class ProductView:
    """What the page shows of one product; texts are as in the data and not escaped.

    `reviews` are the longest ones, at most `REVIEWS` of `written`; their numbers hold on this page only.
    """

    product_id: str
    name: str
    facts: Particulars
    text: str
    offered: bool
    holders: int
    low: int
    written: int
    reviews: tuple[Review, ...]
    verb: str

    def __repr__(self) -> str:
        return f"ProductView({self.product_id!r}: {self.holders:,} holders, {self.written:,} reviews)"

    @property
    def standing(self) -> str:
        """How many clients have it, as "61 clients have it, 2 more rated it low"."""
        if not self.holders:
            said = f"No client {self.verb} it yet"
        else:
            verb = self.verb if self.holders == 1 else plural(self.verb)
            said = f"{wording.counted(self.holders, 'client')} {verb} it"
        return f"{said}, {self.low:,} more rated it low" if self.low else said


def product_view(dataset: Dataset, product: str, *, show_writers: bool = False) -> ProductView:
    """Return what the page shows of a product of the dataset; writer, month and stars only where allowed."""
    row = dataset.product_rows[product]
    values = dataset.products.slice(row, 1).to_pylist()[0]
    pairs = (dataset.pair_products == row) & dataset.pairs.held
    events = np.flatnonzero(dataset.event_products == row).tolist()
    told = [event for event in events if dataset.review_texts[event].strip()]
    told.sort(key=lambda event: -len(dataset.review_texts[event]))
    positive = int((dataset.positive & pairs).sum())
    return ProductView(
        product_id=product,
        name=wording.name(product_names(dataset)[row], product),
        facts=product_facts(dataset, product),
        text=(values["description"] or "").strip(),
        offered=bool(dataset.available[row]),
        holders=positive,
        low=int(pairs.sum()) - positive,
        written=len(told),
        reviews=tuple(
            _review(dataset, event, number, show_writers=show_writers)
            for number, event in enumerate(told[:REVIEWS], start=1)
        ),
        verb=wording.name(dataset.verb, "has"),
    )


def review_table(view: ProductView) -> pd.DataFrame:
    """Return the reviews as a table: Review, Begins; When and Stars where allowed."""
    return review_frame(
        [(one.title, beginning(one.text, BEGINNING), one.stars, one.when) for one in view.reviews]
    )


def reads_alike(dataset: Dataset, evidence: Evidence, product: str) -> pd.DataFrame:
    """Return the products whose texts are nearest, nearest first: id, Product, Why.

    They are among the ten that the model reads as similar; none for a product without text.
    """
    row = dataset.product_rows[product]
    near = evidence.near[[row]].indices
    features = evidence.features
    z = np.concatenate([features.own, features.product_reviews], axis=1)
    length = np.linalg.norm(z[near], axis=1)
    cosine = z[near] @ z[row] / np.where(length > 0, length, 1.0)
    rows = near[np.argsort(-cosine, kind="stable")][:MOST]
    texts = dataset.product_texts
    return _table(dataset, rows, [_alike(shared_words(texts, row, int(other))) for other in rows])


def held_together(dataset: Dataset, evidence: Evidence, product: str) -> pd.DataFrame:
    """Return the products that the same clients have, closest first: id, Product, Why.

    By the cosine of their holders. Pairs that fewer than `ENOUGH` clients have are left out: they would
    say of single clients what they have.
    """
    row = dataset.product_rows[product]
    holders = evidence.by_product[[row]].indices
    both = np.asarray(evidence.x[holders].sum(axis=0)).ravel().astype(np.int64)  # (products,)
    both[row] = 0
    closeness = both / np.sqrt(evidence.holders * max(1, len(holders)))
    found = np.flatnonzero(both >= ENOUGH)
    rows = found[np.argsort(-closeness[found], kind="stable")][:MOST]
    have = plural(wording.name(dataset.verb, "has"))
    said = [
        f"{both[other]:,} of the {len(holders):,} clients who {have} it {have} this too" for other in rows
    ]
    return _table(dataset, rows, said)


def shared_words(texts: list[str], row: int, other: int) -> list[str]:
    """Return the words that two texts share and few others hold, rarest first, at most `WORDS`.

    No stop word is among them, and of two forms of one word only the first.
    """
    words = {word for word in _words(texts[row]) & _words(texts[other]) if speaks(word)}
    sample = [text.casefold() for text in texts[:: max(1, len(texts) // SAMPLE)]]
    count = {word: sum(word in text for text in sample) for word in words}
    telling = [word for word in words if count[word] <= max(2, COMMON * len(sample))]
    found: list[str] = []
    for word in sorted(telling, key=lambda word: (count[word], -len(word), word)):
        if len(found) < WORDS and not any(_one_word(word, other_word) for other_word in found):
            found.append(word)
    return found


def _review(dataset: Dataset, event: int, number: int, *, show_writers: bool) -> Review:
    text = dataset.review_texts[event]
    if not show_writers:
        return Review(number, text)
    when, stars = (dataset.interactions[name][event].as_py() for name in ("timestamp", "rating"))
    return Review(
        number,
        text,
        writer=client_name(dataset, int(dataset.event_clients[event])),
        when=wording.month(when) if when else "",
        stars="" if stars is None else f"{stars:g}",
    )


def _one_word(a: str, b: str) -> bool:
    """Return whether two words differ by a short ending alone."""
    short, long = sorted((a, b), key=len)
    return long.startswith(short) and len(long) - len(short) <= ENDING


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.casefold()))


def _alike(words: list[str]) -> str:
    return f"Both speak of {wording.joined(words)}" if words else "Its text is near as a whole"


def _table(dataset: Dataset, rows: np.ndarray, why: list[str]) -> pd.DataFrame:
    ids = dataset.products["product_id"].take(rows.astype(np.int64)).to_pylist()
    names = product_titles(dataset, rows.tolist())
    return pd.DataFrame({"id": ids, "Product": [names[key] for key in ids], "Why": why}, dtype=str)
