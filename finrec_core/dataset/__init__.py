"""The dataset room: what a bank's data is, how it is read, split and made up for the demo."""

from finrec_core.dataset.dataset import Dataset, DatasetError
from finrec_core.dataset.schema import SCHEMAS, TABLES, Column

__all__ = ["SCHEMAS", "TABLES", "Column", "Dataset", "DatasetError"]
