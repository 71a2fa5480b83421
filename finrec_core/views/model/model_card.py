"""The model card: what a model is, learned from, was tested on, goes by and cannot do, as HTML and as JSON.

The JSON document is made first and the page of it, so both hold the same figures. The page prints, opens
without network and holds no script. No client is named in either, and no adviser who decided.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from finrec_core.advice.drivers import Drivers
from finrec_core.advice.monitoring import Monitoring
from finrec_core.advice.vocabulary import Vocabulary
from finrec_core.dataset import limits
from finrec_core.evaluation.groups import Group
from finrec_core.recommender import FusedRecommender
from finrec_core.store import Activation, Comparison, RunRow
from finrec_core.terms import wording
from finrec_core.terms.names import COVERAGE, METRIC
from finrec_core.views import printout
from finrec_core.views.charts import dots, svg
from finrec_core.views.model import card_sections, comparison, drivers, failings, figures, segments

SCHEMA = 1  # raised when a reader of the JSON document has to change
METRICS = (
    METRIC,
    "recall@20",
    "precision@10",
    "hit@10",
    "mrr",
    COVERAGE,
)  # on the page; JSON has all
PAPER = "arXiv 2506.05873"
METHOD = (
    f"The method of {PAPER}: a graph of clients and products whose messages carry vectors of a language "
    "model's reading of reviews and product texts, beside the connections between clients, fused and trained "
    "to rank each client's products.",
    "Added to it here: everything between evidence and score is linear, so each score splits exactly into "
    "reasons, and each reason of a text into words. Two closed-form views stand beside the network, one over "
    "what clients have together, one over texts alone for products that few have; the three are summed.",
    "Three fits: training rows choose the constants, training and validation rows give the test figures "
    "once, all rows make the model that serves.",
)
INTENDED = (
    "Ordering the products that a bank offers, for an adviser who decides and gives reasons.",
    "Showing which products, connections, similar clients and words an order rests on.",
)
MISUSE = (
    "Deciding without an adviser, or telling a client that a product suits: suitability is checked by rules "
    "beside the model.",
    "Reading points as probability, return or risk, or comparing them between clients.",
    "Credit decisions, pricing, or any use to a person's disadvantage.",
)


@dataclass(frozen=True, repr=False)
class ModelCard:
    """What a card is made of; what is None or empty was not at hand and is said to be missing.

    `activations` may be of other runs too. `in_use` is None, and `version` of the row 0, where no store is at
    hand. `segments` are test figures by segment; `made` is when the card is made, in the time zone in which
    its times are written.
    """

    row: RunRow
    recommender: FusedRecommender
    made: datetime
    in_use: bool | None = None
    activations: Sequence[Activation] = ()
    comparison: Comparison | None = None
    drivers: Drivers | None = None
    words: Vocabulary | None = None
    segments: Sequence[Group] = ()
    practice: Monitoring | None = None

    def __repr__(self) -> str:
        return f"ModelCard({self.row.run})"

    @property
    def name(self) -> str:
        """The name of its files, without an ending."""
        return f"model-card-{self.row.run}"

    @cached_property
    def document(self) -> dict[str, Any]:
        """The card as JSON: plain values, times in ISO form, shares of 1."""
        tested = card_sections.tests(
            self.row.metrics, "training", self.row.created.isoformat(), self.row.user
        ) + ([] if self.comparison is None else _compared(self.comparison))
        return {
            "schema": SCHEMA,
            "made": self.made.isoformat(timespec="seconds"),
            "model": self._model(),
            "data": card_sections.data_part(self.row, self.recommender.dataset),
            "method": [*METHOD],
            "constants": dict(self.row.constants),
            "tests": tested,
            "segments": [
                {"name": segments.name(one, "segment"), "clients": one.clients, "value": one.value}
                | {"ci95": None if one.low is None else [one.low, one.high]}
                for one in self.segments
            ],
            "drivers": None if self.drivers is None else card_sections.drivers_part(self.drivers),
            "words": None if self.words is None else card_sections.words_part(self.words),
            "limits": list(limits(self.recommender.dataset)),
            "caveats": self._caveats(),
            "failings": self._failings(),
            "use": {"intended": [*INTENDED], "not_for": [*MISUSE]},
            "practice": None if self.practice is None else card_sections.practice_part(self.practice),
        }

    def html(self) -> str:
        """Return the page."""
        return printout.filled(
            "model_card.html.j2",
            {"span": _span, "interval": _interval, "bounds": _bounds},
            card=self.document,
            moment=self._moment,
            slice_kinds=comparison.KINDS,
            metrics=METRICS,
            names=figures.NAMES | {COVERAGE: "Catalogue"},
            about_drivers=None if self.drivers is None else drivers.about(self.drivers),
            definition=drivers.DEFINITION,
            settings=comparison.settings(self.row.constants),
        )

    def _model(self) -> dict[str, Any]:
        row = self.row
        return {
            "run": row.run,
            "trained": row.created.isoformat(),
            "by": row.user,
            "seconds": row.seconds,
            "seed": row.seed,
            "encoder": row.encoder,
            "in_use": self.in_use,
            "published": [
                {"when": one.created.isoformat(), "by": one.user, "reason": one.reason, "step": one.step}
                for one in sorted(self.activations, key=lambda one: one.sequence)
                if one.run == row.run
            ],
        }

    def _caveats(self) -> list[str]:
        compared = () if self.comparison is None else self.comparison.document.get("caveats", ())
        return [*dict.fromkeys([*figures.caveats(self.row), *compared])]

    def _failings(self) -> list[str]:
        found = [*failings.of_tests(figures.protocol(self.row))]
        if self.comparison is not None:
            for name in comparison.protocols(self.comparison.document):
                protocol = self.comparison.document["protocols"][name]
                found += [
                    f"In the comparison ({comparison.PROTOCOLS[name].lower()}): {wording.inside(said)}"
                    for said in failings.of_tests(protocol)
                ]
        found += failings.of_data(self.recommender)
        if self.drivers is not None:
            found += failings.of_lists(self.drivers, self.words)
        return [*found, *failings.ALWAYS]

    def _moment(self, when: str) -> str:
        """Return an ISO time in the time zone of the card."""
        return wording.moment(datetime.fromisoformat(when).astimezone(self.made.tzinfo))


def _compared(found: Comparison) -> list[card_sections.Test]:
    return card_sections.tests(found.document, "comparison", found.created.isoformat(), found.user)


def _interval(ends: Sequence[float] | None, factor: float = 1.0, decimals: int = 3) -> str:
    """Return an interval in words, a dash where there is none."""
    if ends is None or ends[0] is None:
        return wording.NONE
    return dots.interval(factor * ends[0], factor * ends[1], decimals)


def _bounds(ends: Sequence[float], factor: float, decimals: int) -> str:
    """Return the interval of a difference in words."""
    return wording.span(factor * ends[0], factor * ends[1], decimals)


def _span(arms: Sequence[Mapping[str, Any]], metric: str) -> list[str]:
    """Return a drawing of each arm's interval on the scale of all of them, "" where it has none."""
    held = [one["metrics"].get(metric) for one in arms]
    ends = [end for one in held if one and one["ci95"] for end in one["ci95"]]
    if not ends:
        return ["" for _ in arms]
    return [
        svg.span(one["value"], one["ci95"], (min(ends), max(ends)), strong=arm["model"])
        if one and one["ci95"]
        else ""
        for arm, one in zip(arms, held, strict=True)
    ]
