"""Searching the clients that a model knows, by id or name, though its version may be removed."""

from finrec_core.store import ClientMatch, RunRow, StoreError
from finrec_core.store.clients import ClientIndex
from pages.frame import desk, memory


def clients(run: RunRow, text: str, limit: int) -> list[ClientMatch]:
    """Return at most `limit` clients of a run by id or name, best match first.

    Raises `StoreError` or `RunFolderError` where neither the version nor the run's folder is there.
    """
    try:
        return desk.store().search_clients(text, name=run.dataset, version=run.version, limit=limit)
    except StoreError:  # the version is removed; what the model learned from is kept in its folder
        return _index(run.run).search(text, limit)


@memory.remembered(max_entries=2)
def _index(run: str) -> ClientIndex:
    return ClientIndex.of(desk.model(run).dataset.clients)
