"""What a client gave up is marked on every screen that recommends or explains it, with the same words."""

from dataclasses import replace

import pytest

from finrec_core.advice.reverse import reverse
from finrec_core.advice.rules import Rules
from finrec_core.advice.snapshot import Line, Snapshot, lines
from finrec_core.explain.contrast import Contrast
from finrec_core.explain.points import shown
from finrec_core.narrative import contrast
from finrec_core.narrative.labels import Labels, product_titles
from finrec_core.recommender import FusedRecommender
from finrec_core.views.charts.theme import LIGHT
from finrec_core.views.recommendation import audience, decisions, product_list, story
from finrec_core.views.recommendation.client import client_line
from finrec_core.views.recommendation.contrast import side_by_side
from finrec_core.views.recommendation.paths import Subgraph
from finrec_core.views.recommendation.picture import picture
from finrec_core.views.recommendation.product import product_view
from finrec_core.views.recommendation.record import Record
from tests.advice.conftest import Run
from tests.advice.made import NOW, TODAY
from tests.served import BARE, LEAVER, gave_up
from tests.views.markup import Page

BADGE = "Had until January 2027"


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


@pytest.fixture(scope="module")
def first(desk: FusedRecommender, gone: str) -> str:
    """The best product of the leaver beside the one it gave up."""
    return next(one.product for one in desk.recommend(LEAVER, 2) if one.product != gone)


def labelled(desk: FusedRecommender, client: str, product: str) -> Labels:
    return Labels.of(desk.dataset, desk.explain(client, product))


def test_the_list_has_a_column_where_any_was_given_up(desk: FusedRecommender, gone: str) -> None:
    ranking = desk.ranking(LEAVER)
    frame = product_list.ranked(desk.dataset, ranking, ranking.order, None)
    assert dict(zip(frame["id"], frame["former"], strict=True))[gone] == BADGE
    assert frame["former"].tolist().count("") == len(frame) - 1
    rest = ranking.order[ranking.order != desk.product_row(gone)]
    assert "former" not in product_list.ranked(desk.dataset, ranking, rest, None)
    assert gone not in {
        desk.dataset.products["product_id"][row].as_py()
        for row in product_list.held(desk.dataset, LEAVER).nonzero()[0].tolist()
    }


def test_whoever_looks_it_up_is_told(desk: FusedRecommender, gone: str) -> None:
    found = product_list.choices(desk.dataset, desk.ranking(LEAVER), 1000)
    assert found[gone].endswith(", had until January 2027")
    assert sum("had until" in one for one in found.values()) == 1


def test_two_products_side_by_side(desk: FusedRecommender, gone: str, first: str) -> None:
    ranking = desk.ranking(LEAVER)
    one, two = (desk.line(ranking, desk.product_row(key)) for key in (first, gone))
    rows = {row[0]: row[1:] for row in side_by_side(desk.dataset, ranking.scale, (one, two)).values.tolist()}
    assert rows["Held before"] == ["–", BADGE]
    assert "Has it already" not in rows["Rank"]
    plain = side_by_side(desk.dataset, ranking.scale, (one, replace(two, former="")))
    assert "Held before" not in plain.iloc[:, 0].tolist()


@pytest.mark.parametrize("swapped", [False, True])
def test_the_contrast_says_had_of_either_product(
    desk: FusedRecommender, gone: str, first: str, swapped: bool
) -> None:
    keys = (gone, first) if swapped else (first, gone)
    found = Contrast.of(*(desk.explain(LEAVER, key) for key in keys))
    titles = product_titles(desk.dataset, [desk.product_row(key) for key in keys])
    view = found.shown(desk.ranking(LEAVER).scale)
    text = contrast.sentence(found, view, labelled(desk, LEAVER, keys[0]), titles[keys[1]])
    assert text.startswith(f"Client {LEAVER} had {titles[gone]} until January 2027. ")
    assert "already" not in text


def test_the_clients_for_a_product(desk: FusedRecommender, gone: str) -> None:
    frame = audience.table(desk, reverse(desk, gone), 1000, Rules.proposed(desk.dataset), TODAY)
    mine = frame[frame["id"] == LEAVER].iloc[0]
    assert mine["Held before"] == BADGE
    assert f" until January 2027. Client {LEAVER} has " in mine["Why"]
    other = next(
        key
        for key in desk.dataset.products["product_id"].to_pylist()
        if not (desk.dataset.pairs.former & (desk.dataset.pair_products == desk.product_row(key))).any()
    )
    frame = audience.table(desk, reverse(desk, other), 5, Rules.proposed(desk.dataset), TODAY)
    assert "Held before" not in frame


