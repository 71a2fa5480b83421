"""Pairs of trained models: their figures client by client, paired once and kept in memory."""

from typing import TYPE_CHECKING

import streamlit as st

from finrec_core.dataset import Dataset, DatasetError
from finrec_core.store import RunRow, StoreError
from pages.frame import desk

if TYPE_CHECKING:
    from finrec_core.evaluation import Pairing


def pairing(a: RunRow, b: RunRow) -> "Pairing | str":
    """Return the figures of two runs, paired, or the sentence that says why they cannot be."""
    from finrec_core.run_folder import RunFolderError  # noqa: PLC0415 - loads torch, which Train need not

    try:
        found = _paired(a.run, b.run, (a.content_hash, a.seed) == (b.content_hash, b.seed))
    except (StoreError, RunFolderError, DatasetError) as error:
        return str(error)
    if found is None:
        return "One of the two was trained before figures were kept client by client: train it again."
    return found


@st.cache_resource(show_spinner="Comparing the two models", max_entries=32)
def _paired(a: str, b: str, same: bool) -> "Pairing | None":
    from finrec_core.evaluation import held_back, pair  # noqa: PLC0415 - as above
    from finrec_core.run_folder import per_client  # noqa: PLC0415

    store = desk.store()
    folders = [store.run_folder(run) for run in (a, b)]
    tables = [per_client(folder) for folder in folders]
    if tables[0] is None or tables[1] is None:
        return None
    held = None
    if not same:
        seeds = [store.run(run).seed for run in (a, b)]
        first, second = (
            held_back(Dataset.load(folder / "dataset"), seed)
            for folder, seed in zip(folders, seeds, strict=True)
        )
        held = (first, second)
    return pair(tables[0], tables[1], held)
