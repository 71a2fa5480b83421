"""The progress of a job: lines that the child appends and the desk reads, with the time left.

A training also appends a line for each check of a network, from which the curve is drawn while it learns.
"""

import json
import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SMOOTHING = 3.0  # seconds until a new estimate of the whole duration counts for two thirds
PATIENCE = 2.0  # seconds of work before the first estimate
CURVE_BYTES = 100_000  # of the end of the lines: more checks than a network can have
INTERVAL = 0.25  # seconds between two lines of one stage


class TimeLeft:
    """The time left, from the work done since the first of it, smoothed against jumps between stages.

    What passes before there is any share, as for loading the libraries, does not count as slow work. A
    `plan` gives for each stage of the work the share at which it begins and the seconds it is expected to
    take: then shares that pass at different speeds do not mislead. What comes before the first of them is
    told by its own pace, and the less is done, the more the expectation counts.
    """

    def __init__(self, plan: Sequence[tuple[float, float]] = ()) -> None:
        self._plan = tuple(plan)
        self._expected = sum(seconds for _, seconds in self._plan)
        self._first: tuple[float, float] | None = None
        self._begun: float | None = None
        self._whole: float | None = None
        self._last = 0.0

    def __call__(self, share: float, seconds: float) -> float | None:
        """Return the seconds left at a share in 0..1 after `seconds`, None while it is too early to say."""
        if share >= 1.0:
            return 0.0
        left = self._planned(share, seconds) if self._expected > 0 else self._paced(share, seconds, 1.0)
        if left is None:
            return None
        whole = seconds + left
        weight = 1.0 - math.exp(-(seconds - self._last) / SMOOTHING)
        self._whole = whole if self._whole is None else self._whole + weight * (whole - self._whole)
        self._last = seconds
        return max(0.0, self._whole - seconds)

    def _paced(self, share: float, seconds: float, until: float) -> float | None:
        """Return the seconds until a share by the pace so far, None while that is not known."""
        if self._first is None and share > 0.0:
            self._first = share, seconds
        done, took = (share - self._first[0], seconds - self._first[1]) if self._first else (0.0, 0.0)
        return None if took < PATIENCE or done < 0.02 else (until - share) * took / done

    def _planned(self, share: float, seconds: float) -> float | None:
        begin = self._plan[0][0]
        if share < begin:
            before = self._paced(share, seconds, begin)
            return None if before is None else before + self._expected
        self._begun = seconds if self._begun is None else self._begun
        ends = [*(other for other, _ in self._plan[1:]), 1.0]
        passed = sum(
            planned * min(1.0, max(0.0, (share - start) / (end - start)))
            for (start, planned), end in zip(self._plan, ends, strict=True)
        )
        done, took = passed / self._expected, seconds - self._begun
        if not done or not took:
            return self._expected
        whole = self._expected * (took / passed) ** math.sqrt(done)
        # A stage that stands still must not bring the time left to nothing.
        return max(whole - took, (1.0 - done) * min(self._expected, took / done))


class ProgressFile:
    """A progress that appends a JSON line per stage and quarter second; the share never falls."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._start = time.monotonic()
        self._left = TimeLeft()
        self._stage = ""
        self._share = 0.0
        self._written = -INTERVAL
        self._network = 0

    def expect(self, plan: Sequence[tuple[float, float]]) -> None:
        """Take for known how long each stage will take, as `TimeLeft` describes, before the first share."""
        self._left = TimeLeft(plan)

    def __call__(self, stage: str, share: float) -> None:
        """Write stage, share, seconds since the start and seconds left."""
        seconds = time.monotonic() - self._start
        self._share = max(self._share, min(1.0, share))
        if stage == self._stage and seconds - self._written < INTERVAL and self._share < 1.0:
            return
        self._stage, self._written = stage, seconds
        left = self._left(self._share, seconds)
        line = {
            "stage": stage,
            "share": round(self._share, 4),
            "seconds": round(seconds, 2),
            "seconds_left": None if left is None else round(left, 1),
            "at": round(time.time(), 2),
        }
        self._append(line)

    def check(self, stage: int, step: int, figure: float) -> None:
        """Write how good a network is after some steps; a first stage's step 0 begins the next network."""
        self._network += stage == 0 and step == 0
        self._append(
            {"network": self._network, "stage": stage, "step": step, "figure": round(figure, 5)}
            if math.isfinite(figure)
            else {"network": self._network}
        )

    def _append(self, line: Mapping[str, Any]) -> None:
        with self._file.open("a", encoding="utf-8") as out:
            out.write(json.dumps(line, ensure_ascii=False) + "\n")


@dataclass(frozen=True, repr=False)
class Curve:
    """The checks of the newest network: which of those tried it is, and its figure by steps taken.

    `second` is the step at which its second stage began, None before.
    """

    network: int
    checks: tuple[tuple[int, float], ...]
    second: int | None = None

    def __repr__(self) -> str:
        return f"Curve(network {self.network}, {len(self.checks)} checks)"


def curve(file: Path) -> Curve | None:
    """Return the curve of the newest network, None before the first check.

    The second stage goes on from the best step of the first, so what the first did beyond that is left out.
    """
    checks: list[tuple[int, float]] = []
    network, second = 0, None
    for line in last_lines(file, CURVE_BYTES).split("\n"):
        try:
            values = json.loads(line)
            number, stage, step = (int(_number(values[name])) for name in ("network", "stage", "step"))
            figure = _number(values["figure"])
        except (ValueError, KeyError, TypeError, RecursionError):
            continue
        if number != network:
            network, second, checks = number, None, []
        if stage == 1 and second is None:
            second = step
            checks = [check for check in checks if check[0] < step]
        checks.append((step, figure))
    return Curve(network, tuple(checks), second) if checks else None


@dataclass(frozen=True)
class Line:
    """How far a job was at a moment: stage, share in 0..1, seconds since its start, seconds left, and when.

    `left` is None where it was too early to say; `at` is seconds since 1970, None where nobody said.
    """

    stage: str
    share: float
    seconds: float
    left: float | None
    at: float | None


def last(file: Path) -> Line | None:
    """Return the newest whole line, None where there is none; what a kill cut off is passed over.

    So is whatever else is no line of ours: each value has to be of its kind.
    """
    for text in reversed(last_lines(file, 8000).split("\n")):
        try:
            values = json.loads(text)
            left, at = values.get("seconds_left"), values.get("at")
            line = Line(
                str(values["stage"]),
                _number(values["share"]),
                _number(values.get("seconds", 0)),
                None if left is None else _number(left),
                None if at is None else _number(at),
            )
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            continue
        if line.share <= 1.0:
            return line
    return None


def _number(value: Any) -> float:  # noqa: ANN401 - any JSON value
    """Return a number that is not below zero; raises `ValueError` for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < math.inf:
        raise ValueError(f"{value!r} is no number of seconds and no share.")
    return float(value)


def last_lines(file: Path, size: int) -> str:
    """Return the end of a text file, "" where there is none."""
    try:
        with file.open("rb") as text:
            text.seek(max(0, text.seek(0, 2) - size))
            return text.read().decode("utf-8", errors="replace")
    except OSError:
        return ""
