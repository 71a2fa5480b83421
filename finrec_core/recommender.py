"""The recommender: learns from a dataset, ranks every client's products, and explains each score."""

from functools import lru_cache, partial
from pathlib import Path
from typing import Any, Self, Unpack

import numpy as np
import pyarrow as pa

from finrec_core import run_folder
from finrec_core.dataset import Dataset
from finrec_core.dataset.split import split_by_client
from finrec_core.evaluation.comparison import BASELINES, compare
from finrec_core.explain import Explanation
from finrec_core.explain.account import account
from finrec_core.explain.contrast import Contrast
from finrec_core.explain.counterfactual import Counterfactual, counterfactual
from finrec_core.explain.pair import Pair
from finrec_core.explain.rescoring import rescored
from finrec_core.explain.what_if import WhatIf, offered, rank_of, what_if
from finrec_core.intake.argument import a_count, a_dataset, a_seed
from finrec_core.model import Constants, FusedModel, Switches, a_device, choose, fit
from finrec_core.model.message_passing import MessagePassing, a_message_passing
from finrec_core.model.query import Query
from finrec_core.model.training import place
from finrec_core.ranking import Changes, Ranking, Recommendation, UnknownIdError, edit_of, row_of
from finrec_core.settings import settings
from finrec_core.terms.progress import Progress, Stages, Watch, part, silent, unwatched
from finrec_core.text import Encoder, Reading, TextEncoder, TfIdf, TokenStates, VectorCache

__all__ = ["FusedRecommender", "Ranking", "Recommendation", "UnknownIdError"]

STATES_KEPT = 512  # texts whose token states stay in memory between two explanations


