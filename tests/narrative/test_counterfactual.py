"""The words of a counterfactual: each outcome in English that holds."""

import pytest

from finrec_core.explain.counterfactual import Counterfactual
from finrec_core.explain.explanation import Contribution
from finrec_core.narrative.counterfactual import sentence
from finrec_core.narrative.labels import Labels
from finrec_core.narrative.people import Tie

LABELS = Labels(
    "Marta",
    "Climate Fund",
    "climate",
    products={"short": "Short Bond Fund", "loan": "Home Loan"},
    ties={"erik": Tie("household", 1, 1)},
)
SHORT, ERIK = Contribution("interaction", "short", "", 27.0), Contribution("tie", "erik", "", 13.0)


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (
            Counterfactual("climate", 10, "found", 2, (SHORT, ERIK), exact=True, rank_after=12),
            "Without Short Bond Fund and what a member of the household has, Climate Fund leaves the top "
            "ten: rank 12th instead of 2nd. No smaller change does it.",
        ),
        (
            Counterfactual("climate", 7, "found", 2, (*[SHORT] * 5, ERIK), exact=False, rank_after=8),
            "Without 5 products and 1 connection, Climate Fund leaves the top 7: rank 8th instead of 2nd. At "
            "most 6 removals: a smaller change may do it too.",
        ),
        (
            Counterfactual("climate", 10, "none", 2, rank_after=4),
            "No removal drops Climate Fund out of the top ten: without every product and connection of this "
            "client it is 4th.",
        ),
        (
            Counterfactual("climate", 10, "not found", 2, rank_after=4),
            "No removal was found that drops Climate Fund out of the top ten: without every product and "
            "connection of this client it is 4th.",
        ),
        (
            Counterfactual("climate", 10, "outside", 1022),
            "Climate Fund is 1,022nd, so it is not in the top ten.",
        ),
        (
            Counterfactual("climate", 10, "no rank", None),
            "Climate Fund has no rank on this list, so it cannot leave the top ten.",
        ),
        (
            Counterfactual("climate", 10, "short list", 2),
            "No more than 10 products are offered, so none can leave the top ten.",
        ),
        (
            Counterfactual("climate", 10, "popularity", 2),
            "This is a popularity list: what the client has does not move it.",
        ),
    ],
)
def test_the_sentence(found, text):
    assert sentence(found, LABELS) == text
