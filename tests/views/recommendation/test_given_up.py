"""What a client gave up is marked on every screen that recommends or explains it, with the same words."""

from dataclasses import replace

import pytest

from finrec_core.advice.reverse import reverse
from finrec_core.advice.rules import Rules
from finrec_core.advice.snapshot import Line, lines
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
from tests.advice.conftest import unjudged
from tests.advice.made import NOW, TODAY
from tests.served import BARE, LEAVER
from tests.views.markup import Page

BADGE = "Had until January 2027"


@pytest.fixture(scope="module")
def first(given_up: FusedRecommender, gone: str) -> str:
    """The best product of the leaver beside the one it gave up."""
    return next(one.product for one in given_up.recommend(LEAVER, 2) if one.product != gone)


def labelled(given_up: FusedRecommender, client: str, product: str) -> Labels:
    return Labels.of(given_up.dataset, given_up.explain(client, product))


def test_the_list_has_a_column_where_any_was_given_up(given_up: FusedRecommender, gone: str) -> None:
    ranking = given_up.ranking(LEAVER)
    frame = product_list.ranked(given_up.dataset, ranking, ranking.order, None)
    assert dict(zip(frame["id"], frame["former"], strict=True))[gone] == BADGE
    assert frame["former"].tolist().count("") == len(frame) - 1
    rest = ranking.order[ranking.order != given_up.product_row(gone)]
    assert "former" not in product_list.ranked(given_up.dataset, ranking, rest, None)
    assert gone not in {
        given_up.dataset.products["product_id"][row].as_py()
        for row in product_list.held(given_up.dataset, LEAVER).nonzero()[0].tolist()
    }


def test_whoever_looks_it_up_is_told(given_up: FusedRecommender, gone: str) -> None:
    found = product_list.choices(given_up.dataset, given_up.ranking(LEAVER), 1000)
    assert found[gone].endswith(", had until January 2027")
    assert sum("had until" in one for one in found.values()) == 1


def test_two_products_side_by_side(given_up: FusedRecommender, gone: str, first: str) -> None:
    ranking = given_up.ranking(LEAVER)
    one, two = (given_up.line(ranking, given_up.product_row(key)) for key in (first, gone))
    rows = {
        row[0]: row[1:] for row in side_by_side(given_up.dataset, ranking.scale, (one, two)).values.tolist()
    }
    assert rows["Held before"] == ["–", BADGE]
    assert "Has it already" not in rows["Rank"]
    plain = side_by_side(given_up.dataset, ranking.scale, (one, replace(two, former="")))
    assert "Held before" not in plain.iloc[:, 0].tolist()


@pytest.mark.parametrize("swapped", [False, True])
def test_the_contrast_says_had_of_either_product(
    given_up: FusedRecommender, gone: str, first: str, swapped: bool
) -> None:
    keys = (gone, first) if swapped else (first, gone)
    found = Contrast.of(*(given_up.explain(LEAVER, key) for key in keys))
    titles = product_titles(given_up.dataset, [given_up.product_row(key) for key in keys])
    view = found.shown(given_up.ranking(LEAVER).scale)
    text = contrast.sentence(found, view, labelled(given_up, LEAVER, keys[0]), titles[keys[1]])
    assert text.startswith(f"Client {LEAVER} had {titles[gone]} until January 2027. ")
    assert "already" not in text


def test_the_clients_for_a_product(given_up: FusedRecommender, gone: str) -> None:
    frame = audience.table(given_up, reverse(given_up, gone), 1000, Rules.proposed(given_up.dataset), TODAY)
    mine = frame[frame["id"] == LEAVER].iloc[0]
    assert mine["Held before"] == BADGE
    assert f" until January 2027. Client {LEAVER} has " in mine["Why"]
    other = next(
        key
        for key in given_up.dataset.products["product_id"].to_pylist()
        if not (
            given_up.dataset.pairs.former & (given_up.dataset.pair_products == given_up.product_row(key))
        ).any()
    )
    frame = audience.table(given_up, reverse(given_up, other), 5, Rules.proposed(given_up.dataset), TODAY)
    assert "Held before" not in frame


@pytest.mark.parametrize("lens", ["client", "product"])
def test_the_picture_its_words_and_its_table(given_up: FusedRecommender, gone: str, lens: str) -> None:
    explanation, names = given_up.explain(LEAVER, gone), labelled(given_up, LEAVER, gone)
    view = shown(explanation.lens(lens), given_up.ranking(LEAVER).scale)
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


def test_the_record_says_it_at_its_head_and_beside_the_alternatives(
    given_up: FusedRecommender, gone: str, first: str
) -> None:
    text = Page(Record(unjudged(given_up, LEAVER, gone), "Ana", "a" * 64, NOW).html()).text
    assert f"Client {LEAVER} had it until January 2027." in text
    assert "What the client has and had" in text
    shown_first = unjudged(given_up, LEAVER, first)
    beside_it = next(one for one in whole_list(given_up) if one.product == gone)
    beside = replace(shown_first, alternatives=(beside_it,))
    text = Page(Record(beside, "Ana", "a" * 64, NOW).html()).text
    assert f"{beside_it.rank}" in text
    assert ", had until January 2027" in text
    assert "had it until" not in text
    before = replace(unjudged(given_up, "c012", first), former="")
    assert "had" not in Page(Record(before, "Ana", "a" * 64, NOW).html()).text.split()


def whole_list(given_up: FusedRecommender) -> tuple[Line, ...]:
    ranking = given_up.ranking(LEAVER)
    return lines(given_up.dataset, ranking, ranking.order, None)


def test_a_client_that_gave_up_all_is_not_called_unknown(given_up: FusedRecommender) -> None:
    key = given_up.recommend(BARE, 1)[0].product
    made = unjudged(given_up, BARE, key)
    assert made.branch == "popularity"
    text = Page(Record(made, "Ana", "a" * 64, NOW).html()).text
    assert "The client had nothing any more: the most widespread products come first." in text
    assert "Nothing was known" not in text
    line = client_line(given_up.dataset, BARE)
    assert (line.cold, line.gave_up, line.has) == (True, True, ())
    scene = story.client_scene(line, "has", "Fund", had=made.former)
    assert scene.title == "A client who has nothing any more."


def test_the_lines_of_a_decision(given_up: FusedRecommender, gone: str, first: str) -> None:
    made = unjudged(given_up, LEAVER, first)
    whole = whole_list(given_up)
    frame = decisions.lines(made, whole)
    assert frame["Held before"].tolist().count(BADGE) == 1
    rest = tuple(one for one in whole if one.product != gone)
    assert "Held before" not in decisions.lines(made, rest)


def test_the_story_says_had(given_up: FusedRecommender, gone: str) -> None:
    line, names = client_line(given_up.dataset, LEAVER), labelled(given_up, LEAVER, gone)
    scene = story.client_scene(line, "has", names.product, had=story.masked(names).former)
    assert "on this client's list? The client had it until January 2027. Only what" in scene.text
    chips = story.chips(line, LIGHT)
    assert f">{line.has[0]}<" in chips
    assert f">{names.product}<" not in chips
    assert "had" not in story.client_scene(line, "has", "Fund").text.split()


def test_nobody_who_gave_it_up_is_counted_among_those_who_have_it(
    given_up: FusedRecommender, gone: str
) -> None:
    view = product_view(given_up.dataset, gone)
    pairs = given_up.dataset.pairs
    mine = pairs.products == given_up.product_row(gone)
    assert view.holders + view.low == int((mine & pairs.held).sum()) < int((mine & pairs.had).sum())
