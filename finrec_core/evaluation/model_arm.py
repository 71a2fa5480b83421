"""The fused model and its ablations as arms: the same code with switches off."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from finrec_core.dataset import Dataset
from finrec_core.evaluation.arm import Task
from finrec_core.model import Constants, FusedModel, Switches, choose, fit
from finrec_core.terms.progress import Progress, silent
from finrec_core.text.table import TextTable

APART = 100  # a model averages networks of neighbouring seeds; two seeds of an arm must not share any

GRAPH = Switches(text=False, reviews=False, ties=False, similar=False, tail=False)


@dataclass(frozen=True)
class ModelArm:
    """A model of `finrec_core.model` under some switches; every one of them gets both stages."""

    name: str
    switches: Switches
    seeded: bool = True

    @property
    def reads_text(self) -> bool:
        """Whether its switches let it read texts."""
        return self.switches.text

    def choose(self, task: Task, progress: Progress = silent) -> dict[str, Any]:
        """Choose all constants as a training does."""
        chosen = choose(
            task.dataset,
            task.texts,
            task.split,
            switches=self.switches,
            seed=APART * task.seed,
            progress=progress,
        )
        return chosen.constants.to_json()

    def fit(
        self,
        dataset: Dataset,
        texts: TextTable | None,
        constants: Mapping[str, Any],
        seed: int,
        progress: Progress = silent,
    ) -> FusedModel:
        """Fit the model on all rows of a dataset."""
        return fit(dataset, texts, Constants.from_json(dict(constants)), seed=APART * seed, progress=progress)
