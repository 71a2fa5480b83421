"""Product texts: one vector for each product, of all its texts or of those left visible."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from finrec_core.dataset import Dataset
from finrec_core.evaluation.arm import CannotLearnError
from finrec_core.model import Switches
from finrec_core.model.evidence import Evidence
from finrec_core.model.features import SHRINK, TextFeatures
from finrec_core.text.table import TextTable


@dataclass(frozen=True, repr=False, eq=False)
class ProductTexts:
    """The text features of a dataset, every direction kept, and the edge that each review was written on.

    `edges` (reviews,) counts places of `dataset.matrix()`; it is -1 for a review of a low-rated product.
    """

    features: TextFeatures
    edges: np.ndarray

    @classmethod
    def of(cls, dataset: Dataset, texts: TextTable | None) -> "ProductTexts":
        """Read a dataset's texts; raises `CannotLearnError` where no product has a word."""
        if texts is not None:
            features = TextFeatures.of(dataset, texts, most=texts.dim)
            if features.own.any() or features.reviews.any():
                switches = Switches(ties=False, similar=False)
                return cls(features, Evidence.with_features(dataset, features, switches).review_edge)
        raise CannotLearnError("The products have no texts, so nothing can be learned from texts alone.")

    def vectors(self, power: float, visible: np.ndarray | None = None) -> np.ndarray:
        """Return own words beside the shrunk mean review, float64 (products, k), zero where untold.

        The spectrum of both is raised to `power`. With `visible` (edges,) the reviews of other edges
        are left out.
        """
        told = self.features
        means = told.product_reviews if visible is None else self._visible_reviews(visible)
        own, reviews = told.own * told.own_power(power), means * told.review_power(power)
        return np.concatenate([own, reviews], axis=1) / np.sqrt(2)

    def _visible_reviews(self, visible: np.ndarray) -> np.ndarray:
        told = self.features
        seen = np.append(visible, True)[self.edges]  # (reviews,) -1 reads the last
        products = told.review_products[seen]
        count = np.bincount(products, minlength=len(told.own))
        places = (products, np.flatnonzero(seen))
        shares = csr_array(
            (1.0 / (count[products] + SHRINK), places), shape=(len(told.own), len(told.reviews))
        )
        return shares @ told.reviews

    def __repr__(self) -> str:
        return f"ProductTexts({self.features})"
