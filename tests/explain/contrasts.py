"""Two products of one client with known reasons, made by hand, and their contrast."""

import math

from hypothesis import strategies as st

from finrec_core.explain.contrast import Contrast
from finrec_core.explain.explanation import Contribution, Explanation, Lens
from finrec_core.explain.points import PointScale

SCALE = PointScale(0.0, 100.0)  # a score is its points
NAMES = {"green": "Green Bond", "card": "Travel Card", "short": "Short Bond"}
TIED = ("erik", "ann", "bo")
KEYS = st.sampled_from([*NAMES, *TIED, *(f"p{k}" for k in range(12))])
SIDES = st.dictionaries(KEYS, st.one_of(st.floats(-3, 3), st.floats(-60, 60)), max_size=16)


def explanation(product, contributions, base=10.0, rank=2, *, has=False, branch="fused"):
    made = tuple(
        Contribution("tie" if key in TIED else "interaction", key, "", value) for key, value in contributions
    )
    made = tuple(sorted(made, key=lambda contribution: -abs(contribution.value)))
    lens = Lens(base, made, base + math.fsum(contribution.value for contribution in made))
    return Explanation("marta", product, rank, lens.score, lens, lens, branch, has)


def contrast(one, other, *, bases=(10.0, 10.0), ranks=(2, 5), has=(False, False), branch="fused"):
    return Contrast.of(
        explanation("alpine", one, bases[0], ranks[0], has=has[0], branch=branch),
        explanation("loan", other, bases[1], ranks[1], has=has[1], branch=branch),
    )
