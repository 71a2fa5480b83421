"""The catalogue: the search for one of a dataset's products by id or name."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from finrec_core.dataset import Dataset
from finrec_core.dataset.naming import product_names
from finrec_core.store.clients import fold, grade, haystack, meant, patterns
from finrec_core.terms.spelling import Vocabulary


@dataclass(frozen=True)
class ProductMatch:
    """A product that a search found; `name` and `category` are "" where the data has none.

    `near` says that it is spelled another way than the text.
    """

    product_id: str
    name: str
    category: str
    near: bool = False


def search(dataset: Dataset, text: str, limit: int = 50) -> list[ProductMatch]:
    """Return the products whose id or name holds every word of the text, at most `limit`.

    First the product with this very id, then whole ids and names, beginnings, beginnings of words, and
    anything else that holds the words; equals by name, then by id. Case and accents do not count. An
    empty text finds the first products by name. Where nothing holds the words, those are found whose words
    they become by a slip or two of the keys.
    """
    ranks = patterns(text)
    exact, found = dataset.product_rows.get(text.strip()), []
    for place, (row, hay) in enumerate(_haystacks(dataset)):
        graded = -1 if row == exact else grade(hay, ranks)
        if graded < len(ranks):
            found.append((graded, place, row))
    if found or not text.strip():
        found.sort()
        return _matches(dataset, np.array([row for _, _, row in found[:limit]], dtype=np.int64))
    near: dict[int, None] = {}  # a set that keeps the order
    for words in meant(ranks[-1], *_vocabulary(dataset)):
        near |= dict.fromkeys(row for row, hay in _haystacks(dataset) if all(word in hay for word in words))
    return _matches(dataset, np.array([*near][:limit], dtype=np.int64), near=True)


@lru_cache(maxsize=2)
def _haystacks(dataset: Dataset) -> tuple[tuple[int, str], ...]:
    """Return row and haystack of each product, in the order of names; a dataset never changes."""
    names, ids = dataset.products["name"].to_pylist(), dataset.products["product_id"].to_pylist()
    order = sorted(range(len(ids)), key=lambda row: (fold(names[row] or ""), ids[row]))
    return tuple((row, haystack(ids[row], names[row])) for row in order)


@lru_cache(maxsize=2)
def _vocabulary(dataset: Dataset) -> tuple[str, Vocabulary]:
    """Return all haystacks as one text, and its words."""
    whole = "".join(hay for _, hay in _haystacks(dataset))
    return whole, Vocabulary(whole.split())


def widespread(dataset: Dataset, count: int) -> list[ProductMatch]:
    """Return the products that most clients have, to begin with; equals in the order of the data."""
    held = np.bincount(dataset.pair_products[dataset.positive], minlength=len(dataset.products))
    return _matches(dataset, np.argsort(-held, kind="stable")[:count])


def _matches(dataset: Dataset, rows: np.ndarray, *, near: bool = False) -> list[ProductMatch]:
    names = product_names(dataset)
    columns = (dataset.products[column].take(rows).to_pylist() for column in ("product_id", "category"))
    cells = zip(rows.tolist(), *columns, strict=True)
    return [ProductMatch(key, names[row], shelf or "", near) for row, key, shelf in cells]
