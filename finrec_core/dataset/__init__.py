"""The dataset package: what a bank's data is, how it is split, profiled, compared and written down.

What reads files stood here until 0.2.0; these names are still found, with a warning that says where they are.
"""

import warnings
from importlib import import_module
from typing import Any

from finrec_core.dataset.addition import Appended, append
from finrec_core.dataset.contract import DatasetError
from finrec_core.dataset.dataset import Dataset
from finrec_core.dataset.difference import Difference
from finrec_core.dataset.export import csv_report, write_csv
from finrec_core.dataset.limits import limits
from finrec_core.dataset.pairs import Pairs
from finrec_core.dataset.profile import Profile
from finrec_core.dataset.report import reason_counts, row_sentences
from finrec_core.dataset.schema import SCHEMAS, TABLES, Column
from finrec_core.dataset.split import Split, Targets, keep_share, share_kept, split_by_client, split_by_time

__all__ = [
    "SCHEMAS",
    "TABLES",
    "Appended",
    "Column",
    "Dataset",
    "DatasetError",
    "Difference",
    "Pairs",
    "Profile",
    "Split",
    "Targets",
    "append",
    "csv_report",
    "keep_share",
    "limits",
    "reason_counts",
    "row_sentences",
    "share_kept",
    "split_by_client",
    "split_by_time",
    "write_csv",
]

# Not imported but looked up by whoever asks: this package knows nothing of those above it.
_READING = """
DELIMITERS ENCODINGS ColumnUse FileRead FormChoice Intake IntakeError Preview Proposal RatingProposal Source
find_sources from_frames propose read_files
"""
_MOVED = dict.fromkeys(_READING.split(), "finrec_core.intake") | {"Progress": "finrec_core.terms.progress"}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the name stands for
    """Return a name that has moved to another package."""
    if name not in _MOVED:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    warnings.warn(f"{name} is in {_MOVED[name]} now.", DeprecationWarning, stacklevel=2)
    return getattr(import_module(_MOVED[name]), name)
