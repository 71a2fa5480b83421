"""Training of view A: masked edges, two stages, early stop on validation."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from scipy.sparse import csr_array

from finrec_core.model import batches
from finrec_core.model.batches import Hidden, Ranked
from finrec_core.model.constants import NetworkConstants
from finrec_core.model.evidence import Evidence
from finrec_core.model.network import Network, NetworkInputs
from finrec_core.terms.progress import Progress, Watch, silent, unwatched

MOST_STEPS = (200, 120)
LEAST, MOST = 0.2, 0.8  # share of the edges that a step hides
CHECK_EVERY = 5
PATIENCE = 5  # checks without a better validation figure
LEAST_STEPS = (50, 0)  # the first steps leave the SVD start, and may fall before they rise

Validate = Callable[[np.ndarray], np.ndarray]  # scores (asked, products) to one figure per client


@dataclass(frozen=True, repr=False, eq=False)
class Trained:
    """A trained network, the steps each stage took and its validation figures, one per client."""

    network: Network
    inputs: NetworkInputs
    steps: tuple[int, int]
    figures: np.ndarray
    curve: tuple[tuple[int, float], ...]

    @property
    def parameters(self) -> dict[str, np.ndarray]:
        """What was learned, as arrays by name: embeddings, maps, bias and the scalars."""
        return {
            name.removeprefix("scalars."): value.detach().cpu().numpy()
            for name, value in self.network.state_dict().items()
        }

    def __repr__(self) -> str:
        return f"Trained({self.steps[0]} + {self.steps[1]} steps, validation {self.figures.mean():.4f})"


def train(
    evidence: Evidence,
    constants: NetworkConstants,
    *,
    seed: int,
    validate: Validate | None = None,
    asked: np.ndarray | None = None,
    inputs: NetworkInputs | None = None,
    stages: tuple[int, ...] = (0, 1),
    progress: Progress = silent,
    watch: Watch = unwatched,
) -> Trained:
    """Train one seed of the network.

    With `validate` each stage stops early and keeps its best step, step 0 of stage 2 included; it is
    given the scores of the clients `asked`, of all without. Without `validate` each stage takes
    `constants.steps`. `watch` is told each check as it is made. Raises
    `FloatingPointError` when the loss is no longer a number.
    """
    inputs = inputs or NetworkInputs(evidence, constants, place("cpu"))
    device = inputs.row.device
    generator = torch.Generator(device=device).manual_seed(seed)
    network = Network(inputs, start_embeddings(evidence, constants.dim, seed).to(device))
    steps, curve, best = [0, 0], [], np.full(1, np.nan)
    turns = batches.turns(inputs)
    if not evidence.switches.second_stage:
        stages = stages[:1]
    for stage in stages:
        if stage == 1 and network.w_in.numel():
            network.start_text_block(inputs)
        run = _Stage(network, inputs, stage, generator)
        limit = MOST_STEPS[stage] * turns if validate else constants.steps[stage]
        kept, kept_state, best, stale = 0, None, np.full(1, np.nan), 0
        for step in range(limit + 1):
            if validate and step % (CHECK_EVERY * turns) == 0:
                figures = validate(score_all(network, inputs, asked))
                curve.append((steps[0] + step, float(figures.mean())))
                watch(stage, *curve[-1])
                if not figures.mean() <= best.mean():
                    kept, best, stale = step, figures, 0
                    kept_state = {k: v.detach().clone() for k, v in network.state_dict().items()}
                else:
                    stale += 1
                if stale >= PATIENCE and step >= LEAST_STEPS[stage] * turns:
                    break
            if step < limit:
                run.step()
                progress("Training the network", (stage + (step + 1) / limit) / len(stages))
        if kept_state is not None:
            network.load_state_dict(kept_state)
            steps[stage] = kept
        else:
            steps[stage] = limit
    return Trained(network, inputs, (steps[0], steps[1]), best, tuple(curve))


def working_threads() -> int:
    """Return how many threads multiply in this process."""
    return torch.get_num_threads()


def place(device: str) -> torch.device:
    """Return the torch device of a name; `auto` takes CUDA where there is one.

    Raises `ValueError` where this machine cannot compute on it.
    """
    try:
        found = torch.device(("cuda" if torch.cuda.is_available() else "cpu") if device == "auto" else device)
        torch.zeros(1, device=found).tolist()  # that it exists shows only when it is used
    except (RuntimeError, AssertionError, TypeError) as error:
        raise ValueError(
            f"this machine cannot train on the device {device!r}: take cpu, cuda where it has one, or auto."
        ) from error
    return found


def a_device(name: str) -> str:
    """Return the name of a device to train on; raises `ValueError` as `place` does.

    >>> from finrec_core.model import a_device
    >>> a_device("cpu")
    'cpu'
    """
    place(name)
    return name


class _Stage:
    """One stage of training: its optimiser and its steps."""

    def __init__(
        self, network: Network, inputs: NetworkInputs, stage: int, generator: torch.Generator
    ) -> None:
        constants = inputs.constants
        self.network, self.inputs, self.generator = network, inputs, generator
        rate = constants.rate / (6 if stage else 1)
        embeddings = [network.q_in, network.q_out]
        others = [network.bias, *network.scalars.values()]
        if network.text_block:
            others += [network.w_in, network.w_out]
        groups: list[dict[str, Any]] = [
            {"params": embeddings, "weight_decay": constants.weight_decay},
            {"params": others},
        ]
        self.optimiser = torch.optim.Adam(groups, lr=rate)

    def step(self) -> None:
        """Hide a random share of the edges and learn to predict them from the rest."""
        inputs, network = self.inputs, self.network
        device, generator = inputs.row.device, self.generator
        share = LEAST + (MOST - LEAST) * torch.rand((), generator=generator, device=device)
        kept = (torch.rand(len(inputs.row), generator=generator, device=device) >= share).float()
        asked = batches.clients(inputs, generator)
        hidden = Hidden.of(inputs, kept, asked)
        self.optimiser.zero_grad(set_to_none=True)
        h, g = network(inputs, inputs.step(kept), asked)
        bias = network.bias.masked_fill(inputs.cold, -torch.inf)  # they would only learn that nobody has them
        if len(bias) > batches.MOST_RANKED:
            ranked = Ranked.drawn(inputs, hidden, generator)
            hidden = ranked.among(hidden, len(bias))
            g, bias = g[ranked.products], bias[ranked.products] + ranked.correction
        loss = _MaskedSoftmax.apply(h @ g.T + bias, hidden)
        if not torch.isfinite(loss):
            raise FloatingPointError("training: the loss is no longer a number.")
        loss.backward()
        self.optimiser.step()


class _MaskedSoftmax(torch.autograd.Function):
    """Cross-entropy of hidden edges over the products a client does not visibly have; gradient by hand."""

    @staticmethod
    def forward(ctx: Any, scores: torch.Tensor, hidden: Hidden) -> torch.Tensor:  # noqa: ANN401
        scores = scores.clone()
        scores[hidden.seen_row, hidden.seen_col] = -torch.inf
        log_total = torch.logsumexp(scores, dim=1)  # (clients,)
        own = scores[hidden.row, hidden.col]
        loss = (hidden.weight * (log_total[hidden.row] - own)).sum()
        mass = torch.zeros_like(log_total).index_add_(0, hidden.row, hidden.weight)
        # A client that visibly has every product is asked nothing; −inf less −inf would be no number.
        log_total = log_total.masked_fill(log_total.isneginf(), 0.0)
        gradient = torch.exp(scores.sub_(log_total[:, None])).mul_(mass[:, None])  # (clients, products)
        gradient.index_put_((hidden.row, hidden.col), -hidden.weight, accumulate=True)
        ctx.save_for_backward(gradient)
        return loss

    @staticmethod
    def backward(ctx: Any, grad: torch.Tensor) -> tuple[torch.Tensor, None]:  # noqa: ANN401
        (gradient,) = ctx.saved_tensors
        return grad * gradient, None


def score_all(network: Network, inputs: NetworkInputs, rows: np.ndarray | None = None) -> np.ndarray:
    """Return the scores of all products with nothing masked, float32 (clients or rows, products)."""
    with torch.inference_mode():
        h, g = network(inputs, inputs.everything)
        if rows is not None:
            h = h[torch.as_tensor(rows, device=h.device)]
        return (h @ g.T + network.bias).cpu().numpy()


def start_embeddings(evidence: Evidence, dim: int, seed: int) -> torch.Tensor:
    """Right singular vectors of the normalised interactions, scaled to unit mean row norm (products, dim)."""
    x = evidence.x
    per_client = np.maximum(1, evidence.counts) ** -0.5
    values = np.repeat(per_client, np.diff(x.indptr)) * evidence.holders[x.indices] ** -0.5
    rng = np.random.default_rng(seed)
    start = rng.normal(0, 0.01, (x.shape[1], dim))
    spectrum, vectors = _singular(csr_array((values, x.indices, x.indptr), x.shape), dim, rng)
    start[:, : len(spectrum)] += vectors * np.sqrt(spectrum)
    start[evidence.cold] = 0.0
    start /= max(1e-12, np.sqrt((start**2).sum(axis=1).mean()))
    return torch.from_numpy(start.astype(np.float32))


def _singular(matrix: csr_array, rank: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return the leading singular values (k,) and right vectors (cols, k), k <= rank.

    Randomised subspace iteration (Halko, Martinsson and Tropp 2011, algorithm 4.4): ARPACK restarts
    from its own random numbers, so that the same seed would not give the same start.
    """
    width = min(rank + 8, *matrix.shape)
    basis = rng.normal(size=(matrix.shape[1], width))
    for _ in range(6):
        basis = np.linalg.qr(matrix.T @ (matrix @ basis))[0]  # (cols, width)
    _, spectrum, right = np.linalg.svd(matrix @ basis, full_matrices=False)
    return spectrum[:rank], (basis @ right.T)[:, :rank]
