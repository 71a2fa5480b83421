"""The formerly held: until when a client had a product that it gave up, and how that is said."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import numpy as np

from finrec_core.dataset import Dataset
from finrec_core.terms import wording

BEFORE = "formerly"  # what stands for a time that is not known


def formers(dataset: Dataset, client: int) -> Mapping[int, str]:
    """Return the products that a client, given by its row, had and gave up: product row to until when.

    As "until June 2024", or "formerly" where the time is not known.

    >>> from finrec_core.narrative.former import formers
    >>> formers(bank, 0)
    {}
    """
    pairs, mine = dataset.pairs, dataset.pairs.of_client(client)
    given_up = mine[pairs.had[mine] & ~pairs.held[mine]]
    return {int(pairs.products[pair]): until(moment(float(pairs.until[pair]))) for pair in given_up}


def until(when: datetime | None) -> str:
    """Return until when something was held, as "until June 2024" or "formerly"."""
    return f"until {when:%B %Y}" if when else BEFORE


def badge(when: str) -> str:
    """Return what stands beside a product formerly held, as "Had until June 2024"; "" for any other."""
    if not when:
        return ""
    return "Formerly had" if when == BEFORE else f"Had {when}"


def around(who: str, when: str) -> tuple[str, str]:
    """Return what stands before and behind the product in the sentence that `who` had it until then."""
    if when == BEFORE:
        return f"{wording.capital(who)} formerly had ", ". "
    return f"{wording.capital(who)} had ", f" {when}. "


def sentence(who: str, when: str) -> str:
    """Return the sentence that somebody had it, as "Ann had it until June 2024."; "" without `when`."""
    before, behind = around(who, when)
    return f"{before}it{behind}".strip() if when else ""


def moment(days: float) -> datetime | None:
    """Return a time from days since 1970, to the second, None where it is not known."""
    if np.isnan(days):
        return None
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=round(days * 86_400))
