"""The estimate: how long a training will take and how much memory it will need, before it starts.

The work is foreseen from the size of the data with costs measured on one core; what earlier trainings on
this machine took corrects them, where these did the same work. It is a range, and it is wider where nothing
is known of the machine.
"""

import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import exp, log
from pathlib import Path
from statistics import median, pstdev
from typing import Any

import psutil

from finrec_core.dataset import Dataset
from finrec_core.jobs.survey import Survey
from finrec_core.jobs.usage import Usage, latest
from finrec_core.settings import settings
from finrec_core.terms.bounds import MOST_PRODUCTS, SMALL_CELLS
from finrec_core.text.checkpoint import TF_IDF

MINILM = 91e6  # bytes of the default language model, whose speed is measured
TOKENS = 8000  # tokens that it reads in a second on a core
LOADING = 1.5  # seconds until libraries and language model are there
UNKNOWN, KNOWN = 2.5, 1.35  # how far the range goes both ways, without earlier trainings and at the least
BASE = 0.7e9  # bytes of the libraries
ALIKE = 30.0  # how many times as many interactions an earlier training may have to be one to learn from
TIMED = frozenset({"network", "closed_form", "tail", "text"})  # switches that change how long one takes
NO_NETWORK = 0.3  # of the time without the network: choosing its constants is most of the work
# The share of `FusedRecommender.fit` at which each stage after the reading of texts begins.
BEGINS = {"choose": 0.3, "test fit": 0.7, "compare": 0.8, "final fit": 0.88}


@dataclass(frozen=True)
class Estimate:
    """The seconds that a training will take and the most bytes that it will hold, from low to high.

    `runs` counts the earlier trainings on this machine that it rests on.
    """

    seconds: tuple[float, float]
    memory: tuple[float, float]
    runs: int

    def __post_init__(self) -> None:
        for low, high in (self.seconds, self.memory):
            if not 0 < low <= high:
                raise ValueError(f"a range goes from a low end to a high one, not from {low} to {high}.")

    def fits(self, free: float) -> bool:
        """Whether the memory suffices even at the high end."""
        return self.memory[1] <= free


def estimate(
    survey: Survey,
    earlier: Sequence[Usage],
    *,
    thorough: bool = False,
    compare: bool = True,
    without: Collection[str] = (),
    cores: int = 1,
) -> Estimate:
    """Foresee a training; `earlier` are those that this machine has done, newest first."""
    reads = "text" not in without
    size = survey.clients, survey.products, survey.interactions
    ratios = _ratios(earlier, survey.interactions, compare=compare, without=without)
    learning = sum(computing(*size, thorough=thorough, compare=compare, without=without).values())
    learning *= _factor(ratios, cores)
    reading = _reading(survey.tokens, survey.weights) / cores if reads else 0.0
    readers = [one for one in earlier if one.tokens > TOKENS and one.encoder != TF_IDF]  # which reads at once
    rates = [one.seconds["encode"] - LOADING for one in readers]
    read = [one.tokens / TOKENS for one in readers]
    if rates and survey.weights:
        reading *= cores * max(0.1, median(rate / units for rate, units in zip(rates, read, strict=True)))
    middle = LOADING + learning + reading
    spread = max(KNOWN, exp(2 * pstdev(ratios)) if len(ratios) > 2 else 1.7) if ratios else UNKNOWN
    memory = held(survey, reads=reads)
    return Estimate((middle / spread, middle * spread), (memory * 0.8, memory * 1.4), len(ratios))


def stages(dataset: Dataset, order: Mapping[str, Any], runs_folder: Path) -> tuple[tuple[float, float], ...]:
    """Return for each stage after the reading of texts the share at which it begins and its seconds.

    `order` is that of the training, as its folder keeps it. How fast texts are read shows while they are.
    """
    size = len(dataset.clients), len(dataset.products), len(dataset.interactions)
    compare, gone = order["compare"], [name for name, on in order.get("switches", {}).items() if not on]
    found = computing(*size, thorough=order["thorough"], compare=compare, without=gone)
    ratios = _ratios([*latest(runs_folder)], size[2], compare=compare, without=gone)
    factor = _factor(ratios, settings().threads or os.cpu_count() or 1)
    return tuple((begin, factor * found[stage]) for stage, begin in BEGINS.items())


