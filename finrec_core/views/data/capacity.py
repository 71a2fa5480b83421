"""What data can and cannot carry, in sentences: the profile read for somebody who plans a model."""

from dataclasses import dataclass
from typing import Literal

from finrec_core.dataset.profile import Profile, Texts
from finrec_core.evaluation.forecast import Range, TextForecast, TiesForecast
from finrec_core.terms import wording

Kind = Literal["can", "mind", "cannot"]
FEW_TESTED = 200  # clients below which intervals are wide
FEW_HOLDERS = 5
MOST_EQUAL, MOST_REPEATED = 0.2, 0.2  # shares that are worth a warning
SHORT_TEXT = 5  # words


@dataclass(frozen=True)
class Sentence:
    """One thing to know about the data: it can carry it, it cannot, or mind it."""

    kind: Kind
    text: str


def sentences(profile: Profile) -> list[Sentence]:
    """Return what the data can and cannot carry, the plainest first."""
    if not profile.interactions:
        return [Sentence("cannot", one) for one in profile.limits]
    said = [*_tastes(profile), *_events(profile), *_words(profile), *_closeness(profile), *_order(profile)]
    said += [Sentence("cannot", one) for one in profile.limits]
    order = ("can", "mind", "cannot")
    return sorted(said, key=lambda one: order.index(one.kind))


def _tastes(profile: Profile) -> list[Sentence]:
    said = [
        Sentence(
            "can" if profile.products_of_client else "mind",
            f"A client has {wording.plain(profile.products_of_client)} of "
            f"{wording.counted(profile.products, 'product')} in the middle of all clients; "
            f"{wording.percent(profile.density)} of all pairs are known.",
        )
    ]
    tested = wording.counted(profile.testable, "client")
    if profile.testable < FEW_TESTED:
        text = f"Only {tested} can be tested (three products or more): intervals will be wide."
        said.append(Sentence("mind", text))
    else:
        said.append(Sentence("can", f"{wording.capital(tested)} can be tested: three products or more."))
    rare = sum(band.count for band in profile.by_product if band.low < FEW_HOLDERS)
    if rare:
        share = wording.percent(rare / max(1, profile.products), 0)
        verb, their, them = ("has", "its", "it") if rare == 1 else ("have", "their", "them")
        speaks = f"mostly {their} words can speak for {them}"
        if not profile.products_told:
            speaks = f"there are no words either, so little can speak for {them}"
        text = (
            f"{wording.capital(wording.counted(rare, 'product'))} ({share}) {verb} fewer than {FEW_HOLDERS} "
            f"holders: {speaks}."
        )
        said.append(Sentence("mind", text))
    if profile.popularity.top_tenth > 0.5:
        share = wording.percent(profile.popularity.top_tenth, 0)
        text = f"A tenth of the products has {share} of the interactions: lists lean on these."
        said.append(Sentence("mind", text))
    return said


def _events(profile: Profile) -> list[Sentence]:
    said = []
    if profile.repeated:
        rows = wording.capital(wording.counted(profile.repeated, "interaction"))
        verb = "repeats" if profile.repeated == 1 else "repeat"
        text = f"{rows} {verb} a client and product: a product taken more than once counts once."
        said.append(Sentence("mind", text))
    if profile.former:
        text = (
            "1 product of a client was given up: it is no holding, and may be recommended."
            if profile.former == 1
            else f"{profile.former:,} products of clients were given up: they are no holdings, and may be "
            "recommended."
        )
        said.append(Sentence("mind", text))
    return said


def _words(profile: Profile) -> list[Sentence]:
    said = []
    for texts, one, many in (
        (profile.own_texts, "product", "products have a text of their own"),
        (profile.reviews, "interaction", "interactions have a review"),
    ):
        if texts.told:
            said.append(Sentence(*_coverage(texts, one, many)))
        if texts.told and texts.repeated / texts.told > MOST_REPEATED:
            share = wording.percent(texts.repeated / texts.told, 0)
            noun = "product texts" if one == "product" else "reviews"
            said.append(Sentence("mind", f"{share} of the {noun} read the same as another one."))
    if profile.same_names:
        text = f"{wording.capital(wording.counted(profile.same_names, 'product'))} share a name with another."
        said.append(Sentence("mind", text))
    return said


def _coverage(texts: Texts, one: str, many: str) -> tuple[Kind, str]:
    share = texts.told / max(1, texts.of)
    length = f"{wording.plain(texts.words)} words in the middle"
    text = f"{wording.percent(share, 0)} of the {many}, {length}."
    return ("can" if texts.words >= SHORT_TEXT and (share >= 0.1 or one != "product") else "mind"), text


def _closeness(profile: Profile) -> list[Sentence]:
    if not profile.ties:
        return []
    close = profile.closeness
    if close is None:
        return [Sentence("cannot", "Tied clients have no products to compare, so ties cannot be judged.")]
    times = f"{wording.plain(close.ratio, 1)} times as many products as clients drawn at random"
    span = f"(interval {wording.plain(close.low, 2)} to {wording.plain(close.high, 2)})"
    if close.told > 0:
        return [Sentence("can", f"Tied clients share {times} {span}.")]
    if close.told < 0:
        return [Sentence("cannot", f"Tied clients share fewer products than chance: {times} {span}.")]
    text = f"Whether tied clients share more products than chance is not settled: {times} {span}."
    return [Sentence("mind", f"{text} Ties may help little or not at all.")]


def _order(profile: Profile) -> list[Sentence]:
    times, said = profile.times, []
    if times.known and times.equal > MOST_EQUAL:
        text = (
            f"{wording.percent(times.equal, 0)} of the interactions happened at the very moment of another "
            "one of the same client: these stay together, in a test as in the training."
        )
        said.append(Sentence("mind", text))
    elif times.known and times.dates > MOST_EQUAL:
        text = f"{wording.percent(times.dates, 0)} of the times are dates without a time of day."
        said.append(Sentence("mind", text))
    if times.known and times.first and times.last and times.first != times.last:
        known = wording.percent(times.known / profile.interactions, 0)
        span = f"{wording.month(times.first)} to {wording.month(times.last)}"
        text = f"{known} of the interactions have a time, {span}."
        said.append(Sentence("can", text))
    return said


def text_sentence(found: TextForecast) -> str:
    """Return the forecast for text as a sentence that says it is a guess, or what was measured."""
    ratio = (
        f"Text alone reaches {wording.percent(found.ratio, 0)} of what the record of interactions alone does."
    )
    if found.measured is not None:
        gain, low, high = found.measured
        settled = "" if low > 0 or high < 0 else " Not settled: the interval holds 0."
        span = f"{_span(Range(low, high))}, {_signed(gain)} in the mean"
        return f"{ratio} Measured: text and ties change NDCG@20 by {span}.{settled}"
    return f"{ratio} A guess: text and ties will change NDCG@20 by {_span(found.guess)}."


def ties_sentence(found: TiesForecast) -> str:
    """Return the forecast for ties as a sentence that says it is a guess."""
    whole = f"A guess: ties will change NDCG@20 by {_span(found.everybody)} over all clients"
    if found.few is None:
        return f"{whole}. Nobody who is tied has three products or fewer, for whom ties can do most."
    return f"{whole}, and by {_span(found.few)} for those with three products or fewer."


def _span(found: Range) -> str:
    return f"{_signed(found.low)} to {_signed(found.high)}"


def _signed(share: float) -> str:
    return f"{wording.signed(100 * share, 1 if abs(share) < 0.1 else 0)} %"
