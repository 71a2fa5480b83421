"""The search: what a text finds of everything that the desk shows, the best match first."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal, get_args

from finrec_core.advice.decision_log import DecisionLog, Entry
from finrec_core.store.clients import ClientMatch, fold, grade, haystack, meant, patterns
from finrec_core.terms.spelling import Vocabulary
from finrec_core.views.recommendation.catalogue import ProductMatch
from finrec_core.views.recommendation.decisions import KINDS

Kind = Literal["client", "product", "page", "decision"]
SHARES: Mapping[Kind, int] = {"client": 8, "product": 6, "page": 3, "decision": 4}  # most of each
NUMBER = re.compile(r"(?:no |nr |decision )?(\d{1,12})")
NEAR = 9  # the grade of what is spelled another way, behind all that is spelled so


@dataclass(frozen=True)
class Hit:
    """One thing found: its kind, its id (a page's address, a decision's entry), its name and what it is.

    `grade` tells how well it matches, 0 for the very name or number, `NEAR` where it is spelled another way.
    """

    kind: Kind
    id: str
    name: str
    about: str
    grade: int


def hits(
    text: str,
    clients: Sequence[ClientMatch] = (),
    products: Sequence[ProductMatch] = (),
    pages: Mapping[str, str] | None = None,
    log: DecisionLog | None = None,
) -> list[Hit]:
    """Return what a text finds, best first, at most `SHARES` of each kind.

    `clients` and `products` are what their own searches found. `pages` are titles by address. Of equals
    clients stand before products, products before pages, pages before decisions, each in its own order.
    """
    if not text.strip():
        return []
    of_kind: Mapping[Kind, Iterator[Hit]] = {
        "client": (_client(one, text) for one in clients),
        "product": (_product(one, text) for one in products),
        "page": _pages(pages or {}, text),
        "decision": _decisions(log or DecisionLog(), text),
    }
    found = [hit for kind in get_args(Kind) for hit in islice(of_kind[kind], SHARES[kind])]
    return sorted(found, key=lambda hit: hit.grade)  # keeps the order of equals


def _client(one: ClientMatch, text: str) -> Hit:
    about = ", ".join(filter(None, [one.client_id if one.name else "", one.segment]))
    graded = _grade(one.client_id, one.name, text, near=one.near)
    return Hit("client", one.client_id, one.name or one.client_id, about, graded)


def _product(one: ProductMatch, text: str) -> Hit:
    graded = _grade(one.product_id, one.name, text, near=one.near)
    return Hit("product", one.product_id, one.name or one.product_id, one.category, graded)


def _grade(key: str, name: str, text: str, *, near: bool) -> int:
    if key == text.strip():
        return 0
    return NEAR if near else grade(haystack(key, name), patterns(text))


def _pages(pages: Mapping[str, str], text: str) -> Iterator[Hit]:
    """Yield pages by title, and where there is none those that a mistyped title may have meant."""
    ranks = patterns(text)
    hays = {address: haystack(address, title) for address, title in pages.items()}
    found = sorted((grade(hay, ranks), place, address) for place, (address, hay) in enumerate(hays.items()))
    found = [one for one in found if one[0] < len(ranks)]
    if not found:
        whole = "".join(hays.values())
        for words in meant(ranks[-1], whole, Vocabulary(whole.split())):
            found += [(NEAR, 0, key) for key, hay in hays.items() if all(word in hay for word in words)]
    for graded, _, address in dict.fromkeys(found):
        yield Hit("page", address, pages[address], "page", graded)


def _decisions(log: DecisionLog, text: str) -> Iterator[Hit]:
    """Yield decisions by number, else by the names of their client and product, newest first."""
    numbered = NUMBER.fullmatch(fold(text))
    words = patterns(text)[-1]
    for entry in reversed(log.entries):
        decision = entry.decision
        if numbered is not None:
            if entry.sequence == int(numbered[1]):
                yield _decision(entry, 0)
        elif all(word in fold(f"{decision.client_name} {decision.product_name}") for word in words):
            yield _decision(entry, len(patterns(text)) - 1)


def _decision(entry: Entry, graded: int) -> Hit:
    decision = entry.decision
    named = (decision.client_name or decision.client, decision.product_name or decision.product)
    name = ": ".join(filter(None, named))  # a note has no product
    return Hit("decision", entry.id, name, f"{KINDS[decision.kind].lower()}, no. {entry.sequence:,}", graded)
