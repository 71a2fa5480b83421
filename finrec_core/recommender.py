"""The recommender: learns from a dataset, ranks every client's products, and explains each score."""

from collections.abc import Collection
from functools import lru_cache
from pathlib import Path
from typing import Any, Self

import numpy as np

from finrec_core import run_folder
from finrec_core.dataset import Dataset
from finrec_core.dataset.progress import Progress, Stages, part, silent
from finrec_core.dataset.split import split_by_client
from finrec_core.evaluation import compare
from finrec_core.explain import Explanation
from finrec_core.explain.account import account
from finrec_core.explain.pair import Edit, Pair
from finrec_core.model import Constants, FusedModel, Switches, choose, fit
from finrec_core.ranking import Ranking, Recommendation, UnknownIdError, row_of
from finrec_core.settings import settings
from finrec_core.text import Encoder, Reading, TextEncoder, TfIdf, TokenStates, VectorCache

BASELINES = ("popularity", "item-knn", "ease")
__all__ = ["FusedRecommender", "Ranking", "Recommendation", "UnknownIdError"]

STATES_KEPT = 512  # texts whose token states stay in memory between two explanations


class FusedRecommender:
    """Fused recommendations with exact explanations, over one dataset.

    After `fit` or `load`: `dataset`, `model`, `constants`, `metrics` (as `evaluate --json`), `seconds`
    by stage, `curve` (validation NDCG@20 by step) and `run`, the name of the run.
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
    ) -> None:
        self.seed = seed
        self.encoder_name = encoder or settings().encoder
        self.thorough = thorough
        self.switches = switches or Switches()
        self.compare = compare
        self.vectors = vectors
        self.device = device
        self.run = ""
        self.metrics: dict[str, Any] = {}
        self.seconds: dict[str, float] = {}
        self.curve: tuple[tuple[int, float], ...] = ()
        self._dataset: Dataset | None = None
        self._model: FusedModel | None = None
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

    def fit(self, dataset: Dataset, progress: Progress | None = None) -> Self:
        """Learn from a dataset in three fits; only the last one, on all rows, serves.

        The first is on training rows and chooses constants and steps by validation; the second is on
        training and validation rows and gives the test figures, once; the third repeats it with the
        same constants on all rows. Cancelled by an exception from `progress`.
        """
        report = progress or silent
        clock = Stages(self.seconds)
        split = split_by_client(dataset, self.seed)
        texts = None
        if self.switches.text and any(dataset.product_texts) | any(dataset.review_texts):
            reading = Reading(self.encoder_name, VectorCache(self.vectors or settings().vectors_folder))
            self._encoder = reading.encoder(dataset, split.train)
            self._states.cache_clear()
            texts = reading.table(dataset, self._encoder, part(report, 0.0, 0.3))
        clock("encode")
        chosen = choose(
            dataset,
            texts,
            split,
            switches=self.switches,
            seed=self.seed,
            thorough=self.thorough,
            device=self.device,
            progress=part(report, 0.3, 0.7),
        )
        constants, self.curve = chosen.constants, chosen.curve
        clock("choose")
        known = ~split.test
        tested = fit(
            dataset.take(known),
            texts and texts.take(known),
            constants,
            seed=self.seed,
            device=self.device,
            progress=part(report, 0.7, 0.8),
        )
        clock("test fit")
        self.metrics = compare(
            dataset,
            texts,
            split,
            tested,
            arms=BASELINES if self.compare else (),
            seed=self.seed,
            constants=constants.to_json(),
            progress=part(report, 0.8, 0.88),
        )
        clock("compare")
        self._model = fit(
            dataset,
            texts,
            constants,
            seed=self.seed,
            device=self.device,
            progress=part(report, 0.88, 1.0),
        )
        clock("final fit")
        self._dataset = dataset
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
        return [self._line(ranking, int(row)) for row in rows[:k]]

    def ranking(self, client: str) -> Ranking:
        """Return the scores and ranks of the whole catalogue for a client."""
        row = self.client_row(client)
        return self._ranked(client, self.model.scores(np.array([row]))[0])

    def explain(
        self,
        client: str,
        product: str,
        *,
        words: int = 0,
        without_interactions: Collection[str] = (),
        without_ties: Collection[str] = (),
        without_clients: Collection[str] = (),
    ) -> Explanation:
        """Explain a score in both lenses; `words` texts of each lens are opened into words.

        `without_*` leaves evidence out and scores again, with the model as it is (design 5 says what
        stays). Raises `UnknownIdError`, for evidence the client or product does not have too.
        """
        row, target = self.client_row(client), self.product_row(product)
        edit = self._edit(row, target, without_interactions, without_ties, without_clients)
        pair = Pair(self.model, row, target, edit)
        if edit:
            scores = pair.scores()
            scores[target] = pair.score()
            ranking = self._ranked(client, scores)
        else:
            ranking = self.ranking(client)
        rank = int(ranking.ranks[target]) or None
        return account(pair, self.dataset, rank=rank, words=words, states=self._states)

    def save(self, folder: Path) -> None:
        """Write the run folder: run.json, model.safetensors, ids.parquet, dataset/, metrics.json, TF-IDF."""
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
        )
        run_folder.save(stored, folder)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read a run folder; raises `RunFolderError` with one sentence where it is damaged."""
        stored = run_folder.load(folder)
        recommender = cls(
            seed=stored.seed,
            encoder=stored.encoder,
            thorough=stored.thorough,
            switches=stored.model.constants.switches,
        )
        recommender.run = stored.run
        recommender.metrics, recommender.seconds = stored.metrics, stored.seconds
        recommender.curve = stored.curve
        recommender._dataset, recommender._model = stored.dataset, stored.model
        recommender._encoder = stored.tf_idf
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

    def _ranked(self, client: str, scores: np.ndarray) -> Ranking:
        row = self.client_row(client)
        offered = self.dataset.available.copy()
        offered[self.model.evidence.held[[row]].indices] = False
        return Ranking.of(client, scores, offered)

    def _line(self, ranking: Ranking, row: int) -> Recommendation:
        pair = Pair(self.model, self.client_row(ranking.client), row)
        reviews = len(self.model.evidence.features.reviews_of(row))
        counts = len(pair.places), len(pair.holders), reviews, len(pair.ties[0])
        key = self.dataset.products["product_id"][row].as_py()
        score = float(ranking.scores[row])
        return Recommendation(
            rank=int(ranking.ranks[row]) or None,
            product=key,
            name=self.dataset.products["name"][row].as_py() or key,
            score=score,
            points=None if ranking.scale.flat else ranking.scale.points(score),
            evidence=dict(zip(("interactions", "clients", "reviews", "ties"), counts, strict=True)),
            held=row in self.model.evidence.held[[pair.client]].indices,
        )

    def _edit(
        self,
        client: int,
        product: int,
        interactions: Collection[str],
        ties: Collection[str],
        clients: Collection[str],
    ) -> Edit:
        evidence = self.model.evidence
        edit = Edit.of(
            [self.product_row(key) for key in interactions],
            [self.client_row(key) for key in ties],
            [self.client_row(key) for key in clients],
        )
        for rows, known, sentence in (
            (edit.interactions, evidence.x[[client]].indices, "the client does not have product"),
            (edit.ties, evidence.ties[[client]].indices, "the client has no tie to client"),
            (edit.clients, evidence.by_product[[product]].indices, "the product is not held by client"),
        ):
            if lost := sorted(rows - set(known.tolist())):
                table = "products" if rows is edit.interactions else "clients"
                key = getattr(self.dataset, table)[f"{table[:-1]}_id"][lost[0]].as_py()
                raise UnknownIdError(f'{sentence} "{key}", so it cannot be left out.')
        return edit

    def _encode_states(self, text: str) -> TokenStates:
        if self._encoder is None:
            self._encoder = Encoder(self.encoder_name)
        return self._encoder.states(text)
