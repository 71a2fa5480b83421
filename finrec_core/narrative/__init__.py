"""The narrative package: what explanations say in plain English, from computed facts alone."""

from finrec_core.narrative.labels import Labels

__all__ = ["Labels"]
