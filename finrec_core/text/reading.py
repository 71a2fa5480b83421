"""Reading: the texts of a dataset through the encoder that somebody named."""

from functools import cached_property
from itertools import compress
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from finrec_core.dataset import Dataset
from finrec_core.dataset.occasion import copied
from finrec_core.terms.progress import Progress, silent
from finrec_core.text.cache import VectorCache
from finrec_core.text.checkpoint import TF_IDF, checkpoint
from finrec_core.text.states import TextEncoder
from finrec_core.text.table import TextTable, encode
from finrec_core.text.tf_idf import TfIdf

if TYPE_CHECKING:
    from finrec_core.text.encoder import Encoder


class Reading:
    """Reads datasets with the encoder of a name: "tf-idf", or a language model as `checkpoint` has it.

    A language model is loaded when it is first needed, once, and its vectors go through `cache`.
    TF-IDF is fitted anew for each set of training rows. Raises `EncoderError` where there is no such
    model.

    >>> from finrec_core.dataset import split_by_client
    >>> from finrec_core.text import Reading
    >>> reading = Reading("tf-idf")
    >>> encoder = reading.encoder(bank, split_by_client(bank, seed=0).train)
    >>> reading.table(bank, encoder)
    TextTable(30 products, 361 reviews, 134-d)
    """

    def __init__(self, name: str, cache: VectorCache | None = None) -> None:
        self.name = name
        self.cache = cache
        check(name)

    def __repr__(self) -> str:
        return f"Reading({self.name})"

    @property
    def label(self) -> str:
        """The name, of a folder or file only the last part."""
        return Path(self.name).name if Path(self.name).exists() else self.name

    def encoder(self, dataset: Dataset, train: np.ndarray) -> TextEncoder:
        """Return the encoder for a dataset whose training rows are marked in `train` (interactions,).

        TF-IDF sees the texts of products and the reviews of training rows, nothing else; and of these
        none that stands in a row held back too.
        """
        if self.name != TF_IDF:
            return self.model
        seen = train & ~copied(dataset, train)
        return TfIdf.fit([*dataset.product_texts, *compress(dataset.review_texts, seen)])

    def __call__(self, dataset: Dataset, train: np.ndarray, progress: Progress = silent) -> TextTable:
        """Return the vectors of all texts of the dataset, as `encode`."""
        return self.table(dataset, self.encoder(dataset, train), progress)

    def table(self, dataset: Dataset, encoder: TextEncoder, progress: Progress = silent) -> TextTable:
        """Return the vectors of all texts; TF-IDF's are made faster than a cache finds them."""
        return encode(dataset, encoder, None if self.name == TF_IDF else self.cache, progress)

    @cached_property
    def model(self) -> "Encoder":
        """The language model of this name; raises `EncoderError` where it is none on this machine."""
        from finrec_core.text.encoder import Encoder  # noqa: PLC0415 - counted words need no transformers

        return Encoder(self.name)


def check(name: str) -> None:
    """Raise `EncoderError` unless the name is that of an encoder on this machine; loads nothing."""
    if name != TF_IDF:
        checkpoint(name)
