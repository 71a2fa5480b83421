"""Similar products: those whose texts read alike, and those that the same clients have, each with why."""

import re

import numpy as np
import pandas as pd

from finrec_core.dataset import Dataset
from finrec_core.explain import wording
from finrec_core.explain.people import ENOUGH
from finrec_core.explain.verb import plural
from finrec_core.model.evidence import Evidence

MOST = 5  # products of each kind
WORDS = 4  # shared words that are named
SAMPLE = 2_000  # texts that tell how rare a word is
COMMON = 0.2  # a word in more than this share of the texts tells nothing
_WORD = re.compile(r"[^\W\d_]{4,}")


def reads_alike(dataset: Dataset, evidence: Evidence, product: str) -> pd.DataFrame:
    """Return the products whose texts are nearest, nearest first: id, Product, Why.

    They are among the ten that the model reads as similar; none for a product without text.
    """
    row = dataset.product_rows[product]
    near = evidence.near[[row]].indices
    features = evidence.features
    z = np.concatenate([features.own, features.product_reviews], axis=1)
    length = np.linalg.norm(z[near], axis=1)
    cosine = z[near] @ z[row] / np.where(length > 0, length, 1.0)
    rows = near[np.argsort(-cosine, kind="stable")][:MOST]
    texts = dataset.product_texts
    return _table(dataset, rows, [_alike(shared_words(texts, row, int(other))) for other in rows])


def held_together(dataset: Dataset, evidence: Evidence, product: str) -> pd.DataFrame:
    """Return the products that the same clients have, closest first: id, Product, Why.

    By the cosine of their holders. Pairs that fewer than `ENOUGH` clients have are left out: they would
    say of single clients what they have.
    """
    row = dataset.product_rows[product]
    holders = evidence.by_product[[row]].indices
    both = np.asarray(evidence.x[holders].sum(axis=0)).ravel().astype(np.int64)  # (products,)
    both[row] = 0
    closeness = both / np.sqrt(evidence.holders * max(1, len(holders)))
    found = np.flatnonzero(both >= ENOUGH)
    rows = found[np.argsort(-closeness[found], kind="stable")][:MOST]
    have = plural(wording.name(dataset.verb, "has"))
    said = [
        f"{both[other]:,} of the {len(holders):,} clients who {have} it {have} this too" for other in rows
    ]
    return _table(dataset, rows, said)


def shared_words(texts: list[str], row: int, other: int) -> list[str]:
    """Return the words that two texts share and few others hold, rarest first, at most `WORDS`."""
    words = _words(texts[row]) & _words(texts[other])
    sample = [text.casefold() for text in texts[:: max(1, len(texts) // SAMPLE)]]
    count = {word: sum(word in text for text in sample) for word in words}
    telling = [word for word in words if count[word] <= max(2, COMMON * len(sample))]
    return sorted(telling, key=lambda word: (count[word], -len(word), word))[:WORDS]


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.casefold()))


def _alike(words: list[str]) -> str:
    return f"Both speak of {wording.joined(words)}" if words else "Its text is near as a whole"


def _table(dataset: Dataset, rows: np.ndarray, why: list[str]) -> pd.DataFrame:
    chosen = dataset.products.take(rows.astype(np.int64))
    ids = chosen["product_id"].to_pylist()
    names = [wording.name(name, key) for name, key in zip(chosen["name"].to_pylist(), ids, strict=True)]
    return pd.DataFrame({"id": ids, "Product": names, "Why": why}, dtype=str)
