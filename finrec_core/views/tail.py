"""The tail: what the smaller reasons of a lens are called and hold, by kind."""

from finrec_core.explain import wording
from finrec_core.explain.points import Shown

# Kinds of reason as one and as several, in the order in which a tail lists them.
KINDS = {
    "interaction": ("product", "products"),
    "tie": ("connection", "connections"),
    "client": ("similar client", "similar clients"),
    "product": ("product that reads like it", "products that read like it"),
    "review": ("review", "reviews"),
    "description": ("description", "descriptions"),
    "learned": ("record with all clients", "records with all clients"),
}


def name(view: Shown) -> str:
    """Return what the parts without a row are called together, as "12 smaller reasons"."""
    return wording.counted(len(view.tail), "smaller reason")


def groups(view: Shown) -> list[tuple[str, int, float]]:
    """Return name, count and points (one decimal) of each kind in the tail; they add up to its points."""
    found = []
    for kind, (one, many) in KINDS.items():
        parts = [part.points for part in view.tail if part.part.kind == kind]
        if parts:
            found.append((wording.counted(len(parts), one, many), len(parts), round(sum(parts), 1)))
    return found


def in_words(view: Shown) -> str:
    """Return the tail as one line, as "44 smaller reasons: 35 similar clients +10.9, 9 reviews +1.8"."""
    each = [f"{title} {wording.signed(points, 1)}" for title, _, points in groups(view)]
    return f"{name(view)}: {', '.join(each)}"
