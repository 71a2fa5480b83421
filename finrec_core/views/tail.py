"""The tail: what the smaller reasons of a lens are called and hold, by kind."""

from finrec_core.explain import wording
from finrec_core.explain.labels import Labels
from finrec_core.explain.points import Shown

# Kinds of reason as one and as several.
KINDS = {
    "interaction": ("product", "products"),
    "tie": ("connection", "connections"),
    "client": ("similar client", "similar clients"),
    "product": ("product like it", "products like it"),
    "review": ("review", "reviews"),
    "description": ("description", "descriptions"),
    "learned": ("record with all clients", "records with all clients"),
}


def tail_name(view: Shown) -> str:
    """Return what the parts without a row are called together, as "12 smaller reasons"."""
    return wording.counted(len(view.tail), "smaller reason")


def tail_rows(view: Shown, labels: Labels) -> list[tuple[str, int]]:
    """Return name and points of what stands below the rows: one for each kind, largest first.

    Kinds whose parts add up to nothing are one "12 smaller reasons"; the points add up to the tail's.
    """
    found = []
    for group in view.groups:
        if group.points == 0:
            continue
        one, many = KINDS[group.kind]
        beside = any(part.part.kind == group.kind for part in view.rows)
        title = f"{group.count:,} {'other ' if beside else ''}{many if group.count > 1 else one}"
        if group.count == 1:
            title = next(labels.title(part.part) for part in view.tail if part.part.kind == group.kind)
        found.append((title, group.points))
    still = sum(group.count for group in view.groups if group.points == 0)
    return [*found, (wording.counted(still, "smaller reason"), 0)] if still else found


def tail_in_words(view: Shown) -> str:
    """Return the tail as one line, as "44 smaller reasons: 35 similar clients +11, 9 reviews +2"."""
    each = [
        f"{wording.counted(group.count, *KINDS[group.kind])} {wording.signed(group.points)}"
        for group in view.groups
    ]
    return f"{tail_name(view)}: {', '.join(each)}"
