"""The choices: which evidence and which views a model may use, in words for whoever trains it."""

from collections.abc import Collection
from dataclasses import dataclass

from finrec_core.jobs.error import JobError


@dataclass(frozen=True)
class Switch:
    """A switch of the model by its name in `Switches`, with a title and one sentence."""

    name: str
    title: str
    sentence: str


EVIDENCE = (
    Switch("text", "Words", "Products that are described alike, or written about alike, help each other."),
    Switch("reviews", "Reviews", "What clients wrote of a product speaks for it, beside its description."),
    Switch("ties", "Ties between clients", "What a client's household or colleagues have counts a little."),
    Switch("recency", "Dates", "What a client took up lately counts more than what is long ago."),
)
VIEWS = (
    Switch("network", "The network", "Learns from who has what where each product stands; does most of it."),
    Switch(
        "closed_form", "The closed form", "Weighs all products against each other at once; adds a little."
    ),
)
NAMES = tuple(choice.name for choice in (*EVIDENCE, *VIEWS))


def switches(without: Collection[str]) -> dict[str, bool]:
    """Return the switches of a model without these; raises `JobError` for what cannot be left out.

    Without words there are no reviews either.
    """
    for name in without:
        if name not in NAMES:
            raise JobError(f'There is no "{name}" to leave out; there are {", ".join(NAMES)}.')
    if {choice.name for choice in VIEWS} <= set(without):
        raise JobError("A model needs the network or the closed form: leave one of them in.")
    gone = {*without, "reviews"} if "text" in without else set(without)
    return {name: False for name in NAMES if name in gone}
