"""The three fits that a model takes: to choose constants, to be tested once, and to serve.

docs/decisions/three-fits.md says why; docs/model.md, "Choosing constants", what is chosen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from finrec_core.dataset import Dataset, Split
from finrec_core.evaluation.comparison import Tested, compare
from finrec_core.model import FusedModel, Switches, choose, fit
from finrec_core.terms.progress import Progress, Stages, Watch, shares
from finrec_core.text.table import TextTable, known

EFFORT = (40, 10, 8, 12)  # of choice, test fit, comparison and final fit, beside each other


@dataclass(frozen=True, eq=False)
class ThreeFits:
    """What the three fits gave: the model that serves, how its like was tested, and the choice's curve."""

    model: FusedModel
    tested: Tested
    curve: tuple[tuple[int, float], ...]


def three_fits(
    dataset: Dataset,
    texts: TextTable | None,
    split: Split,
    *,
    arms: Sequence[str],
    switches: Switches,
    seed: int,
    thorough: bool,
    device: str,
    message_passing: str | None,
    clock: Stages,
    progress: Progress,
    watch: Watch,
) -> ThreeFits:
    """Fit on training rows to choose, on known rows to be tested, and with the same constants on all rows.

    Args:
        dataset: All rows.
        texts: Their vectors, row-aligned with `dataset`, or None.
        split: Which rows train, validate and test.
        arms: Names of the arms that are tested beside the model.
        switches: What the model may use.
        seed: The same seed gives the same model.
        thorough: Whether the choice tries more.
        device: A name that `place` of `finrec_core/model/training.py` knows.
        message_passing: auto, csr or dgl, None for the setting.
        clock: Notes the seconds of each stage.
        progress: Told the stage and the share that is done; cancels by an exception.
        watch: Told the checks of every network.

    Returns:
        The model of the third fit, the figures of the second and the curve of the first.

    Raises:
        FloatingPointError: Where a fit does not end in numbers.
    """
    choosing, testing, comparing, serving = shares(progress, EFFORT, 1.0)
    chosen = choose(
        *(dataset, texts, split),
        switches=switches,
        seed=seed,
        thorough=thorough,
        device=device,
        message_passing=message_passing,
        progress=choosing,
        watch=watch,
    )
    clock("choose")
    fitted = partial(
        fit, constants=chosen.constants, seed=seed, device=device, message_passing=message_passing
    )
    model = fitted(*known(dataset, texts, ~split.test), progress=testing)
    clock("test fit")
    constants = chosen.constants.to_json()
    tested = compare(
        *(dataset, texts, split, model), arms=arms, seed=seed, constants=constants, progress=comparing
    )
    clock("compare")
    model = fitted(dataset, texts, progress=serving)
    clock("final fit")
    return ThreeFits(model, tested, chosen.curve)
