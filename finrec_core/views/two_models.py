"""Two trained models side by side: their figures with what is settled, and one client's two lists."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from finrec_core.explain import wording
from finrec_core.store import RunRow
from finrec_core.views.figures import NAMES, NONE

if TYPE_CHECKING:
    from finrec_core.evaluation import Pairing  # loads torch, which a table need not

POPULAR = "popular@10"
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
    clients = wording.counted(pairing.clients, "client")
    return {
        "same": f"The same held-back products of {clients}, paired.",
        "matched": f"Both models were tested on other data: paired are the {clients} whose held-back "
        "products are the same.",
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
        low, high = figure.ci95 or (None, None)
        rows.append(
            {
                "Measure": TITLES[figure.metric],
                "A": write(figure.a),
                "B": write(figure.b),
                "Difference": _signed(figure.difference, share=share),
                "95 % interval": NONE
                if low is None or high is None
                else f"{_signed(low, share=share)} to {_signed(high, share=share)}",
                "Result": wording.capital(figure.result),
            }
        )
    return pd.DataFrame(
        rows, columns=["Measure", "A", "B", "Difference", "95 % interval", "Result"], dtype=str
    )


def _signed(value: float, *, share: bool) -> str:
    return f"{wording.signed(100 * value, 1)} points" if share else wording.signed(value, 3)


@dataclass(frozen=True)
class Line:
    """A product in a model's list: its id, name and rank."""

    product: str
    name: str
    rank: int


def in_common(a: Sequence[Line], b: Sequence[Line]) -> str:
    """Return how many products two lists share, as "8 of 10 in common"."""
    shared = len({line.product for line in a} & {line.product for line in b})
    return f"{shared} of {max(len(a), len(b))} in common"


def moves(a: Sequence[Line], b: Sequence[Line], ranks_b: Mapping[str, int]) -> pd.DataFrame:
    """Return list A with each product's rank under B and how it moved, then what only B's list has.

    `ranks_b` gives the rank under B of every product that B knows and offers.
    """
    shown = {line.product for line in a}
    rows: list[tuple[str, int | None, str, str]] = [
        (wording.name(line.name, line.product), line.rank, _rank(ranks_b, line), _move(ranks_b, line))
        for line in a
    ]
    rows += [
        (wording.name(line.name, line.product), None, str(line.rank), f"Not in A's first {len(a)}")
        for line in b
        if line.product not in shown
    ]
    return pd.DataFrame(rows, columns=["Product", "Rank in A", "Rank in B", "From B to A"])


def _rank(ranks: Mapping[str, int], line: Line) -> str:
    return str(ranks[line.product]) if line.product in ranks else NONE


def _move(ranks: Mapping[str, int], line: Line) -> str:
    if line.product not in ranks:
        return "Not offered in B"
    by = ranks[line.product] - line.rank
    return "Same" if by == 0 else f"Up {by}" if by > 0 else f"Down {-by}"
