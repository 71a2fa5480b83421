"""The forecast: what text and ties will add to a dataset, guessed from what they added to measured ones.

Text is guessed from a comparison that holds `text-closed` and `graph-network`. Where text alone ranks
better than the graph alone among products with few holders, the graph leaves something to be gained. The
*room* is how much better, over the slices by holders in which it is, but the one of most holders: there the
graph knows enough, and a difference is chance.

    room = sum_s n_s max(0, text_s - graph_s) / sum_s n_s graph_s      n_s clients asked in slice s

NDCG@20, clients one by one, three seeds, of `tests/bench/results/`; the gain is that of `fused` over
`graph-network`, text and ties together:

    set           text / graph   room     gain, 95 % interval
    stocknet      0.92           0.000    +0.8 % [-0.1, 1.8]
    gift_cards    0.87           0.000    -3.1 % [-6.2, 0.1]
    lastfm        0.73           0.012    +6.5 % [5.4, 7.6]
    lastfm 30 %   0.97           0.033   +15.1 % [10.4, 19.9]

The ratio over all clients does not order the gains; the room does. A straight line through the four is
`GAIN`: 4.9 times the room, less 0.7 %. The range is drawn so that it holds all four, half as wide again.
Four points, two of one data set: a guess, and named one.

Ties are guessed from whether tied clients share more products than chance. On lastfm (2.4 times as many)
leaving the ties out cost 1.1 % of NDCG@20, shuffling them 1.6 %; for clients cut to three products they
added 11 %, to one 33 %, to none 89 %. On stocknet (1.1 times as many) neither differed from nothing over
all clients; for those cut to three products or fewer ties added 4 to 7 %.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from finrec_core.dataset.profile import Profile
from finrec_core.terms.names import METRIC, OURS, PER_CLIENT

TEXT, GRAPH = "text-closed", "graph-network"
ARMS = (TEXT, GRAPH, OURS)
GAIN = (-0.007, 4.9)  # of nothing, and for each unit of room
LOW, HIGH = (-0.043, 2.4), (0.03, 6.8)
MOST_GAIN = 0.6  # beyond what was measured the line is not followed
VERY_CLOSE = 2.0  # times as many products in common as by chance; stocknet lies below it, lastfm above
TIES = {"none": (0.0, 0.005), "some": (0.0, 0.01), "much": (0.005, 0.025)}
TIES_OF_FEW = {"none": (0.0, 0.02), "some": (0.0, 0.1), "much": (0.1, 0.9)}  # clients with 0 to 3 products


@dataclass(frozen=True)
class Range:
    """A guessed gain as shares of 1: between `low` and `high`."""

    low: float
    high: float

    def __post_init__(self) -> None:
        if not self.low <= self.high:
            raise ValueError("a range begins below its end.")


@dataclass(frozen=True)
class TextForecast:
    """What text will add by the measured figures of one comparison.

    `ratio` is text alone by the graph alone, over all clients; `slices` the same by holders of the
    product, each (slice, clients, text, graph). `measured` is the gain of `fused` over the graph with its
    interval where the comparison holds it: then nothing needs guessing.
    """

    ratio: float
    room: float
    slices: tuple[tuple[str, int, float, float], ...]
    guess: Range
    expected: float
    measured: tuple[float, float, float] | None


@dataclass(frozen=True)
class TiesForecast:
    """What ties will add: to all clients, and to those with three products or fewer, None without any."""

    level: str
    everybody: Range
    few: Range | None


def text_forecast(document: Mapping[str, Any]) -> TextForecast | None:
    """Return the forecast from a document of `evaluate`, None where it lacks the two arms."""
    protocol = document.get("protocols", {}).get(PER_CLIENT, {})
    whole = {arm: _value(protocol.get("arms", {}), arm) for arm in (TEXT, GRAPH)}
    text, graph = whole[TEXT], whole[GRAPH]
    if text is None or graph is None or graph <= 0:
        return None
    slices = []
    for name, one in protocol.get("by_product_degree", {}).items():
        pair = _value(one["arms"], TEXT), _value(one["arms"], GRAPH)
        if pair[0] is not None and pair[1] is not None:
            slices.append((name, int(one["clients"]), pair[0], pair[1]))
    parts = slices or [("", 1, text, graph)]
    few = parts[:-1] or parts
    base = sum(clients * graph_s for _, clients, _, graph_s in parts)
    room = sum(clients * max(0.0, text_s - graph_s) for _, clients, text_s, graph_s in few)
    room = room / base if base > 0 else 0.0
    low, expected, high = (min(MOST_GAIN, at + slope * room) for at, slope in (LOW, GAIN, HIGH))
    return TextForecast(text / graph, room, tuple(slices), Range(low, high), expected, _measured(protocol))


def latest_text_forecast(documents: Iterable[Mapping[str, Any]]) -> TextForecast | None:
    """Return the forecast from the first document that holds the arms on the whole data, None without one."""
    whole = (document for document in documents if document.get("keep", 1.0) >= 1.0)
    return next((found for one in whole if (found := text_forecast(one)) is not None), None)


def ties_forecast(profile: Profile) -> TiesForecast | None:
    """Return what ties will add by how close tied clients are, None where nobody is tied to anybody."""
    if not profile.ties:
        return None
    close, level = profile.closeness, "none"
    if close is not None and close.told > 0:
        level = "much" if close.ratio >= VERY_CLOSE else "some"
    few = Range(*TIES_OF_FEW[level]) if profile.tied_few else None
    return TiesForecast(level, Range(*TIES[level]), few)


def _value(arms: Mapping[str, Any], arm: str) -> float | None:
    figure = arms.get(arm, {}).get(METRIC)
    return None if figure is None else figure["value"]


def _measured(protocol: Mapping[str, Any]) -> tuple[float, float, float] | None:
    for pair in protocol.get("paired", ()):
        # Without an interval, as of a single client, nothing is measured yet.
        if (pair["a"], pair["b"], pair["metric"]) == (OURS, GRAPH, METRIC) and pair["ci95"]:
            return pair["relative"], *pair["ci95"]
    return None
