"""What a client gave up is offered again, marked as such in every list, and never as something it has."""

from dataclasses import replace
from datetime import date

import pyarrow as pa
import pytest

from finrec_core.advice import Rules, Suitability
from finrec_core.advice.batch import tables
from finrec_core.advice.emptiness import nothing_left
from finrec_core.advice.flips import Flips
from finrec_core.advice.listing import Reasons
from finrec_core.advice.reverse import reverse, rows
from finrec_core.advice.snapshot import LENGTH, Line, Snapshot, lines
from finrec_core.ranking import UnknownIdError
from finrec_core.recommender import FusedRecommender
from tests.advice.conftest import unjudged
from tests.advice.made import TODAY, line, snapshot
from tests.served import BARE, LEAVER, with_profiles

UNTIL = "until January 2027"


def test_it_is_offered_again_and_marked(given_up: FusedRecommender, gone: str) -> None:
    found = {one.product: one for one in given_up.recommend(LEAVER, 1000)}
    assert found[gone].rank
    assert not found[gone].held
    assert {key: one.former for key, one in found.items() if one.former} == {gone: UNTIL}
    assert gone not in given_up.held(LEAVER)
    assert found.keys().isdisjoint(given_up.held(LEAVER))


def test_it_may_be_added_in_a_what_if_and_cannot_be_left_out(given_up: FusedRecommender, gone: str) -> None:
    first = next(one.product for one in given_up.recommend(LEAVER, 5) if one.product != gone)
    with_it = given_up.what_if(LEAVER, first, with_interactions=[gone])
    assert with_it.added == (gone,)
    assert with_it.score != with_it.before.score
    assert abs(with_it.error) < 1e-9
    with pytest.raises(UnknownIdError, match="does not have product"):
        given_up.what_if(LEAVER, first, without_interactions=[gone])
    with pytest.raises(UnknownIdError, match="not held by client"):
        given_up.what_if(LEAVER, gone, without_clients=[LEAVER])


def test_it_is_no_reason_for_anything(given_up: FusedRecommender, gone: str) -> None:
    for one in given_up.recommend(LEAVER, 5):
        parts = given_up.explain(LEAVER, one.product).client_lens.contributions
        assert gone not in {part.id for part in parts if part.kind == "interaction"}
    others = given_up.explain("c012", gone).product_lens.contributions
    assert LEAVER not in {part.id for part in others if part.kind == "client"}


def test_every_row_of_the_files_says_so(given_up: FusedRecommender, gone: str) -> None:
    size = len(given_up.dataset.products)
    made = pa.concat_tables(tables(given_up, size, today=TODAY)).to_pylist()
    had = {(row["client"], row["product"]): row["former"] for row in made if row["former"]}
    pairs = given_up.dataset.pairs
    ids = [
        given_up.dataset.clients["client_id"].to_pylist(),
        given_up.dataset.products["product_id"].to_pylist(),
    ]
    former = [
        (ids[0][client], ids[1][product])
        for client, product in zip(
            pairs.clients[pairs.former].tolist(), pairs.products[pairs.former].tolist(), strict=True
        )
        if given_up.dataset.available[product]
    ]
    assert had == dict.fromkeys(former, UNTIL)
    assert Reasons(given_up)(LEAVER, gone).startswith(
        f"Client {LEAVER} had Product {int(gone[1:])} {UNTIL}. "
    )


def test_the_list_of_clients_for_it_says_so(given_up: FusedRecommender, gone: str) -> None:
    found = reverse(given_up, gone)
    told = rows(found, given_up.dataset, 1000, rules=None, today=TODAY).to_pylist()
    assert {row["client"]: row["former"] for row in told if row["former"]}[LEAVER] == UNTIL
    having = given_up.dataset.positive & (given_up.dataset.pair_products == given_up.product_row(gone))
    low = (
        given_up.dataset.pairs.held
        & given_up.dataset.low
        & (given_up.dataset.pair_products == given_up.product_row(gone))
    )
    assert found.holders == int(having.sum() + low.sum())


def test_a_client_that_gave_up_all_has_a_whole_list(given_up: FusedRecommender) -> None:
    ranking = given_up.ranking(BARE)
    assert len(ranking.order) == int(given_up.dataset.available.sum())
    assert not nothing_left(given_up.dataset, ranking)
    assert given_up.held(BARE) == []


def test_a_snapshot_keeps_it_on_its_head_lines_and_holdings(given_up: FusedRecommender, gone: str) -> None:
    made = unjudged(given_up, LEAVER, gone)
    assert made.former == UNTIL
    assert [one.product for one in made.holdings if one.state == "formerly held"] == [gone]
    whole = lines(given_up.dataset, given_up.ranking(LEAVER), given_up.ranking(LEAVER).order, None)
    assert {one.product: one.former for one in whole if one.former} == {gone: UNTIL}
    assert not any(one.held for one in whole)
    assert len(made.lines) == LENGTH
    assert Snapshot.from_json(made.to_json()) == made
    assert unjudged(given_up, "c012", gone).former == ""


def test_a_snapshot_from_before_still_opens() -> None:
    old = snapshot(lines=(line(1), line(2))).to_json()
    del old["former"]
    for one in old["lines"] + old["alternatives"]:
        del one["former"]
    found = Snapshot.from_json(old)
    assert found.former == ""
    assert {one.former for one in found.lines} == {""}
    assert isinstance(found.lines[0], Line)


def test_the_bank_may_rule_it_out(given_up: FusedRecommender, gone: str) -> None:
    dataset = with_profiles(given_up.dataset)
    rules = Rules.proposed(dataset)
    strict, row = replace(rules, former_fits=False), dataset.product_rows[gone]
    found = Suitability.of(dataset, LEAVER, strict, TODAY)
    assert found is not None
    assert found.kinds[row] == "does not fit"
    said = next(one for one in found.verdict(row).checks if one.rule == "formerly held")
    assert (said.outcome, said.sentence) == ("failed", f"The client had it {UNTIL}.")
    before = Suitability.of(dataset, LEAVER, rules, TODAY)
    assert before is not None
    assert [k for k in range(len(before.kinds)) if before.kinds[k] != found.kinds[k]] in ([row], [])
    flips = Flips.of(dataset, rules, strict, TODAY)
    assert 0 < flips.pairs <= int(dataset.pairs.former.sum())
    assert {after for _, after in flips.counts} == {"does not fit"}


def test_it_is_ruled_out_of_a_bank_without_profiles_too(given_up: FusedRecommender, gone: str) -> None:
    dataset, row = given_up.dataset, given_up.product_row(gone)
    strict = replace(Rules.proposed(dataset), former_fits=False)
    assert Suitability.of(dataset, LEAVER, Rules.proposed(dataset), date(2027, 3, 1)) is None
    found = Suitability.of(dataset, LEAVER, strict, date(2027, 3, 1))
    assert found is not None
    assert (found.kinds == "does not fit").sum() == 1 + (~dataset.available).sum()
    assert found.kinds[row] == "does not fit"
    assert Flips.of(dataset, Rules.proposed(dataset), strict, TODAY).pairs == int(
        (dataset.pairs.former & dataset.available[dataset.pair_products]).sum()
    )
    made = pa.concat_tables(tables(given_up, 1000, rules=strict, today=TODAY, suitable=True)).to_pylist()
    assert made
    assert not any(row["former"] for row in made)
    judged = rows(reverse(given_up, gone), dataset, 1000, rules=strict, today=TODAY).to_pylist()
    assert {row["verdict"] for row in judged if row["client"] == LEAVER} == {"does not fit"}
