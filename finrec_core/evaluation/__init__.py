"""The evaluation room: baselines and ablations under one contract, compared on rows none has seen."""

from finrec_core.evaluation.arm import Arm, CannotLearnError, Task
from finrec_core.evaluation.arms import ARMS, UnknownArmError
from finrec_core.evaluation.comparison import compare, evaluate
from finrec_core.evaluation.holdout import Holdout, Measured
from finrec_core.evaluation.ledger import Ledger
from finrec_core.evaluation.scorer import Scorer

__all__ = [
    "ARMS",
    "Arm",
    "CannotLearnError",
    "Holdout",
    "Ledger",
    "Measured",
    "Scorer",
    "Task",
    "UnknownArmError",
    "compare",
    "evaluate",
]
