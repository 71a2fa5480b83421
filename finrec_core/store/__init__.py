"""The store package: data, runs, comparisons, decisions and rules in one DuckDB file; all SQL is here."""

from finrec_core.store.activations import Activation
from finrec_core.store.archive import Dependents
from finrec_core.store.clients import ClientMatch
from finrec_core.store.datasets import DatasetVersion, parse_label
from finrec_core.store.erasures import Erasure, Trace
from finrec_core.store.error import StoreError
from finrec_core.store.journal import RulesProposal, RulesVersion
from finrec_core.store.landing import WHICH, Landing
from finrec_core.store.log import LogQuery, LogRow
from finrec_core.store.placement import Placement, placed, proposed
from finrec_core.store.registry import Comparison
from finrec_core.store.removals import RunUse
from finrec_core.store.runs import RunRow
from finrec_core.store.store import Store

__all__ = [
    "WHICH",
    "Activation",
    "ClientMatch",
    "Comparison",
    "DatasetVersion",
    "Dependents",
    "Erasure",
    "Landing",
    "LogQuery",
    "LogRow",
    "Placement",
    "RulesProposal",
    "RulesVersion",
    "RunRow",
    "RunUse",
    "Store",
    "StoreError",
    "Trace",
    "parse_label",
    "placed",
    "proposed",
]
