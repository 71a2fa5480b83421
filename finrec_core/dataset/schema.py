"""The four tables of a dataset: their columns, types and allowed values."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pyarrow as pa

KNOWLEDGE = ("basic", "informed", "advanced")
LOSS = ("none", "limited", "full", "beyond")
# What an interaction does to what the client has; an empty one takes. `no_fact` is cancelled or pending.
ACTIONS = ("takes", "gives_up", "neither", "no_fact")
LATER = ("action", "amount", "valid_from", "adviser")  # columns that older datasets do not have
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TIME = pa.timestamp("us", tz="UTC")
LONGEST_TEXT = 20_000  # characters; what is longer is cut, with a repair
MISFITS = (pa.ArrowInvalid, pa.ArrowNotImplementedError)  # what a cast raises of cells that do not fit


@dataclass(frozen=True)
class Column:
    """One column of the file contract: its name, Arrow type and what a value must satisfy.

    >>> from finrec_core.dataset import TABLES
    >>> column = TABLES["products"][4]
    >>> column.label, column.fits(7), column.fits(8)
    ('Risk class', True, False)
    """

    name: str
    type: pa.DataType
    required: bool = False
    low: float | None = None
    high: float | None = None
    values: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """The column in words: `risk_class` is "Risk class", `client_id` is "Client"."""
        return self.name.removesuffix("_id").replace("_", " ").capitalize()

    def fits(self, number: float) -> bool:
        """Whether a number lies between `low` and `high`."""
        return (self.low is None or number >= self.low) and (self.high is None or number <= self.high)


INTERACTIONS = (
    Column("client_id", pa.string(), required=True),
    Column("product_id", pa.string(), required=True),
    Column("timestamp", TIME),
    Column("action", pa.string(), values=ACTIONS),
    Column("amount", pa.float64()),
    Column("rating", pa.float64()),
    Column("review", pa.string()),
)
PRODUCTS = (
    Column("product_id", pa.string(), required=True),
    Column("name", pa.string()),
    Column("category", pa.string()),
    Column("description", pa.string()),
    Column("risk_class", pa.int64(), low=1, high=7),
    Column("min_horizon_years", pa.float64(), low=0),
    Column("ongoing_cost_pct", pa.float64(), low=0),
    Column("available", pa.bool_()),
    Column("min_knowledge", pa.string(), values=KNOWLEDGE),
    Column("loss_potential", pa.string(), values=LOSS),
    Column("valid_from", pa.date32()),
)
CLIENTS = (
    Column("client_id", pa.string(), required=True),
    Column("name", pa.string()),
    Column("segment", pa.string()),
    Column("branch", pa.string()),
    Column("adviser", pa.string()),
    Column("risk_tolerance", pa.int64(), low=1, high=7),
    Column("horizon_years", pa.float64(), low=0),
    Column("knowledge", pa.string(), values=KNOWLEDGE),
    Column("loss_capacity", pa.string(), values=LOSS),
    Column("profile_date", pa.date32()),
)
TIES = (
    Column("client_id", pa.string(), required=True),
    Column("other_client_id", pa.string(), required=True),
    Column("kind", pa.string()),
)
TABLES: dict[str, tuple[Column, ...]] = {
    "interactions": INTERACTIONS,
    "products": PRODUCTS,
    "clients": CLIENTS,
    "ties": TIES,
}
SCHEMAS: dict[str, pa.Schema] = {
    table: pa.schema([(column.name, column.type) for column in columns]) for table, columns in TABLES.items()
}
KEYS: dict[str, tuple[str, ...]] = {
    "clients": ("client_id",),
    "products": ("product_id",),
    "interactions": ("client_id", "product_id"),
    "ties": ("client_id", "other_client_id", "kind"),
}
