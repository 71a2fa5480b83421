"""Holdings of the demo bank: which client took which product, when, and how well it was liked."""

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from finrec_core.demo.catalogue import FIRST_YEAR
from finrec_core.demo.people import AS_OF
from finrec_core.demo.truth import NOT_FOR_THEM, Truth

STREAM = 53
CHUNK = 1000
NEW_SHARE, EMPTY_SHARE = 0.075, 0.025  # clients with at most two products, of them with none
TOLD = {"household": 0.14, "colleague": 0.03, "friend": 0.06}  # chance that a product is passed on
DAY = 86_400


@dataclass(frozen=True, repr=False, eq=False)
class Holdings:
    """Pairs of client and product rows in order of time; arrays of one length."""

    client: np.ndarray
    product: np.ndarray
    second: np.ndarray  # unix time
    rating: np.ndarray  # 1 to 5, 0 where there is none

    def __repr__(self) -> str:
        return f"Holdings({len(self.client):,} pairs)"


def holdings(truth: Truth, kinds: list[str], seed: int) -> Holdings:
    """Return holdings drawn without replacement by affinity, some passed on along ties of these kinds."""
    rng = np.random.default_rng([seed, STREAM])
    count, newcomer = _counts(len(truth.client_tastes), len(truth.product_tastes), rng)
    drawn = _draw(truth, count, rng)
    held = np.concatenate([drawn, _passed_on(truth, drawn, kinds, newcomer, rng)])
    second = _times(truth, held, newcomer, rng)
    client, product = held.T
    match = np.empty(len(held))
    for low in range(0, len(held), 100_000):
        part = slice(low, low + 100_000)
        tastes = truth.client_tastes[client[part]]
        tastes = tastes / np.linalg.norm(tastes, axis=1, keepdims=True)
        match[part] = np.einsum("pt,pt->p", tastes, truth.product_tastes[product[part]])
    over = np.maximum(0.0, truth.catalogue.risk[product] - truth.people.risk[client])
    liked = 3.1 + 1.9 * match - 0.35 * over + rng.normal(0.0, 0.95, len(held))
    rating = np.clip(np.rint(liked), 1, 5) * (rng.random(len(held)) < 0.74)
    order = np.lexsort((product, client, second))
    return Holdings(client[order], product[order], second[order], rating.astype(np.int64)[order])


def _counts(clients: int, products: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return how many products each client takes, and who is new."""
    count = 3 + np.floor(rng.standard_gamma(1.7, clients) * 3.4).astype(np.int64)
    lot = rng.permutation(clients)  # exact shares, so that small banks have cold clients too
    newcomer = lot < max(3, round(NEW_SHARE * clients))
    count[newcomer] = 1 + (lot[newcomer] % 2)
    count[lot < max(2, round(EMPTY_SHARE * clients))] = 0
    return np.minimum(count, min(products, max(3, products // 4))), newcomer


def _draw(truth: Truth, count: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return client and product rows (pairs, 2), clients ascending.

    A client takes the `count` best by affinity plus Gumbel noise, which is drawing without
    replacement by exp(affinity). Of a group only its best product counts.
    """
    group = truth.catalogue.group
    groups = [np.flatnonzero(group == number) for number in range(group.max(initial=-1) + 1)]
    out = []
    for low in range(0, len(count), CHUNK):
        rows = np.arange(low, min(low + CHUNK, len(count)))
        keys = truth.affinity(rows)  # (rows, products)
        keys += rng.gumbel(size=keys.shape)
        for members in groups:
            among = keys[:, members]
            best = among.argmax(axis=1)
            keys[:, members] = -np.inf
            keys[np.arange(len(rows)), members[best]] = among[np.arange(len(rows)), best]
        most = int(count[rows].max())
        top = np.argsort(-keys, axis=1, kind="stable")[:, :most]
        taken = np.arange(most) < count[rows, None]
        taken &= np.take_along_axis(keys, top, axis=1) > NOT_FOR_THEM / 2
        out.append(np.stack([np.repeat(rows, taken.sum(axis=1)), top[taken]], axis=1))
    return np.concatenate(out)


def _passed_on(
    truth: Truth, held: np.ndarray, kinds: list[str], newcomer: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Return further pairs (pairs, 2): products of a tied client that fit; newcomers get none."""
    ties = truth.people.pairs
    ties = np.concatenate([ties, ties[:, ::-1]])  # from, to
    chance = np.tile([TOLD[kind] for kind in kinds], 2)
    start = np.searchsorted(held[:, 0], np.arange(len(newcomer) + 1))
    many = np.diff(start)[ties[:, 0]]
    tie = np.repeat(np.arange(len(ties)), many)
    place = np.arange(len(tie)) - np.repeat(np.cumsum(many) - many, many)
    what, to = held[start[ties[tie, 0]] + place, 1], ties[tie, 1]
    ages, age = truth.catalogue.ages[what], truth.people.age[to]
    keep = (age >= ages[:, 0]) & (age <= ages[:, 1]) & (truth.catalogue.group[what] < 0)
    keep &= (rng.random(len(tie)) < chance[tie]) & ~newcomer[to]
    products = len(truth.product_tastes)
    keys = np.setdiff1d(to[keep] * products + what[keep], held @ np.array([products, 1]))
    return np.stack(np.divmod(keys, products), axis=1)


def _times(truth: Truth, held: np.ndarray, newcomer: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return unix seconds: after the client joined and the product was launched, in waking hours."""
    client, product = held.T
    today = int(datetime(AS_OF.year, AS_OF.month, AS_OF.day, tzinfo=UTC).timestamp()) // DAY
    years = np.array([_first_day(year) for year in range(FIRST_YEAR, AS_OF.year + 1)])
    joined = today - np.where(
        newcomer,
        rng.integers(20, 200, len(newcomer)),
        rng.integers(500, 365 * 11, len(newcomer)),
    )
    first = np.maximum(joined[client], years[truth.catalogue.launched[product] - FIRST_YEAR])
    last = np.where(truth.catalogue.closed[product], _first_day(AS_OF.year), today) - 1
    first = np.minimum(first, last - 30)
    day = first + np.floor(rng.random(len(held)) * (last - first)).astype(np.int64)
    weekday = (day + 3) % 7  # 1 January 1970 was a Thursday; 0 is Monday
    in_branch = rng.random(len(held)) < 0.8
    day -= np.where(in_branch & (weekday > 4), weekday - 4, 0)
    seconds: np.ndarray = day * DAY + rng.integers(7 * 3600, 19 * 3600, len(held))
    return seconds


def _first_day(year: int) -> int:
    """Return 1 January of a year in days since 1970."""
    return int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) // DAY
