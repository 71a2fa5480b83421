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

from typing import TYPE_CHECKING

from finrec_core.first_use import on_first_use

if TYPE_CHECKING:
    from finrec_core.advice import Rules, Suitability
    from finrec_core.dataset import Dataset
    from finrec_core.demo.bank import demo_bank
    from finrec_core.evaluation import evaluate
    from finrec_core.intake import find_sources, from_frames, read_files
    from finrec_core.recommender import FusedRecommender
else:
    __getattr__ = on_first_use(__name__)

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
__version__ = "0.2.0.dev0"
