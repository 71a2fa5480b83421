"""Holdings: what a client has and had, product by product, with since when, how much and in what state."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal, Self, get_args

import numpy as np

from finrec_core.dataset import Dataset
from finrec_core.dataset.naming import product_names
from finrec_core.narrative.former import moment, until
from finrec_core.terms import wording

State = Literal["held", "rated low", "formerly held"]


@dataclass(frozen=True)
class Holding:
    """One product of a client: `since` is when the present holding began, `until` when it was given up.

    `count` is how many interactions stand behind it, `amount` what they add up to. `share` is the part of
    the client's holdings that it makes by amounts; None where these count pieces, which do not add up, and
    of what is formerly held.
    """

    product: str
    name: str
    state: State
    since: datetime | None
    until: datetime | None
    count: int
    amount: float | None
    share: float | None

    def __post_init__(self) -> None:
        if self.state not in get_args(State):
            raise ValueError(f'a holding cannot be "{self.state}".')

    @property
    def when(self) -> str:
        """Since or until when in words, "" where that is not known."""
        if self.state == "formerly held":
            return until(self.until)
        return f"since {self.since:%B %Y}" if self.since else ""

    def to_json(self) -> dict[str, Any]:
        """Return it as plain values of JSON, times as ISO text."""
        times = {"since": self.since, "until": self.until}
        return asdict(self) | {name: time and time.isoformat() for name, time in times.items()}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """Return what `to_json` wrote."""
        times = {name: values[name] and datetime.fromisoformat(values[name]) for name in ("since", "until")}
        return cls(**{**values, **times})


def holdings(dataset: Dataset, client: str) -> tuple[Holding, ...]:
    """Return what a client has, newest first, then what it had; unknown times come last.

    >>> from finrec_core.narrative.holdings import holdings
    >>> {one.state for one in holdings(bank, bank.clients["client_id"][0].as_py())} <= {"held", "rated low"}
    True
    """
    pairs, names = dataset.pairs, product_names(dataset)
    mine = pairs.of_client(dataset.client_rows[client])
    mine = mine[pairs.had[mine]]
    present = pairs.held[mine]
    sort = np.where(present, pairs.since[mine], pairs.until[mine])
    order = np.lexsort((mine, -np.where(np.isnan(sort), -np.inf, sort), ~present))
    amounts = np.where(present, pairs.amount[mine], np.nan)
    total = None if dataset.amounts_count or np.isnan(amounts).all() else float(np.nansum(amounts))
    found = []
    for pair in mine[order].tolist():
        row, held = int(pairs.products[pair]), bool(pairs.held[pair])
        amount = _known(pairs.amount[pair])
        share = amount / total if held and amount is not None and total else None
        found.append(
            Holding(
                product=dataset.products["product_id"][row].as_py(),
                name=wording.name(names.or_id(row)),
                state="formerly held" if not held else "rated low" if dataset.low[pair] else "held",
                since=moment(pairs.since[pair]),
                until=moment(pairs.until[pair]),
                count=int(pairs.count[pair]),
                amount=amount,
                share=share,
            )
        )
    return tuple(found)


def amount(value: float | None) -> str:
    """Return an amount as it is written: whole numbers without decimals, others with two."""
    if value is None:
        return wording.NONE
    return wording.plain(value, 0 if float(value).is_integer() else 2)


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
