"""Melting: the cells of a matrix as events, an event for each product that a client has."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from finrec_core.dataset.keys import codes
from finrec_core.dataset.schema import SCHEMAS
from finrec_core.intake.conversion import TypedRows
from finrec_core.intake.level import changes
from finrec_core.intake.matrix import Matrix
from finrec_core.intake.numerals import PLAIN as NUMBER
from finrec_core.intake.values import NO_VALUE
from finrec_core.intake.word import NO, YES


def melted(matrix: Matrix, rows: TypedRows, notices: list[str]) -> TypedRows:
    """Return the events of a matrix whose rows, one a client and time, could be read.

    A client whose rows stand at several times takes what it has from the first of them on, and gives up
    what it has no longer. A product that nobody has gets one event that does neither, so that it is there.
    """
    places = pc.index_in(rows.rows["line"], value_set=matrix.cells["line"].combine_chunks())
    cells = matrix.cells.take(places)
    clients = codes([rows.rows["client_id"].combine_chunks()])
    times = rows.rows["timestamp"]
    several = bool(len(clients)) and not times.null_count and len(np.unique(clients)) < len(clients)
    moments = times.cast(pa.int64()).to_numpy() if several else np.zeros(len(clients), dtype=np.int64)
    first = _first(rows)
    owners, products, does, amounts = [], [], [], []
    counts = False
    for number, name in enumerate(matrix.products):
        levels, counted = _levels(cells[f"={name}"])
        if several:
            found, change = _changes(clients, moments, levels)
        else:
            levels = np.nan_to_num(levels)
            found, change = np.where(levels > 0, "takes", "neither"), levels
        kept = np.flatnonzero(found != "neither")
        kept = kept if len(kept) else first
        owners.append(kept)
        products.append(np.full(len(kept), number))
        does.append(found[kept])
        amounts.append(change[kept])
        counts |= counted
    if several:
        notices.append(
            f'{rows.file} has several rows for a client, told apart by "{rows.names["timestamp"]}": a '
            "product is held from the first time that it is there, and given up when it is there no longer."
        )
    taken = np.concatenate([*owners, np.zeros(0, dtype=np.int64)])
    order = np.lexsort((np.concatenate([*products, np.zeros(0, dtype=np.int64)]), taken))
    actions = pa.array(np.concatenate([*does, np.zeros(0, dtype="<U8")])[order], pa.string())
    columns: Mapping[str, pa.Array] = {
        "product_id": pa.array(matrix.products, pa.string()).take(
            pa.array(np.concatenate([*products, np.zeros(0, dtype=np.int64)])[order])
        ),
        "action": actions
        if several
        else pc.if_else(pc.equal(actions, "takes"), pa.scalar(None, pa.string()), actions),
        "amount": pa.array(np.concatenate([*amounts, np.zeros(0)])[order])
        if counts
        else pa.nulls(len(order), pa.float64()),
    }
    events = rows.rows.take(pa.array(taken[order]))
    for name, column in columns.items():
        place = events.schema.get_field_index(name)
        events = events.set_column(place, SCHEMAS["interactions"].field(name), column)
    return replace(rows, rows=events)


def _first(rows: TypedRows) -> np.ndarray:
    """Return the number of the first row by client and time, in an array, empty where there is no row."""
    keys = [("client_id", "ascending"), ("timestamp", "ascending")]
    return pc.sort_indices(rows.rows, sort_keys=keys).to_numpy()[:1].astype(np.int64)


def newest(rows: TypedRows) -> pa.Array:
    """Return the lines of the newest row of each client; all lines where times do not tell."""
    if rows.rows["timestamp"].null_count:
        return rows.rows["line"].combine_chunks()
    clients = codes([rows.rows["client_id"].combine_chunks()])
    order = np.lexsort((rows.rows["timestamp"].cast(pa.int64()).to_numpy(), clients))
    last = np.append(np.diff(clients[order]) != 0, True)[: len(order)]
    return rows.rows["line"].combine_chunks().take(pa.array(order[last]))


def _changes(clients: np.ndarray, moments: np.ndarray, levels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return what each level does and the change; a level that is not known does neither."""
    known = np.flatnonzero(~np.isnan(levels))
    found, change = np.full(len(levels), "neither", dtype="<U8"), np.zeros(len(levels))
    found[known], change[known] = changes(clients[known], moments[known], levels[known])
    return found, change


def _levels(column: pa.ChunkedArray) -> tuple[np.ndarray, bool]:
    """Return how much each cell says, and whether it counts; NaN for nothing said where others say no."""
    words = (
        pc.utf8_lower(pc.fill_null(pc.utf8_trim_whitespace(column), "")).combine_chunks().dictionary_encode()
    )
    texts = words.dictionary.to_pylist()
    counted = any(text not in YES | NO and NUMBER.fullmatch(text) for text in texts)
    says_no = any(text in NO or (NUMBER.fullmatch(text) and float(text) == 0) for text in texts)
    empty = np.nan if says_no else 0.0
    values = [empty if text in NO_VALUE or not text else _level(text) for text in texts]
    return np.array(values, dtype=np.float64)[words.indices.to_numpy()], counted


def _level(text: str) -> float:
    if NUMBER.fullmatch(text):
        return float(text)
    return 1.0 if text in YES else 0.0
