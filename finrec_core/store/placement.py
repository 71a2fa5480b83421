"""The placement of an import: a dataset of its own, an append, or a next version, and what that removes."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from finrec_core.dataset import Dataset
from finrec_core.store.datasets import DatasetVersion
from finrec_core.store.error import StoreError
from finrec_core.store.overlap import Overlap
from finrec_core.terms import wording

if TYPE_CHECKING:
    from finrec_core.store.store import Store

Kind = Literal["new", "append", "replace"]
MOSTLY = 0.5  # share of the clients, and of the products, from which they are mostly known
SMALL = 1 / 3  # of the rows of a dataset: what has fewer is one part of it rather than the next version
MOST_REMOVED = 0.1  # share of the clients or pairs of a version that may go without being asked


@dataclass(frozen=True)
class Placement:
    """Where an import is to go, in numbers.

    `kind` is "new" (a dataset of its own), "append" (to `version`) or "replace" (the version after `version`,
    with these rows alone). `clients` and `products` count those of the import, `known_clients` and
    `known_products` those of them that `version` has. `removes_clients` and `removes_pairs` say how many
    clients, and pairs of client and product, `version` has that would be gone; 0 where none is replaced.
    `version` of a new one is the dataset that is nearest to it, None without any.
    """

    kind: Kind
    version: DatasetVersion | None
    clients: int
    products: int
    known_clients: int = 0
    known_products: int = 0
    removes_clients: int = 0
    removes_pairs: int = 0
    pairs: int = 0

    def __post_init__(self) -> None:
        if self.kind != "new" and self.version is None:
            raise StoreError("What is appended or replaced is a version of a dataset.")

    @property
    def removes_much(self) -> bool:
        """Whether more than a tenth of the clients or pairs of the version would be gone."""
        if self.version is None:
            return False
        return self._much(self.removes_clients, self.version.clients) or self._much(
            self.removes_pairs, self.pairs
        )

    @property
    def strange(self) -> bool:
        """Whether it is to be appended to a dataset that has none of its clients and products."""
        return self.kind == "append" and not self.known_clients and not self.known_products

    @property
    def known(self) -> str:
        """How many of its clients and products are in the version, as the beginning of a sentence."""
        if self.version is None:
            return "The store holds no dataset yet"
        label = wording.name(self.version.label)
        if not self.known_clients and not self.known_products:
            return f"No client and no product of it is in {label}"
        clients = wording.capital(_of(self.known_clients, self.clients, "client"))
        return f"{clients} and {_of(self.known_products, self.products, 'product')} are in {label}"

    @property
    def sentence(self) -> str:
        """Why it is to go there, and what that removes."""
        if self.kind == "append":
            return f"{self.known}: appended to it."
        if self.kind == "replace":
            return f"{self.known}: its next version{self._removal}."
        if self.version is not None and not self.known_clients and not self.known_products:
            return "It has no client and no product in common with any dataset: a new one."
        return f"{self.known}: a new one."

    @property
    def button(self) -> str:
        """What a button says that does it, with the name of the dataset as it stands in the data."""
        if self.kind == "new" or self.version is None:
            return "Save as a new dataset"
        if self.kind == "append":
            return f"Append to {wording.name(self.version.name, longest=40)}"
        if not self.removes_much:
            return f"Save as the next version of {wording.name(self.version.name, longest=40)}"
        much = self._much(self.removes_clients, self.version.clients)
        gone = (self.removes_clients, "client") if much else (self.removes_pairs, "pair")
        return f"Replace, removing {wording.counted(*gone)}"

    def to_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        label = None if self.version is None else self.version.label
        counts = {name: getattr(self, name) for name in ("known_clients", "known_products")}
        removed = {name: getattr(self, name) for name in ("removes_clients", "removes_pairs")}
        return {"kind": self.kind, "dataset": label, **counts, **removed, "sentence": self.sentence}

    @property
    def _removal(self) -> str:
        if self.version is None or not (self.removes_clients or self.removes_pairs):
            return ""
        clients = _of(self.removes_clients, self.version.clients, "client")
        return f", without {clients} and {_of(self.removes_pairs, self.pairs, 'pair')} of today"

    @staticmethod
    def _much(gone: int, of: int) -> bool:
        return gone > MOST_REMOVED * of


def proposed(store: "Store", dataset: Dataset) -> Placement:
    """Return where a dataset that was just read is proposed to go, by what it shares with those stored.

    Nothing in common with the latest version of any dataset makes it a new one. Where most of its clients
    and most of its products are in one, it is appended if it is small (less than a third of the rows there),
    else it is the next version, as it is where it has most of the clients and products there. All else is
    new. The dataset with most ids in common counts, of equals the one added last. Names do not count.
    """
    clients, products = len(dataset.clients), len(dataset.products)
    near = max(store.overlaps(dataset), key=lambda one: one.clients + one.products, default=None)
    if near is None:
        return Placement("new", None, clients, products)
    version = near.version
    known = near.clients > MOSTLY * clients and near.products > MOSTLY * products
    covered = near.clients > MOSTLY * version.clients and near.products > MOSTLY * version.products
    if known and len(dataset.interactions) < SMALL * version.interactions:
        return _placed(store, dataset, near, "append")
    return _placed(store, dataset, near, "replace" if known or covered else "new")


def placed(store: "Store", dataset: Dataset, version: DatasetVersion, kind: Kind) -> Placement:
    """Return what it would mean to append a dataset to a version, or to let it follow that one."""
    return _placed(store, dataset, store.overlap(dataset, version), kind)


def _placed(store: "Store", dataset: Dataset, near: Overlap, kind: Kind) -> Placement:
    total, gone = store.pairs_removed(dataset, near.version) if kind == "replace" else (0, 0)
    return Placement(
        kind=kind,
        version=near.version,
        clients=len(dataset.clients),
        products=len(dataset.products),
        known_clients=near.clients,
        known_products=near.products,
        removes_clients=near.version.clients - near.clients if kind == "replace" else 0,
        removes_pairs=gone,
        pairs=total,
    )


def _of(number: int, total: int, one: str) -> str:
    """Return a part of a number of things, as "all 30 products", "2 of 30 products" or "none of 30"."""
    if number == total and total > 1:
        return f"all {wording.counted(total, one)}"
    return f"{'none' if number == 0 else f'{number:,}'} of {wording.counted(total, one)}"
