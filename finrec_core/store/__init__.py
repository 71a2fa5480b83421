"""The store room: data, runs, comparisons, decisions and rules in one DuckDB file; all SQL is here."""

from finrec_core.store.clients import ClientMatch
from finrec_core.store.comparisons import Comparison
from finrec_core.store.datasets import DatasetVersion, parse_label
from finrec_core.store.error import StoreError
from finrec_core.store.log import LogQuery, LogRow
from finrec_core.store.rules import RulesVersion
from finrec_core.store.runs import Publication, RunRow
from finrec_core.store.store import Store

__all__ = [
    "ClientMatch",
    "Comparison",
    "DatasetVersion",
    "LogQuery",
    "LogRow",
    "Publication",
    "RulesVersion",
    "RunRow",
    "Store",
    "StoreError",
    "parse_label",
]
