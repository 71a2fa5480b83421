"""Holdings of the demo bank: which client took which product, when, and how well it was liked."""

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from finrec_core.dataset.demo_catalogue import FIRST_YEAR
from finrec_core.dataset.demo_people import AS_OF
from finrec_core.dataset.demo_truth import NOT_FOR_THEM, Truth

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
    match: np.ndarray  # 0 to 1, how well the tastes agree

    def __repr__(self) -> str:
        return f"Holdings({len(self.client):,} pairs)"


def holdings(truth: Truth, kinds: list[str], seed: int) -> Holdings:
    """Return holdings drawn without replacement by affinity, some passed on along ties of these kinds."""
    rng = np.random.default_rng([seed, STREAM])
    clients, products = len(truth.client_tastes), len(truth.product_tastes)
    count, newcomer = _counts(clients, products, rng)
    client, product = _draw(truth, count, rng)
    told = _passed_on(truth, client, product, kinds, newcomer, rng)
    client, product = np.concatenate([client, told[0]]), np.concatenate([product, told[1]])
    second = _times(truth, client, product, newcomer, rng)
    match = np.empty(len(client))
    for low in range(0, len(client), 100_000):
        part = slice(low, low + 100_000)
        tastes = truth.client_tastes[client[part]]
        tastes = tastes / np.linalg.norm(tastes, axis=1, keepdims=True)
        match[part] = np.einsum("pt,pt->p", tastes, truth.product_tastes[product[part]])
    over = np.maximum(0.0, truth.catalogue.risk[product] - truth.people.risk[client])
    liked = 3.1 + 1.9 * match - 0.35 * over + rng.normal(0.0, 0.95, len(client))
    rating = np.clip(np.rint(liked), 1, 5) * (rng.random(len(client)) < 0.74)
    order = np.lexsort((product, client, second))
    return Holdings(client[order], product[order], second[order], rating[order], match[order])


def _counts(clients: int, products: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return how many products each client takes, and who is new."""
    count = 3 + np.floor(rng.standard_gamma(1.7, clients) * 3.4).astype(np.int64)
    lot = rng.permutation(clients)  # exact shares, so that small banks have cold clients too
    newcomer = lot < max(3, round(NEW_SHARE * clients))
    count[newcomer] = 1 + (lot[newcomer] % 2)
    count[lot < max(2, round(EMPTY_SHARE * clients))] = 0
    return np.minimum(count, min(products, max(3, products // 4))), newcomer


def _draw(truth: Truth, count: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return client and product rows: the `count` best by affinity plus Gumbel noise for each client.

    That equals drawing without replacement by exp(affinity). Of a group only its best product is kept.
    """
    group = truth.catalogue.group
    groups = [np.flatnonzero(group == number) for number in range(group.max(initial=-1) + 1)]
    out = []
    for low in range(0, len(count), CHUNK):
        rows = np.arange(low, min(low + CHUNK, len(count)))
        keys = truth.affinity(rows)
        keys += rng.gumbel(size=keys.shape)
        for members in groups:
            among = keys[:, members]
            best = among.argmax(axis=1)
            keep = among[np.arange(len(rows)), best]
            keys[:, members] = -np.inf
            keys[np.arange(len(rows)), members[best]] = keep
        most = int(count[rows].max(initial=0))
        top = np.argsort(-keys, axis=1, kind="stable")[:, :most]
        taken = np.arange(most) < count[rows, None]
        taken &= np.take_along_axis(keys, top, axis=1) > NOT_FOR_THEM / 2
        out.append((np.repeat(rows, taken.sum(axis=1)), top[taken]))
    client, product = (np.concatenate(side) for side in zip(*out, strict=True))
    return client, product


def _passed_on(
    truth: Truth,
    client: np.ndarray,
    product: np.ndarray,
    kinds: list[str],
    newcomer: np.ndarray,
    rng: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray]:
    """Return further pairs: products that a tied client has and that fit, not for newcomers."""
    pairs = truth.people.pairs
    chance = np.array([TOLD[kind] for kind in kinds])
    both = np.concatenate([pairs, pairs[:, ::-1]])  # from, to
    chance = np.concatenate([chance, chance])
    start = np.searchsorted(client, np.arange(len(newcomer) + 1))
    held = np.diff(start)[both[:, 0]]
    edge = np.repeat(np.arange(len(both)), held)
    within = np.arange(len(edge)) - np.repeat(np.cumsum(held) - held, held)
    what, to = product[start[both[edge, 0]] + within], both[edge, 1]
    keep = (rng.random(len(edge)) < chance[edge]) & ~newcomer[to]
    what, to = what[keep], to[keep]
    products = len(truth.product_tastes)
    ages, age = truth.catalogue.ages[what], truth.people.age[to]
    fits = (age >= ages[:, 0]) & (age <= ages[:, 1]) & (truth.catalogue.group[what] < 0)
    keys = np.setdiff1d(np.unique((to * products + what)[fits]), client * products + product)
    return keys // products, keys % products


def _times(
    truth: Truth,
    client: np.ndarray,
    product: np.ndarray,
    newcomer: np.ndarray,
    rng: np.random.Generator,
) -> np.ndarray:
    """Return unix seconds: after the client joined and the product was launched, in waking hours."""
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
    day = first + np.floor(rng.random(len(client)) * (last - first)).astype(np.int64)
    weekday = (day + 3) % 7  # 1 January 1970 was a Thursday; 0 is Monday
    in_branch = rng.random(len(client)) < 0.8
    day -= np.where(in_branch & (weekday > 4), weekday - 4, 0)
    return day * DAY + rng.integers(7 * 3600, 19 * 3600, len(client))


def _first_day(year: int) -> int:
    """Return 1 January of a year in days since 1970."""
    return int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) // DAY
