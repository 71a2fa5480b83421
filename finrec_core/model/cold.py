"""Cold start: how products that nobody has yet, but that have words, enter the sum.

Training would teach views A and B only that nobody has them. So they are left out of its softmax,
nothing learned about them is used, and their score comes from their words alone:

    s(u, i) = (1 - w) s_A / sigma_A + tail s_C / sigma_C + level + slope z_i . r

r is the ridge map from words to log(1 + d), fitted on the products somebody has: words that
much-held products use raise the level. It is linear, so it splits over words as well.
"""

from dataclasses import dataclass

import numpy as np

from finrec_core.model.constants import ColdConstants
from finrec_core.model.evidence import Evidence
from finrec_core.model.text_map import product_z, ridge_inverse, z_factors

POWER = 1.0  # spectrum power of the words that tell how much a product will be held


@dataclass(frozen=True, repr=False, eq=False)
class ColdStart:
    """The products that nobody has and that have words, and what each starts from.

    `rows` bool (products,); `level` (products,) is zero for all others; `direction` (k,) is what a
    unit of a cold product's text features adds to its level.
    """

    rows: np.ndarray
    level: np.ndarray
    direction: np.ndarray

    @classmethod
    def of(cls, evidence: Evidence, constants: ColdConstants) -> "ColdStart":
        """Work out the levels; nothing is stored, for they follow from evidence and constants."""
        rows = evidence.cold
        if not rows.any() or not evidence.degree.any():
            return cls(rows, np.zeros(len(rows)), np.zeros(evidence.features.width))
        z = product_z(evidence, POWER)
        known = evidence.degree > 0
        held = np.log1p(evidence.degree)
        popularity = ridge_inverse(z, evidence.degree).T @ np.where(known, held - held[known].mean(), 0.0)
        direction = constants.slope * z_factors(evidence, POWER) * popularity  # (k,)
        level = constants.level + evidence.features.vectors @ direction  # (products,)
        return cls(rows, np.where(rows, level, 0.0), direction)

    def __repr__(self) -> str:
        return f"ColdStart({int(self.rows.sum()):,} of {len(self.rows):,} products)"
