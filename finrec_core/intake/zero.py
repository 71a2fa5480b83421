"""Zeros: rows that say that a client does not have a product, in tables that have a row for each pair."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from finrec_core.dataset.keys import codes
from finrec_core.intake.amount import numbers, with_columns
from finrec_core.intake.conversion import TypedRows, has_every_pair
from finrec_core.intake.level import changes
from finrec_core.intake.question import Question, Questions

NOT_HELD, HELD = "not held", "held"


def without_zeros(part: TypedRows, questions: Questions, notices: list[str]) -> tuple[TypedRows, bool]:
    """Return rows of which those with nothing in them hold nothing, and whether amounts were levels.

    An amount of zero after something that a client had says that it was given up: then all amounts of a
    file without actions are levels, of which the changes count. Ratings of 0 and 1 in a table with a row for
    nearly each pair are no opinions.
    """
    amounts = numbers(part.rows["amount"])
    moves = pc.fill_null(pc.not_equal(part.rows["action"], "neither"), fill_value=True).to_numpy()
    zero = moves & (amounts == 0)
    if zero.any():
        if _answer(part, "amount", zero, questions) == HELD:
            return with_columns(
                part, amount=pa.array(np.where(zero, np.nan, amounts), from_pandas=True)
            ), False
        if "action" not in part.names and _are_levels(part, amounts):
            return _levelled(part, amounts, notices), True
        given = pc.if_else(pa.array(zero), pa.scalar("neither"), part.rows["action"])
        return with_columns(part, action=given), False
    ratings = numbers(part.rows["rating"])
    zero = moves & (ratings == 0)
    if zero.any() and _is_matrix(part, ratings) and _answer(part, "rating", zero, questions) == NOT_HELD:
        given = pc.if_else(pa.array(zero), pa.scalar("neither"), part.rows["action"])
        return with_columns(part, action=given, rating=pa.nulls(len(part.rows), pa.float64())), False
    return part, False


def _answer(part: TypedRows, column: str, zero: np.ndarray, questions: Questions) -> object:
    name = part.names[column]
    line = part.rows["line"][int(np.argmax(zero))].as_py()
    sentence = (
        f'{part.file}: "{name}" is 0 in {zero.sum():,} of {len(part.rows):,} rows, as on line {line}. Does '
        "the client have the product there?"
    )
    return questions.ask(Question("zeros", part.file, name, sentence, (NOT_HELD, HELD), NOT_HELD))


def _is_matrix(part: TypedRows, ratings: np.ndarray) -> bool:
    """Whether ratings are 0 and 1 alone and stand for nearly each client and product of the file."""
    return bool(np.isin(ratings, (0, 1)).all()) and has_every_pair(part.rows)


def _pairs(part: TypedRows) -> np.ndarray:
    return codes([part.rows[key].combine_chunks() for key in ("client_id", "product_id")])


def _are_levels(part: TypedRows, amounts: np.ndarray) -> bool:
    """Whether some client has nothing of a product after it had something."""
    if part.rows["timestamp"].null_count or (amounts < 0).any() or np.isnan(amounts).any():
        return False
    times = part.rows["timestamp"].cast(pa.int64()).to_numpy()
    pairs = _pairs(part)
    order = np.lexsort((amounts, times, pairs))
    after = (amounts[order][1:] == 0) & (amounts[order][:-1] > 0)
    same = (np.diff(pairs[order]) == 0) & (np.diff(times[order]) > 0)
    return bool((after & same).any())


def _levelled(part: TypedRows, amounts: np.ndarray, notices: list[str]) -> TypedRows:
    times = part.rows["timestamp"].cast(pa.int64()).to_numpy()
    does, change = changes(_pairs(part), times, amounts)
    notices.append(
        f'{part.file}: "{part.names["amount"]}" says how much of a product a client has at each time, since '
        f"it falls to 0; the {(change != 0).sum():,} changes are what is read."
    )
    return with_columns(part, action=pa.array(does), amount=pa.array(change))
