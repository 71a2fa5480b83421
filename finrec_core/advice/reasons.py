"""The reasons of many recommendations: the sentence of each, seen from the client, fit to leave the desk."""

from finrec_core.explain.account import account
from finrec_core.explain.labels import Labels
from finrec_core.explain.pair import Pair
from finrec_core.explain.points import shown
from finrec_core.explain.sentence import sentence
from finrec_core.ranking import Ranking
from finrec_core.recommender import FusedRecommender


class Reasons:
    """Says why a product stands where it does in a client's list, as the card's client lens does.

    Connections are told by kind, whatever the settings say, and no other client and no review at all:
    the sentences are made for files. What is the same for all products of a client is kept for the next.
    """

    def __init__(self, recommender: FusedRecommender) -> None:
        self._recommender = recommender
        self._ranking: Ranking | None = None

    def __call__(self, client: str, product: str) -> str:
        """Return the sentence of a client and a product; raises `UnknownIdError`."""
        recommender = self._recommender
        if self._ranking is None or self._ranking.client != client:
            self._ranking = recommender.ranking(client)
        target = recommender.product_row(product)
        pair = Pair(recommender.model, recommender.client_row(client), target)
        rank = int(self._ranking.ranks[target]) or None
        explanation = account(pair, recommender.dataset, rank=rank, both=False)
        labels = Labels.of(recommender.dataset, explanation)
        return sentence(explanation, shown(explanation.client_lens, self._ranking.scale), labels, "client")

    def __repr__(self) -> str:
        return f"Reasons({self._recommender})"
