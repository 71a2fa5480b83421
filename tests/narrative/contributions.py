"""A client and a product with known reasons, whose sentences are read."""

import math

from finrec_core.explain.explanation import Contribution, Explanation, Lens
from finrec_core.explain.points import PointScale, shown
from finrec_core.narrative.labels import Labels, Review
from finrec_core.narrative.people import Other, Tie
from finrec_core.narrative.sentence import sentence

SCALE = PointScale(0.0, 100.0)  # a score is its points
LABELS = Labels(
    client="Marta Lindqvist",
    product="Nordlys Climate Bond Fund",
    product_id="climate",
    products={
        "green": "Nordlys Green Savings Plan",
        "short": "Alpine Short Bond Fund",
        "loan": "Harbour Home Loan",
        "climate": "Nordlys Climate Bond Fund",
    },
    ties={
        "erik": Tie("household", 1, 1),
        "ann": Tie("friend", 1, 2),
        "bo": Tie("friend", 2, 2),
        "cy": Tie("retweet", 1, 1),
    },
    others={"ilse": Other(1, "private", 4), "tom": Other(2, "SME", 1), "sofia": Other(3, "", 0)},
    reviews={"ilse/climate": Review(1, "Steady."), "tom/climate": Review(2, "Good.")},
    holders=38,
)


def explained(contributions, *, base=11.0, lens="client", branch="fused", has=False):
    made = tuple(Contribution(kind, key, "secret label", value) for kind, key, value in contributions)
    made = tuple(sorted(made, key=lambda contribution: -abs(contribution.value)))
    full = Lens(base, made, base + math.fsum(contribution.value for contribution in made))
    return Explanation("marta", "climate", None if has else 2, full.score, full, full, branch, has)


def said(contributions, *, lens="client", labels=LABELS, **more):
    explanation = explained(contributions, **more)
    return sentence(explanation, shown(explanation.lens(lens), SCALE), labels, lens)


GREEN, SHORT, LOAN = (
    ("interaction", "green", 34.0),
    ("interaction", "short", 27.0),
    ("interaction", "loan", -5.0),
)
ERIK, ANN, BO, CY = ("tie", "erik", 13.0), ("tie", "ann", 4.0), ("tie", "bo", 2.0), ("tie", "cy", 40.0)
