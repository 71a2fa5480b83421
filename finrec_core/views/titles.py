"""The titles of a sum: what its first and last rows are called, for one score and for a difference of two."""

from dataclasses import dataclass

from finrec_core.explain import wording


@dataclass(frozen=True)
class Titles:
    """The names around the reasons of a sum; `signed` writes its start and total with their signs."""

    start: str = "Starting point"
    total: str = "Total"
    column: str = "Reason"
    for_: str = "raises it by"
    against: str = "lowers it by"
    signed: bool = False

    def number(self, points: float) -> str:
        """Return the start or the total as it is written."""
        return wording.signed(points) if self.signed else wording.plain(points)


SCORE = Titles()
DIFFERENCE = Titles(
    start="Starting points",
    total="Difference",
    column="Difference",
    for_="speaks more for it, by",
    against="speaks less for it, by",
    signed=True,
)
