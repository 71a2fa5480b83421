"""The ground of the controls: a dataset and its split, with evidence shuffled, redrawn or taken away."""

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from finrec_core.dataset import SCHEMAS, Dataset, Split
from finrec_core.evaluation.arm import Task
from finrec_core.evaluation.holdout import Holdout
from finrec_core.text.table import TextTable


@dataclass(frozen=True, repr=False, eq=False)
class Perturbation:
    """A dataset with its texts and split; every change is drawn from the seed and gives a new ground.

    `gone` marks interactions that nobody may know, `asked` those that are asked where they test,
    both bool (interactions,).
    """

    dataset: Dataset
    texts: TextTable | None
    split: Split
    seed: int
    gone: np.ndarray
    asked: np.ndarray

    @classmethod
    def of(cls, dataset: Dataset, texts: TextTable | None, split: Split, seed: int) -> "Perturbation":
        """Make the ground of a whole dataset."""
        none = np.zeros(len(dataset.interactions), dtype=bool)
        return cls(dataset, texts, split, seed, gone=none, asked=~none)

    @property
    def task(self) -> Task:
        """What an arm may see."""
        kept = ~self.gone
        none = np.zeros(len(kept), dtype=bool)
        split = Split(train=self.split.train & kept, validation=self.split.validation & kept, test=none)
        return Task.without_test(self.dataset, self.texts, split, self.seed)

    @property
    def holdout(self) -> Holdout:
        """What is asked of an arm that knows the rest."""
        known = (self.split.train | self.split.validation) & ~self.gone
        return Holdout.of(self.dataset, known=known, asked=self.split.test & self.asked)

    def with_texts_shuffled(self) -> "Perturbation":
        """Give every text to another product, every review to another interaction that has one.

        Raises `ValueError` where there are no texts.
        """
        if self.texts is None:
            raise ValueError("there are no texts to shuffle.")
        random, texts = self._random, self.texts
        own = np.arange(len(texts.own))
        reviews = np.arange(len(texts.reviews))
        for places, tokens in ((own, texts.own_tokens), (reviews, texts.review_tokens)):
            told = np.flatnonzero(tokens > 0)
            places[told] = random.permutation(told)
        shuffled = TextTable(
            own=texts.own[own],
            own_tokens=texts.own_tokens[own],
            reviews=texts.reviews[reviews],
            review_tokens=texts.review_tokens[reviews],
        )
        return replace(self, texts=shuffled)

    def with_ties_shuffled(self) -> "Perturbation":
        """Put tied clients in each other's places, so that the ties keep their shape and lose their sense."""
        tied = self.tied
        place = np.arange(len(self.dataset.clients))
        place[tied] = self._random.permutation(tied)
        ids = self.dataset.clients["client_id"].take(pa.array(place))
        ends = (ids.take(pa.array(self.dataset.tie_rows[:, side])) for side in (0, 1))
        columns = [*ends, *(self.dataset.ties[name] for name in SCHEMAS["ties"].names[2:])]
        ties = pa.table(columns, schema=SCHEMAS["ties"])
        return replace(self, dataset=replace(self.dataset, ties=ties))

    def with_clients_cut(self, share: float, keep: int) -> "Perturbation":
        """Leave `keep` products to that share of the tied clients that are tested, and ask only them.

        The clients are the same for every `keep`, and so are the first products of each.
        """
        data = self.dataset
        tested = np.unique(data.event_clients[self.split.test])
        able = np.intersect1d(self.tied, tested)
        size = min(len(able), max(1, round(share * len(self.tied))))
        cut = self._random.choice(able, size=size, replace=False)
        inside = np.isin(data.event_clients, cut)
        known = (self.split.train | self.split.validation) & (data.pairs.of_events >= 0)
        rows = np.flatnonzero(inside & known)
        pairs, each = np.unique(data.pairs.of_events[rows], return_inverse=True)
        draws = np.full(len(pairs), np.inf)
        np.minimum.at(draws, each, self._random.random(len(rows)))
        clients = data.pair_clients[pairs]
        order = np.lexsort((draws, clients))
        place = np.empty(len(pairs), dtype=np.int64)
        place[order] = np.arange(len(pairs)) - np.searchsorted(clients[order], clients[order])
        gone = self.gone.copy()
        gone[rows[place[each] >= keep]] = True
        return replace(self, gone=gone, asked=inside)

    def with_products_held_back(self, share: float) -> tuple["Perturbation", "Perturbation"]:
        """Take that share of the products from everybody; ask for these alone, and for the others alone."""
        products = len(self.dataset.products)
        held = self._random.random(products) < share  # (products,)
        inside = held[self.dataset.event_products]
        return replace(self, gone=inside, asked=inside), replace(self, gone=inside, asked=~inside)

    def with_random_products(self) -> "Perturbation":
        """Let every client have as many products as before, drawn from the whole catalogue."""
        data, random = self.dataset, self._random
        products = len(data.products)
        drawn = np.empty(len(data.pairs), dtype=np.int64)
        _, starts = np.unique(data.pair_clients, return_index=True)
        for rows in np.split(np.arange(len(drawn)), starts[1:]):
            drawn[rows] = random.choice(products, size=len(rows), replace=False)
        fact = data.pairs.of_events >= 0
        drawn = np.where(fact, np.append(drawn, 0)[data.pairs.of_events], data.event_products)
        ids = data.products["product_id"].take(pa.array(drawn))
        place = data.interactions.schema.get_field_index("product_id")
        interactions = data.interactions.set_column(place, SCHEMAS["interactions"].field("product_id"), ids)
        return replace(self, dataset=replace(data, interactions=interactions))

    @property
    def tied(self) -> np.ndarray:
        """Client rows with a tie."""
        return np.unique(self.dataset.tie_rows)

    @property
    def _random(self) -> np.random.Generator:
        """Random numbers that start anew for every change, so that none depends on another."""
        return np.random.default_rng(self.seed)

    def __repr__(self) -> str:
        return f"Perturbation({self.dataset!r}, {int(self.gone.sum()):,} gone)"
