"""The landing of an import: what version it would make, worked out and shown before anything is stored."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from finrec_core.dataset import TABLES, Appended, Dataset, Difference, append
from finrec_core.dataset.erasure import without_clients
from finrec_core.store.archive import Imported
from finrec_core.store.datasets import DatasetVersion
from finrec_core.store.error import StoreError
from finrec_core.terms import wording

if TYPE_CHECKING:
    from finrec_core.store.store import Store

WHICH = ("that are appended", "that are there")  # which rows count where they contradict each other
Counts = Mapping[str, Mapping[str, int]]  # table: rows added, changed, removed, same


@dataclass(frozen=True, repr=False, eq=False)
class Landing:
    """A version that an import would make.

    `before` is the version it follows: the one it is appended to, or the latest of its name, or None for
    a new name; `counts` compares the two. `erased` are clients of the import whose data was erased before;
    they are left out unless `kept`. `answers` is what was said of the files. `contradicted` counts by table
    the rows of what it is appended to that the import contradicts without a newer date in what suitability
    is decided by, `contradiction` being one of them; the rows that are there count where these are
    `standing`, else the new ones. `erasures_known` are the ids of all erasures when it was worked out.
    """

    dataset: Dataset
    rejects: pa.Table
    repairs: pa.Table
    before: DatasetVersion | None
    appended: bool
    counts: Counts
    erased: tuple[str, ...]
    kept: bool
    answers: Mapping[str, Any] = field(default_factory=dict)
    contradicted: Mapping[str, int] = field(default_factory=dict)
    contradiction: str = ""
    standing: bool = False
    erasures_known: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls,
        store: "Store",
        imported: Imported,
        *,
        append_to: DatasetVersion | None = None,
        keep_erased: bool = False,
        standing: bool = False,
    ) -> "Landing":
        """Work out what storing an import would make; raises `StoreError` where it made no dataset."""
        if imported.dataset is None:
            raise StoreError("This import made no dataset, so there is nothing to store.")
        dataset, repairs = imported.dataset, imported.repairs
        known = frozenset(one.id for one in store.erasures())
        erased = tuple(sorted(store.erased_clients().keys() & dataset.client_rows.keys()))
        if erased and not keep_erased:
            dataset = without_clients(dataset, erased)
        before = append_to or next((v for v in store.datasets() if v.name == dataset.name), None)
        counts = {
            table: {"added": len(getattr(dataset, table)), "changed": 0, "removed": 0, "same": 0}
            for table in TABLES
        }
        made: Appended | None = None
        if before is not None:
            base = store.dataset(before.name, before.version)
            if append_to is not None:
                made = append(base, dataset, standing=standing)
                dataset, repairs = made.dataset, pa.concat_tables([_still_true(repairs, base), made.repairs])
            counts = Difference.between(base, dataset).counts()
        return cls(
            dataset=dataset,
            rejects=imported.rejects,
            repairs=repairs,
            before=before,
            appended=append_to is not None,
            counts=counts,
            erased=erased,
            kept=keep_erased,
            answers=imported.kept,
            contradicted={} if made is None else made.contradicted,
            contradiction="" if made is None else made.contradiction,
            standing=standing,
            erasures_known=known,
        )

    @property
    def doubt(self) -> str:
        """What is to be decided before the import is appended, in a sentence; "" for nothing."""
        if not self.contradicted or self.before is None:
            return ""
        rows = " and ".join(wording.counted(count, table[:-1]) for table, count in self.contradicted.items())
        return (
            f"{wording.capital(rows)} of {wording.name(self.before.label)} would be told otherwise in what "
            "suitability is decided by, and no date says which is the newer, for example "
            f"{self.contradiction}. Which row counts?"
        )

    @property
    def deciding(self) -> str:
        """What a button says that stores it in spite of the doubt; "" without one."""
        if not self.contradicted:
            return ""
        return f"keeping the rows {WHICH[1]}" if self.standing else f"taking the rows {WHICH[0]}"

    @property
    def changes_nothing(self) -> bool:
        """Whether the version would hold what the one before it holds."""
        moved = (count[what] for count in self.counts.values() for what in ("added", "changed", "removed"))
        return self.before is not None and not any(moved)

    def store_in(self, store: "Store", *, source: str, user: str, verb: str | None = None) -> DatasetVersion:
        """Store it as the next version of its name; `verb` is for one that is not appended.

        Raises `StoreError` where one of its clients was erased since it was worked out.
        """
        dataset = self.dataset if self.appended or verb is None else replace(self.dataset, verb=verb)
        return store.add_dataset(
            dataset,
            rejects=self.rejects,
            repairs=self.repairs,
            source=source,
            user=user,
            appended_to=self.before.version if self.appended and self.before else None,
            answers=self.answers,
            erasures_known=self.erasures_known,
        )

    def __repr__(self) -> str:
        how = "appended to" if self.appended else "after"
        return f"Landing({self.dataset!r} {how} {self.before.label if self.before else 'nothing'})"


def _still_true(repairs: pa.Table, base: Dataset) -> pa.Table:
    """Return the repairs without those that created a client or a product which the base has already."""
    known = pa.concat_arrays(
        [
            base.clients["client_id"].combine_chunks(),
            base.products["product_id"].combine_chunks(),
        ]
    )
    created = pc.match_substring_regex(repairs["reason"], r"\bcreated\b")
    return repairs.filter(pc.invert(pc.and_(created, pc.is_in(repairs["value"], value_set=known))))
