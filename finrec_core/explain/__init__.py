"""The explain package: exact parts of a score, their words and points, and what an edit changes."""

from finrec_core.explain.explanation import Contribution, Explanation, Lens, Word
from finrec_core.explain.points import PointScale, Shown, shown

__all__ = ["Contribution", "Explanation", "Lens", "PointScale", "Shown", "Word", "shown"]
