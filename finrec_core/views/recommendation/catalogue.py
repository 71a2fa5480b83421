"""The catalogue: the search for one of a dataset's products by id or name."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from finrec_core.dataset import Dataset
from finrec_core.dataset.naming import product_names
from finrec_core.store.clients import MOST_WORDS, fold, haystack


@dataclass(frozen=True)
class ProductMatch:
    """A product that a search found; `name` and `category` are "" where the data has none."""

    product_id: str
    name: str
    category: str


def search(dataset: Dataset, text: str, limit: int = 50) -> list[ProductMatch]:
    """Return the products whose id or name holds every word of the text, at most `limit`.

    First the product with this very id, then whole ids and names, beginnings, beginnings of words, and
    anything else that holds the words; equals by name, then by id. Case and accents do not count. An
    empty text finds the first products by name.
    """
    whole = fold(text)
    words = whole.split(" ")[:MOST_WORDS]
    ranks = ([f"\n {whole}\n"], [f"\n {whole}"], [f" {word}" for word in words], words)
    exact, found = dataset.product_rows.get(text.strip()), []
    for place, (row, hay) in enumerate(_haystacks(dataset)):
        if row == exact:
            found.append((-1, place, row))
        elif all(word in hay for word in words):
            rank = next(n for n, rank in enumerate(ranks) if all(one in hay for one in rank))
            found.append((rank, place, row))
    found.sort()
    return _matches(dataset, np.array([row for _, _, row in found[:limit]], dtype=np.int64))


@lru_cache(maxsize=2)
def _haystacks(dataset: Dataset) -> tuple[tuple[int, str], ...]:
    """Return row and haystack of each product, in the order of names; a dataset never changes."""
    names, ids = dataset.products["name"].to_pylist(), dataset.products["product_id"].to_pylist()
    order = sorted(range(len(ids)), key=lambda row: (fold(names[row] or ""), ids[row]))
    return tuple((row, haystack(ids[row], names[row])) for row in order)


def widespread(dataset: Dataset, count: int) -> list[ProductMatch]:
    """Return the products that most clients have, to begin with; equals in the order of the data."""
    held = np.bincount(dataset.pair_products[dataset.positive], minlength=len(dataset.products))
    return _matches(dataset, np.argsort(-held, kind="stable")[:count])


def _matches(dataset: Dataset, rows: np.ndarray) -> list[ProductMatch]:
    names = product_names(dataset)
    columns = (dataset.products[column].take(rows).to_pylist() for column in ("product_id", "category"))
    cells = zip(rows.tolist(), *columns, strict=True)
    return [ProductMatch(key, names[row], shelf or "") for row, key, shelf in cells]
