"""The arms: what the people at the desk read for each arm of a comparison."""

import re

from finrec_core.terms import wording

# Title in a figure or a table, and the same inside a sentence.
ARMS = {
    "fused": ("Fused", "the fused model"),
    "fused-network": ("Fused network alone", "the fused network alone"),
    "graph-sum": ("Without text and ties", "the model without text and ties"),
    "graph-network": ("Graph only", "graph only"),
    "text-network": ("Text only", "text only"),
    "text-closed": ("Text only, closed form", "text only in closed form"),
    "lightgcn": ("LightGCN", "LightGCN"),
    "edlae": ("EDLAE", "EDLAE"),
    "ease": ("EASE", "EASE"),
    "item-knn": ("Item-kNN", "item-kNN"),
    "recent-popularity": ("Recent popularity", "recent popularity"),
    "popularity": ("Popularity", "popularity"),
    "chance": ("Chance", "chance"),
}
LONGEST = 60
_VARIANT = re.compile(r"(\S+)( \(.+\))", re.DOTALL)


def title(arm: str) -> str:
    """Return an arm as a figure names it; one that is not known by its own name."""
    return _words(arm, 0)


def inside(arm: str) -> str:
    """Return an arm as a sentence names it."""
    return _words(arm, 1)


def _words(arm: str, place: int) -> str:
    """Return the words for an arm, those of "fused (tf-idf)" with what stands in brackets."""
    variant = _VARIANT.fullmatch(arm)
    base, more = (variant[1], variant[2]) if variant else (arm, "")
    return wording.name(f"{ARMS[base][place]}{more}" if base in ARMS else arm, "", LONGEST)
