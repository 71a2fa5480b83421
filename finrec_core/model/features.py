"""Text features: centred text vectors, a stored linear map, and each product's share of every text.

All of it is linear in a text's token states (docs/model.md, "Text"), so a text's share of a score splits
over reviews and words exactly. The centre and the maps see the texts of the rows they are made
from, nothing else.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array

from finrec_core.dataset import Dataset
from finrec_core.text.table import TextTable

SHRINK = 3.0  # a product's few reviews are read as if three neutral ones stood beside them
MOST_DIMENSIONS = 192  # what lies beyond carries up to 5 % of the spectrum of the sets measured


@dataclass(frozen=True, repr=False, eq=False)
class TextFeatures:
    """The texts of products and of interactions in a basis that every view shares.

    `own` (products, k1) float64 are the products' own words, `reviews` (reviews, k2) float32 one
    row for each interaction with a review. `own_basis` (dim, k1) and `review_basis` (dim, k2) are
    orthonormal and scaled; a text with centred mean state x stands at `x @ basis`. `own_spectrum`
    and `review_spectrum` are the singular values behind each column.
    """

    centre: np.ndarray  # (dim,)
    own_basis: np.ndarray  # (dim, k1)
    review_basis: np.ndarray  # (dim, k2)
    own_spectrum: np.ndarray  # (k1,)
    review_spectrum: np.ndarray  # (k2,)
    own: np.ndarray  # (products, k1)
    reviews: np.ndarray  # (reviews, k2)
    review_rows: np.ndarray  # (reviews,) interaction row of each review
    review_products: np.ndarray  # (reviews,) product row of each review

    @classmethod
    def of(
        cls, dataset: Dataset, texts: TextTable, *, reviews: bool = True, most: int = MOST_DIMENSIONS
    ) -> "TextFeatures":
        """Make the features of a dataset from its pooled text vectors, row-aligned with it.

        Of own words and of reviews, at most the `most` leading directions are kept.
        """
        told = texts.own_tokens > 0
        rows = np.flatnonzero(texts.review_tokens > 0) if reviews else np.zeros(0, dtype=np.int64)
        review_products = dataset.event_products[rows]
        tokens = np.concatenate([texts.own_tokens[told], texts.review_tokens[rows]]).astype(np.float64)
        states = np.concatenate([texts.own[told], texts.reviews[rows]])  # (texts, dim)
        centre = tokens @ states / max(1.0, tokens.sum())  # (dim,)
        own = np.where(told[:, None], texts.own - centre, 0.0)  # (products, dim)
        own_basis, own_spectrum = _basis(own, most)
        vectors = (texts.reviews[rows] - centre).astype(np.float32)  # (reviews, dim)
        means = _shares(review_products, len(dataset.products)) @ vectors  # (products, dim)
        review_basis, review_spectrum = _basis(means, most)
        return cls(
            centre=centre,
            own_basis=own_basis,
            review_basis=review_basis,
            own_spectrum=own_spectrum,
            review_spectrum=review_spectrum,
            own=own @ own_basis,
            reviews=(vectors @ review_basis).astype(np.float32),
            review_rows=rows,
            review_products=review_products,
        )

    @classmethod
    def empty(cls, dataset: Dataset) -> "TextFeatures":
        """Return the features of a dataset whose texts are not used: no dimensions at all."""
        none, rows = np.zeros((0, 0)), np.zeros(0, dtype=np.int64)
        own = np.zeros((len(dataset.products), 0))
        flat = np.zeros(0)
        return cls(flat, none, none, flat, flat, own, np.zeros((0, 0), np.float32), rows, rows)

    @cached_property
    def shares(self) -> csr_array:
        """Each review's share of its product's review vector, 1 / (count + 3), (products, reviews)."""
        return _shares(self.review_products, len(self.own))

    @cached_property
    def product_reviews(self) -> np.ndarray:
        """Each product's shrunk mean review, float64 (products, k2)."""
        return self.shares @ self.reviews.astype(np.float64)

    @cached_property
    def vectors(self) -> np.ndarray:
        """Each product's text, own words beside reviews, float64 (products, k)."""
        return np.concatenate([self.own, self.product_reviews], axis=1)

    def take(self, keep: np.ndarray) -> "TextFeatures":
        """Return the features of `Dataset.take(keep)` in the same basis, with the same centre."""
        kept = keep[self.review_rows]
        place = np.cumsum(keep) - 1  # (interactions,) row after the cut
        return replace(
            self,
            reviews=self.reviews[kept],
            review_rows=place[self.review_rows[kept]],
            review_products=self.review_products[kept],
        )

    @property
    def width(self) -> int:
        """k1 + k2, the width of own words and reviews side by side."""
        return self.own.shape[1] + self.reviews.shape[1]

    def reviews_of(self, product: int) -> np.ndarray:
        """Return the numbers of a product's reviews, (count,)."""
        return self.shares[[product]].indices

    def parts_of(self, product: int, direction: np.ndarray) -> tuple[float, list[tuple[int, float]]]:
        """Split `direction` (k,) over a product's texts: its own words, and (number, value) by review."""
        width = self.own.shape[1]
        own = float(self.own[product] @ direction[:width])
        shares = self.shares[[product]]
        values = shares.data * (self.reviews[shares.indices].astype(np.float64) @ direction[width:])
        return own, list(zip(shares.indices.tolist(), values.tolist(), strict=True))

    def own_power(self, power: float) -> np.ndarray:
        """Column factors that raise the spectrum of own words to `power`, mean row norm one, (k1,)."""
        return _factors(self.own, self.own_spectrum, power)

    def review_power(self, power: float) -> np.ndarray:
        """Column factors that raise the spectrum of reviews to `power`, mean row norm one, (k2,)."""
        return _factors(self.product_reviews, self.review_spectrum, power)

    def __repr__(self) -> str:
        return (
            f"TextFeatures({len(self.own):,} products x {self.own.shape[1]}, "
            f"{len(self.reviews):,} reviews x {self.reviews.shape[1]})"
        )


def _shares(review_products: np.ndarray, products: int) -> csr_array:
    count = np.bincount(review_products, minlength=products)
    values = 1.0 / (count[review_products] + SHRINK)
    places = (review_products, np.arange(len(review_products)))
    return csr_array((values, places), shape=(products, len(review_products)))


def _basis(vectors: np.ndarray, most: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the leading right singular vectors (dim, k) and singular values (k,), k at most `most`."""
    gram = vectors.T.astype(np.float64) @ vectors  # (dim, dim)
    values, basis = np.linalg.eigh(gram)
    values, basis = values[::-1], basis[:, ::-1]
    kept = int(min(most, (values > 1e-9 * max(values[0], 1e-30)).sum())) if len(values) else 0
    flip = np.where(np.abs(basis).max(axis=0) == basis.max(axis=0), 1.0, -1.0)  # one sign on any machine
    return (basis * flip)[:, :kept].copy(), np.sqrt(np.maximum(values[:kept], 0.0))


def _factors(vectors: np.ndarray, spectrum: np.ndarray, power: float) -> np.ndarray:
    """Return spectrum^(power - 1), scaled so that the mean squared row norm of `vectors` is one."""
    if not len(spectrum):
        return np.zeros(0)
    factors = (spectrum / spectrum[0]) ** (power - 1.0)
    told = np.any(vectors != 0, axis=1)
    size = np.mean(np.sum((vectors[told] * factors) ** 2, axis=1)) if told.any() else 1.0
    return factors / np.sqrt(max(size, 1e-30))
