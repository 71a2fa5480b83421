"""The explain room: exact parts of a score, their words, points and sentences."""

from finrec_core.explain.explanation import Explanation, Lens, Part, Word
from finrec_core.explain.labels import Labels
from finrec_core.explain.points import PointScale, Shown, shown

__all__ = ["Explanation", "Labels", "Lens", "Part", "PointScale", "Shown", "Word", "shown"]
