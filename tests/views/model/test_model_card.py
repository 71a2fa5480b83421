"""The model card: page and JSON hold the same figures, everything is on it, and hostile text stays text."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from finrec_core.advice.drivers import drivers
from finrec_core.advice.monitoring import Decided, Monitoring
from finrec_core.advice.vocabulary import StrongWord, Vocabulary
from finrec_core.dataset import limits
from finrec_core.evaluation.groups import Group
from finrec_core.store import Activation, Comparison, RunRow
from finrec_core.terms import wording
from finrec_core.views.model import arms, failings
from finrec_core.views.model.model_card import ModelCard
from tests.hostile import BROKEN, TEXTS
from tests.views.markup import Page

MADE = datetime(2026, 3, 10, 14, 30, tzinfo=UTC)
ARMS = (
    *("popularity", "recent-popularity", "item-knn", "ease", "edlae", "lightgcn", "text-closed"),
    *("text-network", "graph-network", "graph-sum", "fused-network", "fused"),
)


def figures(value):
    return {
        metric: {"value": value + k / 1000, "ci95": [value - 0.03, value + 0.04]}
        for k, metric in enumerate(("ndcg@20", "recall@20", "precision@10", "hit@10", "mrr"))
    } | {"coverage@20": {"value": 0.8, "ci95": None}}


def protocol(names, **changes):
    """Return a protocol in which graph-network is not beaten, edlae better, and popularity wins a slice."""
    each = {arm: figures(0.2 + k / 100) for k, arm in enumerate(names)}
    ends = {"graph-network": [-0.01, 0.05], "edlae": [-0.09, -0.02]}
    return {
        "arms": each,
        "paired": [
            {
                "a": "fused",
                "b": arm,
                "metric": "ndcg@20",
                "relative": 0.123,
                "ci95": ends.get(arm, [0.05, 0.2]),
            }
            for arm in names
            if arm != "fused"
        ],
        "by_client_degree": {
            "1-2": {"clients": 40, "arms": {**each, "popularity": figures(0.9)}},
            "0": {"clients": 3, "arms": each},
            ">=10": {"clients": 70, "arms": each},
        },
        "by_product_degree": {"<=4": {"clients": 20, "arms": each}},
        "controls": {},
        "constants": {},
        "seconds": {},
        "clients": 78,
        "seeds": [0],
        "notes": ["EASE is left out. " + TEXTS[0]],
    } | changes


@pytest.fixture(scope="module")
def card(recommender):
    row = RunRow(
        run=recommender.run,
        dataset=TEXTS[1],
        version=3,
        content_hash="ab" * 32,
        created=MADE - timedelta(days=9),
        seconds=108.0,
        encoder=TEXTS[2],
        seed=0,
        metrics={"protocols": {"per-client": protocol(("popularity", "ease", "fused"))}},
        constants=recommender.constants.to_json(),
        user=TEXTS[3],
        active=True,
    )
    controls = {"cold-clients": {"description": TEXTS[4], "arms": {"fused": figures(0.1)}, "paired": []}}
    compared = {
        "dataset": "x",
        "keep": 1.0,
        "protocols": {
            "per-client": protocol(ARMS, controls=controls),
            "global-time": protocol((*ARMS, "fused " + TEXTS[0])),
        },
    }
    decided = [
        Decided("accept" if k % 3 else "reject", "r", 1 + k, "fits", False, MADE, "Ana Secret")
        for k in range(9)
    ]
    return ModelCard(
        row=row,
        recommender=recommender,
        made=MADE,
        in_use=True,
        activations=[
            Activation(1, recommender.run, MADE, TEXTS[5], TEXTS[8], "publish"),
            Activation(2, "other", MADE, "", "", "publish"),
        ],
        comparison=Comparison("c1", "x", 3, "ab" * 32, MADE, TEXTS[0], compared),
        drivers=drivers(recommender),
        words=Vocabulary((StrongWord(TEXTS[0], 1.0, 2.34, 7, 0),), 5, 9, 0.6, 2, 0.0),
        segments=(Group(TEXTS[0], 40, 0.456, 0.4, 0.5), Group("", 3, None, None, None)),
        practice=Monitoring(tuple(decided), 0, 0, 0, 12, 4),
    )


@pytest.fixture(scope="module")
def page(card):
    return Page(card.html())


def test_the_page_parses_and_holds_no_script_and_nothing_from_outside(card, page):
    assert page.tags.isdisjoint({"script", "img", "a", "iframe", "link", "object", "form"})
    assert not {name for name in page.attributes if name.startswith("on") or name in ("src", "href")}
    assert f"<script>{BROKEN}" not in card.html()
    assert "default-src 'none'" in card.html()
    assert {"h1", "h2", "main", "caption"} <= page.tags


def test_how_rows_are_held_back_and_how_much_repeats_is_said(card):
    repeated = protocol(("fused",), repeats=0.125)
    metrics = {"protocols": {"per-client": repeated, "global-time": protocol(("fused",), repeats=0.0)}}
    made = replace(card, row=replace(card.row, metrics=metrics), comparison=None)
    text = Page(made.html()).text
    assert text.count("12.5 % they had had before: repeats are no targets.") == 1
    assert text.count("Rows of one client at one time, or with one text, are one occasion") == 2
    assert [one["repeats"] for one in made.document["tests"]] == [0.125, 0.0]
    assert "repeats are no targets" not in Page(card.html()).text, "older documents do not hold the share"


def test_what_is_formerly_held_is_counted_apart(card, given_up):
    data, dataset = card.document["data"], card.recommender.dataset
    assert (data["holdings"], data["formerly_held"]) == (int(dataset.positive.sum()), 0)
    assert data["interactions_positive"] == data["holdings"], "one event each"
    made = replace(card, recommender=given_up, drivers=None, comparison=None)
    data = made.document["data"]
    assert data["formerly_held"] == int(given_up.dataset.pairs.former.sum()) > 0
    assert data["holdings"] == int(given_up.dataset.positive.sum())
    assert "formerly held, which count for nothing" in Page(made.html()).text


def test_every_arm_of_every_test_is_on_both_with_the_same_figures(card, page):
    tests = json.loads(json.dumps(card.document))["tests"]
    assert [(one["source"], one["protocol"]) for one in tests] == [
        ("training", "per-client"),
        ("comparison", "per-client"),
        ("comparison", "global-time"),
    ]
    assert {one["arm"] for one in tests[1]["arms"]} == set(ARMS)
    for test in tests:
        assert test["arms"][0]["model"]
        for one in test["arms"]:
            assert arms.title(one["arm"]) in page.text
            for metric, figure in one["metrics"].items():
                shown = wording.plain(figure["value"], 3)
                if metric == "coverage@20":
                    shown = wording.percent(figure["value"], 0)
                assert shown in page.text
                if figure["ci95"]:
                    low, high = (wording.plain(end, 3) for end in figure["ci95"])
                    assert f"{low} to {high}" in page.text
        for pair in test["paired"]:
            assert f"{wording.signed(100 * pair['relative'], 1)} %" in page.text
    results = {pair["against"]: pair["result"] for pair in tests[1]["paired"]}
    assert (results["graph-network"], results["edlae"], results["ease"]) == ("Not settled", "Worse", "Better")


def test_every_limit_and_failing_is_on_both(card, page, recommender):
    document = card.document
    assert document["limits"] == list(limits(recommender.dataset))
    for said in [*document["limits"], *document["failings"], *failings.ALWAYS]:
        assert wording.name(said, "", 10_000) in page.text or said in page.text
    said = " ".join(document["failings"])
    assert "Only 78 clients could be tested" in said
    assert "In the comparison (client by client): on NDCG@20 it is beaten by EDLAE." in said
    assert "on NDCG@20 it is not shown to beat graph only." in said
    assert "For clients with 1 to 2 products (40 clients), popularity reaches 0.900" in said
    assert "It is weakest for" in said
    assert "Of 1 of 80 clients nothing is known" in said


def test_failings_follow_the_figures(recommender):
    """A model that beats everything is not said to lose, and one without tests is said to have none."""
    best = protocol(("popularity", "fused"), clients=5000)
    best["by_client_degree"] = {}
    said = " ".join(failings.of_tests(best))
    assert "beat" not in said
    assert "Only" not in said
    assert [*failings.of_tests({})] == ["It was not tested: no client has enough products to hold any back."]
    model = recommender.model
    nobody = int((model.evidence.degree == 0).sum())
    assert f"{nobody} offered product" in " ".join(failings.of_data(recommender))


def test_a_test_of_one_client_shows_no_interval_and_no_verdict(card):
    one = protocol(("item-knn", "fused"), clients=1, paired=[], by_client_degree={}, by_product_degree={})
    for figure in [figure for arm in one["arms"].values() for figure in arm.values()]:
        figure["ci95"] = None
    row = replace(card.row, metrics={"protocols": {"per-client": one}})
    alone = ModelCard(row=row, recommender=card.recommender, made=MADE)
    (test,) = alone.document["tests"]
    assert test["arms"][0]["metrics"]["ndcg@20"] == {"value": pytest.approx(0.21), "ci95": None}
    page = alone.html()
    words = Page(page).text
    assert "Only one client could be tested: there is no interval" in words
    assert "0.210" in words
    assert "0.180 to" not in words
    assert 'class="result"' not in page
    assert "beaten" not in words


def test_slices_stand_in_order_and_small_ones_keep_their_figures(card, page):
    slices = card.document["tests"][0]["slices"]["by_client_degree"]
    assert [one["name"] for one in slices] == ["0", "1-2", ">=10"]
    assert slices[0]["arms"] == []
    assert "too few" in page.text


def test_drivers_words_segments_and_practice_are_the_same_on_both(card, page):
    document = card.document
    for lens in document["drivers"]["lenses"].values():
        for kind in lens["kinds"]:
            shown = f"{kind['title']} {wording.signed(kind['points'], 1)} {wording.percent(kind['share'], 1)}"
            assert shown in page.text
        assert lens["start"] + sum(kind["points"] for kind in lens["kinds"]) == pytest.approx(lens["total"])
    assert "+2.34" in page.text
    assert document["segments"][0]["value"] == 0.456
    assert "0.456" in page.text
    practice = document["practice"]
    assert (practice["accepted"], practice["rejected"], practice["lists_shown"]) == (6, 3, 12)
    assert practice["sentence"] in page.text
    assert "adviser" not in practice["by"]
    assert "Ana Secret" not in card.html() + json.dumps(document)


def test_the_steps_that_put_it_in_use_are_told_and_no_other_runs(card, page):
    (one,) = card.document["model"]["published"]
    assert (one["by"], one["reason"], one["step"]) == (TEXTS[5], TEXTS[8], "publish")
    assert TEXTS[8] in page.text


def test_no_client_is_on_a_card(card, recommender):
    both = card.html() + json.dumps(card.document)
    assert not [key for key in recommender.dataset.clients["client_id"].to_pylist() if f'"{key}"' in both]
    assert not re.search(r"\bc0\d\d\b", both)


def test_what_is_not_at_hand_is_said_and_null(card):
    bare = ModelCard(row=replace(card.row, metrics={}, version=0), recommender=card.recommender, made=MADE)
    document, words = bare.document, Page(bare.html()).text
    for part in ("drivers", "words", "practice"):
        assert document[part] is None
    assert document["tests"] == document["segments"] == []
    assert document["data"]["version"] is document["model"]["in_use"] is None
    assert "Not worked out for this card." in words
    assert "without the decision log" in words
    assert "It was not tested" in words
    assert bare.name == f"model-card-{card.row.run}"


def test_where_figures_mean_nothing_is_on_both(card):
    assert card.document["caveats"] == []
    said = "Clients have 97 % of all products."
    row = replace(card.row, metrics=card.row.metrics | {"caveats": [said]})
    compared = replace(card.comparison, document=card.comparison.document | {"caveats": [said, "Too few."]})
    doubtful = replace(card, row=row, comparison=compared)
    assert doubtful.document["caveats"] == [said, "Too few."]
    assert f"<strong>{said}</strong>" in doubtful.html()
