"""The tables beside bars and picture: reasons, what a client has, similar clients, reviews.

No table holds an id of another client: what is sent to a browser can be read there, hidden or not. Rows
stand in the order of `of_kind`, so that a chosen row finds its part; several parts in one row come last.
"""

from collections.abc import Sequence

import pandas as pd

from finrec_core.explain.explanation import Kind
from finrec_core.explain.points import Shown, ShownContribution
from finrec_core.narrative.labels import Labels
from finrec_core.narrative.people import ENOUGH, Other
from finrec_core.terms import wording
from finrec_core.views.charts import bars
from finrec_core.views.charts.bars import SCORE, Titles

MOST_SIMILAR = 5
BEGINNING = 70  # characters of a review in the list of reviews
NUMBERS = {5: "five"}
ROUNDING = 1e-9  # of a score; a sum that is further off is wrong
UNLISTED = f"Not listed: fewer than {NUMBERS[ENOUGH]} clients share them"


def of_kind(view: Shown, *kinds: Kind) -> list[ShownContribution]:
    """Return the parts of some kinds, strongest first."""
    return [one for one in view.contributions if one.exact.kind in kinds]


def reasons(view: Shown, labels: Labels, titles: Titles = SCORE) -> pd.DataFrame:
    """Return the bars as a table that adds up: Reason (or Difference), Points."""
    rows = [(titles.start, titles.number(view.start))]
    rows += [(labels.title(one.exact), points(one)) for one in view.rows]
    rows += [(title, wording.signed(points)) for title, points in bars.rest(view, labels)]
    return pd.DataFrame(
        [*rows, (titles.total, titles.number(view.total))], columns=[titles.column, "Points"], dtype=str
    )


def smaller(view: Shown, labels: Labels) -> pd.DataFrame:
    """Return the tail as a table: Smaller reason, Points with one decimal; it adds up to its total."""
    rows = [(labels.title(one.exact), points(one)) for one in view.rest]
    return pd.DataFrame(rows, columns=["Smaller reason", "Points"], dtype=str)


def held(view: Shown, labels: Labels) -> pd.DataFrame:
    """Return what the client has and whom it is close to, for the client lens: Reason, Kind, Points."""
    rows = [
        (
            labels.title(one.exact),
            {"interaction": "Product", "tie": "Connection"}.get(one.exact.kind, "Together"),
            points(one),
        )
        for one in of_kind(view, "interaction", "tie", "branches")
    ]
    return pd.DataFrame(rows, columns=["Reason", "Kind", "Points"], dtype=str)


def similar(view: Shown, labels: Labels, most: int = MOST_SIMILAR) -> pd.DataFrame:
    """Return the similar clients of the product lens: Similar client, In common, Which, Points.

    Shared products are named as far as `labels` allows, else counted by category. Clients of which neither
    can be said are one row, and so are those beyond `most`.
    """
    contributions = of_kind(view, "client")
    first = [(one, labels.other(one.exact.id)) for one in contributions[:most]]
    silent = [one for one, other in first if _which(other, labels) == UNLISTED]
    rows = [
        (_called(other), f"{other.common:,}", _which(other, labels), points(one))
        for one, other in first
        if len(silent) < 2 or one not in silent
    ]
    if len(silent) > 1:
        rows.append(_together(silent, wording.counted(len(silent), "client"), UNLISTED, labels))
    if rest := contributions[most:]:
        rows.append(_together(rest, wording.counted(len(rest), "more client"), "", labels))
    rows += [(labels.title(one.exact), "", "", points(one)) for one in of_kind(view, "branches")]
    return pd.DataFrame(rows, columns=["Similar client", "In common", "Which", "Points"], dtype=str)


def _together(
    parts: Sequence[ShownContribution], title: str, which: str, labels: Labels
) -> tuple[str, str, str, str]:
    """Return several similar clients as one row."""
    common = sorted({labels.other(one.exact.id).common for one in parts})
    reach = f"{common[0]:,}" if len(common) == 1 else f"{common[0]:,} to {common[-1]:,}"
    total = wording.signed(round(sum(one.points for one in parts), 1), decimals_of(parts))
    return title, reach, which, total


def reviews(view: Shown, labels: Labels) -> pd.DataFrame:
    """Return the reviews of the product lens: Review, Begins, Points; When and Stars where allowed."""
    rows = []
    for one in of_kind(view, "review"):
        review = labels.review(one.exact.id)
        rows.append((review.title, beginning(review.text, BEGINNING), review.stars, review.when, points(one)))
    return review_frame(rows, "Points")


def review_frame(rows: Sequence[tuple[str, ...]], *more: str) -> pd.DataFrame:
    """Return reviews as a table: Review, Begins, Stars and When as far as any has them, and `more`."""
    frame = pd.DataFrame(rows, columns=["Review", "Begins", "Stars", "When", *more], dtype=str)
    return frame.drop(columns=[name for name in ("Stars", "When") if not frame[name].astype(bool).any()])


def beginning(text: str, most: int) -> str:
    """Return the beginning of a text on one line, whole words of at most `most` characters."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[:most].rsplit(' ', 1)[0]}…"


def check(error: float, parts: str, total: str) -> tuple[str, str]:
    """Return what a check of a sum says beside it, and the digits that stand behind its table.

    What is missed by more than floating point leaves is said beside the sum.
    """
    missed = f"{wording.capital(parts)} miss {total} by {abs(error):.0e}."
    if abs(error) > ROUNDING:
        return f"Checked: {missed[0].lower()}{missed[1:]}", missed
    exactly = f"{wording.capital(parts)} add up to {total} to the last digit."
    return f"Checked: {parts} add up to {total}.", missed if error else exactly


def points(part: ShownContribution) -> str:
    """Return the points of a part as they stand everywhere in its lens."""
    return wording.signed(part.points, decimals_of([part]))


def decimals_of(parts: Sequence[ShownContribution]) -> int:
    """Return with how many decimals the points of parts are written: none where all are whole."""
    return 0 if all(isinstance(one.points, int) for one in parts) else 1


def _called(other: Other) -> str:
    return f"{other.title}, {other.segment}" if other.segment else other.title


def _which(other: Other, labels: Labels) -> str:
    if other.shared:
        return ", ".join(labels.product_name(key) for key in other.shared)
    if other.kinds:
        return ", ".join(f"{wording.name(kind, '', 30)}: {count:,}" for kind, count in other.kinds)
    return UNLISTED if other.common else ""
