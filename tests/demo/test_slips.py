import pytest

from finrec_core.demo.grammar import Dice
from finrec_core.demo.slips import connect, contract, finish, mistype, run_on


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("I do not know.", "I don't know."),
        ("It is fine, I am glad it is not more.", "It's fine, I'm glad it's not more."),
        ("I do NOT need it.", "I do NOT need it."),
        ("So it is.", "So it is."),
        ("Cannot say", "Cannot say"),
    ],
)
def test_contract(text, short):
    assert contract(text) == short


@pytest.mark.parametrize(
    ("text", "ended"),
    [("Fine", "Fine."), ("Fine!", "Fine!"), ("a\n- b", "a\n- b"), ('he said "no"', 'he said "no"')],
)
def test_finish(text, ended):
    assert finish(text) == ended


def test_connect_turns_and_keeps_names_and_lists():
    turned = {connect("The form is long.", Dice(seed)) for seed in range(60)}
    assert "The form is long." in turned
    assert "But the form is long." in turned
    assert "But I waited." in {connect("I waited.", Dice(seed)) for seed in range(60)}
    assert {connect("Mr Holm waited.", Dice(seed)) for seed in range(60)} == {"Mr Holm waited."}
    assert {connect("The snag: a form.", Dice(seed)) for seed in range(60)} == {"The snag: a form."}


def test_run_on_joins_plain_sentences_only():
    assert "It works, and we like it." in {
        run_on("It works.", "We like it.", Dice(seed)) for seed in range(60)
    }
    assert {run_on("It works!", "We like it.", Dice(seed)) for seed in range(60)} == {"It works! We like it."}
    assert {run_on("It works.", "Mr Holm too.", Dice(seed)) for seed in range(60)} == {
        "It works. Mr Holm too."
    }


def test_mistype_changes_a_letter_or_two():
    text = "Everything about this is simple"
    for seed in range(50):
        wrong = mistype(text, Dice(seed))
        assert abs(len(wrong) - len(text)) <= 2
        assert wrong.split()[1:4] == ["about", "this", "is"] or "about" not in wrong
    assert mistype("so it is", Dice(0)) == "so it is"
