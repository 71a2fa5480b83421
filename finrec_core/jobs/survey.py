"""The survey: what a dataset holds for a model to learn from, and how much of it the encoder has to read."""

from dataclasses import dataclass
from pathlib import Path

from finrec_core.dataset import Dataset
from finrec_core.jobs import core
from finrec_core.text.checkpoint import TF_IDF, checkpoint

PER_TOKEN = 4.6  # characters of a word token, as measured on reviews with the default language model


@dataclass(frozen=True)
class Survey:
    """The size of a dataset, the evidence that it has, and its distinct texts.

    `texts` is how many there are, `known` how many of them the encoder has read before, `tokens` about
    how many word tokens it has to read, and `weights` the size of the language model in bytes, 0 for
    TF-IDF, which reads all texts anew and in no time.
    """

    clients: int
    products: int
    interactions: int
    words: bool
    reviews: bool
    ties: bool
    times: bool
    texts: int
    known: int
    tokens: int
    weights: int

    def __post_init__(self) -> None:
        if not 0 <= self.known <= self.texts:
            raise ValueError(f"{self.known:,} of {self.texts:,} texts cannot be known.")

    @classmethod
    def of(cls, dataset: Dataset, encoder: str, vectors: Path) -> "Survey":
        """Return what there is to learn from a dataset; raises `EncoderError` where there is no such encoder.

        The texts are counted against the cache in the folder `vectors`, whose keys only the loaded
        encoder knows.
        """
        texts = [text for text in dict.fromkeys([*dataset.product_texts, *dataset.review_texts]) if text]
        known, tokens, weights = 0, 0, 0
        if encoder != TF_IDF:
            place = checkpoint(encoder)
            files = [place] if place.is_file() else [*place.glob("*.safetensors")]
            weights = sum(file.stat().st_size for file in files)
            if texts:
                reader = core.Encoder(encoder)
                read = core.VectorCache(vectors).known(reader.name, texts)
                known = int(read.sum())
                most = reader.max_tokens
                unread = (len(text) for text, seen in zip(texts, read.tolist(), strict=True) if not seen)
                tokens = sum(min(most, 1 + round(length / PER_TOKEN)) for length in unread)
        return cls(
            clients=len(dataset.clients),
            products=len(dataset.products),
            interactions=len(dataset.interactions),
            words=any(dataset.product_texts),
            reviews=any(dataset.review_texts),
            ties=len(dataset.ties) > 0,
            times=dataset.interactions["timestamp"].null_count < len(dataset.interactions),
            texts=len(texts),
            known=known,
            tokens=tokens,
            weights=weights,
        )

    def lacks(self, switch: str) -> str:
        """Return why a choice makes no difference with this data, "" where it does."""
        present = {"text": self.words or self.reviews, "reviews": self.reviews, "ties": self.ties}
        present["recency"] = self.times
        missing = {"text": "no texts", "reviews": "no reviews", "ties": "no ties", "recency": "no dates"}
        return "" if present.get(switch, True) else f"There are {missing[switch]} in this data."
