"""A snapshot drawn again: its bars, and its list as a table."""

import pandas as pd

from finrec_core.advice.snapshot import Line, Snapshot
from finrec_core.explain import Labels, Part, Shown, wording
from finrec_core.explain.points import ShownPart


def view(snapshot: Snapshot) -> tuple[Shown, Labels] | None:
    """Return the bars of a snapshot as the figure takes them, None where it has no points."""
    if snapshot.start is None or snapshot.total is None:
        return None
    # Each bar is a product named after its place: what it is called is all that is known of it.
    titles = {str(place): reason.title for place, reason in enumerate(snapshot.reasons)}
    rows = [
        ShownPart(Part("interaction", str(place), reason.title, 0.0), reason.points)
        for place, reason in enumerate(snapshot.reasons)
    ]
    labels = Labels(client=snapshot.client_name, product=snapshot.product_name, products=titles)
    return Shown(snapshot.start, tuple(rows), (), (), snapshot.total), labels


def lines(snapshot: Snapshot, shown: tuple[Line, ...]) -> pd.DataFrame:
    """Return lines of a snapshot: #, Product, and as far as there are any Category, Points, Verdict."""
    frame = pd.DataFrame(
        [
            (
                line.rank,
                line.name,
                wording.name(line.category),
                None if line.points is None else wording.plain(line.points),
                None if line.verdict is None else wording.capital(line.verdict),
            )
            for line in shown
        ],
        columns=["#", "Product", "Category", "Points", "Verdict"],
    )
    empty = [name for name in ("Points", "Verdict") if frame[name].isna().all()]
    empty += ["Category"] if not any(line.category for line in snapshot.lines) else []
    return frame.drop(columns=empty)
