"""The contract of every arm in a comparison, and the task an arm gets: it holds no test rows."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np

from finrec_core.dataset import Dataset
from finrec_core.dataset.split import Split
from finrec_core.evaluation.holdout import Holdout
from finrec_core.evaluation.scorer import Scorer
from finrec_core.terms.progress import Progress
from finrec_core.text.table import TextTable, known


class CannotLearnError(ValueError):
    """An arm has nothing to learn from in this dataset; the message is one sentence that says why."""


@dataclass(frozen=True, eq=False)
class Task:
    """What an arm may see while it chooses its constants: training and validation rows only.

    `texts` are row-aligned with `dataset`, or None. A task is made by `Task.without_test`, so an arm
    cannot read a test row even by mistake.

    >>> from finrec_core.dataset import split_by_client
    >>> from finrec_core.evaluation import ARMS, Task
    >>> task = Task.without_test(bank, None, split_by_client(bank, seed=0), seed=0)
    >>> ARMS["popularity"].choose(task)
    {}
    """

    dataset: Dataset
    texts: TextTable | None
    split: Split
    seed: int

    @classmethod
    def without_test(cls, dataset: Dataset, texts: TextTable | None, split: Split, seed: int) -> "Task":
        """Keep the training and validation rows of a dataset and its texts, nothing else.

        Args:
            dataset: All rows.
            texts: Their vectors, row-aligned, or None.
            split: Which rows train, validate and test.
            seed: What the arm draws with.

        Returns:
            The task, its split without a test row.
        """
        keep = split.train | split.validation
        none = np.zeros(int(keep.sum()), dtype=bool)
        cut = Split(train=split.train[keep], validation=split.validation[keep], test=none)
        return cls(*known(dataset, texts, keep), cut, seed)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over all that an arm can see: rows, split, seed and text vectors."""
        digest = hashlib.sha256(f"{self.dataset.content_hash} {self.seed}".encode())
        for mask in (self.split.train, self.split.validation):
            digest.update(mask[self.dataset.order].tobytes())
        if self.texts:
            for vectors, tokens in (
                (self.texts.own, self.texts.own_tokens),
                (self.texts.reviews, self.texts.review_tokens),
            ):
                digest.update(tokens.tobytes())
                digest.update(vectors[tokens > 0].tobytes())
        return digest.hexdigest()

    @cached_property
    def training(self) -> tuple[Dataset, TextTable | None]:
        """The training rows with their texts."""
        return known(self.dataset, self.texts, self.split.train)

    @cached_property
    def validation(self) -> Holdout:
        """The validation rows as questions to a model that knows the training rows."""
        return Holdout.of(self.dataset, known=self.split.train, asked=self.split.validation)


class Arm(Protocol):
    """One model in a comparison; an arm that is not `seeded` is fitted once, whatever the seeds."""

    @property
    def name(self) -> str:
        """What the arm is called in every table."""

    @property
    def seeded(self) -> bool:
        """Whether a fit depends on its seed."""

    @property
    def reads_text(self) -> bool:
        """Whether texts make a difference; beside several encoders such an arm stands once for each."""

    def choose(self, task: Task, progress: Progress) -> dict[str, Any]:
        """Choose constants by validation NDCG@20.

        Args:
            task: Training and validation rows.
            progress: Told the stage and the share that is done, 0 to 1.

        Returns:
            The constants, plain JSON values.

        Raises:
            CannotLearnError: Where the dataset lacks what the arm learns from.
        """

    def fit(
        self,
        dataset: Dataset,
        texts: TextTable | None,
        constants: Mapping[str, Any],
        seed: int,
        progress: Progress,
    ) -> Scorer:
        """Fit on all rows of a dataset with chosen constants.

        Args:
            dataset: The rows to learn from, training and validation together.
            texts: Their vectors, row-aligned, or None.
            constants: What `choose` gave.
            seed: The same seed fits the same; an arm that is not `seeded` ignores it.
            progress: Told the stage and the share that is done, 0 to 1.

        Returns:
            What scores the clients of `dataset` by row.

        Raises:
            CannotLearnError: Where the dataset lacks what the arm learns from.
        """
