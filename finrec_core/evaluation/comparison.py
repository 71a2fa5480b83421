"""The comparison: arms tuned on validation rows and tested once (docs/model.md, "Protocol")."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from finrec_core.dataset import Dataset, Split, limits, share_kept, split_by_client, split_by_time
from finrec_core.evaluation.arm import Arm, CannotLearnError, Task
from finrec_core.evaluation.arms import ARMS, arms_named
from finrec_core.evaluation.caveats import caveats
from finrec_core.evaluation.controls import run_controls
from finrec_core.evaluation.holdout import LISTS, Holdout, Measured
from finrec_core.evaluation.ledger import Ledger
from finrec_core.evaluation.report import protocol_document
from finrec_core.evaluation.scorer import Scorer
from finrec_core.evaluation.trial import Trial, run_arm
from finrec_core.intake.argument import a_dataset
from finrec_core.terms.names import GLOBAL_TIME, OURS, PER_CLIENT
from finrec_core.terms.progress import Progress, part, renamed, silent
from finrec_core.text.table import TextTable, in_order

BASELINES = ("popularity", "item-knn", "ease")


# Makes the texts of a dataset from it and the mask of its training rows (interactions,).
Read = Callable[[Dataset, np.ndarray, Progress], TextTable]
# One table for whatever split, or none, or by the encoders' names how each reads a split.
Texts = TextTable | None | Mapping[str, Read]


@dataclass(frozen=True, eq=False)
class Readings:
    """The texts of one split, row-aligned with its dataset, by encoder; the first one is ours."""

    tables: Mapping[str, TextTable | None]

    @classmethod
    def of(cls, texts: Texts, dataset: Dataset, split: Split, progress: Progress = silent) -> "Readings":
        """Read the texts of a dataset with each encoder; what is fitted sees training rows only."""
        if not isinstance(texts, Mapping):
            return cls({"": texts})
        tables: dict[str, TextTable | None] = {}
        for place, (name, read) in enumerate(texts.items()):
            report = part(progress, place / len(texts), (place + 1) / len(texts))
            tables[name] = read(dataset, split.train, report)
        return cls(tables or {"": None})

    @property
    def first(self) -> TextTable | None:
        """The texts as our encoder reads them."""
        return next(iter(self.tables.values()))

    def name(self, arm: str, encoder: str | None = None) -> str:
        """Return what an arm that reads texts is called, "fused (tf-idf)" beside other encoders."""
        encoder = next(iter(self.tables)) if encoder is None else encoder
        return f"{arm} ({encoder})" if len(self.tables) > 1 else arm

    def entrants(self, arms: Sequence[Arm]) -> Iterator[tuple[str, Arm, str]]:
        """Yield name, arm and encoder: an arm that reads texts once for each encoder, any other once."""
        for arm in arms:
            if arm.reads_text:
                yield from ((self.name(arm.name, encoder), arm, encoder) for encoder in self.tables)
            else:
                yield arm.name, arm, next(iter(self.tables))

    def __repr__(self) -> str:
        return f"Readings({self.tables})"


@dataclass(frozen=True, repr=False, eq=False)
class Tested:
    """A model's test: `document` as `evaluate` returns it, and the model's figures client by client.

    `per_client` has the column `client_id` and a float64 column for each metric, a row for each client that
    was asked; None where nobody could be. `popular@10` is the share of the first ten places that go to the
    tenth of the catalogue with the most holders.

    >>> recommender.per_client.column_names[:2]
    ['client_id', 'ndcg@20']
    """

    document: dict[str, Any]
    per_client: pa.Table | None

    def __repr__(self) -> str:
        clients = 0 if self.per_client is None else len(self.per_client)
        return f"Tested({self.document['dataset']}, {clients:,} clients)"


def evaluate(
    dataset: Dataset,
    texts: Texts,
    *,
    arms: Sequence[str] = tuple(ARMS),
    seeds: Sequence[int] = (0,),
    keep: float = 1.0,
    controls: bool = False,
    counted: Read | None = None,
    ledger: Ledger | None = None,
    progress: Progress = silent,
) -> dict[str, Any]:
    """Compare arms on both protocols (docs/model.md, "Protocol").

    Every arm chooses its constants on training and validation rows under the first seed, is fitted
    on both with each seed, and is asked for the test rows once per seed.

    Args:
        dataset: All rows.
        texts: Their vectors, row-aligned with `dataset`, or None; or by the encoders' names how each reads a
            split: an arm that reads text then stands once for each, and ours reads with the first.
        arms: Names among `ARMS`.
        seeds: At least one; figures are averaged over them client by client.
        keep: The share of its interactions, above 0 to 1, to which every client is thinned out first.
        controls: Whether the first protocol is repeated on what should fail or be hard.
        counted: How TF-IDF reads the texts, for the controls.
        ledger: What it holds from an earlier call is not done again.
        progress: Told the stage and the share that is done, 0 to 1.

    Returns:
        The document of `evaluate --json`: by protocol and arm each figure with its 95 % interval.

    Raises:
        UnknownArmError: For an arm that there is not.
        TypeError, DatasetError: Where `dataset` is none, or holds nobody.

    >>> from finrec_core import evaluate
    >>> document = evaluate(bank, None, arms=("popularity", "item-knn"))
    >>> figure = document["protocols"]["per-client"]["arms"]["item-knn"]["ndcg@20"]
    >>> figure["ci95"][0] <= figure["value"] <= figure["ci95"][1]
    True
    """
    chosen, dataset = arms_named(tuple(arms)), a_dataset(dataset)
    if not controls and not any(arm.reads_text for arm in chosen):
        texts = None
    if isinstance(texts, TextTable):
        texts = in_order(dataset, texts)
    dataset = dataset.sorted()
    if keep < 1:
        rows = share_kept(dataset, keep, seeds[0])
        if isinstance(texts, TextTable):
            texts = texts.take(rows)
        dataset = dataset.take(rows)
    splits = {
        PER_CLIENT: split_by_client(dataset, seeds[0]),
        GLOBAL_TIME: split_by_time(dataset, seeds[0]),
    }
    present = {name: split for name, split in splits.items() if split is not None}
    document: dict[str, Any] = {"dataset": dataset.name, "keep": keep, "caveats": [*caveats(dataset)]}
    document["protocols"] = {}
    for place, (name, split) in enumerate(present.items()):
        report = part(progress, place / len(present), (place + 1) / len(present))
        readings = Readings.of(texts, dataset, split, part(report, 0.0, 0.3))
        last = 0.6 if controls and not place else 1.0
        document["protocols"][name] = _protocol(
            *(dataset, readings, split),
            arms=chosen,
            seeds=seeds,
            given={},
            ledger=ledger,
            progress=part(report, 0.3, last),
        )
        if last < 1:
            document["protocols"][name]["controls"] = run_controls(
                *(dataset, readings.first, split),
                counted=counted(dataset, split.train, silent) if counted and readings.first else None,
                seeds=seeds,
                ledger=ledger,
                progress=part(report, last, 1.0),
            )
    progress("Comparing", 1.0)
    return document


def compare(
    dataset: Dataset,
    texts: TextTable | None,
    split: Split,
    scorer: Scorer,
    *,
    arms: Sequence[str] = BASELINES,
    seed: int = 0,
    constants: Mapping[str, Any] | None = None,
    seconds: float = 0.0,
    progress: Progress = silent,
) -> Tested:
    """Test a model that was just fitted on training and validation rows, beside baselines.

    The document has the shape of `evaluate`, with the model as arm "fused" and one protocol.

    >>> from finrec_core.dataset import split_by_client
    >>> from finrec_core.evaluation import compare
    >>> from finrec_core.model import Constants, fit
    >>> split = split_by_client(bank, seed=0)
    >>> model = fit(bank.take(~split.test), None, Constants(), seed=0)
    >>> tested = compare(bank, None, split, model, arms=("popularity",), seed=0)
    >>> sorted(tested.document["protocols"]["per-client"]["arms"])
    ['fused', 'popularity']
    >>> tested.per_client.column_names[:3]
    ['client_id', 'ndcg@20', 'recall@20']
    """
    holdout = _holdout(dataset, split)
    given, per_client = {}, None
    if len(holdout.rows):
        measured = holdout.measure(scorer)
        given[OURS] = Trial(measured, constants or {}, seconds)
        per_client = _per_client(dataset, holdout, measured)
    chosen = arms_named(tuple(arms))
    readings = Readings.of(texts, dataset, split)
    protocol = _protocol(dataset, readings, split, arms=chosen, seeds=(seed,), given=given, progress=progress)
    document = {"dataset": dataset.name, "keep": 1.0, "caveats": [*caveats(dataset)]}
    document["protocols"] = {PER_CLIENT: protocol}
    return Tested(document, per_client)


def _protocol(
    dataset: Dataset,
    readings: Readings,
    split: Split,
    *,
    arms: Sequence[Arm],
    seeds: Sequence[int],
    given: Mapping[str, Trial],
    ledger: Ledger | None = None,
    progress: Progress,
) -> dict[str, Any]:
    """Run the arms on one split and return its part of the document, `given` results last."""
    holdout = _holdout(dataset, split)
    tasks = {
        encoder: Task.without_test(dataset, texts, split, seeds[0])
        for encoder, texts in readings.tables.items()
    }
    trials: dict[str, Trial] = {}
    notes = list(limits(dataset))
    if not len(holdout.rows):
        notes.append("No client has three products, so nothing can be tested.")
        arms = ()
    entrants = [entrant for entrant in readings.entrants(arms) if entrant[0] not in given]
    for place, (name, arm, encoder) in enumerate(entrants):
        report = renamed(
            f"Comparing with {name}", part(progress, place / len(entrants), (place + 1) / len(entrants))
        )
        try:
            trials[name] = run_arm(arm, tasks[encoder], holdout, seeds, ledger=ledger, progress=report)
        except CannotLearnError as error:
            notes.append(f"{name} is left out. {error}")
    trials |= given
    ours = readings.name(OURS)
    ours = ours if ours in trials else next(reversed(trials), "")
    found = protocol_document(holdout, {name: one.measured for name, one in trials.items()}, ours)
    return {
        **found,
        "controls": {},
        "constants": {name: dict(one.constants) for name, one in trials.items()},
        "seconds": {name: round(one.seconds, 2) for name, one in trials.items()},
        "clients": len(holdout.rows),
        "repeats": round(holdout.repeats, 4),
        "seeds": list(seeds),
        "notes": notes,
    }


def _holdout(dataset: Dataset, split: Split) -> Holdout:
    return Holdout.of(dataset, known=split.train | split.validation, asked=split.test)


def _per_client(dataset: Dataset, holdout: Holdout, measured: Measured) -> pa.Table:
    """Return what was measured of each asked client, a row for each."""
    figures = measured.values["all", ""] | measured.values[LISTS]
    ids = dataset.clients["client_id"].take(pa.array(holdout.rows))
    return pa.table({"client_id": ids, **{name: pa.array(values) for name, values in figures.items()}})
