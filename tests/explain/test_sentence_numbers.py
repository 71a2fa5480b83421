"""The sentence against the bars, for any reasons: its numbers are theirs, and it stays English."""

import itertools
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from finrec_core.explain.labels import Labels
from finrec_core.explain.points import shown
from finrec_core.explain.sentence import pieces, sentence
from tests.explain.contributions import LABELS, SCALE, explained, said

small = st.one_of(st.floats(-3, 3), st.floats(-60, 60))
kinds = st.sampled_from(["client", "tie", "interaction", "product", "review", "description", "learned"])


@settings(max_examples=200, deadline=None)
@given(
    contributions=st.lists(st.tuples(kinds, st.sampled_from(["a", "b"]), small), max_size=25),
    base=st.floats(-50, 50),
    lens=st.sampled_from(["client", "product"]),
    has=st.booleans(),
)
def test_every_sentence_agrees_with_the_bars(contributions, base, lens, has):
    allowed = (
        {"interaction", "tie"}
        if lens == "client"
        else {"client", "product", "review", "description", "learned"}
    )
    contributions = [contribution for contribution in contributions if contribution[0] in allowed]
    explanation = explained(contributions, base=base, has=has)
    view = shown(explanation.lens(lens), SCALE)
    text = sentence(explanation, view, LABELS, lens)
    assert text == text.strip()
    assert text.endswith(".")
    assert not re.search(r"  | ,|\.\.|,\.|\( ", text), text
    assert not re.search(r"\d of \d|of its", text), text
    assert "secret" not in text
    assert "-" not in text, "a minus is a true minus"
    numbers = re.findall(r"(?<!starting point )\(([+−][\d.,]+)\)", text)
    points = [contribution.points for contribution in view.contributions] + [
        group.points for group in view.groups
    ]
    for group in view.groups:
        rows = [contribution.points for contribution in view.rows if contribution.exact.kind == group.kind]
        points.append(group.points + sum(rows))
    bars = {f"{'+' if number > 0 else '−'}{abs(number)}" for number in points}
    assert set(numbers) <= bars
    rising = [float(number) for number in numbers if number[0] == "+"]
    assert rising == sorted(rising, reverse=True), "largest reasons first"


VERBS = ("has", "bought", "listens to", "wrote about", "watches")
NAMED = {f"p{k}": f"Product {letter}" for k, letter in enumerate("ABCDEFGHIJKL")}


@settings(max_examples=300, deadline=None)
@given(
    values=st.dictionaries(st.sampled_from([*NAMED, *LABELS.ties]), small, max_size=14),
    base=st.floats(-50, 50),
    verb=st.sampled_from(VERBS),
)
def test_every_named_reason_bears_the_number_of_its_bar(values, base, verb):
    """Each number is that of the reason it stands behind, in the verb of the data set."""
    contributions = [
        ("tie" if key in LABELS.ties else "interaction", key, value) for key, value in values.items()
    ]
    labels = Labels(**{**vars(LABELS), "products": NAMED | {"climate": "The Fund"}, "verb": verb})
    explanation = explained(contributions, base=base)
    view = shown(explanation.client_lens, SCALE)
    said_of = pieces(explanation, view, labels, "client")
    points = {
        labels.title(contribution.exact): contribution.points
        for contribution in view.contributions
        if contribution.exact.kind == "interaction"
    }
    for name, after in itertools.pairwise(said_of):
        if name.strong:
            number = re.search(r"\(([+−][\d.]+)\)", after.text)
            assert number, "no reason is named without its number"
            assert float(number[1].replace("−", "-")) == points[name.text]
    text = "".join(piece.text for piece in said_of)
    many = {"has": "have", "listens to": "listen to", "watches": "watch"}.get(verb, verb)
    for wrong in (f"Marta Lindqvist {many} ", f"friend {many} (", f"Clients who {verb} "):
        assert many == verb or wrong not in text
    named = [piece.text for piece in said_of if piece.strong]
    assert len(named) == len(set(named)), "no reason is named twice"
    start = re.search(r"starting point \((−?[\d,]+)\)", text)
    assert start is None or int(start[1].replace("−", "-").replace(",", "")) == view.start


@settings(max_examples=100, deadline=None)
@given(base=st.floats(-50, 50), value=small, lens=st.sampled_from(["client", "product"]))
def test_a_single_reason_and_none_are_sentences(base, value, lens):
    kind = "interaction" if lens == "client" else "review"
    for contributions in ([], [(kind, "green", value)]):
        text = said(contributions, base=base, lens=lens)
        assert text.count("(") == text.count(")")
        assert re.match(r"[A-Z].*\.$", text)
        assert "1 small ones" not in text
        assert "reasons" not in text
