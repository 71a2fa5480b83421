"""The outcome: what stands decided on a product for a client, or that nothing does."""

from collections.abc import Mapping
from datetime import date

from finrec_core.advice.decision import Kind
from finrec_core.advice.decision_log import Entry
from finrec_core.terms import wording
from finrec_core.views.recommendation.scene import Scene

DONE: Mapping[Kind, str] = {
    "accept": "The product is accepted.",
    "reject": "The product is rejected.",
    "later": "The decision is put off.",
}
UNSEEN = Scene("The decision is not shown here.", "Decisions are for those who may read the log.")
OPEN = Scene(
    "Nothing is decided yet.", "The log holds no decision that stands on this product for this client."
)


def decision_scene(entry: Entry | None, on: date, state: str) -> Scene:
    """Say what was decided, with its number in the log, its day `on` and how it stands; never who decided."""
    if entry is None:
        return OPEN
    decision = entry.decision
    stands = f" It stands so today: {state}." if state else ""
    return Scene(
        DONE.get(decision.kind, "A decision stands."),
        f"No. {entry.sequence:,} in the log, of {wording.day(on)}. Reason: {decision.reason_text}.{stands}",
    )