def _ratios(
    earlier: Sequence[Usage], interactions: int, *, compare: bool, without: Collection[str]
) -> list[float]:
    """Return the logarithm of how much longer than foreseen each earlier training took that is alike.

    Only one that did the same work tells how fast this machine is: what a training without the network
    takes says nothing of one with it.
    """
    found = []
    for one in earlier:
        near = 1 / ALIKE < one.interactions / max(1, interactions) < ALIKE
        same = one.compare == compare and TIMED & {*one.without} == TIMED & {*without}
        if near and same and _computed(one) > 0:
            expected = computing(
                *(one.clients, one.products, one.interactions),
                thorough=one.thorough,
                compare=one.compare,
                without=one.without,
            )
            found.append(log(_computed(one) / sum(expected.values())))
    return found


def _factor(ratios: Sequence[float], cores: int) -> float:
    """Return how much longer it takes here than on the one core that was measured."""
    # Most of the work is small matrices, which gain little from a second core.
    return exp(median(ratios)) if ratios else cores**-0.4


def computing(
    clients: int,
    products: int,
    interactions: int,
    *,
    thorough: bool = False,
    compare: bool = True,
    without: Collection[str] = (),
) -> dict[str, float]:
    """Return the seconds of every stage but reading texts, on one core."""
    cells, thousands = clients * products / 1e6, interactions / 1000
    solved = min(products, MOST_PRODUCTS, max(clients, 1000)) ** 3 / 1e9
    if cells * 1e6 <= SMALL_CELLS:
        choose = 1.2 + 0.34 * thousands + 2.2 * cells + 0.5 * solved
        choose *= 1.2 if thorough else 1.0
    else:
        choose = 0.65 * thousands + 2.0 * cells + 0.5 * solved
        choose *= 2.2 if thorough else 1.0
    fits = 0.2 + 0.18 * thousands + 0.36 * solved + 0.4 * cells
    fits *= 1.8 if thorough and cells * 1e6 > SMALL_CELLS else 1.0  # three seeds in place of one
    part = NO_NETWORK if "network" in without else 1.0
    return {
        "choose": part * choose,
        "test fit": part * fits / 2,
        "compare": 0.2 + 0.1 * thousands + 0.1 * solved if compare else 0.1,
        "final fit": part * fits / 2,
    }


def held(survey: Survey, *, reads: bool = True) -> float:
    """Return the most bytes that a training holds: libraries, language model, vectors, weights, scores."""
    dim = 384 if reads and survey.texts else 0
    vectors = 4 * 4 * dim * (survey.interactions + survey.products)
    solved = 5 * 8 * min(survey.products, MOST_PRODUCTS, max(survey.clients, 1000)) ** 2
    scores = 32 * min(survey.clients * survey.products, 50_000_000)
    model = 1.5 * survey.weights + (0.2e9 if survey.tokens else 0.0) if reads and survey.texts else 0.0
    return BASE + model + vectors + solved + scores + 400 * survey.interactions


def _reading(tokens: int, weights: int) -> float:
    """Return the seconds in which a language model of that many bytes reads so many tokens, on one core."""
    return tokens / TOKENS * max(0.3, weights / MINILM)


def _computed(usage: Usage) -> float:
    """Return the seconds of an earlier training without those of reading texts."""
    return sum(seconds for stage, seconds in usage.seconds.items() if stage != "encode")


def free_memory(group: Path = Path("/sys/fs/cgroup")) -> float:
    """Return the bytes that this machine can still give.

    The limit of a container, which is a control group (version 2), counts where it is tighter than the
    machine; psutil knows the machine alone.
    """
    available = float(psutil.virtual_memory().available)
    try:
        limit, used = ((group / name).read_text("ascii").strip() for name in ("memory.max", "memory.current"))
        cache = next(
            (
                int(line.split()[1])
                for line in (group / "memory.stat").read_text("ascii").splitlines()
                if line.startswith("inactive_file ")
            ),
            0,
        )
        return min(available, float(int(limit) - int(used) + cache))
    except (OSError, ValueError):  # no such group, or "max"
        return available
