"""Controls: the comparison again where a gain should vanish, and where evidence is made scarce."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from finrec_core.dataset import Dataset, Split
from finrec_core.evaluation.arm import Arm, CannotLearnError
from finrec_core.evaluation.holdout import LIST, Holdout
from finrec_core.evaluation.ledger import Ledger
from finrec_core.evaluation.model_arm import GRAPH, ModelArm
from finrec_core.evaluation.perturbation import Perturbation
from finrec_core.evaluation.popularity import Popularity
from finrec_core.evaluation.report import protocol_document
from finrec_core.evaluation.ridge import TextClosed
from finrec_core.evaluation.trial import Trial, choose_constants, run_arm
from finrec_core.model import Switches
from finrec_core.terms.names import OURS
from finrec_core.terms.progress import Progress, part, renamed, silent
from finrec_core.text.table import TextTable

SHARE = 0.1  # of the tied clients, or of the products, that evidence is taken from
CUTS = (0, 1, 3)  # products that a cut client keeps
FUSED = ModelArm(OURS, Switches())
GRAPH_SUM = ModelArm("graph-sum", GRAPH)
NO_TEXTS = ModelArm("fused without texts", replace(FUSED.switches, text=False, reviews=False))
NO_TIES = ModelArm("fused without ties", replace(FUSED.switches, ties=False))
NO_COLD = ModelArm("fused without cold start", replace(FUSED.switches, cold=False))
WITHOUT: dict[Arm, str] = {NO_TEXTS: "no texts", NO_TIES: "no ties", NO_COLD: "no cold start"}


@dataclass(frozen=True)
class Entry:
    """An arm in a control: what it is fitted on, and where and by whom its constants are chosen."""

    name: str
    arm: Arm
    ground: Perturbation
    chosen_on: Perturbation
    chosen_by: Arm


@dataclass(frozen=True)
class Control:
    """A control: what was done, in a sentence, what is asked, and the arms, the one in question last."""

    name: str
    description: str
    holdout: Holdout
    entries: tuple[Entry, ...]


def run_controls(
    dataset: Dataset,
    texts: TextTable | None,
    split: Split,
    *,
    counted: TextTable | None = None,
    seeds: Sequence[int],
    ledger: Ledger | None = None,
    progress: Progress = silent,
) -> dict[str, Any]:
    """Return each control as {"description", "clients", "arms", "paired"}, as docs/command-line.md has it.

    `counted` are the same texts as TF-IDF reads them, to stand beside the language model. Controls
    whose evidence the dataset does not have are left out.
    """
    ground = Perturbation.of(dataset, texts, split, seeds[0])
    controls = [one for one in _controls(ground, counted) if len(one.holdout.rows)]
    found = {}
    for place, control in enumerate(controls):
        trials: dict[str, Trial] = {}
        for number, entry in enumerate(control.entries):
            share = [(place + (number + k) / len(control.entries)) / len(controls) for k in (0, 1)]
            report = renamed(f"Control {control.name}: {entry.name}", part(progress, *share))
            try:
                trials[entry.name] = _try(entry, control.holdout, seeds, ledger, report)
            except CannotLearnError:
                continue  # the comparison itself has said why
        measured = {name: trial.measured for name, trial in trials.items()}
        document = protocol_document(control.holdout, measured, next(reversed(measured)))
        if control.name == "random products":
            document["arms"]["chance"] = {f"ndcg@{LIST}": {"value": chance(control.holdout), "ci95": None}}
        found[control.name] = {
            "description": control.description,
            "clients": len(control.holdout.rows),
            "arms": document["arms"],
            "paired": document["paired"],
        }
    return found


def _try(
    entry: Entry, holdout: Holdout, seeds: Sequence[int], ledger: Ledger | None, progress: Progress
) -> Trial:
    constants, _ = choose_constants(
        entry.chosen_by, entry.chosen_on.task, ledger=ledger, progress=part(progress, 0.0, 0.5)
    )
    if isinstance(entry.arm, ModelArm):
        constants = {**constants, "switches": asdict(entry.arm.switches)}
    return run_arm(
        *(entry.arm, entry.ground.task, holdout, seeds),
        constants=constants,
        ledger=ledger,
        progress=part(progress, 0.5, 1.0),
    )


def _controls(ground: Perturbation, counted: TextTable | None) -> Iterator[Control]:
    def entry(arm: Arm, on: Perturbation = ground, name: str = "", by: Arm | None = None) -> Entry:
        """Fit an arm on a ground with the constants chosen on the whole one."""
        return Entry(name or arm.name, arm, on, ground, by or arm)

    def anew(name: str, on: Perturbation) -> Entry:
        """Let the fused arm choose again on a changed ground."""
        return Entry(name, FUSED, on, on, FUSED)

    without = {arm: f"fused ({words})" for arm, words in WITHOUT.items()}
    if ground.texts is not None and counted is not None:
        yield Control(
            "counted words",
            "TF-IDF, which only counts words, reads the texts in place of the language model.",
            ground.holdout,
            (
                entry(NO_TEXTS, name=without[NO_TEXTS]),
                anew("fused (tf-idf)", replace(ground, texts=counted)),
                entry(FUSED),
            ),
        )
    if ground.texts is not None:
        yield Control(
            "shuffled texts",
            "Every text is given to another product, every review to another interaction: what texts gain "
            "must be gone.",
            ground.holdout,
            (
                entry(NO_TEXTS, name=without[NO_TEXTS]),
                entry(FUSED),
                anew("fused (texts shuffled)", ground.with_texts_shuffled()),
            ),
        )
    if len(ground.tied):
        yield Control(
            "shuffled ties",
            "Tied clients change places: what ties gain must be gone.",
            ground.holdout,
            (
                entry(NO_TIES, name=without[NO_TIES]),
                entry(FUSED),
                anew("fused (ties shuffled)", ground.with_ties_shuffled()),
            ),
        )
        for keep in CUTS:
            cut = ground.with_clients_cut(SHARE, keep)
            yield Control(
                f"clients cut to {keep}",
                f"A tenth of the tied clients keep {keep} of their products, and only they are asked.",
                cut.holdout,
                tuple(
                    entry(arm, cut, name=without.get(arm, ""))
                    for arm in (Popularity(), GRAPH_SUM, NO_TIES, FUSED)
                ),
            )
    cold, warm = ground.with_products_held_back(SHARE)
    for name, asked, only in (("new products", cold, "these"), ("other products", warm, "the others")):
        yield Control(
            name,
            f"A tenth of the products are taken from everybody; only {only} are asked for, ranked among all.",
            asked.holdout,
            (
                *(entry(arm, asked) for arm in (TextClosed(), GRAPH_SUM)),
                entry(NO_COLD, asked, name=without[NO_COLD], by=FUSED),
                entry(FUSED, asked),
            ),
        )
    redrawn = ground.with_random_products()
    yield Control(
        "random products",
        "Every client has as many products as before, drawn from all at random: nothing can be learned.",
        redrawn.holdout,
        (entry(Popularity(), redrawn), entry(FUSED, redrawn)),
    )


def chance(holdout: Holdout) -> float:
    """Return the mean NDCG@20 that a random order is expected to reach."""
    targets = np.diff(holdout.targets.indptr)  # (asked,)
    offered = holdout.products - np.diff(holdout.masked.indptr)
    gains = np.cumsum(1 / np.log2(1 + np.arange(1, LIST + 1)))  # of the first k places, all hits
    places = np.minimum(LIST, offered)
    return float(np.mean(targets / offered * gains[places - 1] / gains[np.minimum(LIST, targets) - 1]))
