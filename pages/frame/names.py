"""What models are called: by when they were trained, to the second where another one shares the minute."""

from collections import Counter
from datetime import UTC, datetime

from finrec_core.explain import wording
from finrec_core.store import RunRow
from pages.frame import desk


def crowded() -> frozenset[str]:
    """Return the minutes in which more than one model was trained, removed ones among them."""
    counts = Counter(map(_minute, desk.store().trained()))
    return frozenset(minute for minute, models in counts.items() if models > 1)


def when(trained: datetime, minutes: frozenset[str] | None = None) -> str:
    """Return when a model was trained, so that no other reads the same; `minutes` are those `crowded`."""
    minutes = crowded() if minutes is None else minutes
    exact = f":{trained:%S}" if _minute(trained) in minutes else ""
    return f"{desk.when(trained)}{exact}"


def title(run: RunRow, minutes: frozenset[str] | None = None) -> str:
    """Return what a model is called in a list of them: when it was trained and on what."""
    return f"{when(run.created, minutes)}, {wording.name(run.dataset, '', 30)}, version {run.version}"


def _minute(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%d%H%M}"
