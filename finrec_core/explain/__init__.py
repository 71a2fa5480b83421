"""The explain room: exact parts of a score, their words, points and sentences."""

from finrec_core.explain.explanation import Explanation, Lens, Part, Word

__all__ = ["Explanation", "Lens", "Part", "Word"]
