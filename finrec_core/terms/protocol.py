"""The protocol in words: how rows are held back, what is asked, and how much of it repeats."""

from finrec_core.terms import wording
from finrec_core.terms.names import GLOBAL_TIME, PER_CLIENT

HELD_BACK = {
    PER_CLIENT: "each client's last occasions are held back, a fifth of its products",
    GLOBAL_TIME: "what came after one date is held back for all clients",
}
OCCASIONS = "Rows of one client at one time, or with one text, are one occasion and stay on one side"
ASKED = (
    "Asked is what a client never had before: the whole catalogue is ranked without what it is known to have "
    "had. A text that stands in a row held back reaches no feature of this test, whoever wrote it. Constants "
    "are chosen on validation rows"
)
ONCE = "the held-back rows are asked once."
DESCRIPTIONS = {
    PER_CLIENT: (
        "Of each client with three or more products the last occasions are held back until they hold a fifth "
        f"of these, at least one. {OCCASIONS}; rows without a time are single, and their order is drawn. "
        f"{ASKED} before these; {ONCE}"
    ),
    GLOBAL_TIME: (
        "The last occasions of all clients together, with a fifth of the products taken, are held back: what "
        f"came after one date. {OCCASIONS}; rows without a time are not held back. {ASKED} before that date; "
        f"{ONCE}"
    ),
}


def repeated(share: float | None) -> str:
    """Return what share of what is taken in the rows held back are repeats, "" where none are, or unknown.

    >>> from finrec_core.terms.protocol import repeated
    >>> repeated(0.125)
    'Of what clients take in the rows held back, 12.5 % they had had before: repeats are no targets.'
    """
    if not share:
        return ""
    told = wording.percent(share, 1) if share >= 0.0005 else "less than 0.1 %"
    return f"Of what clients take in the rows held back, {told} they had had before: repeats are no targets."
