"""The forecast: its rule stands on the measured tables, and it tells text that carries taste from noise."""

import re
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from finrec_core.dataset import Profile
from finrec_core.demo.bank import demo_bank
from finrec_core.evaluation import evaluate
from finrec_core.evaluation.forecast import ARMS, GRAPH, TEXT, text_forecast, ties_forecast
from finrec_core.terms.names import OURS
from finrec_core.text import Reading
from tests.conftest import REPOSITORY

RESULTS = REPOSITORY / "tests" / "bench" / "results"


def document(text, graph, slices=(), paired=()):
    def arms(*values):
        return {arm: {"ndcg@20": {"value": value}} for arm, value in zip((TEXT, GRAPH), values, strict=True)}

    parts = {name: {"clients": clients, "arms": arms(t, g)} for name, clients, t, g in slices}
    whole = {"arms": arms(text, graph), "by_product_degree": parts, "paired": list(paired)}
    return {"protocols": {"per-client": whole}}


def measured(name):
    """Return the document of a measured set's table, and the gain of the fused model that stands there."""
    text = (RESULTS / f"{name}.md").read_text("utf-8").split("## global-time")[0]
    lines = [[cell.strip(" *") for cell in line.strip("|").split("|")] for line in text.splitlines()]
    values = {}
    for row in lines:
        if row[0] in (TEXT, GRAPH) and len(row) == 7 and row[0] not in values:
            values[row[0]] = float(row[1].split()[0])
    head = next(row for row in lines if row[0] == "arm" and len(row) > 1 and re.match(r"<=4 \(", row[1]))
    clients = [int(re.search(r"\(([\d,]+)\)", cell)[1].replace(",", "")) for cell in head[1:]]
    after = lines[lines.index(head) :]
    cells = {row[0]: row[1:] for row in reversed(after) if row[0] in (TEXT, GRAPH) and "/" in row[-1]}
    slices = [
        (cell, clients[k], *(float(cells[arm][k].split("/")[0]) for arm in (TEXT, GRAPH)))
        for k, cell in enumerate(head[1:])
    ]
    against = next(row for row in lines if row[0] == GRAPH and row[1].startswith(("+", "-", "**")))
    gain = float(re.search(r"[+-]\d+\.\d", against[1])[0]) / 100
    return document(values[TEXT], values[GRAPH], slices), gain


@pytest.mark.parametrize(
    ("name", "ratio", "room"),
    [
        ("stocknet", 0.92, 0.0),
        ("gift_cards", 0.875, 0.0),
        ("lastfm", 0.73, 0.012),
        ("lastfm_30", 0.97, 0.033),
    ],
)
def test_the_rule_holds_for_the_sets_it_stands_on(name, ratio, room):
    found, gain = measured(name)
    guess = text_forecast(found)
    assert guess.ratio == pytest.approx(ratio, abs=0.006)
    assert guess.room == pytest.approx(room, abs=0.001)
    assert guess.guess.low <= gain <= guess.guess.high
    assert guess.expected == pytest.approx(gain, abs=0.025)


def test_room_counts_only_where_text_is_better():
    slices = [("<=4", 10, 0.2, 0.1), (">=20", 90, 0.1, 0.3)]
    guess = text_forecast(document(0.11, 0.28, slices))
    assert guess.room == pytest.approx(10 * 0.1 / (10 * 0.1 + 90 * 0.3))
    assert guess.guess.low < guess.expected < guess.guess.high
    assert guess.measured is None


def test_what_many_hold_leaves_no_room():
    assert text_forecast(document(0.5, 0.3, [("<=4", 10, 0.1, 0.1), (">=20", 90, 0.5, 0.3)])).room == 0


def test_a_measured_gain_is_handed_on():
    pair = {"a": OURS, "b": GRAPH, "metric": "ndcg@20", "relative": 0.05, "ci95": [0.01, 0.09]}
    assert text_forecast(document(0.1, 0.2, paired=[pair])).measured == (0.05, 0.01, 0.09)
    assert text_forecast(document(0.1, 0.2, paired=[pair | {"ci95": None}])).measured is None


@pytest.mark.parametrize("lacking", [{}, {"protocols": {}}, document(None, 0.3), document(0.3, 0.0)])
def test_without_both_arms_there_is_no_forecast(lacking):
    assert text_forecast(lacking) is None


@pytest.fixture(scope="module")
def bank():
    return demo_bank(200, 60, 3).dataset


def forecast_of(dataset):
    reading = Reading("tf-idf")
    found = evaluate(dataset, {reading.label: reading}, arms=(TEXT, GRAPH), seeds=range(1))
    return text_forecast(found)


def test_text_that_carries_taste_is_told_from_random_text(bank):
    shuffle = np.random.default_rng(0).permutation(len(bank.products))
    columns = bank.products.select(["name", "category", "description"]).take(pa.array(shuffle))
    products = bank.products
    for name in columns.schema.names:
        products = products.set_column(products.schema.get_field_index(name), name, columns[name])
    reviews = bank.interactions["review"].take(
        pa.array(np.random.default_rng(1).permutation(len(bank.interactions)))
    )
    place = bank.interactions.schema.get_field_index("review")
    noise = replace(
        bank, products=products, interactions=bank.interactions.set_column(place, "review", reviews)
    )
    true, random = (forecast_of(one) for one in (bank, noise))
    assert true.ratio > random.ratio + 0.05
    assert true.expected >= random.expected
    assert true.room >= random.room


def test_ties_are_told_from_ties_drawn_at_random(bank):
    close = ties_forecast(Profile.of(bank))
    turned = np.random.default_rng(0).permutation(len(bank.clients))
    ids = bank.clients["client_id"]
    ends = [ids.take(pa.array(turned[bank.tie_rows[:, k]])) for k in (0, 1)]
    ties = pa.table(
        {"client_id": ends[0], "other_client_id": ends[1], "kind": bank.ties["kind"]}, bank.ties.schema
    )
    far = ties_forecast(Profile.of(replace(bank, ties=ties)))
    assert (close.level, far.level) in {("much", "none"), ("some", "none")}
    assert close.everybody.high > far.everybody.high
    assert close.few.high > close.everybody.high
    assert ties_forecast(Profile.of(replace(bank, ties=bank.ties.slice(0, 0)))) is None
    assert ties_forecast(replace(Profile.of(bank), tied_few=0)).few is None


def test_the_arms_are_arms():
    from finrec_core.evaluation import ARMS as EVERY

    assert set(ARMS) <= set(EVERY)