@pytest.mark.parametrize("lens", ["client", "product"])
def test_the_picture_its_words_and_its_table(desk: FusedRecommender, gone: str, lens: str) -> None:
    explanation, names = desk.explain(LEAVER, gone), labelled(desk, LEAVER, gone)
    view = shown(explanation.lens(lens), desk.ranking(LEAVER).scale)
    assert view is not None
    found = picture(explanation, view, names, lens, LIGHT, subgraph=Subgraph())  # type: ignore[arg-type]
    assert found.text.startswith(f"Client {LEAVER} had {names.product} until January 2027. ")
    assert found.table.iloc[-1].tolist() == [
        f"Client {LEAVER}",
        "had until January 2027",
        names.product,
        "",
    ]
    other = picture(
        explanation,
        view,
        replace(names, formers={}),
        lens,
        LIGHT,
        subgraph=Subgraph(),  # type: ignore[arg-type]
    )
    assert "had" not in other.text.split()
    assert len(other.table) == len(found.table) - 1


def snapshot(desk: FusedRecommender, client: str, product: str) -> Snapshot:
    return Snapshot.of(
        desk.dataset,
        Run(),
        desk.explain(client, product),
        desk.ranking(client),
        suitability=None,
        rules_version=None,
        taken=NOW,
    )


def test_the_record_says_it_at_its_head_and_beside_the_alternatives(
    desk: FusedRecommender, gone: str, first: str
) -> None:
    text = Page(Record(snapshot(desk, LEAVER, gone), "Ana", "a" * 64, NOW).html()).text
    assert f"Client {LEAVER} had it until January 2027." in text
    assert "What the client has and had" in text
    shown_first = snapshot(desk, LEAVER, first)
    given_up = next(one for one in whole_list(desk) if one.product == gone)
    beside = replace(shown_first, alternatives=(given_up,))
    text = Page(Record(beside, "Ana", "a" * 64, NOW).html()).text
    assert f"{given_up.rank}" in text
    assert ", had until January 2027" in text
    assert "had it until" not in text
    before = replace(snapshot(desk, "c012", first), former="")
    assert "had" not in Page(Record(before, "Ana", "a" * 64, NOW).html()).text.split()


def whole_list(desk: FusedRecommender) -> tuple[Line, ...]:
    ranking = desk.ranking(LEAVER)
    return lines(desk.dataset, ranking, ranking.order, None)


def test_a_client_that_gave_up_all_is_not_called_unknown(desk: FusedRecommender) -> None:
    key = desk.recommend(BARE, 1)[0].product
    made = snapshot(desk, BARE, key)
    assert made.branch == "popularity"
    text = Page(Record(made, "Ana", "a" * 64, NOW).html()).text
    assert "The client had nothing any more: the most widespread products come first." in text
    assert "Nothing was known" not in text
    line = client_line(desk.dataset, BARE)
    assert (line.cold, line.gave_up, line.has) == (True, True, ())
    scene = story.client_scene(line, "has", "Fund", had=made.former)
    assert scene.title == "A client who has nothing any more."


def test_the_lines_of_a_decision(desk: FusedRecommender, gone: str, first: str) -> None:
    made = snapshot(desk, LEAVER, first)
    whole = whole_list(desk)
    frame = decisions.lines(made, whole)
    assert frame["Held before"].tolist().count(BADGE) == 1
    rest = tuple(one for one in whole if one.product != gone)
    assert "Held before" not in decisions.lines(made, rest)


def test_the_story_says_had(desk: FusedRecommender, gone: str) -> None:
    line, names = client_line(desk.dataset, LEAVER), labelled(desk, LEAVER, gone)
    scene = story.client_scene(line, "has", names.product, had=story.masked(names).former)
    assert "on this client's list? The client had it until January 2027. Only what" in scene.text
    assert names.product not in story.chips(line, LIGHT)
    assert "had" not in story.client_scene(line, "has", "Fund").text.split()


def test_nobody_who_gave_it_up_is_counted_among_those_who_have_it(desk: FusedRecommender, gone: str) -> None:
    view = product_view(desk.dataset, gone)
    pairs = desk.dataset.pairs
    mine = pairs.products == desk.product_row(gone)
    assert view.holders + view.low == int((mine & pairs.held).sum()) < int((mine & pairs.had).sum())
