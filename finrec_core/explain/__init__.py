"""The explain package: exact parts of a score, their words, points and sentences."""

from finrec_core.explain.explanation import Contribution, Explanation, Lens, Word
from finrec_core.explain.labels import Labels
from finrec_core.explain.points import PointScale, Shown, shown

__all__ = ["Contribution", "Explanation", "Labels", "Lens", "PointScale", "Shown", "Word", "shown"]
