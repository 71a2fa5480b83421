"""The evaluation package: baselines and ablations under one contract, compared on rows none has seen."""

from finrec_core.evaluation.arm import Arm, CannotLearnError, Task
from finrec_core.evaluation.arms import ARMS, UnknownArmError
from finrec_core.evaluation.caveats import caveats
from finrec_core.evaluation.comparison import Tested, compare, evaluate
from finrec_core.evaluation.holdout import Holdout, Measured
from finrec_core.evaluation.ledger import Ledger
from finrec_core.evaluation.pairing import PairedFigure, Pairing, held_back, pair
from finrec_core.evaluation.scorer import Scorer

__all__ = [
    "ARMS",
    "Arm",
    "CannotLearnError",
    "Holdout",
    "Ledger",
    "Measured",
    "PairedFigure",
    "Pairing",
    "Scorer",
    "Task",
    "Tested",
    "UnknownArmError",
    "caveats",
    "compare",
    "evaluate",
    "held_back",
    "pair",
]
