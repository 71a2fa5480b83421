"""Arguments: what a program passes where a dataset or a number is meant, checked with a sentence."""

from numbers import Integral

from finrec_core.dataset.contract import DatasetError
from finrec_core.dataset.dataset import Dataset
from finrec_core.intake.intake import Intake
from finrec_core.terms.bounds import MOST_SEED


def a_dataset(given: object) -> Dataset:
    """Return a dataset to learn from; raises `TypeError`, and `DatasetError` where it holds nobody."""
    if isinstance(given, Intake):
        raise TypeError("this is what an import gave: pass its .dataset, which is None where none was made.")
    if not isinstance(given, Dataset):
        kind = type(given).__name__
        raise TypeError(f"a Dataset is needed, not a {kind}: make one with from_frames or read_files.")
    if not len(given.clients) or not len(given.products):
        raise DatasetError(f"{given.name}: without clients and products there is nothing to learn from.")
    return given


def a_seed(given: object) -> int:
    """Return a seed; raises `ValueError` for anything but a whole number that the store can hold."""
    if not isinstance(given, Integral) or not 0 <= int(given) <= MOST_SEED:
        raise ValueError(f"a seed is a whole number from 0 to {MOST_SEED}, not {given!r}.")
    return int(given)


def a_count(given: object) -> int:
    """Return how many products are asked for; raises `ValueError` below one."""
    if not isinstance(given, Integral) or int(given) < 1:
        raise ValueError(f"k is a whole number from 1, not {given!r}.")
    return int(given)
