"""What is foreseen of a training, in words: how long, how much memory, and how much is read already."""

from math import floor, log10

from finrec_core.terms import wording

Range = tuple[float, float]


def sentence(seconds: Range, memory: Range, free: float | None) -> str:
    """Return time and memory as a range each, and what memory the machine has, in bytes."""
    has = "" if free is None else f"; this machine has {size(free)} free"
    return f"About {_between(*(time(one) for one in seconds))} and {_sizes(memory)}{has}."


def warning(memory: Range, free: float | None) -> str:
    """Return what to do where the memory may not suffice, "" where it does or nothing is known of it."""
    if free is None or memory[1] <= free:
        return ""
    if memory[0] > free:
        said = f"It needs {_sizes(memory)}, and this machine has {size(free)} free: it will not fit."
    else:
        said = f"It may need {size(memory[1])}, and this machine has {size(free)} free: it may not fit."
    return f"{said} Close other programs, learn from fewer interactions, or use a machine with more memory."


def read(known: int, texts: int) -> str:
    """Return how many texts the encoder has read before."""
    if not texts:
        return "There are no texts to read."
    if known == texts:
        return f"All {wording.counted(texts, 'text')} are already read." if texts > 1 else "Its text is read."
    if not known:
        return f"{wording.counted(texts, 'text')} to read, once."
    return f"{known:,} of {wording.counted(texts, 'text')} are already read."


def time(seconds: float) -> str:
    """Return a time that is only roughly known: 25 s, 4 min or 1 h 10 min."""
    if seconds < 50:
        return f"{max(5, 5 * round(seconds / 5))} s"
    minutes = seconds / 60
    if minutes < 50:
        return f"{max(1, round(minutes))} min"
    return wording.duration(600 * round(seconds / 600))


def size(bytes_: float) -> str:
    """Return an amount of memory or disk with two digits that count: 64 kB, 1.2 GB or 20 GB."""
    value, unit = next(
        (bytes_ / scale, unit)
        for scale, unit in ((1e9, "GB"), (1e6, "MB"), (1e3, "kB"), (1.0, "bytes"))
        if bytes_ >= 0.95 * scale or scale == 1.0
    )
    digits = 1 if value < 10 and unit != "bytes" else 0
    step = 10.0 ** max(0, floor(log10(max(value, 1.0))) - 1) if unit != "bytes" else 1.0
    return f"{wording.plain(step * round(value / step) if not digits else value, digits)} {unit}"


def _sizes(memory: Range) -> str:
    return _between(*(size(one) for one in memory))


def _between(low: str, high: str) -> str:
    """Return a range of two values with units, the first unit left out where both are the same."""
    if low == high:
        return low
    (small, unit), (large, other) = low.rsplit(" ", 1), high.rsplit(" ", 1)
    return f"{small} to {large} {other}" if unit == other and " " not in small + large else f"{low} to {high}"
