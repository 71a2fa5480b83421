"""Pairs of trained models: their figures client by client, paired once and kept in memory."""

from typing import TYPE_CHECKING

from finrec_core.store import RunRow, StoreError
from pages.frame import desk, memory

if TYPE_CHECKING:
    from finrec_core.evaluation import Pairing


def pairing(a: RunRow, b: RunRow) -> "Pairing | str":
    """Return the figures of two runs, paired, or the sentence that says why they cannot be."""
    from finrec_core.run_folder import RunFolderError  # noqa: PLC0415 - loads torch, which Train need not

    try:
        return _paired(a.run, b.run)
    except (StoreError, RunFolderError) as error:
        return str(error)


@memory.remembered(show_spinner="Comparing the two models", max_entries=32)
def _paired(a: str, b: str) -> "Pairing":
    from finrec_core.run_folder import pair_runs  # noqa: PLC0415 - as above

    store = desk.store()
    return pair_runs(store.run_folder(a), store.run_folder(b))
