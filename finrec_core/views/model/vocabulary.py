"""The strongest words of a model, as bars and as a table, with what they rest on."""

import pandas as pd

from finrec_core.advice.vocabulary import Vocabulary
from finrec_core.terms import wording
from finrec_core.views.charts.strips import Strip

RAISING, LOWERING = 12, 6  # words in the figure


def strips(found: Vocabulary) -> list[Strip]:
    """Return the words that raise the most where they stand, then those that lower the most, as bars."""
    raising = [one for one in found.words if one.where > 0][:RAISING]
    lowering = [one for one in found.words if one.where < 0][:LOWERING]
    return [
        Strip(wording.name(one.word, longest=30), one.where, wording.signed(one.where, 2))
        for one in [*raising, *reversed(lowering)]
    ]


def table(found: Vocabulary) -> pd.DataFrame:
    """Return all words that may be shown: Word, Where it stands, In 100 places, Products, Clients."""
    rows = [
        (
            wording.name(one.word, longest=40),
            wording.signed(one.where, 2),
            wording.signed(one.points, 1),
            f"{one.products:,}",
            f"{one.writers:,}" if one.writers else wording.NONE,
        )
        for one in found.words
    ]
    columns = ["Word", "Where it stands", "In 100 places", "Products", "Writers"]
    return pd.DataFrame(rows, columns=columns, dtype=str)


def about(found: Vocabulary) -> str:
    """Return what the words rest on."""
    if not found.texts:
        return "This model reads no text, so no word raises or lowers anything."
    read = (
        f"All {wording.counted(found.texts, 'text')} behind these places were read"
        if found.read == found.texts
        else f"The {found.read:,} texts of {found.texts:,} with most influence were read; they hold "
        f"{wording.percent(found.held, 0)} of what texts add and take"
    )
    withheld = (
        f" {wording.counted(found.withheld, 'word')} in fewer texts are not shown." if found.withheld else ""
    )
    return (
        f"{read}. A word's value is its share of the scores, not the effect of deleting it, and not the "
        "writer's mood; where it stands, it adds so many points on average. Shown are words in the reviews "
        "of at least five clients or in the own words of at least five products."
        f"{withheld} The words of a text miss its share by {error(found)}."
    )


def error(found: Vocabulary) -> str:
    """Return by how much the words of a text miss its share, in words."""
    if found.word_error < 0.001:
        return "less than 0.1 %"
    return f"at most {wording.percent(found.word_error)}"
