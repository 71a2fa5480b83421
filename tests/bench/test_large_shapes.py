"""The two lopsided shapes at full size: training ends within minutes and does not fall below popularity."""

import time

import pytest

from finrec_core import FusedRecommender
from tests.shapes import drawn

SIZES = {  # clients, products, products of client u
    "tall": (29_000, 21, lambda u: 1 + u % 6),
    "wide": (300, 30_000, lambda u: 30 + u % 60),
}
SECONDS = 300  # on 2 cores

pytestmark = [pytest.mark.bench, pytest.mark.timeout(1800)]


@pytest.mark.parametrize("shape", SIZES)
def test_a_lopsided_bank_is_learned_in_minutes(shape: str, capsys: pytest.CaptureFixture[str]) -> None:
    clients, products, per_client = SIZES[shape]
    dataset = drawn(clients=clients, products=products, per_client=per_client)
    start = time.monotonic()
    recommender = FusedRecommender().fit(dataset)
    seconds = time.monotonic() - start
    protocol = recommender.metrics["protocols"]["per-client"]
    figures = {arm: figures["ndcg@20"]["value"] for arm, figures in protocol["arms"].items()}
    with capsys.disabled():
        print(f"\n{shape}: {seconds:.0f} s, {recommender.seconds}, NDCG@20 {figures}")  # noqa: T201
    against = {one["b"]: one["ci95"] for one in protocol["paired"] if one["metric"] == "ndcg@20"}
    assert against["popularity"][1] >= 0
    assert seconds < SECONDS
