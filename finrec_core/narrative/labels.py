"""What products, people and texts are called in one view."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from finrec_core.dataset.dataset import Dataset
from finrec_core.dataset.naming import product_names
from finrec_core.explain.explanation import TIED, Contribution, Explanation
from finrec_core.explain.opening import review_id
from finrec_core.narrative.former import formers
from finrec_core.narrative.people import Other, Tie, client_name, others, ties
from finrec_core.terms import wording


@dataclass(frozen=True, repr=False)
class Review:
    """A review as this view may show it: a number valid here only (0: not a reason here) and its text.

    `writer`, `when` and `stars` are filled only where the setting allows.
    """

    number: int
    text: str = ""
    writer: str = ""
    when: str = ""
    stars: str = ""

    @property
    def title(self) -> str:
        """The review as a row's name, as "Review 2", or "Review by Ilse" where writers are shown."""
        if self.writer:
            return f"Review by {self.writer}"
        return f"Review {self.number}" if self.number else "A review"

    def __repr__(self) -> str:
        return f"Review({self.number}, {len(self.text):,} characters)"


@dataclass(frozen=True, repr=False)
class Labels:
    """The names and texts that one explanation needs, and no more of other people than may be seen.

    What that is stands in docs/explanations.md, "Privacy".

    `products`, `descriptions` and `formers` are by product id, `ties` and `others` by client id, `reviews` by
    review id. `holders` counts the clients that have the product, `held` the products that the client
    has, `rated_low` those it has and rated low; `formers` are those it gave up, each with until when it
    had it. `empty` says that nothing is offered to it, so that its list has no scale.

    >>> from finrec_core.narrative import Labels
    >>> client = bank.clients["client_id"][0].as_py()
    >>> explanation = recommender.explain(client, recommender.recommend(client, k=1)[0].product)
    >>> labels = Labels.of(bank, explanation)
    >>> labels.product == labels.product_name(explanation.product)
    True
    """

    client: str
    product: str
    product_id: str = ""
    verb: str = "has"
    products: Mapping[str, str] = field(default_factory=dict)
    ties: Mapping[str, Tie] = field(default_factory=dict)
    others: Mapping[str, Other] = field(default_factory=dict)
    reviews: Mapping[str, Review] = field(default_factory=dict)
    descriptions: Mapping[str, str] = field(default_factory=dict)
    holders: int = 0
    held: int = 0
    rated_low: int = 0
    formers: Mapping[str, str] = field(default_factory=dict)
    empty: bool = False

    def __repr__(self) -> str:
        return (
            f"Labels({len(self.products)} products, {len(self.ties)} ties, {len(self.others)} others, "
            f"{len(self.reviews)} reviews)"
        )

    @classmethod
    def of(
        cls,
        dataset: Dataset,
        explanation: Explanation,
        *,
        show_tie_names: bool = False,
        show_writers: bool = False,
    ) -> "Labels":
        """Return the names and texts that an explanation of a client and a product of `dataset` needs."""
        client = dataset.client_rows[explanation.client]
        product = dataset.product_rows[explanation.product]
        mine = dataset.pairs.of_client(client)
        present = mine[dataset.pairs.held[mine]]
        held = dataset.pair_products[present[dataset.positive[present]]]
        contributions = explanation.client_lens.contributions + explanation.product_lens.contributions
        named = {
            contribution.id
            for contribution in contributions
            if contribution.kind in ("interaction", "product")
        }
        rows = np.union1d(held, [dataset.product_rows[key] for key in sorted({explanation.product, *named})])
        keys = dataset.products["product_id"].take(pa.array(rows)).to_pylist()
        names = product_titles(dataset, rows.tolist())
        return cls(
            client=client_name(dataset, client),
            product=names[explanation.product],
            product_id=explanation.product,
            verb=wording.name(dataset.verb, "has"),
            products=names,
            ties=ties(dataset, client, show_names=show_tie_names) | _together(contributions),
            others=others(dataset, client, held, explanation.product_lens.contributions),
            reviews=_reviews(dataset, explanation, show_writers=show_writers),
            descriptions={
                key: dataset.product_texts[row] for key, row in zip(keys, rows.tolist(), strict=True)
            },
            holders=int((dataset.positive & (dataset.pair_products == product)).sum()),
            held=len(held),
            rated_low=len(present) - len(held),
            formers={
                dataset.products["product_id"][row].as_py(): when
                for row, when in formers(dataset, client).items()
            },
            empty=not np.delete(dataset.available, dataset.pair_products[present]).any(),
        )

    @property
    def former(self) -> str:
        """Until when the client had the product, "" where it did not give it up."""
        return self.formers.get(self.product_id, "")

    def product_name(self, key: str) -> str:
        """Return the name of a product, its id where it has none."""
        return self.products.get(key) or wording.name(key, "")

    def tie(self, key: str) -> Tie:
        """Return the connection to a client; one that is not known has no kind."""
        return self.ties.get(key, Tie(kind="", number=1, of_kind=1))

    def other(self, key: str) -> Other:
        """Return what may be shown of another client; one that is not known has the number 0."""
        return self.others.get(key, Other(number=0))

    def review(self, key: str) -> Review:
        """Return what may be shown of a review; one that is not known has no text."""
        return self.reviews.get(key, Review(number=0))

    def text(self, contribution: Contribution, source: str) -> str:
        """Return the text that words of a part with this `source` are cut from, "" where it is not known."""
        if source != "description":
            return self.review(source).text
        key = contribution.id if contribution.kind in ("interaction", "product") else self.product_id
        return self.descriptions.get(key, "")

    def title(self, contribution: Contribution) -> str:
        """Return a part as the name of a row or a bar; never another client's id, nor a name not allowed."""
        if contribution.kind == "interaction":
            return self.product_name(contribution.id)
        if contribution.kind in TIED:
            return self.tie(contribution.id).title
        if contribution.kind == "client":
            return self.other(contribution.id).title
        if contribution.kind == "product":
            return f"Reads like {self.product_name(contribution.id)}"
        if contribution.kind == "review":
            return self.review(contribution.id).title
        return "Its own description" if contribution.kind == "description" else "Its record with all clients"


