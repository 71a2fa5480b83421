"""The trial of an arm: constants chosen on validation rows, then the test rows asked once per seed."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, is_dataclass
from functools import partial
from typing import Any

from finrec_core.evaluation.arm import Arm, Task
from finrec_core.evaluation.holdout import Holdout, Measured
from finrec_core.evaluation.ledger import Ledger
from finrec_core.evaluation.scorer import Scorer
from finrec_core.terms.progress import Progress, part, silent


@dataclass(frozen=True, eq=False)
class Trial:
    """One arm's test: its metrics, means over seeds, the constants behind them and the seconds spent."""

    measured: Measured
    constants: Mapping[str, Any]
    seconds: float


def run_arm(
    arm: Arm,
    task: Task,
    holdout: Holdout,
    seeds: Sequence[int],
    *,
    constants: Mapping[str, Any] | None = None,
    ledger: Ledger | None = None,
    progress: Progress = silent,
) -> Trial:
    """Choose an arm's constants, unless they are given, and test it on a holdout with every seed.

    What the ledger holds is not done again. Raises `CannotLearnError`.
    """
    ledger, spent = ledger or Ledger(), 0.0
    begin = 0.0 if constants is not None else 0.7
    if constants is None:
        constants, spent = choose_constants(arm, task, ledger=ledger, progress=part(progress, 0.0, begin))
    measured = []
    used = seeds if arm.seeded else seeds[:1]
    data = f"{task.fingerprint} {holdout.fingerprint} {json.dumps(constants, sort_keys=True)}"
    for place, seed in enumerate(used):
        report = part(progress, *(begin + (1.0 - begin) * (place + k) / len(used) for k in (0, 1)))
        fit = partial(arm.fit, task.dataset, task.texts, constants, seed, report)
        ask = partial(_measure, fit, holdout)
        found, seconds = ledger.measured(f"{_told(arm)} {seed} {data}", ask)
        measured.append(found)
        spent += seconds
    return Trial(Measured.mean(measured), constants, spent)


def choose_constants(
    arm: Arm, task: Task, *, ledger: Ledger | None = None, progress: Progress = silent
) -> tuple[dict[str, Any], float]:
    """Return an arm's constants and the seconds it took to choose them; raises `CannotLearnError`."""
    ledger = ledger or Ledger()
    return ledger.chosen(f"{_told(arm)} {task.fingerprint}", lambda: arm.choose(task, progress))


def _measure(fit: Callable[[], Scorer], holdout: Holdout) -> Measured:
    return holdout.measure(fit())


def _told(arm: Arm) -> str:
    """What tells an arm from all others; one that is a value may have settings of its own."""
    return repr(arm) if is_dataclass(arm) else arm.name
