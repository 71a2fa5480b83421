"""P = (G + diag L)^-1 in three forms: dense, of low rank (both exact), and in blocks of products."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from scipy.sparse import csr_array, diags_array

from finrec_core.model.blocks import Blocks
from finrec_core.model.equations import TOO_SMALL, Equations, inverted
from finrec_core.terms.bounds import MOST_PRODUCTS

MOST_RANK = 8_000  # clients + text dimensions up to which P is solved through them
SEARCHED = 5_000, 2_048  # while constants are tried: products up to which P is dense, products solved above
BLOCK = 2_048  # products whose diagonal is worked out at once

Arrays = Mapping[str, np.ndarray]


class Inverse(Protocol):
    """What a view asks of P, in whatever form it is kept; all float64."""

    @property
    def diagonal(self) -> np.ndarray:
        """P_ii, (products,)."""
        ...

    def column(self, product: int) -> np.ndarray:
        """Return P_:i, (products,)."""
        ...

    def times(self, profiles: csr_array) -> np.ndarray:
        """Return (p P)_i for each profile and product, (clients, products)."""
        ...

    def times_at(self, profile: np.ndarray, product: int) -> np.ndarray:
        """Return p P for one profile (products,) by the P of the given product, (products,)."""
        ...

    @property
    def arrays(self) -> dict[str, np.ndarray]:
        """What `restored` needs beside the equations."""
        ...


def inverse_of(equations: Equations, *, fast: bool = False) -> Inverse:
    """Return P in the form that fits its size: dense, of low rank, or in blocks.

    `fast` is for a search: float32, and in blocks only an even sample of the products. Raises
    `FloatingPointError` where the ridge is too small for the weights to be solved.
    """
    products = len(equations.ridge)
    if products <= (SEARCHED[0] if fast else MOST_PRODUCTS):
        return Dense(inverted(equations.gram(), fast=fast))
    if equations.rank <= MOST_RANK:
        return LowRank.of(equations, fast=fast)
    if not fast:
        return Blocks.of(equations)
    return Blocks.of(equations, np.unique(np.linspace(0, products - 1, SEARCHED[1]).astype(int)))


def restored(equations: Equations, arrays: Arrays) -> Inverse:
    """Return the P that gave these arrays; raises `ValueError` where they do not fit the equations."""
    found: Inverse
    if "inverse" in arrays:
        found = Dense(arrays["inverse"])
    elif "core" in arrays:
        found = LowRank(equations, arrays["core"])
    else:
        found = Blocks.restored(equations, arrays)
    size, products = len(found.diagonal), len(equations.ridge)
    if size != products or ("core" in arrays and len(arrays["core"]) != equations.rank):
        raise ValueError(f"its weights are for {size} products, the dataset has {products}")
    return found


@dataclass(frozen=True, eq=False)
class Dense:
    """P as one matrix (products, products)."""

    matrix: np.ndarray

    @property
    def diagonal(self) -> np.ndarray:
        """P_ii, (products,)."""
        return np.diagonal(self.matrix)

    def column(self, product: int) -> np.ndarray:
        """Return P_:i, (products,)."""
        return self.matrix[:, product]

    def times(self, profiles: csr_array) -> np.ndarray:
        """Return p P for each profile, (clients, products)."""
        full = 8 * profiles.nnz > profiles.shape[0] * profiles.shape[1]
        return (profiles.toarray() if full else profiles) @ self.matrix

    def times_at(self, profile: np.ndarray, product: int) -> np.ndarray:
        """Return p P, (products,)."""
        return self.times(csr_array(profile[None, :]))[0]

    @property
    def arrays(self) -> dict[str, np.ndarray]:
        """The matrix itself."""
        return {"inverse": self.matrix}


@dataclass(frozen=True, eq=False)
class LowRank:
    """P by the identity of Woodbury, exact: few clients and text dimensions, many products.

    P = D - D U K^-1 U' D with D = diag(1 / L), U = [rows', F] and K = I + U' D U; `core` is K^-1
    (rank, rank).
    """

    equations: Equations
    core: np.ndarray

    @classmethod
    def of(cls, equations: Equations, *, fast: bool = False) -> "LowRank":
        """Solve for the core; raises `FloatingPointError` where the ridge is not positive."""
        if equations.ridge.min() <= 0:
            raise FloatingPointError(TOO_SMALL)
        rows, text = equations.rows, equations.text
        scaled = csr_array(rows @ diags_array(1.0 / equations.ridge))  # (clients, products)
        both = scaled @ text  # (clients, k)
        corner = (text / equations.ridge[:, None]).T @ text
        core = np.block([[(scaled @ rows.T).toarray(), both], [both.T, corner]])
        core[np.diag_indices(len(core))] += 1.0
        return cls(equations, inverted(core, fast=fast))

    @cached_property
    def diagonal(self) -> np.ndarray:
        """P_ii, (products,)."""
        by_product, ridge = csr_array(self.equations.rows.T), self.equations.ridge
        text, clients = self.equations.text, self.equations.rows.shape[0]
        found = 1.0 / ridge
        for low in range(0, len(ridge), BLOCK):
            part = slice(low, low + BLOCK)
            through = by_product[part] @ self.core[:clients] + text[part] @ self.core[clients:]
            held = by_product[part].multiply(through[:, :clients]).sum(axis=1)
            told = np.einsum("ik,ik->i", through[:, clients:], text[part])
            found[part] -= (held + told) / ridge[part] ** 2
        return found

    def column(self, product: int) -> np.ndarray:
        """Return P_:i, (products,)."""
        unit = csr_array(([1.0], ([0], [product])), shape=(1, len(self.equations.ridge)))
        return self.times(unit)[0]

    def times(self, profiles: csr_array) -> np.ndarray:
        """Return p P for each profile, (clients, products)."""
        rows, text, ridge = self.equations.rows, self.equations.text, self.equations.ridge
        clients = rows.shape[0]
        scaled = csr_array(profiles @ diags_array(1.0 / ridge))
        through = (scaled @ rows.T) @ self.core[:clients] + (scaled @ text) @ self.core[clients:]
        found = through[:, :clients] @ rows + through[:, clients:] @ text.T
        found /= -ridge
        places = np.repeat(np.arange(profiles.shape[0]), np.diff(scaled.indptr)), scaled.indices
        found[places] += scaled.data
        return found

    def times_at(self, profile: np.ndarray, product: int) -> np.ndarray:
        """Return p P, (products,)."""
        return self.times(csr_array(profile[None, :]))[0]

    @property
    def arrays(self) -> dict[str, np.ndarray]:
        """The core; all else is in the equations."""
        return {"core": self.core}
