"""The intake package: bytes, files and frames as they come, read into a Dataset and a report."""

from finrec_core.intake.choice import table_names
from finrec_core.intake.encoding import ENCODINGS
from finrec_core.intake.error import ColumnUse, IntakeError
from finrec_core.intake.fileread import FileRead
from finrec_core.intake.folder import load_intake, save_intake
from finrec_core.intake.form import DELIMITERS, FormChoice
from finrec_core.intake.frames import from_frames
from finrec_core.intake.intake import Intake, read_files
from finrec_core.intake.join import Join
from finrec_core.intake.preview import Preview
from finrec_core.intake.proposal import Proposal, propose
from finrec_core.intake.question import STOP, Answer, Question, Questions, proposals
from finrec_core.intake.rating import RatingProposal
from finrec_core.intake.source import Source, find_sources

__all__ = [
    "DELIMITERS",
    "ENCODINGS",
    "STOP",
    "Answer",
    "ColumnUse",
    "FileRead",
    "FormChoice",
    "Intake",
    "IntakeError",
    "Join",
    "Preview",
    "Proposal",
    "Question",
    "Questions",
    "RatingProposal",
    "Source",
    "find_sources",
    "from_frames",
    "load_intake",
    "proposals",
    "propose",
    "read_files",
    "save_intake",
    "table_names",
]