class FusedRecommender:
    """Fused recommendations with exact explanations, over one dataset.

    After `fit` or `load`: `dataset`, `model`, `constants`, `metrics` (as `evaluate --json`) and
    `per_client`, `seconds` by stage, `curve` (validation NDCG@20 by step) and `run`, the run's name;
    `tokens_read` after `fit`.

    >>> recommender = FusedRecommender(encoder="tf-idf", compare=False).fit(bank)
    >>> client = bank.clients["client_id"][0].as_py()
    >>> lens = recommender.explain(client, recommender.recommend(client, k=1)[0].product).client_lens
    >>> abs(lens.base + sum(part.value for part in lens.parts) - lens.score) < 1e-9
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
        self.run, self.tokens_read = "", 0
        self._dataset: Dataset | None = None
        self._model: FusedModel | None = None
        self._tested: pa.Table | None = None
        self._folder: Path | None = None
        self._passing: MessagePassing | None = None
        self._encoder: TextEncoder | None = None
        self._states = lru_cache(maxsize=STATES_KEPT)(self._encode_states)

    @property
    def dataset(self) -> Dataset:
        """The dataset it was fitted on; raises `RuntimeError` before."""
        if self._dataset is None:
            raise RuntimeError("this recommender has not learned yet: call fit or load first.")
        return self._dataset

    @property
    def model(self) -> FusedModel:
        """The model fitted on all rows; raises `RuntimeError` before."""
        if self._model is None:
            raise RuntimeError("this recommender has not learned yet: call fit or load first.")
        return self._model

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
        """Learn from a dataset in three fits; only the last one, on all rows, serves.

        The first is on training rows and chooses constants and steps by validation; the second is on
        training and validation rows and gives the test figures, once; the third repeats it with the
        same constants on all rows. `progress` cancels by an exception; `watch` is told each network's checks.
        """
        report, dataset = progress or silent, a_dataset(dataset)
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
        seed, device, passing = self.seed, self.device, self.message_passing
        chosen = choose(
            *(dataset, texts, split),
            switches=self.switches,
            seed=seed,
            thorough=self.thorough,
            device=device,
            message_passing=passing,
            progress=part(report, 0.3, 0.7),
            watch=watch,
        )
        constants, self.curve = chosen.constants, chosen.curve
        clock("choose")
        known = ~split.test
        fitted = partial(fit, constants=constants, seed=seed, device=device, message_passing=passing)
        given = dataset.take(known), texts and texts.take(known)
        tested = fitted(*given, progress=part(report, 0.7, 0.8))
        clock("test fit")
        found = compare(
            *(dataset, texts, split, tested),
            arms=BASELINES if self.compare else (),
            seed=seed,
            constants=constants.to_json(),
            progress=part(report, 0.8, 0.88),
        )
        self.metrics, self._tested = found.document, found.per_client
        clock("compare")
        self._model = fitted(dataset, texts, progress=part(report, 0.88, 1.0))
        clock("final fit")
        self._dataset, self._passing = dataset, self._model.evidence.message_passing
        report("Ready", 1.0)
        return self

    def recommend(
        self, client: str, k: int = 10, *, include_held: bool = False, among: np.ndarray | None = None
    ) -> list[Recommendation]:
        """Return the client's k best offered products, best first.

        Offered is what the client does not have and the bank still offers. With `include_held` all
        products compete for the k places, and those not offered carry no rank. `among`, bool (products,),
        leaves out all others; ranks are those of the whole list.
        """
        ranking = self.ranking(client)
        rows = ranking.order
        if include_held:
            rows = np.argsort(-ranking.scores, kind="stable")
        if among is not None:
            rows = rows[among[rows]]
        return [self.line(ranking, int(row)) for row in rows[: a_count(k)]]

    def ranking(self, client: str) -> Ranking:
        """Return the scores and ranks of the whole catalogue for a client."""
        row = self.client_row(client)
        scores = self.model.scores(np.array([row]))
        return Ranking.of(client, scores[0], offered(self.model, self.dataset, row))

    def line(self, ranking: Ranking, row: int) -> Recommendation:
        """Return a product row as a line of a ranking, with a rank or without."""
        query = Query(self.model.evidence, self.client_row(ranking.client), row)
        reviews = len(self.model.evidence.features.reviews_of(row))
        counts = len(query.places), len(query.holders), reviews, len(query.ties[0])
        key = self.dataset.products["product_id"][row].as_py()
        score = float(ranking.scores[row])
        return Recommendation(
            rank=int(ranking.ranks[row]) or None,
            product=key,
            name=self.dataset.products["name"][row].as_py() or key,
            score=score,
            points=None if ranking.scale.flat else ranking.scale.points(score),
            evidence=dict(zip(("interactions", "clients", "reviews", "ties"), counts, strict=True)),
            held=row in self.model.evidence.held[[query.client]].indices,
        )

    def held(self, client: str) -> list[str]:
        """Return the ids of the products that a client has, those rated low included."""
        rows = self.model.evidence.held[[self.client_row(client)]].indices
        return self.dataset.products["product_id"].take(pa.array(rows)).to_pylist()

    def explain(
        self,
        client: str,
        product: str,
        *,
        words: int = 0,
        **changes: Unpack[Changes],
    ) -> Explanation:
        """Explain a score in both lenses; `words` texts of each lens are opened into words.

        `changes` leave evidence out or add products, and the score is computed again with the model as it
        is (`Edit` says what stays). Raises `UnknownIdError`, for evidence that the client or
        product does not have too.
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

        Raises `UnknownIdError`, and `ContrastError` where both are the same product.
        """
        return Contrast.of(self.explain(client, product), self.explain(client, other))

    def what_if(self, client: str, product: str, **changes: Unpack[Changes]) -> WhatIf:
        """Score a product again from edited evidence, beside how it was; raises as `explain` does."""
        edit = edit_of(self.dataset, self.model.evidence, client, product, changes)
        return what_if(self.model, self.dataset, self.explain(client, product), edit)

    def counterfactual(self, client: str, product: str, top: int = 10) -> Counterfactual:
        """Return the fewest removals that drop a product out of the top of the client's list."""
        return counterfactual(self.model, self.dataset, self.explain(client, product), top)

    def states(self, text: str) -> TokenStates:
        """Return the token states of a text; those of the last few texts stay in memory."""
        return self._states(text)

    def save(self, folder: Path | str) -> None:
        """Write the run folder: run.json, model.safetensors, ids.parquet, dataset/, metrics and TF-IDF."""
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
            per_client=self.per_client,
        )
        run_folder.save(stored, Path(folder))

    @classmethod
    def load(cls, folder: Path | str) -> Self:
        """Read a run folder; raises `RunFolderError` with one sentence where it is damaged."""
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
        recommender._passing = stored.message_passing
        return recommender

    def client_row(self, client: str) -> int:
        """Return the row of a client id; raises `UnknownIdError` with the nearest ids."""
        return row_of("client", client, self.dataset.client_rows)

    def product_row(self, product: str) -> int:
        """Return the row of a product id; raises `UnknownIdError` with the nearest ids."""
        return row_of("product", product, self.dataset.product_rows)

    def __repr__(self) -> str:
        if self._model is None:
            return f"FusedRecommender(seed={self.seed}, not fitted)"
        return f"FusedRecommender({self.run or 'no run'}, {self._model})"

    def _encode_states(self, text: str) -> TokenStates:
        if self._encoder is None:
            self._encoder = Encoder(self.encoder_name)
        return self._encoder.states(text)