def _together(contributions: Iterable[Contribution]) -> dict[str, Tie]:
    """Return what clients who stand for one part together are called, by the id of the part."""
    return {one.id: Tie("", 1, 1, one.id, many=True) for one in contributions if one.kind == "branches"}


def product_titles(dataset: Dataset, rows: Iterable[int]) -> dict[str, str]:
    """Return what products are called in a sentence by their ids, for rows of the products."""
    names, ids = product_names(dataset), dataset.products["product_id"]
    return {(key := ids[row].as_py()): wording.name(names[row], key) for row in rows}


def _reviews(dataset: Dataset, explanation: Explanation, *, show_writers: bool) -> dict[str, Review]:
    """Return the reviews that are parts of the product lens, and those that opened words are cut from."""
    about: dict[str, str] = {}  # review id -> the product it is about
    for contribution in explanation.client_lens.contributions + explanation.product_lens.contributions:
        product = contribution.id if contribution.kind in ("interaction", "product") else explanation.product
        sources = {word.source for word in contribution.words} - {"description"}
        about |= dict.fromkeys(
            sources | ({contribution.id} if contribution.kind == "review" else set()), product
        )
    contributions = [
        contribution.id
        for contribution in explanation.product_lens.contributions
        if contribution.kind == "review"
    ]
    numbers = {key: number for number, key in enumerate(contributions, start=1)}
    reviews = {}
    for product in set(about.values()):
        told = (dataset.event_products == dataset.product_rows[product]) & (dataset.text_numbers > 0)
        for row in np.flatnonzero(told).tolist():
            key = review_id(dataset, row)
            if about.get(key) != product:
                continue
            shown = {}
            if show_writers:
                when, stars = (dataset.interactions[name][row].as_py() for name in ("timestamp", "rating"))
                shown = {
                    "writer": client_name(dataset, int(dataset.event_clients[row])),
                    "when": wording.month(when) if when else "",
                    "stars": "" if stars is None else f"{stars:g}",
                }
            reviews[key] = Review(numbers.get(key, 0), dataset.review_texts[row], **shown)
    return reviews
