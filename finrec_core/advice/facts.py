"""The facts that the rules compare: what a product asks for beside what a client's profile allows."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from finrec_core.dataset.schema import CLIENTS, PRODUCTS
from finrec_core.terms import wording

CheckName = Literal["risk class", "horizon", "knowledge", "loss potential", "profile age"]
PROFILE_AGE: CheckName = "profile age"
FORMERLY_HELD = "formerly held"  # the check of whether the client gave the product up, in every rule set
VALUES = {column.name: column.values for column in (*CLIENTS, *PRODUCTS) if column.values}


@dataclass(frozen=True)
class Fact:
    """A column of the products and the column of the clients that it must not be above."""

    check: CheckName
    product: str
    client: str
    client_words: str  # what the client's value is called in a sentence


FACTS = (
    Fact("risk class", "risk_class", "risk_tolerance", "risk tolerance"),
    Fact("horizon", "min_horizon_years", "horizon_years", "horizon"),
    Fact("knowledge", "min_knowledge", "knowledge", "knowledge"),
    Fact("loss potential", "loss_potential", "loss_capacity", "capacity for loss"),
)


def asked(products: pa.Table) -> np.ndarray:
    """Return what products ask for, float64 (facts, products), NaN where unknown."""
    return np.stack([_numbers(products[fact.product], fact.product) for fact in FACTS])


def allowed(clients: pa.Table) -> np.ndarray:
    """Return what clients' profiles allow, float64 (facts, clients), NaN where unknown."""
    return np.stack([_numbers(clients[fact.client], fact.client) for fact in FACTS])


def profile_dates(clients: pa.Table) -> np.ndarray:
    """Return the dates of clients' profiles, datetime64[D] (clients,), NaT where unknown."""
    return clients["profile_date"].to_numpy().astype("datetime64[D]")


def last_days(dates: np.ndarray, months: int) -> np.ndarray:
    """Return the last day on which profiles of these dates are not older than so many months.

    By the calendar: 31 Jan and one month is 28 Feb, or the 29th in a leap year. Both datetime64[D]
    (clients,), NaT stays.
    """
    begun = dates.astype("datetime64[M]")
    until = begun + months
    length = (until + 1).astype("datetime64[D]") - until.astype("datetime64[D]")  # of the month, in days
    day = np.minimum(dates - begun.astype("datetime64[D]"), length - 1)
    return until.astype("datetime64[D]") + day


def _numbers(cells: pa.ChunkedArray, column: str) -> np.ndarray:
    """Return a column as numbers whose order is that of its values."""
    if column in VALUES:
        cells = pc.index_in(cells, value_set=pa.array(VALUES[column]))
    return cells.cast(pa.float64()).to_numpy()


def value_words(value: str | float | None, column: str) -> str:
    """Return a value of a fact as a person reads it, as "3 of 7", "5 years" or "informed"; "" for none."""
    if value is None:
        return ""
    if column in ("risk_class", "risk_tolerance"):
        return f"{value} of 7"
    if column in ("min_horizon_years", "horizon_years"):
        return wording.years(float(value))
    return str(value)
