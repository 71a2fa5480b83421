"""What drives a model: the kinds of evidence behind all lists, in a sentence, as bars and as a table."""

import pandas as pd

from finrec_core.advice.drivers import PLACES, Drivers, LensDrivers
from finrec_core.explain.explanation import Kind
from finrec_core.terms import wording
from finrec_core.terms.names import LensName
from finrec_core.views.charts.bars import SCORE
from finrec_core.views.charts.strips import Strip

LENSES: dict[LensName, str] = {
    "client": "What clients have",
    "product": "What speaks for products",
}
KINDS: dict[LensName, dict[Kind, tuple[str, str]]] = {  # on its own, and inside a sentence
    "client": {
        "interaction": ("Products the client has", "what clients have themselves"),
        "tie": ("Connections", "what their connections have"),
    },
    "product": {
        "client": ("Similar clients", "similar clients"),
        "learned": ("Its record with all clients", "its record with all clients"),
        "product": ("Products that read alike", "products that read alike"),
        "review": ("Reviews", "reviews"),
        "description": ("Its own words", "its own words"),
        "tie": ("Connections that have it", "connections that have it"),
    },
}
SMALL = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def strips(lens: LensDrivers, name: LensName) -> list[Strip]:
    """Return the mean points of starting point, kinds and total as bars, the largest kinds first."""
    kinds = sorted(lens.kinds, key=lambda one: -abs(one.points))
    rows = [Strip(KINDS[name][one.kind][0], one.points, wording.signed(one.points, 1)) for one in kinds]
    start = Strip(SCORE.start, lens.start, wording.plain(lens.start, 1), "grey")
    total = Strip("Mean of the first ten", lens.total, wording.plain(lens.total, 1), "total")
    return [start, *rows, total]


def table(lens: LensDrivers, name: LensName) -> pd.DataFrame:
    """Return the same as a table: Evidence, Points, Share; the starting point has no share."""
    kinds = sorted(lens.kinds, key=lambda one: -one.share)
    rows = [
        (KINDS[name][one.kind][0], wording.signed(one.points, 1), wording.percent(one.share)) for one in kinds
    ]
    rows = [(SCORE.start, wording.plain(lens.start, 1), wording.NONE), *rows]
    rows.append(("Mean of the first ten", wording.plain(lens.total, 1), ""))
    return pd.DataFrame(rows, columns=["Evidence", "Points", "Share"], dtype=str)


def sentence(lens: LensDrivers, name: LensName) -> str:
    """Return where the points come from, the largest shares first, and how much goes through words."""
    kinds = sorted((one for one in lens.kinds if one.share > 0), key=lambda one: -one.share)
    if not kinds:
        return "No reason adds or takes anything: every list starts and ends at its starting point."
    named = [f"{wording.percent(one.share, 0)} from {KINDS[name][one.kind][1]}" for one in kinds]
    named[0] = named[0].replace(" from ", " comes from ", 1)
    words = (
        f"{wording.percent(lens.words_share, 0)} of it goes through words."
        if lens.words_share
        else "None of it goes through words."
    )
    return f"Of all that reasons add and take, {wording.joined(named)}. {words}"


def about(found: Drivers) -> str:
    """Return what was looked at, what was left out, and how exact the sums are."""
    who = (
        f"{found.asked:,} of {wording.counted(found.clients, 'client')}, evenly chosen"
        if found.thinned
        else wording.counted(found.asked, "client")
    )
    said = [f"The first {PLACES} products on the lists of {who}: {wording.counted(found.cells, 'score')}."]
    if found.silent:
        verb = "has a list" if found.silent == 1 else "have lists"
        said.append(
            f"{wording.capital(wording.counted(found.silent, 'client'))} of whom nothing is known {verb} by "
            "popularity and no reasons."
        )
    if found.flat:
        verb = "has a list" if found.flat == 1 else "have lists"
        said.append(
            f"{wording.capital(wording.counted(found.flat, 'client'))} {verb} without points: all products "
            "score the same."
        )
    said.append(f"Starting point and reasons add up to each score; the largest gap is {gap(found.error)}.")
    return " ".join(said)


def gap(error: float) -> str:
    """Return a tiny number as "4 × 10⁻¹⁵" of a score's unit; 0 as it is."""
    if not error:
        return "0"
    digit, power = f"{error:.0e}".split("e")
    sign = "⁻" if power.startswith("-") else ""
    return f"{digit} × 10{sign}{str(abs(int(power))).translate(SMALL)}"


DEFINITION = (
    "Points as on the cards: 0 is a client's average product, 100 its strongest; these are means over all "
    "places. A share counts what a kind adds and what it takes alike, place by place, of what all kinds do. "
    "The starting point is no evidence. The two views take the same points apart: do not add them."
)
