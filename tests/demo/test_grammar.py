import itertools
import re

import pytest

from finrec_core.demo.grammar import FOLDER, Bag, Dice, Line, Slot, expand, parse, parse_lines, read, words

SLIPS = re.compile(
    r"\b[Aa] (?!euro|one|European|util|used|uni|Erasmus)[aeiouAEIOU]\w*"  # a insurance
    r"|\b[Aa]n (?!hour|honest)[^aeiouAEIOU\W]\w*"  # an bank
    r"|  | [,.;]|\.\.|,,"
    r"|\b(?!so so)(\w+) \1\b"  # the the
)


def texts(branch):
    """All blocks of lines in a file."""
    if isinstance(branch, str):
        if "\n" in branch:
            yield branch
    elif isinstance(branch, dict | list):
        for twig in branch.values() if isinstance(branch, dict) else branch:
            yield from texts(twig)


def every(pieces):
    """All texts of a line, slots left open."""
    options = [
        [piece] if isinstance(piece, str)
        else [f"<{piece.name}>"] if isinstance(piece, Slot)
        else [text for option in piece for text in every(option)]
        for piece in pieces
    ]  # fmt: skip
    return ["".join(parts) for parts in itertools.product(*options)]


def test_a_line_has_alternatives_slots_and_tokens():
    line = parse("@old,near @funds My {son|niece of <age>} has <sum>.")
    assert line.tokens == (frozenset({"old", "near"}), frozenset({"funds"}))
    assert line.slots == {"age", "sum"}
    assert every(line.pieces) == ["My son has <sum>.", "My niece of <age> has <sum>."]
    assert line.fits({"old", "funds"}, {"age", "sum"})
    assert not line.fits({"old"}, {"age", "sum"})
    assert not line.fits({"old", "funds"}, {"sum"})


@pytest.mark.parametrize("text", ["a {stray|brace", "a stray } brace", "one {in {another}}"])
def test_a_stray_brace_is_named(text):
    with pytest.raises(ValueError, match="stray brace"):
        parse(text)


def test_expand_fills_what_dice_and_writer_say():
    line = parse("{one|two} of <thing>")
    texts = {expand(line.pieces, Dice(seed), {"thing": "them"}.__getitem__) for seed in range(20)}
    assert texts == {"one of them", "two of them"}


def test_dice_repeat_and_are_fair():
    rolls = [Dice(3, 1).roll(6) for _ in range(2)]
    assert rolls[0] == rolls[1]
    dice = Dice(0)
    counts = [0] * 6
    for _ in range(70_000):  # more than a block
        counts[dice.roll(6)] += 1
    assert max(counts) - min(counts) < 700
    assert sum(dice.chance(0.25) for _ in range(10_000)) == pytest.approx(2500, abs=150)


def test_a_line_rests_before_it_comes_back():
    bag = Bag([parse(str(number)) for number in range(10)], Dice(0))
    drawn = [bag.draw(lambda line: True) for _ in range(200)]
    gaps = [
        later - place
        for place, line in enumerate(drawn)
        for later in range(place + 1, 200)
        if drawn[later] is line and line not in drawn[place + 1 : later]
    ]
    assert min(gaps) >= 5
    assert len(set(drawn)) == 10


def test_a_bag_draws_only_what_is_allowed():
    bag = Bag([parse("yes"), parse("no")], Dice(0))
    assert all(bag.draw(lambda line: line.pieces == ("yes",)).pieces == ("yes",) for _ in range(5))
    assert bag.draw(lambda line: False) is None


@pytest.mark.parametrize("name", sorted(path.stem for path in FOLDER.glob("*.toml")))
def test_no_text_that_can_be_written_holds_a_slip(name):
    lines: list[Line] = [line for block in texts(read(name)) for line in parse_lines(block)]
    assert not [text for line in lines for text in every(line.pieces) if SLIPS.search(text)]


def test_words_are_items_of_a_list():
    assert words("a, b c,\nd,") == ["a", "b c", "d"]
