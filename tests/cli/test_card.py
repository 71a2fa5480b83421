"""The command `card`: from a store, from a run's folder alone, and what the caller can put right."""

import json

import pytest

from finrec_core.views.model.model_card import SCHEMA
from tests.cli.conftest import done, run


def test_a_card_of_the_active_model_knows_what_the_store_knows(desk, tmp_path):
    answer = done("card", "--store", desk.store, "--output", tmp_path / "card.json")
    document = json.loads((tmp_path / "card.json").read_text("utf-8"))
    assert answer["run"] == document["model"]["run"] == desk.trained["run"]
    assert document["schema"] == SCHEMA
    assert document["model"]["in_use"] is True
    assert document["model"]["published"][0]["reason"]
    assert document["data"]["version"] == 1
    assert document["practice"]["accepted"] == 0
    assert document["words"] is None
    assert answer["failings"] == document["failings"]
    assert max(lens["error"] for lens in document["drivers"]["lenses"].values()) < 1e-9


def test_a_card_of_a_folder_needs_no_store(desk, tmp_path):
    done("card", "--run", desk.run, "--output", tmp_path / "card.html")
    page = (tmp_path / "card.html").read_text("utf-8")
    assert page.startswith("<!doctype html>")
    assert "made from a run" in page
    done("card", "--run", desk.run, "--output", tmp_path / "card.json")
    document = json.loads((tmp_path / "card.json").read_text("utf-8"))
    assert document["practice"] is document["data"]["version"] is None
    assert document["tests"][0]["arms"]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (["--output", "card.pdf"], "a model card is an .html or a .json file"),
        (["nobody", "--output", "card.json"], 'no run "nobody"'),
        (["nobody", "--run", "here", "--output", "card.json"], "not both"),
    ],
)
def test_what_the_caller_can_put_right_is_one_sentence(desk, wrong, sentence):
    ended = run("card", *wrong, "--store", desk.store)
    assert (ended.code, ended.out) == (2, "")
    assert sentence in ended.err
