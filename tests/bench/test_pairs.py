"""Two hundred pairs of operations at once, drawn anew from another seed; see tests/pairs.py."""

import pytest

from tests import pairs
from tests.test_pairs import clients, drawn, source  # noqa: F401 - the last two are fixtures

pytestmark = pytest.mark.bench
ROUNDS = 200


@pytest.mark.parametrize(("first", "second"), drawn(ROUNDS, 20261201), ids=lambda one: one.__name__)
def test_any_two_at_once_leave_a_whole_desk(source, clients, tmp_path, first, second):  # noqa: F811
    with pairs.opened(source, tmp_path / "desk", clients) as one:
        pairs.together(one, first, second)
        pairs.settle(one)
        pairs.check(one)
