"""The arms that a comparison knows, by name, from the plainest to the fullest."""

from dataclasses import replace

from finrec_core.evaluation.arm import Arm
from finrec_core.evaluation.lightgcn import LightGcn
from finrec_core.evaluation.model_arm import GRAPH, ModelArm
from finrec_core.evaluation.neighbours import ItemNeighbours
from finrec_core.evaluation.popularity import Popularity, RecentPopularity
from finrec_core.evaluation.ridge import Ease, Ridge, TextClosed
from finrec_core.evaluation.text_network import TextNetwork
from finrec_core.model import Switches
from finrec_core.terms.names import OURS


class UnknownArmError(ValueError):
    """A comparison was asked for an arm that does not exist; the message names those that do."""


_KNOWN: tuple[Arm, ...] = (
    Popularity(),
    RecentPopularity(),
    ItemNeighbours(),
    Ease(),
    Ridge(),
    LightGcn(),
    TextClosed(),
    TextNetwork(),
    ModelArm("graph-network", replace(GRAPH, closed_form=False)),
    ModelArm("graph-sum", GRAPH),
    ModelArm("fused-network", Switches(closed_form=False, tail=False)),
    ModelArm(OURS, Switches()),
)
ARMS: dict[str, Arm] = {arm.name: arm for arm in _KNOWN}


def arms_named(names: tuple[str, ...]) -> list[Arm]:
    """Return the named arms in the order of `ARMS`, each once; raises `UnknownArmError`."""
    for name in names:
        if name not in ARMS:
            raise UnknownArmError(f'There is no arm "{name}"; there are {", ".join(ARMS)}.')
    return [arm for name, arm in ARMS.items() if name in names]
