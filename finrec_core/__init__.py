"""finrec: explained product recommendations for a bank's adviser.

In a notebook no store and no server is needed: `read_files` or `from_frames` makes a `Dataset`,
`FusedRecommender` learns from it, ranks and explains, `evaluate` compares it with other methods,
`Rules` and `Suitability` say what suits whom. All are loaded on first use, so that importing the
package costs nothing. The examples in all docstrings run in the tests; in them `bank` is
`demo_bank(60, 30, seed=1).dataset`, and `recommender` has learned from it.

>>> from finrec_core import FusedRecommender, demo_bank
>>> bank = demo_bank(60, 30, seed=1).dataset
>>> recommender = FusedRecommender(encoder="tf-idf", compare=False).fit(bank)
>>> len(recommender.recommend(bank.clients["client_id"][0].as_py(), k=5))
5
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from finrec_core.advice import Rules, Suitability
    from finrec_core.dataset import Dataset
    from finrec_core.demo.bank import demo_bank
    from finrec_core.evaluation import evaluate
    from finrec_core.intake import find_sources, from_frames, read_files
    from finrec_core.recommender import FusedRecommender

__all__ = [
    "Dataset",
    "FusedRecommender",
    "Rules",
    "Suitability",
    "demo_bank",
    "evaluate",
    "find_sources",
    "from_frames",
    "read_files",
]
__version__ = "0.1.0"

_ROOMS = {
    "Dataset": "finrec_core.dataset",
    "FusedRecommender": "finrec_core.recommender",
    "Rules": "finrec_core.advice",
    "Suitability": "finrec_core.advice",
    "demo_bank": "finrec_core.demo.bank",
    "evaluate": "finrec_core.evaluation",
    "find_sources": "finrec_core.intake",
    "from_frames": "finrec_core.intake",
    "read_files": "finrec_core.intake",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a module hands out whatever it holds
    """Import a public name on first use."""
    if name in _ROOMS:
        value = getattr(import_module(_ROOMS[name]), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module 'finrec_core' has no attribute {name!r}")
