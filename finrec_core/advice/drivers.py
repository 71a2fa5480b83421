"""What drives a model: the kinds of evidence behind the lists of all clients, and what these lists show.

Points are those of the cards. For each client, 0 is the average offered product and 100 the strongest; a
kind's points are the mean, over the first products of all lists, of what its reasons add together, so that
starting point + kinds = the mean points of these products. A kind's share is its part of all that reasons
add and take: the sum of its points in each list's places without their signs, over that of all kinds. What
goes through words is counted likewise, kind by kind, so that own words that add and reviews that take do not
hide each other. The starting point is no evidence and has no share.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from finrec_core.advice.exposure import Exposure, rank_correlations
from finrec_core.advice.reverse import blocks
from finrec_core.explain.explanation import Kind
from finrec_core.explain.kinds import Cells, LensKinds
from finrec_core.metrics import top
from finrec_core.model.fused import FusedModel
from finrec_core.model.validation import evenly
from finrec_core.recommender import FusedRecommender
from finrec_core.terms.names import LensName
from finrec_core.terms.progress import Progress, silent

PLACES = 10  # of each list that are taken apart
LIST = 20  # places of each list that are looked at
WORK = 4e9  # additions that a run may take, about ten seconds
FEWEST = 200  # clients that are taken apart whatever it takes
EACH = 60  # clients where every score has to be taken apart on its own


@dataclass(frozen=True)
class Driver:
    """One kind of evidence: its mean points, and its share of all that reasons add and take."""

    kind: Kind
    points: float
    share: float


@dataclass(frozen=True, repr=False)
class LensDrivers:
    """One lens of all lists: starting point and the kinds in their order, in mean points.

    `words` are the mean points that go through texts and `words_share` is their share of all: of what speaks
    for products, that of own words and reviews together. `error` is the most by which base and parts miss a
    score, in units of the score.
    """

    start: float
    kinds: tuple[Driver, ...]
    total: float
    words: float
    words_share: float
    error: float

    def __repr__(self) -> str:
        return f"LensDrivers({self.total:.1f} points, error {self.error:.1e})"


@dataclass(frozen=True, repr=False, eq=False)
class Drivers:
    """What drives a model over all its clients.

    `clients` of the dataset, `asked` of them were taken apart, evenly thinned where fewer than could be;
    `silent` have a list by popularity, `flat` one whose products all score the same: neither has reasons.
    `cells` products in the first places were taken apart. `directions` (products, k) is what a unit of each
    product's text adds to the points of all of them together, for its words.
    """

    clients: int
    asked: int
    silent: int
    flat: int
    cells: int
    lenses: Mapping[LensName, LensDrivers]
    exposure: Exposure
    directions: np.ndarray
    listed: np.ndarray  # (products,) first places that each product has among those taken apart

    @property
    def thinned(self) -> bool:
        """Whether only some of the clients that have reasons were taken apart."""
        return self.asked < self.clients - self.silent - self.flat

    @property
    def error(self) -> float:
        """The most by which base and parts of either lens miss a score."""
        return max((lens.error for lens in self.lenses.values()), default=0.0)

    def __repr__(self) -> str:
        return f"Drivers({self.asked:,} of {self.clients:,} clients, {self.cells:,} scores)"


def drivers(recommender: FusedRecommender, progress: Progress = silent) -> Drivers:
    """Return what drives a model; `progress` may end the work by raising.

    Lists are made for all clients. Where that takes too long, fewer are taken apart, evenly spaced.
    """
    model = recommender.model
    clients = len(recommender.dataset.clients)
    chosen = np.zeros(clients, dtype=bool)
    chosen[_chosen(model)] = True
    sums = {"client": _Sums(), "product": _Sums()}
    lists: list[np.ndarray] = []
    correlations: list[np.ndarray] = []
    flat, asked, found = 0, 0, 0
    directions = np.zeros((len(recommender.dataset.products), model.evidence.features.width))
    listed = np.zeros(len(recommender.dataset.products))
    for block in blocks(recommender, progress):
        best = top(np.where(block.offered, block.scores, -np.inf), None, LIST)
        lists.append(best)
        factors = np.array([scale.factor for scale in block.scales()])
        zeros = np.array([scale.zero for scale in block.scales()])
        speaks = ~model.silent[block.clients]
        flat += int(((factors == 0) & speaks).sum())
        asked_here = chosen[block.clients]
        correlations.append(
            rank_correlations(block.scores[asked_here], block.offered[asked_here], model.evidence.degree)
        )
        some = np.flatnonzero(chosen[block.clients] & speaks & (factors > 0))
        places = best[some, :PLACES]
        at, column = np.nonzero(places >= 0)
        if not len(at):
            continue
        rows, products = some[at], places[at, column]
        taken = Cells(model, block.clients[rows], products)
        scores, factor = block.scores[rows, products], factors[rows]
        for name, lens in (("client", taken.client), ("product", taken.product)):
            sums[name].add(lens, scores, factor, zeros[rows])
        directions += taken.directions(factor)
        listed += np.bincount(products, minlength=len(listed))
        asked, found = asked + len(some), found + len(products)
    every = np.concatenate(lists) if lists else np.zeros((0, LIST), dtype=np.int64)
    progress("scoring clients", 1.0)
    return Drivers(
        clients=clients,
        asked=asked,
        silent=int(model.silent.sum()),
        flat=flat,
        cells=found,
        lenses={name: one.means() for name, one in sums.items() if one.cells},  # type: ignore[misc]
        exposure=Exposure.of(
            every, model.evidence.degree, recommender.dataset.available, np.concatenate([*correlations, []])
        ),
        directions=directions,
        listed=listed,
    )


class _Sums:
    """Sums over cells of one lens, in points."""

    def __init__(self) -> None:
        self.cells, self.error = 0, 0.0
        self.start, self.total, self.words, self.words_size = 0.0, 0.0, 0.0, 0.0
        self.kinds: dict[Kind, float] = {}
        self.sizes: dict[Kind, float] = {}

    def add(self, lens: LensKinds, scores: np.ndarray, factor: np.ndarray, zero: np.ndarray) -> None:
        self.cells += len(scores)
        self.error = max(self.error, lens.error(scores))
        self.start += float(((lens.base - zero) * factor).sum())
        self.total += float(((scores - zero) * factor).sum())
        self.words += float((lens.text * factor).sum())
        self.words_size += sum(float(np.abs(part * factor).sum()) for part in lens.told.values())
        for kind, values in lens.kinds.items():
            self.kinds[kind] = self.kinds.get(kind, 0.0) + float((values * factor).sum())
            self.sizes[kind] = self.sizes.get(kind, 0.0) + float(np.abs(values * factor).sum())

    def means(self) -> LensDrivers:
        size = sum(self.sizes.values()) or 1.0
        each = tuple(
            Driver(kind, value / self.cells, self.sizes[kind] / size) for kind, value in self.kinds.items()
        )
        return LensDrivers(
            start=self.start / self.cells,
            kinds=each,
            total=self.total / self.cells,
            words=self.words / self.cells,
            words_share=self.words_size / size,
            error=self.error,
        )


def _chosen(model: FusedModel) -> np.ndarray:
    """Return the client rows to take apart: all that have reasons, or as many as the work allows."""
    rows = np.flatnonzero(~model.silent)
    products = len(model.evidence.degree)
    if not all(view.in_bulk for view in model.views):
        return evenly(rows, EACH)
    each = products**2 / 20 + 4 * model.evidence.x.nnz + 40 * products
    return evenly(rows, max(FEWEST, int(WORK / each)))
