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
from tests.advice.conftest import Run
from tests.advice.made import NOW, TODAY, line, snapshot
from tests.served import BARE, LEAVER, gave_up, with_profiles

UNTIL = "until January 2027"


@pytest.fixture(scope="module")
def desk() -> FusedRecommender:
    return gave_up()


@pytest.fixture(scope="module")
def gone(desk: FusedRecommender) -> str:
    """The product that the leaver gave up."""
    pairs = desk.dataset.pairs
    mine = pairs.former & (pairs.clients == desk.client_row(LEAVER))
    (row,) = pairs.products[mine].tolist()
    return desk.dataset.products["product_id"][row].as_py()


def test_it_is_offered_again_and_marked(desk: FusedRecommender, gone: str) -> None:
    found = {one.product: one for one in desk.recommend(LEAVER, 1000)}
    assert found[gone].rank
    assert not found[gone].held
    assert {key: one.former for key, one in found.items() if one.former} == {gone: UNTIL}
    assert gone not in desk.held(LEAVER)
    assert found.keys().isdisjoint(desk.held(LEAVER))


def test_it_may_be_added_in_a_what_if_and_cannot_be_left_out(desk: FusedRecommender, gone: str) -> None:
    first = next(one.product for one in desk.recommend(LEAVER, 5) if one.product != gone)
    with_it = desk.what_if(LEAVER, first, with_interactions=[gone])
    assert with_it.added == (gone,)
    assert with_it.score != with_it.before.score
    assert abs(with_it.error) < 1e-9
    with pytest.raises(UnknownIdError, match="does not have product"):
        desk.what_if(LEAVER, first, without_interactions=[gone])
    with pytest.raises(UnknownIdError, match="not held by client"):
        desk.what_if(LEAVER, gone, without_clients=[LEAVER])


def test_it_is_no_reason_for_anything(desk: FusedRecommender, gone: str) -> None:
    for one in desk.recommend(LEAVER, 5):
        parts = desk.explain(LEAVER, one.product).client_lens.contributions
        assert gone not in {part.id for part in parts if part.kind == "interaction"}
    others = desk.explain("c012", gone).product_lens.contributions
    assert LEAVER not in {part.id for part in others if part.kind == "client"}


def test_every_row_of_the_files_says_so(desk: FusedRecommender, gone: str) -> None:
    size = len(desk.dataset.products)
    made = pa.concat_tables(tables(desk, size, today=TODAY)).to_pylist()
    had = {(row["client"], row["product"]): row["former"] for row in made if row["former"]}
    pairs = desk.dataset.pairs
    ids = [desk.dataset.clients["client_id"].to_pylist(), desk.dataset.products["product_id"].to_pylist()]
    former = [
        (ids[0][client], ids[1][product])
        for client, product in zip(
            pairs.clients[pairs.former].tolist(), pairs.products[pairs.former].tolist(), strict=True
        )
        if desk.dataset.available[product]
    ]
    assert had == dict.fromkeys(former, UNTIL)
    assert Reasons(desk)(LEAVER, gone).startswith(f"Client {LEAVER} had Product {int(gone[1:])} {UNTIL}. ")


def test_the_list_of_clients_for_it_says_so(desk: FusedRecommender, gone: str) -> None:
    found = reverse(desk, gone)
    told = rows(found, desk.dataset, 1000, rules=None, today=TODAY).to_pylist()
    assert {row["client"]: row["former"] for row in told if row["former"]}[LEAVER] == UNTIL
    having = desk.dataset.positive & (desk.dataset.pair_products == desk.product_row(gone))
    low = desk.dataset.pairs.held & desk.dataset.low & (desk.dataset.pair_products == desk.product_row(gone))
    assert found.holders == int(having.sum() + low.sum())


def test_a_client_that_gave_up_all_has_a_whole_list(desk: FusedRecommender) -> None:
    ranking = desk.ranking(BARE)
    assert len(ranking.order) == int(desk.dataset.available.sum())
    assert not nothing_left(desk.dataset, ranking)
    assert desk.held(BARE) == []


def taken(desk: FusedRecommender, client: str, product: str) -> Snapshot:
    return Snapshot.of(
        desk.dataset,
        Run(),
        desk.explain(client, product),
        desk.ranking(client),
        suitability=None,
        rules_version=None,
        taken=NOW,
    )


def test_a_snapshot_keeps_it_on_its_head_lines_and_holdings(desk: FusedRecommender, gone: str) -> None:
    made = taken(desk, LEAVER, gone)
    assert made.former == UNTIL
    assert [one.product for one in made.holdings if one.state == "formerly held"] == [gone]
    whole = lines(desk.dataset, desk.ranking(LEAVER), desk.ranking(LEAVER).order, None)
    assert {one.product: one.former for one in whole if one.former} == {gone: UNTIL}
    assert not any(one.held for one in whole)
    assert len(made.lines) == LENGTH
    assert Snapshot.from_json(made.to_json()) == made
    assert taken(desk, "c012", gone).former == ""


def test_a_snapshot_from_before_still_opens() -> None:
    old = snapshot(lines=(line(1), line(2))).to_json()
    del old["former"]
    for one in old["lines"] + old["alternatives"]:
        del one["former"]
    found = Snapshot.from_json(old)
    assert found.former == ""
    assert {one.former for one in found.lines} == {""}
    assert isinstance(found.lines[0], Line)


def test_the_bank_may_rule_it_out(desk: FusedRecommender, gone: str) -> None:
    dataset = with_profiles(desk.dataset)
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


def test_it_is_ruled_out_of_a_bank_without_profiles_too(desk: FusedRecommender, gone: str) -> None:
    dataset, row = desk.dataset, desk.product_row(gone)
    strict = replace(Rules.proposed(dataset), former_fits=False)
    assert Suitability.of(dataset, LEAVER, Rules.proposed(dataset), date(2027, 3, 1)) is None
    found = Suitability.of(dataset, LEAVER, strict, date(2027, 3, 1))
    assert found is not None
    assert (found.kinds == "does not fit").sum() == 1 + (~dataset.available).sum()
    assert found.kinds[row] == "does not fit"
    assert Flips.of(dataset, Rules.proposed(dataset), strict, TODAY).pairs == int(
        (dataset.pairs.former & dataset.available[dataset.pair_products]).sum()
    )
    made = pa.concat_tables(tables(desk, 1000, rules=strict, today=TODAY, suitable=True)).to_pylist()
    assert made
    assert not any(row["former"] for row in made)
    judged = rows(reverse(desk, gone), dataset, 1000, rules=strict, today=TODAY).to_pylist()
    assert {row["verdict"] for row in judged if row["client"] == LEAVER} == {"does not fit"}
