"""The profile of a dataset: what it can carry and what it cannot, measured without any model."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from finrec_core.dataset.closeness import Closeness
from finrec_core.dataset.dataset import Dataset
from finrec_core.dataset.limits import limits
from finrec_core.dataset.schema import EPOCH

DEGREES = (0, 1, 2, 3, 5, 10, 20, 50, 100, 500)  # where each band of a degree distribution begins
WORDS = (1, 5, 10, 20, 50, 100, 500)  # and of text lengths
MOST_RATINGS = 11  # distinct ratings that are told one by one
DAY_US = 86_400_000_000


@dataclass(frozen=True)
class Band:
    """How many things lie from `low` to `high`, both included; `high` None is open."""

    low: float
    high: float | None
    count: int

    @property
    def label(self) -> str:
        """The band as a person reads it: 3 to 4, or 500 and more."""
        if self.high is None:
            return f"{self.low:g} and more"
        return f"{self.low:g}" if self.low == self.high else f"{self.low:g} to {self.high:g}"


@dataclass(frozen=True)
class Texts:
    """Texts of one kind: how many things could have one, how many have, their words, and repetitions.

    `words` is the median length, `bands` the distribution; `repeated` counts texts that read the same
    as another one.
    """

    of: int
    told: int
    words: float
    bands: tuple[Band, ...]
    repeated: int


@dataclass(frozen=True)
class Times:
    """When interactions happened: how many have a time, the span, and by month.

    `equal` is the share of timed interactions at the very moment of another one of the same client,
    `dates` the share that stand at midnight, as dates without a time of day do.
    """

    known: int
    first: datetime | None
    last: datetime | None
    months: tuple[tuple[str, int], ...]
    equal: float
    dates: float


@dataclass(frozen=True)
class Ratings:
    """Ratings: how many are known, each value with its count (or bands of ten), and those rated low."""

    known: int
    bands: tuple[Band, ...]
    limit: float | None
    low: int


@dataclass(frozen=True)
class Popularity:
    """How unevenly interactions fall on products: the curve, its Gini index, and the share of the top tenth.

    `curve` holds (share of the products, most held first; share of the interactions) from 0 to 1.
    """

    curve: tuple[tuple[float, float], ...]
    gini: float
    top_tenth: float


@dataclass(frozen=True, repr=False)
class Profile:
    """What a dataset can carry; `limits` says in sentences what no model can learn from it.

    `testable` counts clients with three products or more, which a test can ask about; `repeated` the
    interactions beyond the first of their client and product, `former` the pairs that were given up;
    `same_names` products that share their name with another one. `density` is the share of pairs held.

    >>> from finrec_core.dataset import Profile
    >>> profile = Profile.of(bank)
    >>> profile.testable <= profile.clients
    True
    """

    clients: int
    products: int
    interactions: int
    positive: int
    repeated: int
    former: int
    ties: int
    density: float
    by_client: tuple[Band, ...]
    by_product: tuple[Band, ...]
    products_of_client: float
    holders_of_product: float
    testable: int
    tied_clients: int
    tied_few: int
    closeness: Closeness | None
    own_texts: Texts
    reviews: Texts
    products_told: int
    same_names: int
    times: Times
    popularity: Popularity
    ratings: Ratings
    limits: tuple[str, ...]

    @classmethod
    def of(cls, dataset: Dataset, seed: int = 0) -> "Profile":
        """Measure a dataset; `seed` draws the pairs that ties are compared with."""
        clients, products = len(dataset.clients), len(dataset.products)
        positive = dataset.positive
        per_client = np.bincount(dataset.pair_clients[positive], minlength=clients)  # (clients,)
        per_product = np.bincount(dataset.pair_products[positive], minlength=products)  # (products,)
        tied = np.bincount(dataset.tie_rows.ravel(), minlength=clients) > 0  # (clients,)
        own = pa.array(dataset.product_texts, pa.string())
        told = pc.not_equal(own, "")
        reviews = pc.drop_null(dataset.interactions["review"]).combine_chunks()
        reviewed = np.zeros(products, dtype=bool)
        reviewed[dataset.event_products[dataset.interactions["review"].is_valid().to_numpy()]] = True
        names = pc.value_counts(pc.drop_null(dataset.products["name"])).field("counts").to_numpy()
        return cls(
            clients=clients,
            products=products,
            interactions=len(dataset.interactions),
            positive=int(positive.sum()),
            ties=len(dataset.ties),
            repeated=int((dataset.pairs.count - 1).sum()),
            former=int(dataset.pairs.former.sum()),
            density=int(dataset.pairs.held.sum()) / max(1, clients * products),
            by_client=bands(per_client, DEGREES),
            by_product=bands(per_product, DEGREES),
            products_of_client=_median(per_client),
            holders_of_product=_median(per_product),
            testable=int((per_client >= 3).sum()),
            tied_clients=int(tied.sum()),
            tied_few=int((tied & (per_client <= 3)).sum()),
            closeness=Closeness.of(dataset, seed),
            own_texts=_texts(own.filter(told), products),
            reviews=_texts(reviews, len(dataset.interactions)),
            products_told=int((reviewed | told.to_numpy(zero_copy_only=False)).sum()),
            same_names=int(names[names > 1].sum()),
            times=_times(dataset),
            popularity=_popularity(per_product),
            ratings=_ratings(dataset),
            limits=limits(dataset),
        )

    def to_json(self) -> dict[str, Any]:
        """Return all of it as plain values, times as ISO text."""
        values = asdict(self)
        for name in ("first", "last"):
            moment = values["times"][name]
            values["times"][name] = moment and moment.isoformat()
        return values

    def __repr__(self) -> str:
        return (
            f"Profile({self.clients:,} clients, {self.products:,} products, {self.interactions:,} "
            f"interactions, {self.density:.2%} of all pairs)"
        )


def bands(values: np.ndarray, starts: Sequence[float]) -> tuple[Band, ...]:
    """Return how many whole numbers lie in each band from one start to before the next one.

    Bands that nothing lies in are kept between the first and the last that something does.
    """
    places = np.searchsorted(starts, values, side="right") - 1
    counts = np.bincount(places[places >= 0], minlength=len(starts))
    full = np.flatnonzero(counts)
    if not len(full):
        return ()
    highs = [*(start - 1 for start in starts[1:]), None]
    return tuple(Band(starts[k], highs[k], int(counts[k])) for k in range(full[0], full[-1] + 1))


def _median(values: np.ndarray) -> float:
    return float(np.median(values)) if len(values) else 0.0


def _texts(texts: pa.Array, of: int) -> Texts:
    words = pc.count_substring_regex(texts, r"\S+").to_numpy(zero_copy_only=False)
    counts = pc.value_counts(texts).field("counts").to_numpy()
    return Texts(of, len(texts), _median(words), bands(words, WORDS), int(counts[counts > 1].sum()))


def _times(dataset: Dataset) -> Times:
    times = dataset.interactions["timestamp"].cast(pa.int64())
    known = times.is_valid().to_numpy()
    moments, clients = times.drop_null().to_numpy(), dataset.event_clients[known]
    if not len(moments):
        return Times(0, None, None, (), 0.0, 0.0)
    order = np.lexsort((moments, clients))
    after = (np.diff(clients[order]) == 0) & (np.diff(moments[order]) == 0)  # equals the one before
    equal = np.zeros(len(order), dtype=bool)
    equal[1:] |= after
    equal[:-1] |= after
    months = moments.astype("datetime64[us]").astype("datetime64[M]")
    found, counts = np.unique(months, return_counts=True)
    first, last = (EPOCH + timedelta(microseconds=int(end)) for end in (moments.min(), moments.max()))
    return Times(
        known=len(moments),
        first=first,
        last=last,
        months=tuple(zip(found.astype(str).tolist(), counts.tolist(), strict=True)),
        equal=float(equal.mean()),
        dates=float((moments % DAY_US == 0).mean()),
    )


def _popularity(per_product: np.ndarray) -> Popularity:
    held = np.sort(per_product)[::-1]
    total = held.sum()
    if not total:
        return Popularity((), 0.0, 0.0)
    shares = np.concatenate([[0.0], np.cumsum(held) / total])  # (products + 1,)
    grid = np.linspace(0, 1, 101)
    along = np.interp(grid, np.arange(len(shares)) / len(held), shares)
    gini = 2 * float(np.trapezoid(shares, dx=1 / len(held))) - 1
    curve = tuple((round(x, 2), float(y)) for x, y in zip(grid.tolist(), along.tolist(), strict=True))
    return Popularity(curve, gini, float(along[10]))


def _ratings(dataset: Dataset) -> Ratings:
    known = dataset.interactions["rating"].drop_null().to_numpy()
    values, counts = np.unique(known, return_counts=True)
    if len(values) > MOST_RATINGS:
        counts, edges = np.histogram(known, bins=10)
        lows, highs = edges[:-1], edges[1:]
    else:
        lows = highs = values
    found = tuple(
        Band(float(low), float(high), int(count))
        for low, high, count in zip(lows, highs, counts, strict=True)
    )
    return Ratings(len(known), found, dataset.rating_limit, int((dataset.pairs.held & dataset.low).sum()))
