"""The hits: for how many clients the first ten places hold a held-back product, as bars without terms."""

from collections.abc import Mapping
from typing import Any

from finrec_core.terms import wording
from finrec_core.terms.names import OURS
from finrec_core.views.charts.strips import Strip
from finrec_core.views.model import arms

METRIC = "hit@10"
NOTE = (
    "A product that each tested client has was held back. The bars say for how many of these clients it, or "
    "another one held back, came among the first ten."
)


def strips(protocol: Mapping[str, Any]) -> list[Strip]:
    """Return a bar for each method of a comparison, the best first; none where that was not measured."""
    found = {
        arm: 100 * value
        for arm, figures in protocol.get("arms", {}).items()
        if (value := (figures.get(METRIC) or {}).get("value")) is not None
    }
    return [
        Strip(
            wording.capital(arms.inside(arm)),
            share,
            f"{wording.plain(share)} %",
            "total" if arm == OURS else "grey",
        )
        for arm, share in sorted(found.items(), key=lambda one: -one[1])
    ]
