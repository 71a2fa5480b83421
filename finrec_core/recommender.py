"""The recommender: learns from a dataset, ranks every client's products, and explains each score."""

from functools import lru_cache
from pathlib import Path
from typing import Any, Self, Unpack

import pyarrow as pa

from finrec_core import run_folder
from finrec_core.dataset import Dataset
from finrec_core.dataset.split import split_by_client
from finrec_core.evaluation.comparison import BASELINES
from finrec_core.evaluation.three_fits import three_fits
from finrec_core.explain import Explanation
from finrec_core.explain.account import account
from finrec_core.explain.contrast import Contrast
from finrec_core.explain.counterfactual import Counterfactual, counterfactual
from finrec_core.explain.pair import Pair
from finrec_core.explain.rescoring import rescored
from finrec_core.explain.what_if import WhatIf, offered, rank_of, what_if
from finrec_core.intake.argument import a_dataset, a_seed
from finrec_core.model import Constants, Switches, a_device
from finrec_core.model.message_passing import MessagePassing, a_message_passing
from finrec_core.model.training import place, working_threads
from finrec_core.ranking import Changes, Ranker, Ranking, Recommendation, UnknownIdError, edit_of
from finrec_core.settings import settings
from finrec_core.terms.progress import Progress, Stages, Watch, part, silent, unwatched
from finrec_core.text import Reading, TextEncoder, TfIdf, TokenStates, VectorCache

__all__ = ["FusedRecommender", "Ranking", "Recommendation", "UnknownIdError"]

STATES_KEPT = 512  # texts whose token states stay in memory between two explanations


