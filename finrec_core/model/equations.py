"""The equations of a closed-form view, G + diag L, kept in factors, and how a matrix of them is solved."""

from dataclasses import dataclass

import numpy as np
import torch
from scipy.sparse import csr_array, diags_array

TOO_SMALL = "closed form: the weights cannot be solved; raise the ridge."


@dataclass(frozen=True, eq=False)
class Equations:
    """G + diag L in factors, G = rows' rows + text text'.

    `rows` (clients, products) are x_v sqrt(r_v) of the clients that have something and weigh
    something, `text` (products, k) is F with its column factors, `ridge` (products,) is L.
    """

    rows: csr_array
    text: np.ndarray
    ridge: np.ndarray

    @classmethod
    def of(cls, x: csr_array, weights: np.ndarray, text: np.ndarray, ridge: np.ndarray) -> "Equations":
        """Weigh the interactions `x` (clients, products) by r_v, clients without any left out."""
        kept = np.flatnonzero((weights > 0) & (np.diff(x.indptr) > 0))
        return cls(csr_array(diags_array(np.sqrt(weights[kept])) @ x[kept]), text, ridge)

    @property
    def rank(self) -> int:
        """Clients + text dimensions."""
        return self.rows.shape[0] + self.text.shape[1]

    def gram(self, products: np.ndarray | None = None) -> np.ndarray:
        """Return G + diag L between the given products, all of them without any (n, n)."""
        text = self.text if products is None else self.text[products]
        ridge = self.ridge if products is None else self.ridge[products]
        rows = self.rows if products is None else self.rows[:, products]
        gram = text @ text.T
        if rows.nnz:
            gram += (rows.T @ rows).toarray()
        gram[np.diag_indices(len(gram))] += ridge
        return gram

    def across(self, vectors: np.ndarray) -> np.ndarray:
        """Return G @ vectors (products, n)."""
        return self.rows.T @ (self.rows @ vectors) + self.text @ (self.text.T @ vectors)


def cholesky(gram: np.ndarray) -> np.ndarray:
    """Return the lower Cholesky factor of a symmetric matrix; raises `FloatingPointError`."""
    try:
        return torch.linalg.cholesky(torch.from_numpy(gram)).numpy()
    except torch.linalg.LinAlgError as error:
        raise FloatingPointError(TOO_SMALL) from error


def solved(factor: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Return the solution for each column of the right side, from a Cholesky factor."""
    found = torch.cholesky_solve(torch.from_numpy(np.ascontiguousarray(right)), torch.from_numpy(factor))
    return np.ascontiguousarray(found.numpy())


def inverted(gram: np.ndarray, *, fast: bool = False) -> np.ndarray:
    """Return the inverse of a symmetric matrix, worked out in float32 where `fast`; rows lie in one piece.

    LAPACK writes it by columns, and SciPy would copy it whole for each product with a sparse matrix.
    """
    factor = torch.from_numpy(cholesky(gram.astype(np.float32) if fast else gram))
    return np.ascontiguousarray(torch.cholesky_inverse(factor).double().numpy().T)
