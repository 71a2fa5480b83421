"""What may be left out of a model, and what has to stay."""

import pytest

from finrec_core.jobs import JobError
from finrec_core.jobs.switches import EVIDENCE, NAMES, VIEWS, switches
from finrec_core.model import Switches


def test_every_choice_is_a_switch_of_the_model_and_said_in_a_sentence():
    for choice in (*EVIDENCE, *VIEWS):
        assert getattr(Switches(), choice.name) is True
        assert choice.sentence.endswith(".")
    assert len(set(NAMES)) == len(NAMES) == 6


def test_without_words_there_are_no_reviews():
    assert switches([]) == {}
    assert switches(["ties"]) == {"ties": False}
    assert switches({"text"}) == {"text": False, "reviews": False}


def test_what_cannot_be_left_out_is_refused():
    with pytest.raises(JobError, match='no "colour" to leave out; there are text, reviews'):
        switches(["colour"])
    with pytest.raises(JobError, match="needs the network or the closed form"):
        switches(["network", "closed_form"])
