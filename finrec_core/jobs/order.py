"""The order: what a job is to do, as `job.json` keeps it for the child."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar, Literal

from finrec_core.jobs.error import JobError
from finrec_core.settings import settings
from finrec_core.terms.bounds import MOST_SEED

Kind = Literal["train", "compare", "batch", "import", "erase"]
Format = Literal["parquet", "csv"]
NOUNS: Mapping[Kind, str] = {
    "train": "training",
    "compare": "comparison",
    "batch": "writing of lists",
    "import": "reading of the files",
    "erase": "erasure",
}
MOST_PRODUCTS = 1000  # of one client in a file of lists


@dataclass(frozen=True)
class Training:
    """A training: its seed, encoder and search, and what the model may not use.

    `switches` names fields of the model's `Switches` that are not at their default.
    """

    kind: ClassVar[Kind] = "train"
    seed: int
    encoder: str
    thorough: bool = False
    compare: bool = True
    device: str = "cpu"
    message_passing: str = field(default_factory=lambda: settings().message_passing)
    switches: Mapping[str, bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not isinstance(self.seed, int) or not 0 <= self.seed <= MOST_SEED:
            raise JobError(f"A seed is a whole number from 0 to {MOST_SEED}, not {self.seed}.")
        if not self.encoder.strip():
            raise JobError("Name the encoder that reads the texts.")


@dataclass(frozen=True)
class Comparing:
    """A comparison of methods on a dataset, as `evaluate` makes it; no `arms` are all of them."""

    kind: ClassVar[Kind] = "compare"
    encoder: str
    arms: tuple[str, ...] = ()
    controls: bool = False
    seeds: int = 1

    def __post_init__(self) -> None:
        if self.seeds < 1:
            raise JobError(f"A comparison takes 1 seed or more, not {self.seeds}.")


@dataclass(frozen=True)
class Listing:
    """The lists of all clients of a model in one file: the `k` best, with reasons or not.

    `rules` are the bank's as JSON, None for those proposed for the data; with `suitable` what they
    forbid is left out.
    """

    kind: ClassVar[Kind] = "batch"
    model: str
    k: int = 10
    reasons: bool = False
    suitable: bool = False
    format: Format = "parquet"
    rules: Mapping[str, Any] | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.k <= MOST_PRODUCTS:
            raise JobError(f"A list has 1 to {MOST_PRODUCTS:,} products, not {self.k:,}.")
        if self.format not in ("parquet", "csv"):
            raise JobError(f'Lists are written as parquet or csv, not "{self.format}".')


@dataclass(frozen=True)
class Importing:
    """The reading of uploaded files, with what the analyst says of them as `read_files` takes it.

    `files` are their names; `forms` has the fields of a `FormChoice` by file, `only` the sheets or tables
    that are read of a workbook or a database.
    """

    kind: ClassVar[Kind] = "import"
    files: tuple[str, ...]
    mapping: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    forms: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    only: Mapping[str, Sequence[str]] = field(default_factory=dict)
    day_first: bool | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)
    kept: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.files:
            raise JobError("An import reads one file or more.")


@dataclass(frozen=True)
class Erasing:
    """The erasure of clients from the folders of runs; each has `id` (of its record), `client`, `created`."""

    kind: ClassVar[Kind] = "erase"
    erasures: tuple[Mapping[str, str], ...]


Order = Training | Comparing | Listing


# The types of an order's values as JSON holds them, and of what else `job.json` has.
TYPES: Mapping[str, tuple[type, ...]] = {
    **dict.fromkeys(("kind", "encoder", "device", "message_passing", "model", "format"), (str,)),
    **dict.fromkeys(("run", "created", "user", "dataset", "content_hash"), (str,)),
    **dict.fromkeys(("seed", "seeds", "k", "version", "threads"), (int,)),
    **dict.fromkeys(("thorough", "compare", "controls", "reasons", "suitable"), (bool,)),
    **dict.fromkeys(("arms", "erasures", "files", "places"), (list,)),
    **dict.fromkeys(("switches", "source", "mapping", "kinds", "forms", "only", "answers", "kept"), (dict,)),
    "rules": (dict, type(None)),
    "day_first": (bool, type(None)),
}


def known(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an order knows of the values that somebody may have changed, each of its own type."""
    return {name: value for name, value in values.items() if isinstance(value, TYPES.get(name, ()))}


def to_json(order: Order | Importing | Erasing) -> dict[str, Any]:
    """Return the order as plain JSON values, with its kind."""
    return {"kind": order.kind} | asdict(order)
