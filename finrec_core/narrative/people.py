"""The people around a client in one view: its ties and the similar clients, and what stays private."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from finrec_core.dataset.dataset import Dataset
from finrec_core.dataset.naming import client_names
from finrec_core.explain.explanation import Contribution
from finrec_core.terms import wording

ENOUGH = 5  # shared products are named only where at least so many other clients share that set
NAMED = 12  # similar clients, strongest first, whose shared products are looked up
# Ties by kind, as one and as several; a kind outside this list is "a connection (kind)".
TIE_NAMES = {
    "household": ("a member of the household", "members of the household"),
    "family": ("a member of the family", "members of the family"),
    "friend": ("a friend", "friends"),
    "colleague": ("a colleague", "colleagues"),
    "neighbour": ("a neighbour", "neighbours"),
    "partner": ("the partner", "partners"),
    "spouse": ("the spouse", "spouses"),
    "parent": ("a parent", "parents"),
    "child": ("a child", "children"),
    "sibling": ("a sibling", "siblings"),
}


@dataclass(frozen=True)
class Tie:
    """A connection of the client: its kind as it stands in the data, its number among those of the kind.

    `name` is filled only where the setting allows names, and where `many` people stand for one part together.
    """

    kind: str
    number: int
    of_kind: int
    name: str = ""
    many: bool = False

    @property
    def phrase(self) -> str:
        """The connection inside a sentence, as "a member of the household" or "Erik, household"."""
        if self.name:
            return f"{self.name} ({self.kind})" if self.kind else self.name
        if self.kind.lower() in TIE_NAMES:
            return TIE_NAMES[self.kind.lower()][0]
        return f"a connection ({self.kind})" if self.kind else "a connection"

    @property
    def title(self) -> str:
        """The connection as a row's name, as "Household member 2" or "Erik, household"."""
        if self.many:
            return wording.capital(self.name)
        if self.name:
            return f"{self.name}, {self.kind}" if self.kind else self.name
        known = TIE_NAMES.get(self.kind.lower(), ("",))[0].removeprefix("a ").removeprefix("the ")
        words = known.replace("member of the household", "household member")
        words = words.replace("member of the family", "family member")
        words = words or (f"connection ({self.kind})" if self.kind else "connection")
        return wording.capital(words) + (f" {self.number}" if self.of_kind > 1 else "")


@dataclass(frozen=True)
class Other:
    """Another client as this view may show it: a number valid here only, and what is in common.

    `shared` holds ids of shared products, empty where fewer than `ENOUGH` other clients share the set;
    `kinds` then says how many of each category they are, most first.
    """

    number: int
    segment: str = ""
    common: int = 0
    shared: tuple[str, ...] = ()
    kinds: tuple[tuple[str, int], ...] = ()

    @property
    def title(self) -> str:
        """The client as a row's name, as "Client 1"."""
        return f"Client {self.number}" if self.number else "Another client"

    @property
    def phrase(self) -> str:
        """The client inside a sentence, as "a private client, 4 products in common"."""
        return f"{self.kind}, {wording.counted(self.common, 'product')} in common"

    @property
    def kind(self) -> str:
        """The client without its number, as "a private client"."""
        if not self.segment:
            return "another client"
        vowels = "AEFHILMNORSX" if self.segment.isupper() else "aeiou"
        return f"{'an' if self.segment[0] in vowels else 'a'} {self.segment} client"


def client_name(dataset: Dataset, row: int) -> str:
    """Return the name of a client by its row, with its id where it is not the only one of that name.

    One without a name is "client" and its id.
    """
    key = wording.name(dataset.clients["client_id"][row].as_py(), "")
    return wording.name(client_names(dataset)[row], f"client {key}")


def ties(dataset: Dataset, client: int, *, show_names: bool) -> dict[str, Tie]:
    """Return the connections of a client by the other's id; several kinds of one pair are joined."""
    ends = dataset.tie_rows  # (ties, 2)
    found = np.flatnonzero((ends == client).any(axis=1) & (ends[:, 0] != ends[:, 1]))
    kinds: dict[int, dict[str, None]] = {}
    for row, kind in zip(found.tolist(), dataset.ties["kind"].take(pa.array(found)).to_pylist(), strict=True):
        other = int(ends[row].sum()) - client
        kinds.setdefault(other, {})[wording.name(kind, " ", 40) if kind and kind.strip() else ""] = None
    named = {other: ", ".join(filter(None, sorted(each))) for other, each in kinds.items()}
    total, seen = Counter(named.values()), Counter[str]()
    ties = {}
    for other, kind in named.items():
        seen[kind] += 1
        ties[dataset.clients["client_id"][other].as_py()] = Tie(
            kind, seen[kind], total[kind], client_name(dataset, other) if show_names else ""
        )
    return ties


def others(
    dataset: Dataset, client: int, held: np.ndarray, contributions: Sequence[Contribution]
) -> dict[str, Other]:
    """Return the similar clients among `contributions` by id, numbered from the strongest."""
    similar = [contribution.id for contribution in contributions if contribution.kind == "client"]
    mine = np.zeros(len(dataset.products), dtype=bool)
    mine[held] = True
    both = dataset.positive & mine[dataset.pair_products] & (dataset.pair_clients != client)
    clients, products = dataset.pair_clients[both], dataset.pair_products[both]
    common = np.bincount(clients, minlength=len(dataset.clients))
    others = {}
    for number, key in enumerate(similar, start=1):
        row = dataset.client_rows[key]
        shared: list[str] = []
        kinds: list[tuple[str, int]] = []
        if number <= NAMED and common[row]:
            ids = np.sort(products[clients == row])
            having = np.bincount(clients[np.isin(products, ids)], minlength=len(dataset.clients))
            if (having == len(ids)).sum() >= ENOUGH:
                shared = dataset.products["product_id"].take(pa.array(ids)).to_pylist()
            else:
                of = Counter(dataset.products["category"].take(pa.array(ids)).to_pylist())
                kinds = [] if None in of else sorted(of.items(), key=lambda one: (-one[1], one[0]))
        segment = dataset.clients["segment"][row].as_py() or ""
        plain = bool(re.fullmatch(r"[A-Za-z][A-Za-z -]{0,23}", segment))
        word = segment if segment.isupper() else segment.lower()
        others[key] = Other(number, word if plain else "", int(common[row]), tuple(shared), tuple(kinds))
    return others
