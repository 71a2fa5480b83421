"""Progress of long work: a callback that takes a stage in plain words and a share from 0 to 1; its times.

A network that learns also tells how good it is at each check, to a `Watch`.
"""

from collections.abc import Callable, Sequence
from time import monotonic

Progress = Callable[[str, float], None]
Watch = Callable[[int, int, float], None]  # stage, steps taken, figure on held-back interactions


def silent(stage: str, share: float) -> None:
    """Tell nobody; the default of every long computation."""


def unwatched(stage: int, step: int, figure: float) -> None:
    """Watch nothing; the default of every training of a network."""


def part(progress: Progress, low: float, high: float) -> Progress:
    """Return a progress whose 0 to 1 lies between `low` and `high` of `progress`."""

    def report(stage: str, share: float) -> None:
        progress(stage, low + (high - low) * min(1.0, max(0.0, share)))

    return report


def shares(progress: Progress, sizes: Sequence[int], high: float = 0.9) -> list[Progress]:
    """Return a progress for each of several pieces of work that follow each other, by their sizes.

    Together they go from 0 to `high`.
    """
    total, begun, found = max(1, sum(sizes)), 0, []
    for size in sizes:
        found.append(part(progress, high * begun / total, high * (begun + size) / total))
        begun += size
    return found


def renamed(words: str, progress: Progress) -> Progress:
    """Return a progress that reports every stage under the same words."""

    def report(_stage: str, share: float) -> None:
        progress(words, share)

    return report


class Stages:
    """Notes the seconds since the last call under a stage's name."""

    def __init__(self, seconds: dict[str, float]) -> None:
        self.seconds, self.last = seconds, monotonic()

    def __call__(self, stage: str) -> None:
        """End a stage."""
        now = monotonic()
        self.seconds[stage], self.last = round(now - self.last, 2), now
