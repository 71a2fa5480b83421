from datetime import UTC, datetime

import pytest

from finrec_core.demo.grammar import Dice
from finrec_core.demo.voices import Scene, voice
from tests.demo.banks import bank


def a_voice(client=0):
    return voice(client, bank().truth.people, Dice(1))


def a_scene(year=2020, launched=2014, seed=0):
    second = int(datetime(year, 3, 5, tzinfo=UTC).timestamp())
    return Scene(a_voice(), 0, 1, 4, second, launched, Dice(seed))


def test_a_voice_has_the_facts_of_its_life_only():
    who = bank().truth.people
    dice = Dice(1)
    for client in range(400):
        facts = voice(client, who, dice).facts
        assert ("partner" in facts) == who.partner[client]
        assert ("child" in facts) == ("he" in facts) == who.parent[client]
        if who.parent[client]:
            assert ("grand" in facts["child"]) == (who.age[client] > 61)


def test_a_parent_is_of_small_or_of_big_children():
    who = bank().truth.people
    dice = Dice(1)
    for client in range(400):
        tokens = voice(client, who, dice).tokens
        parent = who.parent[client] and who.age[client] <= 61
        assert len(tokens & {"small", "big"}) == parent == ("parent" in tokens)


def test_what_was_said_stays_so_within_a_review():
    scene = a_scene()
    assert scene.fill("city") == scene.fill("city")
    assert scene.fill("years") == scene.fill("years")
    assert scene.fill("adviser") == scene.voice.facts["adviser"]
    sums = {scene.fill("sum") for _ in range(20)}
    assert len(sums) > 5


@pytest.mark.parametrize("seed", range(30))
def test_nothing_is_older_than_the_product(seed):
    scene = a_scene(year=2022, launched=2021, seed=seed)
    assert 2021 <= int(scene.fill("year")) <= 2022
    assert scene.fill("years").endswith("months")


def test_city_and_country_agree():
    from finrec_core.demo.voices import TRIPS

    for seed in range(40):
        scene = a_scene(seed=seed)
        assert [scene.fill("city"), scene.fill("country")] in TRIPS
