"""Progress of long work: a callback that takes a stage in plain words and a share from 0 to 1."""

from collections.abc import Callable

Progress = Callable[[str, float], None]


def silent(stage: str, share: float) -> None:
    """Tell nobody; the default of every long computation."""


def part(progress: Progress, low: float, high: float) -> Progress:
    """Return a progress whose 0 to 1 lies between `low` and `high` of `progress`."""

    def report(stage: str, share: float) -> None:
        progress(stage, low + (high - low) * min(1.0, max(0.0, share)))

    return report


def renamed(words: str, progress: Progress) -> Progress:
    """Return a progress that reports every stage under the same words."""

    def report(_stage: str, share: float) -> None:
        progress(words, share)

    return report
