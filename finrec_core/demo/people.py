"""The clients of the demo bank: who they are, what they care about, and whom they are tied to.

A client's tastes are drawn from what is usual at that age, then mixed with those of the household;
profiles (risk tolerance, horizon, knowledge) follow the tastes loosely, as an adviser would note them.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

import numpy as np
import pyarrow as pa

from finrec_core.dataset.schema import KNOWLEDGE, LOSS, SCHEMAS
from finrec_core.demo.catalogue import TASTES
from finrec_core.demo.grammar import Dice, read, words

T = TypeVar("T")
STREAM = 52
AS_OF = date(2026, 11, 20)
SHARED = 0.55  # of a client's tastes that the household has in common
ADVISERS: tuple[list[str], ...] = tuple(branch["advisers"] for branch in read("people")["branches"])
BRANCHES: tuple[str, ...] = tuple(branch["name"] for branch in read("people")["branches"])


@dataclass(frozen=True, repr=False, eq=False)
class People:
    """Clients and ties with what is planted in them; all arrays are aligned with the rows of `clients`."""

    clients: pa.Table
    ties: pa.Table
    tastes: np.ndarray  # (clients, tastes), each row adds up to 1
    age: np.ndarray  # (clients,), years
    parent: np.ndarray  # (clients,), bool: children or grandchildren
    partner: np.ndarray  # (clients,), bool
    household: np.ndarray  # (clients,), number of the household
    branch: np.ndarray  # (clients,), row of BRANCHES
    risk: np.ndarray  # (clients,), true risk tolerance, also where the profile is silent
    horizon: np.ndarray  # (clients,), years
    knowledge: np.ndarray  # (clients,), row of KNOWLEDGE
    pairs: np.ndarray  # (ties, 2), client rows

    def __repr__(self) -> str:
        return f"People({len(self.clients):,} clients, {len(self.ties):,} ties)"


def people(clients: int, seed: int) -> People:
    """Return `clients` clients in a random order; raises `ValueError` where there is none."""
    if clients < 1:
        raise ValueError(f"a demo bank needs at least one client, not {clients}.")
    rng = np.random.default_rng([seed, STREAM])
    household, partner, elder = _households(clients, rng)
    of_home = rng.integers(22, 84, household.max() + 1)
    age = of_home[household] + rng.integers(-4, 5, clients)
    age = np.clip(np.where(elder, age, age - 27), 18, 92)
    parent = (rng.random(household.max() + 1) < 0.62)[household] & (age >= 27) & elder
    tastes = _tastes(household, age, parent, rng)
    named = dict(zip(TASTES, tastes.T, strict=True))
    bold = 3.6 + 4.5 * named["growth"] - 3.5 * named["safety"] - 1.2 * named["retirement"]
    risk = np.clip(np.rint(bold + rng.normal(0, 1.0, clients) - (age > 66) * 0.6), 1, 7)
    years = np.clip(68 - age, 3, 30) * rng.uniform(0.35, 1.0, clients) + 4 * named["retirement"]
    horizon = np.clip(np.rint(years), 1, 30)
    learned = 0.55 + 1.6 * named["growth"] + 0.8 * named["low_cost"] + rng.normal(0, 0.55, clients)
    knowledge = np.clip(np.rint(learned), 0, 2).astype(np.int64)
    capacity = np.clip(np.rint(0.2 + 0.42 * risk + rng.normal(0, 0.6, clients)), 0, 2).astype(np.int64)
    capacity[(risk == 7) & (knowledge == 2)] = 3
    branch = np.where(rng.random(clients) < 0.9, 0, 1)
    branch = (rng.integers(len(BRANCHES), size=household.max() + 1)[household] + branch) % len(BRANCHES)
    width = max(5, len(str(clients)))
    columns = {
        "client_id": [f"C{number:0{width}d}" for number in range(1, clients + 1)],
        "name": _names(household, elder, Dice(seed, STREAM, 1)),
        "segment": _segments(age, rng),
        "branch": [BRANCHES[row] for row in branch],
        "adviser": _advisers(household, branch, Dice(seed, STREAM, 2)),
        "risk_tolerance": _sometimes(risk.astype(int).tolist(), 0.97, rng),
        "horizon_years": _sometimes(horizon.tolist(), 0.97, rng),
        "knowledge": _sometimes([KNOWLEDGE[row] for row in knowledge], 0.96, rng),
        "loss_capacity": _sometimes([LOSS[row] for row in capacity], 0.94, rng),
        "profile_date": _profile_dates(clients, rng),
    }
    pairs, kinds = _ties(household, tastes, branch, rng)
    ids = pa.array(columns["client_id"])
    ends = [ids.take(pa.array(column)) for column in pairs.T]
    return People(
        clients=pa.table(columns, schema=SCHEMAS["clients"]),
        ties=pa.table([*ends, pa.array(kinds)], schema=SCHEMAS["ties"]),
        tastes=tastes,
        age=age,
        parent=parent,
        partner=partner,
        household=household,
        branch=branch,
        risk=risk,
        horizon=horizon,
        knowledge=knowledge,
        pairs=pairs,
    )


def _households(clients: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return each client's household, whether there is a partner, and whether of the elder generation."""
    sizes = rng.choice([1, 2, 3, 4], size=clients, p=[0.52, 0.32, 0.1, 0.06])
    home = np.repeat(np.arange(clients), sizes)[:clients]
    place = np.arange(clients) - np.searchsorted(home, home)
    size = np.bincount(home)[home]
    alone_with_partner = rng.random(clients) < 0.35  # the partner banks elsewhere
    partner = np.where(size == 1, alone_with_partner, place < 2)
    shuffle = rng.permutation(clients)
    return home[shuffle], partner[shuffle], (place < 2)[shuffle]


