"""Choose: a coordinate search over small grids on the validation rows, closed form first.

The budget is a count of trials, set by the size of the data and stated with the result, never a
clock: the same data and seed choose the same constants on every machine.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from finrec_core.dataset import Dataset, Targets
from finrec_core.dataset.limits import FEWEST_ASKED
from finrec_core.dataset.split import Split
from finrec_core.model.cold_choice import choose_cold
from finrec_core.model.constants import Constants, Switches
from finrec_core.model.coordinate_search import cautious_search
from finrec_core.model.evidence import Evidence
from finrec_core.model.fit import assemble
from finrec_core.model.fused import VIEWS, FusedModel
from finrec_core.model.training import place
from finrec_core.model.validation import Search, Validation
from finrec_core.model.view import View
from finrec_core.terms.progress import Progress, Watch, part, silent, unwatched
from finrec_core.text.table import TextTable, known

UNCHOSEN = 3.0  # how far a sum leans on popularity where too few clients can be asked what is better
POPULAR = (0.0, 0.1, 0.3, 1.0, 3.0, 30.0)  # the last is popularity alone


@dataclass(frozen=True)
class Tuning:
    """What a search chose, and the first network's validation NDCG@20 by step on the way there.

    >>> from finrec_core.dataset import split_by_client
    >>> from finrec_core.model import choose
    >>> chosen = choose(bank, None, split_by_client(bank, seed=0))
    >>> chosen.constants.switches.text
    True
    """

    constants: Constants
    curve: tuple[tuple[int, float], ...] = ()


def choose(
    dataset: Dataset,
    texts: TextTable | None,
    split: Split,
    *,
    switches: Switches | None = None,
    seed: int = 0,
    thorough: bool = False,
    device: str = "cpu",
    message_passing: str | None = None,
    progress: Progress = silent,
    watch: Watch = unwatched,
) -> Tuning:
    """Choose all constants on training rows, judged by NDCG@20 on validation rows; test rows are not read.

    The constants come with the networks' step counts; spreads stay unset, for `fit` measures them
    on its own rows. Where fewer than `FEWEST_ASKED` clients can be asked, the defaults are returned,
    leaning on popularity. `watch` is told the checks of every network, those tried included.

    >>> from finrec_core.dataset import split_by_client
    >>> from finrec_core.model import Switches, choose
    >>> split = split_by_client(bank, seed=0)
    >>> choose(bank, None, split, switches=Switches(network=False)).constants.switches.network
    False
    """
    switches = switches or Switches()
    trained_on, read = known(dataset, texts, split.train)
    given = trained_on, read, switches
    evidence = Evidence.of(*given, message_passing=message_passing, device=place(device).type)
    asked = Targets.of(dataset, known=split.train, asked=split.validation)
    constants = Constants(switches=switches)
    judge = Validation(asked.wanted, asked.masked)
    if len(judge.rows) < FEWEST_ASKED:
        return Tuning(replace(constants, popular=UNCHOSEN))
    search = Search(evidence, judge, seed, thorough, device, watch)
    learned, effort, done = {}, sum(view.effort for view in VIEWS), 0.0
    curve: tuple[tuple[int, float], ...] = ()
    for view in sorted(VIEWS, key=lambda one: one.trained):  # what trains starts from what was solved
        report = part(progress, 0.9 * done / effort, 0.9 * (done + view.effort) / effort)
        done += view.effort
        if view.speaks(evidence, constants):
            chosen = view.choose(search, constants, report)
            constants, learned[view.name] = chosen.constants, chosen.learned
            curve = curve or chosen.curve
    progress("Weighing the views", 0.9)
    constants = _choose_sum(assemble(evidence, constants, learned), judge)
    progress("Holding products back", 0.95)
    cold = choose_cold(trained_on, evidence, asked, constants, learned, seed=seed)
    return Tuning(replace(constants, cold=cold), curve)


def _choose_sum(model: FusedModel, judge: Validation) -> Constants:
    """Choose the shares of the views from their validation scores, each view scored once.

    First the fields of `Constants`, all views together; then what else sets a factor, view by view.
    """
    scored = [view.scores(judge.rows) for view in model.views]
    sigmas = model.constants.sigmas

    def figures(constants: Constants) -> np.ndarray:
        tried = replace(model, constants=replace(constants, sigmas=sigmas))
        pairs = zip(scored, tried.factors, strict=True)
        return judge.ndcg(sum(scores * factor for scores, factor in pairs) + tried.leaning)

    grid: dict[str, Any] = {}
    for view in model.views:
        grid |= view.sum_grid(model.constants)
    start = replace(model.constants, sigmas=None)
    constants = cautious_search(figures, start, grid | {"popular": POPULAR}, sweeps=2)
    for view in model.views:
        if view.own_grid:
            constants = _choose_own(view, constants, figures)
    return constants


def _choose_own(view: View, constants: Constants, figures: Callable[[Constants], np.ndarray]) -> Constants:
    """Choose what of a view's own constants sets its factor in the sum."""
    name, start = view.name, constants.of(view.name, view.defaults)
    own = cautious_search(
        lambda tried: figures(constants.adding(name, tried)), start, view.own_grid, sweeps=1
    )
    return constants.adding(name, own)