class FusedRecommender(Ranker):
    """Fused recommendations with exact explanations, over one dataset.

    After `fit` or `load`: `dataset`, `model`, `constants`, `metrics` (as `evaluate --json`) and
    `per_client`, `seconds` by stage, `curve` (validation NDCG@20 by step) and `run`, the run's name;
    `tokens_read` after `fit`.

    Args:
        seed: Of every random choice; the same gives the same model.
        encoder: What reads the texts, "tf-idf" or a language model; None for the setting.
        thorough: Whether constants are searched for longer.
        switches: What the model may use; None for all.
        compare: Whether the test asks plain methods too.
        vectors: Folder of the cache of text vectors; None for the setting.
        device: "cpu", or a name that torch knows.
        message_passing: "auto", "csr" or "dgl"; None for the setting.

    Raises:
        ValueError: For a seed, a device or a message passing that there is not.

    >>> recommender = FusedRecommender(encoder="tf-idf", compare=False).fit(bank)
    >>> client = bank.clients["client_id"][0].as_py()
    >>> lens = recommender.explain(client, recommender.recommend(client, k=1)[0].product).client_lens
    >>> abs(lens.base + sum(part.value for part in lens.contributions) - lens.score) < 1e-9
    True
    """

    def __init__(
        self,
        *,
        seed: int = 0,
        encoder: str | None = None,
        thorough: bool = False,
        switches: Switches | None = None,
        compare: bool = True,
        vectors: Path | None = None,
        device: str = "cpu",
        message_passing: str | None = None,
    ) -> None:
        self.seed = a_seed(seed)
        self.encoder_name = encoder or settings().encoder
        self.thorough, self.compare = thorough, compare
        self.switches, self.vectors = switches or Switches(), vectors
        self.device = a_device(device)
        self.message_passing = a_message_passing(message_passing, place(device).type)
        self.metrics: dict[str, Any] = {}
        self.seconds: dict[str, float] = {}
        self.curve: tuple[tuple[int, float], ...] = ()
        self.run, self.tokens_read, self.threads = "", 0, 0
        self._tested: pa.Table | None = None
        self._folder: Path | None = None
        self._passing: MessagePassing | None = None
        self._encoder: TextEncoder | None = None
        self._states = lru_cache(maxsize=STATES_KEPT)(self._encode_states)

    @property
    def constants(self) -> Constants:
        """The constants of the model, spreads included."""
        return self.model.constants

    @property
    def per_client(self) -> pa.Table | None:
        """The test figures by client, as `Tested` describes; read when asked for, None of older runs.

        Raises `RunFolderError` where the file is damaged.
        """
        if self._tested is None and self._folder is not None:
            self._tested = run_folder.per_client(self._folder)
        return self._tested

    def fit(self, dataset: Dataset, progress: Progress | None = None, watch: Watch = unwatched) -> Self:
        """Learn from a dataset, its rows sorted, in three fits; only the last one, on all rows, serves.

        The first is on training rows and chooses constants and steps by validation; the second is on
        training and validation rows and gives the test figures, once; the third has the same constants.

        Args:
            dataset: What to learn from.
            progress: Told the stage and the share that is done, 0 to 1; cancels by an exception.
            watch: Told stage, step and validation NDCG@20 at each check of a network.

        Returns:
            The recommender itself.

        Raises:
            TypeError, DatasetError: Where `dataset` is none, or holds nobody.
            EncoderError: Where this machine has no such encoder.
        """
        report, dataset = progress or silent, a_dataset(dataset).sorted()
        clock = Stages(self.seconds)
        split = split_by_client(dataset, self.seed)
        texts = None
        if self.switches.text and any(dataset.product_texts) | any(dataset.review_texts):
            reading = Reading(self.encoder_name, VectorCache(self.vectors or settings().vectors_folder))
            self._encoder = reading.encoder(dataset, split.train)
            self._states.cache_clear()
            texts = reading.table(dataset, self._encoder, part(report, 0.0, 0.3))
            self.tokens_read = texts.read
        clock("encode")
        fits = three_fits(
            *(dataset, texts, split),
            arms=BASELINES if self.compare else (),
            switches=self.switches,
            seed=self.seed,
            thorough=self.thorough,
            device=self.device,
            message_passing=self.message_passing,
            clock=clock,
            progress=part(report, 0.3, 1.0),
            watch=watch,
        )
        self._model, self.curve = fits.model, fits.curve
        self.metrics, self._tested = fits.tested.document, fits.tested.per_client
        self._dataset, self._passing = dataset, self.model.evidence.message_passing
        self.threads = working_threads()
        report("Ready", 1.0)
        return self

    def explain(
        self,
        client: str,
        product: str,
        *,
        words: int = 0,
        **changes: Unpack[Changes],
    ) -> Explanation:
        """Explain a score in both lenses, each an exact sum.

        Args:
            client: Client id.
            product: Product id, held ones too.
            words: How many texts of each lens are opened into words.
            changes: Ids of evidence to leave out, or of products to add, as `Changes` names them; the
                score is worked out again with the model as it is (`Edit` says what stays).

        Returns:
            Score, rank and both lenses, in units of the score.

        Raises:
            UnknownIdError: For an id that there is not, or evidence that the two do not have.
            TypeError: For a change that there is not, or that is no collection of ids.
        """
        row, target = self.client_row(client), self.product_row(product)
        edit = edit_of(self.dataset, self.model.evidence, client, product, changes)
        pair = Pair(self.model, row, target, edit)
        scores = rescored(self.model, row, edit).copy() if edit else self.ranking(client).scores
        if edit:
            scores[target] = pair.score()
        rank = rank_of(scores, offered(self.model, self.dataset, row, edit), target)
        return account(pair, self.dataset, rank=rank, words=words, states=self._states)

    def contrast(self, client: str, product: str, other: str) -> Contrast:
        """Return why one product stands before another for a client, as one exact sum of differences.

        Args:
            client: Client id.
            product: Product id.
            other: Id of the product that it is held against.

        Returns:
            The differences, those of the same evidence in one row.

        Raises:
            ContrastError: Where both are the same product.
        """
        return Contrast.of(self.explain(client, product), self.explain(client, other))

    def what_if(self, client: str, product: str, **changes: Unpack[Changes]) -> WhatIf:
        """Score a product again from edited evidence, beside how it was; raises as `explain` does.

        Args:
            client: Client id.
            product: Product id.
            changes: As `explain` takes them.

        Returns:
            Score, rank and contributions before and after.
        """
        edit = edit_of(self.dataset, self.model.evidence, client, product, changes)
        return what_if(self.model, self.dataset, self.explain(client, product), edit)

    def counterfactual(self, client: str, product: str, top: int = 10) -> Counterfactual:
        """Return the fewest removals that drop a product out of the top of the client's list.

        Args:
            client: Client id.
            product: Product id.
            top: How many places count as the top.

        Returns:
            The removals, or that there are none.
        """
        return counterfactual(self.model, self.dataset, self.explain(client, product), top)

    def states(self, text: str) -> TokenStates:
        """Return the token states of a text; those of the last few texts stay in memory.

        Args:
            text: Any text.

        Returns:
            A vector for each of its tokens, with where it stands.
        """
        return self._states(text)

    def save(self, folder: Path | str) -> None:
        """Write the run folder: run.json, model.safetensors, ids.parquet, dataset/, metrics and TF-IDF.

        Args:
            folder: Where to write.
        """
        stored = run_folder.StoredRun(
            run=self.run,
            seed=self.seed,
            encoder=self.encoder_name,
            tf_idf=self._encoder if isinstance(self._encoder, TfIdf) else None,
            thorough=self.thorough,
            dataset=self.dataset,
            model=self.model,
            metrics=self.metrics,
            seconds=self.seconds,
            curve=self.curve,
            message_passing=self._passing or self.model.evidence.message_passing,
            threads=self.threads,
            per_client=self.per_client,
        )
        run_folder.save(stored, Path(folder))

    @classmethod
    def load(cls, folder: Path | str) -> Self:
        """Read a run folder.

        Args:
            folder: What `save` wrote.

        Returns:
            The recommender as it was saved.

        Raises:
            RunFolderError: Where the folder is damaged, in one sentence.
        """
        stored = run_folder.load(Path(folder))
        recommender = cls(
            seed=stored.seed,
            encoder=stored.encoder,
            thorough=stored.thorough,
            switches=stored.model.constants.switches,
        )
        recommender.run, recommender.curve = stored.run, stored.curve
        recommender.metrics, recommender.seconds = stored.metrics, stored.seconds
        recommender._dataset, recommender._model = stored.dataset, stored.model
        recommender._encoder, recommender._folder = stored.tf_idf, Path(folder)
        recommender._passing, recommender.threads = stored.message_passing, stored.threads
        return recommender

    def __repr__(self) -> str:
        if self._model is None:
            return f"FusedRecommender(seed={self.seed}, not fitted)"
        return f"FusedRecommender({self.run or 'no run'}, {self._model})"

    def _encode_states(self, text: str) -> TokenStates:
        if self._encoder is None:
            self._encoder = Reading(self.encoder_name).model
        return self._encoder.states(text)
