"""Readings: the texts of a comparison, by one encoder or by several beside each other."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from finrec_core.dataset import Dataset, Split
from finrec_core.evaluation.arm import Arm
from finrec_core.terms.progress import Progress, part, silent
from finrec_core.text.table import TextTable

# Makes the texts of a dataset from it and the mask of its training rows (interactions,).
Read = Callable[[Dataset, np.ndarray, Progress], TextTable]
# One table for whatever split, or none, or by the encoders' names how each reads a split.
Texts = TextTable | None | Mapping[str, Read]


@dataclass(frozen=True, eq=False)
class Readings:
    """The texts of one split, row-aligned with its dataset, by encoder; the first one is ours."""

    tables: Mapping[str, TextTable | None]

    @classmethod
    def of(cls, texts: Texts, dataset: Dataset, split: Split, progress: Progress = silent) -> "Readings":
        """Read the texts of a dataset with each encoder; what is fitted sees training rows only."""
        if not isinstance(texts, Mapping):
            return cls({"": texts})
        tables: dict[str, TextTable | None] = {}
        for place, (name, read) in enumerate(texts.items()):
            report = part(progress, place / len(texts), (place + 1) / len(texts))
            tables[name] = read(dataset, split.train, report)
        return cls(tables or {"": None})

    @property
    def first(self) -> TextTable | None:
        """The texts as our encoder reads them."""
        return next(iter(self.tables.values()))

    def name(self, arm: str, encoder: str | None = None) -> str:
        """Return what an arm that reads texts is called, "fused (tf-idf)" beside other encoders."""
        encoder = next(iter(self.tables)) if encoder is None else encoder
        return f"{arm} ({encoder})" if len(self.tables) > 1 else arm

    def entrants(self, arms: Sequence[Arm]) -> Iterator[tuple[str, Arm, str]]:
        """Yield name, arm and encoder: an arm that reads texts once for each encoder, any other once."""
        for arm in arms:
            if arm.reads_text:
                yield from ((self.name(arm.name, encoder), arm, encoder) for encoder in self.tables)
            else:
                yield arm.name, arm, next(iter(self.tables))

    def __repr__(self) -> str:
        return f"Readings({self.tables})"
