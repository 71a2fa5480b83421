"""Two trained models side by side: their figures with what is settled, and one client's two lists."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from finrec_core.narrative.former import badge
from finrec_core.store import RunRow
from finrec_core.terms import wording
from finrec_core.terms.names import METRIC, POPULAR
from finrec_core.views.model.figures import NAMES

if TYPE_CHECKING:
    from finrec_core.evaluation import Pairing  # loads torch, which a table need not

TITLES = NAMES | {POPULAR: "Popular share of top 10"}
# What a switch of a model is called on screen, in the order in which they are told.
SWITCHES = {
    "text": "words",
    "reviews": "reviews",
    "ties": "connections",
    "recency": "recency",
    "network": "the network",
    "closed_form": "the closed form",
}


def settings(run: RunRow) -> str:
    """Return in words what a run was trained with: encoder, seed, and what was left out."""
    switches: Mapping[str, bool] = run.constants.get("switches", {})
    off = [words for name, words in SWITCHES.items() if switches.get(name) is False]
    without = f", without {wording.joined(off)}" if off else ""
    return f"{wording.name(run.encoder, 'no encoder', 30)}, seed {run.seed}{without}"


def basis(pairing: "Pairing") -> str:
    """Return a sentence on which clients a comparison speaks of, and how far it can be trusted."""
    if not pairing.clients:
        return "No client was tested with both models, so their figures do not compare."
    clients = wording.counted(pairing.clients, "client")
    return {
        "same": f"The same held-back products of {clients}, paired.",
        "matched": f"Not all that was held back is the same: paired are the {clients} of whom it is.",
        "different": f"The {clients} in common were asked for different held-back products, so a "
        "difference may come from the data alone.",
    }[pairing.basis] + (
        " Not settled: the interval holds 0."
        if any(figure.result == "not settled" for figure in pairing.figures)
        else ""
    )


def measures(pairing: "Pairing") -> pd.DataFrame:
    """Return a row for each measure: both means, their difference, its interval and what it shows."""
    rows = []
    for figure in pairing.figures:
        if figure.metric not in TITLES:
            continue
        share = figure.metric == POPULAR
        write = wording.percent if share else lambda value: wording.plain(value, 3)
        rows.append(
            {
                "Measure": TITLES[figure.metric],
                "A": write(figure.a),
                "B": write(figure.b),
                "Difference": _signed(figure.difference, share=share),
                "95 % interval": wording.NONE if figure.ci95 is None else _span(*figure.ci95, share=share),
                "Result": wording.capital(figure.result),
            }
        )
    return pd.DataFrame(
        rows, columns=["Measure", "A", "B", "Difference", "95 % interval", "Result"], dtype=str
    )


def gain(pairing: "Pairing", metric: str = METRIC) -> tuple[str, str]:
    """Return what is known of a model's gain over the one in use: its result, and a sentence.

    The result is that of the figure; "different" where the clients were asked for different products, and
    "unknown" where nobody was tested with both.
    """
    figure = pairing.figure(metric)
    if figure is None or figure.ci95 is None:
        return (
            "unknown",
            "It cannot be compared with the model in use: too few clients were tested with both.",
        )
    told = (
        f"{NAMES[metric]} {wording.signed(figure.difference, 3)} against the model in use, 95 % interval "
        f"{wording.span(*figure.ci95, 3)}, {wording.counted(pairing.clients, 'client')}"
    )
    if pairing.basis == "different":
        return "different", f"{told}, who were asked for different products: it may be the data alone."
    settled = ", the interval holds 0" if figure.result == "not settled" else ""
    return figure.result, f"{told}: {figure.result}{settled}."


def _signed(value: float, *, share: bool) -> str:
    return f"{wording.signed(100 * value, 1)} points" if share else wording.signed(value, 3)


def _span(low: float, high: float, *, share: bool) -> str:
    return f"{wording.span(100 * low, 100 * high, 1)} points" if share else wording.span(low, high, 3)


@dataclass(frozen=True)
class Line:
    """A product in a model's list: its id, name and rank, and until when the client had it, or ""."""

    product: str
    name: str
    rank: int
    former: str = ""


def in_common(a: Sequence[Line], b: Sequence[Line]) -> str:
    """Return how many products two lists share, as "8 of 10 in common"."""
    shared = len({line.product for line in a} & {line.product for line in b})
    return f"{shared} of {max(len(a), len(b))} in common"


def moves(a: Sequence[Line], b: Sequence[Line], length: int) -> pd.DataFrame:
    """Return the first products of list A with their ranks under both and how they moved, then B's others.

    `a` and `b` are the whole lists: of every product that a model knows and offers.
    """
    ranks_a, ranks_b = ({line.product: line.rank for line in lines} for lines in (a, b))
    shown = {line.product for line in a[:length]}
    rows = []
    for line in [*a[:length], *(line for line in b[:length] if line.product not in shown)]:
        rank_a, rank_b = ranks_a.get(line.product), ranks_b.get(line.product)
        name = wording.name(line.name, line.product)
        name += f" ({wording.inside(badge(line.former))})" if line.former else ""
        rows.append((name, _rank(rank_a), _rank(rank_b), _move(rank_a, rank_b)))
    return pd.DataFrame(rows, columns=["Product", "Rank in A", "Rank in B", "From B to A"])


def _rank(rank: int | None) -> str:
    return wording.NONE if rank is None else f"{rank:,}"


def _move(rank_a: int | None, rank_b: int | None) -> str:
    if rank_a is None or rank_b is None:
        return "Not offered in B" if rank_b is None else "Not offered in A"
    by = rank_b - rank_a
    return "Same" if by == 0 else f"Up {by}" if by > 0 else f"Down {-by}"
