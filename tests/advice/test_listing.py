"""Lists of all clients in one file: true ranks, nothing forbidden, nobody named."""

from datetime import date

import pyarrow as pa
import pytest

from finrec_core.advice import listing
from finrec_core.advice.batch import tables
from finrec_core.advice.listing import Reasons
from finrec_core.advice.rules import Rules
from finrec_core.demo.bank import demo_bank
from finrec_core.explain.points import shown
from finrec_core.narrative.labels import Labels
from finrec_core.narrative.sentence import sentence
from finrec_core.recommender import FusedRecommender
from finrec_core.settings import settings
from tests.served import served, with_profiles

TODAY = date(2026, 3, 1)


@pytest.fixture(scope="module")
def recommender():
    found = served()
    found._dataset = with_profiles(found.dataset)
    return found


def test_what_does_not_fit_is_left_out_and_ranks_stay(recommender):
    rules = Rules.proposed(recommender.dataset)
    whole = pa.concat_tables(tables(recommender, 64, rules=rules, today=TODAY)).to_pylist()
    few = pa.concat_tables(tables(recommender, 4, rules=rules, today=TODAY, suitable=True)).to_pylist()
    for client in ("c001", "c042"):
        allowed = [row for row in whole if row["client"] == client and row["verdict"] != "does not fit"]
        assert [row for row in few if row["client"] == client] == allowed[:4]
    assert "does not fit" in {row["verdict"] for row in whole}


def test_a_table_holds_no_more_rows_than_its_limit(recommender, monkeypatch):
    monkeypatch.setattr("finrec_core.advice.batch.AT_ONCE", 20)
    parts = list(tables(recommender, 5, today=TODAY))
    assert max(len(part) for part in parts) == 20
    assert sum(len(part) for part in parts) == 5 * 80


def test_progress_goes_from_client_to_client(recommender, tmp_path):
    told = []
    made = listing.write(
        recommender, tmp_path / "l.csv", 2, rules=None, today=TODAY, progress=lambda *one: told.append(one)
    )
    assert (made.rows, made.clients) == (160, 80)
    shares = [share for _, share in told]
    assert len(set(shares)) >= 80
    assert shares == sorted(shares)


def test_a_cancelled_listing_leaves_no_file(recommender, tmp_path):
    def stop(stage, share):
        if share > 0.5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        listing.write(recommender, tmp_path / "l.csv", 2, rules=None, today=TODAY, progress=stop)
    assert list(tmp_path.iterdir()) == []


@pytest.fixture(scope="module")
def bank(tmp_path_factory):
    dataset = demo_bank(60, 20, 1).dataset
    return FusedRecommender(vectors=tmp_path_factory.mktemp("vectors"), compare=False).fit(dataset)


def test_the_reason_is_the_cards_and_names_no_other_client(bank, monkeypatch):
    monkeypatch.setenv("FINREC_SHOW_TIE_NAMES", "true")
    settings.cache_clear()
    try:
        why = Reasons(bank)
        names = dict(
            zip(*(bank.dataset.clients[key].to_pylist() for key in ("client_id", "name")), strict=True)
        )
        tied = set(bank.dataset.ties["client_id"].to_pylist())
        for client in [key for key in names if key in tied][:10]:
            for line in bank.recommend(client, 3):
                said = why(client, line.product)
                explanation = bank.explain(client, line.product)
                labels = Labels.of(bank.dataset, explanation)
                view = shown(explanation.client_lens, bank.ranking(client).scale)
                assert said == sentence(explanation, view, labels, "client")
                assert not [name for key, name in names.items() if key != client and name in said]
    finally:
        monkeypatch.undo()
        settings.cache_clear()
