"""The model package: the fused model, its three views, how its constants are chosen and how it is stored."""

from finrec_core.model.choose import Tuning, choose
from finrec_core.model.constants import ClosedFormConstants, Constants, NetworkConstants, Switches
from finrec_core.model.files import ModelFileError
from finrec_core.model.fit import fit
from finrec_core.model.fused import FusedModel
from finrec_core.model.training import a_device

__all__ = [
    "ClosedFormConstants",
    "Constants",
    "FusedModel",
    "ModelFileError",
    "NetworkConstants",
    "Switches",
    "Tuning",
    "a_device",
    "choose",
    "fit",
]
