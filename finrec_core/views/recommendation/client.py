"""The client on one line: profile, what it has, who it is close to, and how much evidence that is."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from finrec_core.dataset import Dataset
from finrec_core.narrative.holdings import Holding, amount, holdings
from finrec_core.narrative.people import TIE_NAMES, client_name, ties
from finrec_core.terms import wording

PROFILE = (("segment", "Segment"), ("risk_tolerance", "Risk tolerance"), ("horizon_years", "Horizon"))
MORE = (
    ("knowledge", "Knowledge"),
    ("loss_capacity", "Capacity for loss"),
    ("profile_date", "Profile of"),
    ("branch", "Branch"),
    ("adviser", "Adviser"),
)


@dataclass(frozen=True, repr=False)
class ClientLine:
    """What the strip shows of one client; texts are as in the data and not escaped.

    `profile` holds label and value of what is known, `more` what one looks up, `holdings` its
    products and those that it gave up, `close_to` its ties by kind.
    """

    client_id: str
    name: str
    profile: tuple[tuple[str, str], ...]
    more: tuple[tuple[str, str], ...]
    holdings: tuple[Holding, ...]
    close_to: tuple[str, ...]
    connections: int

    def __repr__(self) -> str:
        return f"ClientLine({self.client_id!r}: {len(self.has)} products, {self.connections} connections)"

    @property
    def has(self) -> tuple[str, ...]:
        """The names of its products, newest first where times are known, those rated low left out."""
        return tuple(one.name for one in self.holdings if one.state == "held")

    @property
    def low(self) -> tuple[str, ...]:
        """The names of the products that it has and rated low."""
        return tuple(one.name for one in self.holdings if one.state == "rated low")

    @property
    def evidence(self) -> str:
        """How much there is to go by, as "6 products, 2 connections"."""
        products = wording.counted(len(self.has), "product")
        return f"{products}, {wording.counted(self.connections, 'connection')}"

    @property
    def gave_up(self) -> bool:
        """Whether it had products that it has no more."""
        return any(one.state == "formerly held" for one in self.holdings)

    @property
    def cold(self) -> bool:
        """Whether there is nothing to go by, so that the list is one of popularity."""
        return not self.has and not self.connections


def client_line(dataset: Dataset, client: str) -> ClientLine:
    """Return what the strip shows of a client of the dataset."""
    row = dataset.client_rows[client]
    found = ties(dataset, row, show_names=False)
    kinds = Counter(tie.kind for tie in found.values())
    return ClientLine(
        client_id=client,
        name=wording.capital(client_name(dataset, row)),
        profile=tuple(_known(dataset, row, PROFILE)),
        more=tuple(_known(dataset, row, MORE)),
        holdings=holdings(dataset, client),
        close_to=tuple(_close(kind, count) for kind, count in kinds.most_common()),
        connections=len(found),
    )


def holding_line(holding: Holding) -> str:
    """Return a holding on one line, as "Bond Fund, since March 2021, 12 interactions, 50 in all"."""
    said = [holding.name, holding.when]
    if holding.state == "rated low":
        said.append("rated low")
    if holding.count > 1:
        said.append(f"{holding.count:,} interactions")
    if holding.amount is not None and holding.state != "formerly held":
        said.append(f"{amount(holding.amount)} in all")
    return ", ".join(filter(None, said))


def example_clients(dataset: Dataset, count: int, among: np.ndarray | None = None) -> list[str]:
    """Return clients worth looking at first: several products, reviews, ties and a name.

    `among` are those to choose from, bool (clients,); None: all.

    Products count up to 8, reviews up to 4 and ties up to 2; equals stand in the order of the data.
    """
    size = len(dataset.clients)
    products = np.bincount(dataset.pair_clients[dataset.positive], minlength=size)
    written = np.array([bool(text) for text in dataset.review_texts], dtype=bool)
    reviews = np.bincount(dataset.event_clients[written], minlength=size)
    close = np.bincount(dataset.tie_rows.ravel(), minlength=size) if len(dataset.ties) else np.zeros(size)
    named = dataset.clients["name"].is_valid().to_numpy()
    worth = np.minimum(products, 8) + np.minimum(reviews, 4) + 2 * np.minimum(close, 2) + 2 * named
    best = np.argsort(-worth, kind="stable")
    best = best[:count] if among is None else best[among[best]][:count]
    return dataset.clients["client_id"].take(best).to_pylist()


def _known(dataset: Dataset, row: int, facts: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield label and value of the facts of a client that are known."""
    for column, title in facts:
        value = dataset.clients[column][row].as_py()
        if value is None:
            continue
        if column == "risk_tolerance":
            value = f"{value} of 7"
        elif isinstance(value, float):
            value = wording.years(value)
        elif isinstance(value, date):
            value = wording.day(value)
        yield title, wording.capital(wording.name(value, "", 40))


def _close(kind: str, count: int) -> str:
    """Return a kind of tie with its number, as "2 colleagues" or "1 household member"."""
    names = TIE_NAMES.get(kind.lower())
    if names is None:
        kind = f" ({kind})" if kind else ""
        return wording.counted(count, f"connection{kind}", f"connections{kind}")
    noun = names[0].partition(" ")[2] if count == 1 else names[1]
    noun = re.sub(r"^(members?) of the (.+)$", r"\2 \1", noun)
    return f"{count:,} {noun}"
