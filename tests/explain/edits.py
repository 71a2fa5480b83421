"""A score before and after some of its reasons are left out, made by hand."""

import math

from hypothesis import strategies as st

from finrec_core.explain.explanation import Contribution, Explanation, Lens
from finrec_core.explain.points import PointScale, shown
from finrec_core.explain.what_if import WhatIf

SCALE = PointScale(0.0, 100.0)  # a score is its points
VALUES = st.lists(st.one_of(st.floats(-3, 3), st.floats(-60, 60)), min_size=1, max_size=20)
PLACES = st.sets(st.integers(0, 19))


def lens_of(values, base=10.0):
    contributions = [Contribution("interaction", f"p{k}", "", value) for k, value in enumerate(values)]
    contributions.sort(key=lambda contribution: -abs(contribution.value))
    return Lens(base, tuple(contributions), base + math.fsum(values))


def left_out(lens, gone):
    """Return the what-if that leaves some parts of a lens out, and the lens in points before it."""
    kept = tuple(contribution for contribution in lens.contributions if contribution.id not in gone)
    after = Lens(lens.base, kept, lens.base + math.fsum(contribution.value for contribution in kept))
    one, two = (Explanation("marta", "climate", 1, each.score, each, each) for each in (lens, after))
    return WhatIf(one, two, after.score), shown(lens, SCALE)
