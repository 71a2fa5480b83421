"""Snapshots to decide on: one of the planted bank with profiles, and those that hypothesis makes up."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

import pytest

from finrec_core.advice.rules import Rules
from finrec_core.advice.snapshot import Snapshot
from finrec_core.advice.suitability import Suitability
from finrec_core.explain.account import account
from finrec_core.explain.pair import Pair
from finrec_core.ranking import Ranking
from finrec_core.recommender import FusedRecommender
from tests.advice.made import NOW, TODAY
from tests.explain.conftest import planted_bank, planted_model  # noqa: F401
from tests.planted import table


@dataclass(frozen=True)
class Run:
    """A run as the store names it."""

    run: str = "20260301-091200-000"
    dataset: str = "bank"
    version: int = 3
    content_hash: str = "ab12"
    created: datetime = datetime(2026, 3, 1, 9, 12, tzinfo=UTC)


def unjudged(recommender: FusedRecommender, client: str, product: str) -> Snapshot:
    """Return the snapshot of a client's product without rules."""
    return Snapshot.of(
        recommender.dataset,
        Run(),
        recommender.explain(client, product),
        recommender.ranking(client),
        suitability=None,
        rules_version=None,
        taken=NOW,
    )


@pytest.fixture(scope="session")
def profiled(planted_bank):  # noqa: F811
    """The planted bank with profiles; risk classes rise with the rows of the products."""
    bank = planted_bank.dataset
    size, products = len(bank.clients), len(bank.products)
    ids = bank.clients["client_id"].to_pylist()
    return replace(
        bank,
        clients=table(
            "clients",
            client_id=ids,
            name=[f"Client {key}" for key in ids],
            segment=["Private"] * size,
            risk_tolerance=[4] * size,
            horizon_years=[12.5] * size,
            knowledge=["informed"] * size,
            loss_capacity=["limited"] * size,
            profile_date=[date(2026, 1, 5)] * size,
        ),
        products=table(
            "products",
            product_id=bank.products["product_id"].to_pylist(),
            name=bank.products["name"].to_pylist(),
            category=["Funds"] * products,
            risk_class=[1 + row % 7 for row in range(products)],
            min_horizon_years=[5.0] * products,
            ongoing_cost_pct=[0.85] * products,
            min_knowledge=["basic"] * products,
            loss_potential=["limited"] * products,
            available=[True] * products,
        ),
    )


@pytest.fixture(scope="session")
def ranked(profiled, planted_model):  # noqa: F811
    """Return a function that ranks and explains a client's product, by rank or by id."""

    def of(client, product=1):
        row = profiled.client_rows[client]
        scores = planted_model.scores([row])[0]
        offered = profiled.available.copy()
        offered[planted_model.evidence.held[[row]].indices] = False
        ranking = Ranking.of(client, scores, offered)
        target = (
            int(ranking.order[product - 1]) if isinstance(product, int) else profiled.product_rows[product]
        )
        pair = Pair(planted_model, row, target)
        return account(pair, profiled, rank=int(ranking.ranks[target]) or None), ranking

    return of


@pytest.fixture(scope="session")
def taken(profiled, ranked):
    """Return a function that takes a snapshot of a client's product, by rank or by id."""

    def of(client="c010", product=1, dataset=profiled, rules=None):
        explanation, ranking = ranked(client, product)
        suitability = Suitability.of(dataset, client, rules or Rules.proposed(dataset), TODAY)
        return Snapshot.of(
            dataset, Run(), explanation, ranking, suitability=suitability, rules_version=2, taken=NOW
        )

    return of
