"""Gradient descent with early stopping on a validation figure, shared by the trained arms."""

from collections.abc import Callable, Sequence

import torch

from finrec_core.terms.progress import Progress, silent

CELLS = 8_000_000  # scores that a step computes at once, 32 MB
SMALL = 1_000_000  # scores of the whole catalogue for all clients that are cheap enough to check each step
MOST_PASSES = 200
PATIENCE = 20  # passes without a better figure


def descend(
    parameters: Sequence[torch.Tensor],
    step: Callable[[], None],
    *,
    rate: float,
    steps: int,
    progress: Progress = silent,
) -> None:
    """Take that many Adam steps; `step` leaves gradients in the parameters."""
    optimiser = torch.optim.Adam(parameters, lr=rate)
    for taken in range(1, steps + 1):
        optimiser.zero_grad(set_to_none=True)
        step()
        optimiser.step()
        progress("training", taken / steps)


def descend_while_better(
    parameters: Sequence[torch.Tensor],
    step: Callable[[], None],
    *,
    rate: float,
    check: Callable[[], float],
    every: int = 1,
    steps_a_pass: int = 1,
) -> tuple[int, float]:
    """Take Adam steps until `check`, asked every few passes, has not risen for `PATIENCE` passes.

    A pass is `steps_a_pass` steps. The parameters end as they were at the highest figure; returns the
    steps up to there and the figure. Where the very first steps leave no finite numbers that is 0 and NaN.
    """
    optimiser = torch.optim.Adam(parameters, lr=rate)
    best, kept = float("nan"), 0
    saved = [parameter.detach().clone() for parameter in parameters]
    for taken in range(1, MOST_PASSES * steps_a_pass + 1):
        optimiser.zero_grad(set_to_none=True)
        step()
        optimiser.step()
        if taken % (every * steps_a_pass):
            continue
        if not all(bool(torch.isfinite(parameter).all()) for parameter in parameters):
            break
        figure = check()
        if not figure <= best:
            best, kept = figure, taken
            saved = [parameter.detach().clone() for parameter in parameters]
        elif taken - kept >= PATIENCE * steps_a_pass:
            break
    with torch.no_grad():
        for parameter, value in zip(parameters, saved, strict=True):
            parameter.copy_(value)
    return kept, best


def checks(clients: int, products: int) -> int:
    """Return how many passes should lie between two checks: one where scoring everybody is cheap."""
    return 1 if clients * products <= SMALL else 5


def softmax_gradient(
    clients: torch.Tensor,
    products: torch.Tensor,
    wanted: tuple[torch.Tensor, torch.Tensor],
    hidden: tuple[torch.Tensor, torch.Tensor] | None = None,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the gradients of the mean softmax cross-entropy by clients and by products.

    `clients` (batch, dim) and `products` (products, dim) score by their dot products; `wanted` are
    the rows and columns of the pairs to predict, `hidden` those left out of the softmax. Written
    out by hand: autograd would keep three matrices of (batch, products) instead of one.
    """
    with torch.no_grad():
        scores = clients @ products.T  # (batch, products)
        if hidden is not None:
            scores[hidden] = -torch.inf
        share = torch.bincount(wanted[0], minlength=len(clients)).to(scores.dtype) / len(wanted[0])
        pull = torch.softmax(scores, dim=1).mul_(share[:, None])
        pull[wanted] -= 1.0 / len(wanted[0])
        return pull @ products, pull.T @ clients
