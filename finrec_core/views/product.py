"""A product as its page shows it: facts, text, how many clients have it, and what was written about it."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from finrec_core.advice.particulars import Particulars, product_facts
from finrec_core.dataset import Dataset
from finrec_core.explain import wording
from finrec_core.explain.labels import Review
from finrec_core.explain.people import client_name
from finrec_core.explain.verb import plural

REVIEWS = 100  # reviews that the page lists; each goes to the browser
BEGINNING = 90  # characters of a review in the list


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
    pairs = np.flatnonzero(dataset.pair_products == row)
    told = [pair for pair in pairs.tolist() if dataset.review_texts[pair].strip()]
    told.sort(key=lambda pair: -len(dataset.review_texts[pair]))
    positive = int(dataset.positive[pairs].sum())
    return ProductView(
        product_id=product,
        name=wording.name(values["name"], product),
        facts=product_facts(dataset, product),
        text=(values["description"] or "").strip(),
        offered=bool(dataset.available[row]),
        holders=positive,
        low=len(pairs) - positive,
        written=len(told),
        reviews=tuple(
            _review(dataset, pair, number, show_writers=show_writers)
            for number, pair in enumerate(told[:REVIEWS], start=1)
        ),
        verb=wording.name(dataset.verb, "has"),
    )


def review_table(view: ProductView) -> pd.DataFrame:
    """Return the reviews as a table: Review, Begins; When and Stars where allowed."""
    rows = [(one.title, _begins(one.text), one.stars, one.when) for one in view.reviews]
    frame = pd.DataFrame(rows, columns=["Review", "Begins", "Stars", "When"], dtype=str)
    return frame.drop(columns=[name for name in ("Stars", "When") if not frame[name].astype(bool).any()])


def _review(dataset: Dataset, pair: int, number: int, *, show_writers: bool) -> Review:
    text = dataset.review_texts[pair]
    if not show_writers:
        return Review(number, text)
    when, stars = (dataset.interactions[name][pair].as_py() for name in ("timestamp", "rating"))
    return Review(
        number,
        text,
        writer=client_name(dataset, int(dataset.pair_clients[pair])),
        when=wording.month(when) if when else "",
        stars="" if stars is None else f"{stars:g}",
    )


def _begins(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= BEGINNING else f"{line[:BEGINNING].rsplit(' ', 1)[0]}…"
