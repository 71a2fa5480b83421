"""`explain`: both lenses, evidence left out and added, and one product against another."""

from typing import Any

import pytest

from finrec_core.recommender import FusedRecommender
from tests.cli.conftest import Desk, done, held, run

PART = {"kind", "id", "label", "value", "text_value", "words", "word_error"}
HOLDING = {"product", "name", "state", "since", "until", "count", "amount", "share"}
KINDS = {"interaction", "tie", "client", "product", "review", "description", "learned"}


@pytest.mark.parametrize("words", [0, 3])
def test_explain_has_the_shape_of_the_contract_and_adds_up(
    desk: Desk, client: str, listed: Any, words: int
) -> None:
    first = listed["items"][0]
    answer = done("explain", client, first["product"], "--words", words, "--run", desk.run)
    about = {"run", "client", "product", "rank", "score", "former", "holdings"}
    assert set(answer) == {*about, "lenses", "sentence"}
    assert all(set(one) == HOLDING for one in answer["holdings"])
    assert (answer["rank"], answer["score"]) == (1, pytest.approx(first["score"], abs=1e-9))
    assert set(answer["lenses"]) == {"client", "product"}
    for lens in answer["lenses"].values():
        assert set(lens) == {"base", "parts", "error"}
        total = lens["base"] + sum(part["value"] for part in lens["parts"])
        assert total == pytest.approx(answer["score"], abs=1e-6 * max(1.0, abs(answer["score"])))
        assert lens["error"] == pytest.approx(total - answer["score"], abs=1e-9)
        for part in lens["parts"]:
            assert set(part) == PART
            assert part["kind"] in KINDS
            assert all(set(word) == {"source", "text", "start", "end", "value"} for word in part["words"])
            if part["words"]:
                shares = sum(word["value"] for word in part["words"])
                assert shares == pytest.approx(part["text_value"], abs=1e-6)
    opened = [part for part in answer["lenses"]["product"]["parts"] if len(part["words"]) > 1]
    assert bool(opened) == bool(words)


def test_the_sentence_and_both_lenses_are_shown_to_a_person(desk: Desk, client: str, listed: Any) -> None:
    product = listed["items"][0]["product"]
    ended = run("explain", client, product, "--words", 2, "--run", desk.run)
    assert ended.code == 0
    assert done("explain", client, product, "--run", desk.run)["sentence"] in ended.out
    assert "What this client has" in ended.out
    assert "What speaks for this product" in ended.out
    starts = [line.split() for line in ended.out.splitlines() if line.strip().startswith("starting point")]
    assert len(starts) == 2


def test_leaving_a_product_out_changes_the_score_by_its_part(desk: Desk, client: str, listed: Any) -> None:
    product = listed["items"][0]["product"]
    whole = done("explain", client, product, "--run", desk.run)
    kinds = (("interaction", "--without-interaction"), ("tie", "--without-tie"))
    for kind, option in kinds:
        part = next(part for part in whole["lenses"]["client"]["parts"] if part["kind"] == kind)
        edited = done("explain", client, product, option, part["id"], "--run", desk.run)
        assert whole["score"] - edited["score"] == pytest.approx(part["value"], abs=1e-9)
    other = next(part for part in whole["lenses"]["product"]["parts"] if part["kind"] == "client")
    edited = done("explain", client, product, "--without-client", other["id"], "--run", desk.run)
    assert whole["score"] - edited["score"] == pytest.approx(other["value"], abs=1e-9)


def test_a_product_that_the_client_has_is_explained_without_a_rank(
    desk: Desk, model: FusedRecommender, client: str
) -> None:
    product = held(model, client)[0]
    assert done("explain", client, product, "--run", desk.run)["rank"] is None
    assert "no rank" in run("explain", client, product, "--run", desk.run).out


def test_an_unknown_product_is_one_sentence_with_the_nearest_ids(desk: Desk, client: str) -> None:
    ended = run("explain", client, "P00", "--run", desk.run)
    assert ended.code == 2
    assert ended.err.splitlines()[-1].startswith('There is no product "P00"; the nearest are P0')


def test_a_change_says_what_it_does(desk: Desk, client: str, listed: Any) -> None:
    product = listed["items"][0]["product"]
    whole = done("explain", client, product, "--run", desk.run)
    part = whole["lenses"]["client"]["parts"][0]
    option = "--without-tie" if part["kind"] == "tie" else "--without-interaction"
    changed = done("explain", client, product, option, part["id"], "--run", desk.run)
    told = changed["what_if"]
    assert set(told) == {"sentence", "rank_before", "score_before", "together", "error"}
    assert (told["rank_before"], told["score_before"]) == (1, whole["score"])
    assert (told["together"], told["error"]) == (0.0, pytest.approx(0.0, abs=1e-9))
    assert told["sentence"].startswith("Without ")
    assert " instead of 100" in told["sentence"]
    assert told["sentence"] in run("explain", client, product, option, part["id"], "--run", desk.run).out


def test_a_product_can_be_added(desk: Desk, model: FusedRecommender, client: str, listed: Any) -> None:
    first, second = (item["product"] for item in listed["items"][:2])
    changed = done("explain", client, second, "--with-interaction", first, "--run", desk.run)
    new = {part["id"] for part in changed["lenses"]["client"]["parts"]}
    assert first in new
    expected = model.what_if(client, second, with_interactions=[first])
    assert changed["score"] == pytest.approx(expected.score, abs=1e-9)
    assert changed["rank"] == expected.after.rank
    assert changed["what_if"]["sentence"].startswith("With ")
    for taken, why in ((held(model, client)[0], "the client has"), (second, "the one in question")):
        ended = run("explain", client, second, "--with-interaction", taken, "--run", desk.run)
        assert ended.code == 2
        assert why in ended.err.splitlines()[-1]


def test_one_product_against_another_is_an_exact_sum(desk: Desk, client: str, listed: Any) -> None:
    one, other = listed["items"][0], listed["items"][4]
    answer = done("explain", client, one["product"], "--against", other["product"], "--run", desk.run)
    told = answer["against"]
    assert (told["product"], told["rank"]) == (other["product"], 5)
    assert told["difference"] == pytest.approx(one["score"] - other["score"], abs=1e-9)
    total = told["base"] + sum(part["value"] for part in told["parts"])
    assert total - told["difference"] == pytest.approx(told["error"], abs=1e-12)
    assert abs(told["error"]) < 1e-9
    assert " stands before " in told["sentence"]
    ended = run("explain", client, one["product"], "--against", other["product"], "--run", desk.run)
    assert told["sentence"] in ended.out
    assert "Difference" in ended.out


def test_what_cannot_be_asked_is_one_sentence(desk: Desk, client: str, listed: Any) -> None:
    one, other = (item["product"] for item in listed["items"][:2])
    both = ("--against", other, "--with-interaction", other)
    for options, sentence in ((both, "not both"), (("--against", one), "cannot be compared with itself")):
        ended = run("explain", client, one, *options, "--run", desk.run, "--json")
        assert (ended.code, ended.out) == (2, "")
        assert sentence in ended.err.splitlines()[-1]
