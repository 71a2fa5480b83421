"""finrec: explained product recommendations for a bank's adviser.

`Dataset` holds the data, `FusedRecommender` learns from it, ranks and explains. Both are loaded
on first use, so that importing the package costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from finrec_core.dataset import Dataset
    from finrec_core.recommender import FusedRecommender

__all__ = ["Dataset", "FusedRecommender"]
__version__ = "0.1.0"

_ROOMS = {"Dataset": "finrec_core.dataset", "FusedRecommender": "finrec_core.recommender"}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a module hands out whatever it holds
    """Import a public name on first use."""
    if name in _ROOMS:
        return getattr(import_module(_ROOMS[name]), name)
    raise AttributeError(f"module 'finrec_core' has no attribute {name!r}")
