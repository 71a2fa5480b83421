"""The dataset room: what a bank's data is, how it is read, split and made up for the demo."""

from finrec_core.dataset.appending import Appended, append
from finrec_core.dataset.dataset import Dataset, DatasetError
from finrec_core.dataset.difference import Difference
from finrec_core.dataset.encoding import ENCODINGS
from finrec_core.dataset.error import ColumnUse, IntakeError
from finrec_core.dataset.form import DELIMITERS, FormChoice
from finrec_core.dataset.frames import from_frames
from finrec_core.dataset.intake import FileRead, Intake, read_files
from finrec_core.dataset.limits import limits
from finrec_core.dataset.preview import Preview
from finrec_core.dataset.profile import Profile
from finrec_core.dataset.progress import Progress
from finrec_core.dataset.proposal import Proposal, propose
from finrec_core.dataset.rating import RatingProposal
from finrec_core.dataset.report import reason_counts, row_sentences
from finrec_core.dataset.schema import SCHEMAS, TABLES, Column
from finrec_core.dataset.source import Source, find_sources
from finrec_core.dataset.split import Split, keep_share, split_by_client, split_by_time
from finrec_core.dataset.streaming import csv_report
from finrec_core.dataset.writing import write_csv

__all__ = [
    "DELIMITERS",
    "ENCODINGS",
    "SCHEMAS",
    "TABLES",
    "Appended",
    "Column",
    "ColumnUse",
    "Dataset",
    "DatasetError",
    "Difference",
    "FileRead",
    "FormChoice",
    "Intake",
    "IntakeError",
    "Preview",
    "Profile",
    "Progress",
    "Proposal",
    "RatingProposal",
    "Source",
    "Split",
    "append",
    "csv_report",
    "find_sources",
    "from_frames",
    "keep_share",
    "limits",
    "propose",
    "read_files",
    "reason_counts",
    "row_sentences",
    "split_by_client",
    "split_by_time",
    "write_csv",
]
