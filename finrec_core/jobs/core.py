"""The core: what jobs use of the floors that load torch, which the desk should not pay for at its start."""

from typing import TYPE_CHECKING

from finrec_core.first_use import on_first_use

if TYPE_CHECKING:
    from finrec_core import erasure, evaluation
    from finrec_core.advice import Rules, listing
    from finrec_core.model import Switches
    from finrec_core.recommender import FusedRecommender
    from finrec_core.text import Encoder, Reading, VectorCache
else:
    __getattr__ = on_first_use(__name__)
