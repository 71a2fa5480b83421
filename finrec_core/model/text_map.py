"""Linear maps from texts: the columns of z, and the ridge map from words to product embeddings."""

import numpy as np

from finrec_core.model.evidence import Evidence


def z_factors(evidence: Evidence, power: float) -> np.ndarray:
    """Return the column factors of z, 1/sqrt 2 included, (k,)."""
    features = evidence.features
    return np.concatenate([features.own_power(power), features.review_power(power)]) / np.sqrt(2.0)


def product_z(evidence: Evidence, power: float) -> np.ndarray:
    """Return z of every product, own words beside reviews, float64 (products, k)."""
    return evidence.features.vectors * z_factors(evidence, power)


def ridge_inverse(z: np.ndarray, degree: np.ndarray) -> np.ndarray:
    """Return D Z (Z'DZ + rho I)^-1 with D = diag(d^1/2), rho the mean eigenvalue, (products, k).

    A product that nobody has weighs nothing: it tells nothing of what words stand for.
    """
    if not z.shape[1]:
        return z
    weighted = degree[:, None] ** 0.5 * z
    gram = z.T @ weighted  # (k, k)
    rho = max(1e-12, np.trace(gram) / len(gram))
    return np.linalg.solve(gram + rho * np.eye(len(gram)), weighted.T).T
