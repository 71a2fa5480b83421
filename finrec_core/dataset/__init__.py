"""The dataset package: what a bank's data is, how it is split, profiled, compared and written down."""

from finrec_core.dataset.addition import Appended, append
from finrec_core.dataset.dataset import Dataset, DatasetError
from finrec_core.dataset.difference import Difference
from finrec_core.dataset.export import csv_report, write_csv
from finrec_core.dataset.limits import limits
from finrec_core.dataset.pairs import Pairs
from finrec_core.dataset.profile import Profile
from finrec_core.dataset.report import reason_counts, row_sentences
from finrec_core.dataset.schema import SCHEMAS, TABLES, Column
from finrec_core.dataset.split import (
    Split,
    Targets,
    keep_share,
    share_kept,
    split_by_client,
    split_by_time,
)

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
