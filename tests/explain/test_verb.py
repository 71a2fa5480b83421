"""The verb of a dataset for several people."""

import pytest

from finrec_core.explain.verb import plural


@pytest.mark.parametrize(
    ("verb", "many"),
    [
        ("has", "have"),
        ("listens to", "listen to"),
        ("bought", "bought"),
        ("watches", "watch"),
        ("carries", "carry"),
        ("uses", "use"),
        ("is with", "are with"),
    ],
)
def test_a_verb_for_several_people(verb, many):
    assert plural(verb) == many