def _tastes(
    household: np.ndarray, age: np.ndarray, parent: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Return a taste mix for each client, float64 (clients, tastes), rows adding up to 1."""
    usual = np.array([read("tastes")[taste]["usual"] for taste in TASTES])  # (tastes, 3)
    shares = np.clip(np.abs(age[:, None] - np.array([25, 46, 70])) / -24.0 + 1.0, 0.02, 1.0)  # (clients, 3)
    prior = shares @ usual.T / shares.sum(axis=1, keepdims=True)
    prior[:, TASTES.index("family")] *= np.where(parent, 1.5, 0.35)
    own = rng.standard_gamma(0.16 * prior) + 1e-6
    first = np.unique(household, return_index=True)[1]
    common = rng.standard_gamma(0.16 * prior[first]) + 1e-6
    own /= own.sum(axis=1, keepdims=True)
    common /= common.sum(axis=1, keepdims=True)
    alone = (np.bincount(household) == 1)[household][:, None]
    mixed: np.ndarray = np.where(alone, own, SHARED * common[household] + (1 - SHARED) * own)
    return mixed


def _ties(
    household: np.ndarray, tastes: np.ndarray, branch: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, list[str]]:
    """Return pairs of client rows (ties, 2), the lower row first and none twice, and their kinds.

    Households are complete; colleagues form small circles in one branch town; a friend is the most
    like-minded of a few clients met by chance.
    """
    clients = len(household)
    order = np.argsort(household, kind="stable")
    home = [
        np.stack([order[:-gap], order[gap:]], axis=1)[household[order[:-gap]] == household[order[gap:]]]
        for gap in (1, 2, 3)
    ]
    workers = np.flatnonzero(rng.random(clients) < 0.4)
    workers = workers[np.lexsort((rng.random(len(workers)), branch[workers]))]
    gaps = [np.stack([workers[:-gap], workers[gap:]], axis=1) for gap in (1, 2)]
    circle = np.arange(len(workers)) // 5
    work = [
        pair[circle[:-gap] == circle[gap:]][: len(workers)] for gap, pair in zip((1, 2), gaps, strict=True)
    ]
    seekers = np.flatnonzero(rng.random(clients) < 0.18)
    met = rng.integers(clients, size=(len(seekers), 12))
    likeness = np.einsum("ut,umt->um", tastes[seekers], tastes[met])
    best = met[np.arange(len(seekers)), likeness.argmax(axis=1)]
    groups = {
        "household": np.concatenate(home),
        "colleague": np.concatenate(work),
        "friend": np.stack([seekers, best], axis=1),
    }
    pairs = np.sort(np.concatenate(list(groups.values())), axis=1)
    kinds = np.repeat(list(groups), [len(group) for group in groups.values()])
    keys = pairs[:, 0] * np.int64(clients) + pairs[:, 1]
    first = np.sort(np.unique(keys, return_index=True)[1])
    first = first[pairs[first, 0] != pairs[first, 1]]
    first = first[np.argsort(keys[first], kind="stable")]
    return pairs[first], kinds[first].tolist()


def _advisers(household: np.ndarray, branch: np.ndarray, dice: Dice) -> list[str]:
    """Return an adviser of each client's branch, the same for all of a household there."""
    found: dict[tuple[int, int], str] = {}
    for key in zip(household.tolist(), branch.tolist(), strict=True):
        if key not in found:
            found[key] = dice.pick(ADVISERS[key[1]])
    return [found[key] for key in zip(household.tolist(), branch.tolist(), strict=True)]


def _names(household: np.ndarray, elder: np.ndarray, dice: Dice) -> list[str]:
    """Return a name for each client, distinct as long as there are names left; households share one."""
    origins = [
        (words(origin["first"]), words(origin["last"]))
        for origin in read("people")["origin"]
        for _ in range(origin["share"])
    ]
    homes: dict[int, tuple[list[str], str]] = {}
    used: set[str] = set()
    names = []
    for home, old in zip(household.tolist(), elder.tolist(), strict=True):
        if home not in homes:
            first, lasts = dice.pick(origins)
            homes[home] = (first, dice.pick(lasts))
        first, last = homes[home]
        if old and dice.chance(0.15):  # couples do not always share a name
            first, others = dice.pick(origins)
            last = dice.pick(others)
        name = f"{dice.pick(first)} {last}"
        for _ in range(12):
            if name not in used:
                break
            name = f"{dice.pick(first)} {last}"
        else:
            name = f"{dice.pick(first)} {last}-{dice.pick(dice.pick(origins)[1])}"
        used.add(name)
        names.append(name)
    return names


def _segments(age: np.ndarray, rng: np.random.Generator) -> list[str]:
    """Return the bank's segment of each client."""
    chance = rng.random(len(age))
    young, old = age < 28, age >= 66
    return np.select(
        [young, old & (chance > 0.12), chance < 0.14, chance < 0.3],
        ["Young adults", "Retired", "Premium", "Self-employed"],
        "Private",
    ).tolist()


def _profile_dates(clients: int, rng: np.random.Generator) -> list[date | None]:
    """Return when each profile was taken: mostly of late, some years ago, some never."""
    chance = rng.random(clients)
    days = np.where(chance < 0.8, rng.integers(1, 540, clients), rng.integers(540, 3300, clients))
    dates = [AS_OF - timedelta(days=int(day)) for day in days]
    return [None if skip else day for day, skip in zip(dates, (chance > 0.95).tolist(), strict=True)]


def _sometimes(values: list[T], share: float, rng: np.random.Generator) -> list[T | None]:
    """Return the values, each kept with probability `share`."""
    keep = (rng.random(len(values)) < share).tolist()
    return [value if kept else None for value, kept in zip(values, keep, strict=True)]
