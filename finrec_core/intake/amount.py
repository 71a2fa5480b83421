"""Amounts: yes and no as numbers, signs by the action, and whether they count pieces or money."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from finrec_core.dataset.pairs import gives_up
from finrec_core.intake.conversion import TypedRows
from finrec_core.intake.mapping import FileMapping
from finrec_core.intake.names import counts_money, counts_pieces
from finrec_core.intake.question import Question, Questions
from finrec_core.intake.records import Records
from finrec_core.intake.word import NO, YES, is_yes_or_no

CURRENCY = r"[$€£¥₹]|\b(?:EUR|USD|GBP|CHF|JPY|INR|ZAR)\b"
PIECES, MONEY = "pieces", "money"


def look_for_amount(mapping: FileMapping) -> None:
    """Use the column that counts pieces as the amount, where the one so used does not and nobody said so."""
    used = next((name for name, use in mapping.uses.items() if use == "amount"), None)
    if used is None or counts_pieces(used) or mapping.told(used) is not None:
        return
    free = (name for name, use in mapping.uses.items() if not use and mapping.told(name) is None)
    if pieces := next((name for name in free if counts_pieces(name)), None):
        mapping.uses |= {used: "", pieces: "amount"}


def as_numbers(records: Records) -> Records:
    """Return records whose amounts and ratings are 1 and 0 where they are written as yes and no.

    Where every cell says yes, an empty one says no.
    """
    for key in ("amount", "rating"):
        if records.table != "interactions" or key not in records.cells.column_names:
            continue
        cells = pc.utf8_trim_whitespace(records.cells[key]).combine_chunks()
        filled = pc.fill_null(cells, "")
        words = [word for word in pc.unique(filled).to_pylist() if word]
        if not is_yes_or_no(words):
            continue
        lower = pc.utf8_lower(filled)
        yes = pc.is_in(lower, value_set=pa.array(sorted(YES)))
        no = pc.is_in(lower, value_set=pa.array(sorted(NO)))
        blank = pa.scalar("0" if not pc.any(no).as_py() else None, pa.string())
        numbers = pc.case_when(pc.make_struct(yes, no), "1", "0", blank)
        place = records.cells.column_names.index(key)
        records = replace(records, cells=records.cells.set_column(place, key, numbers))
    return records


def kind_of(records: Records) -> str:
    """Return whether the amounts of a file count pieces or money, "" where its name leaves that open."""
    name = records.names.get("amount", "")
    if not name or counts_pieces(name):
        return PIECES
    if counts_money(name):
        return MONEY
    filled = records.cells["amount"].drop_null().combine_chunks()
    signed = pc.sum(pc.match_substring_regex(filled, CURRENCY)).as_py() or 0
    return MONEY if 2 * signed > len(filled) else ""


def signed(part: TypedRows, notices: list[str]) -> TypedRows:
    """Return rows of which those that give up have no positive amount.

    Without an action, a negative amount gives up. Where nearly all that is taken is negative, the signs are
    those of the cash that flows, and are turned.
    """
    amounts = numbers(part.rows["amount"])
    actions = pc.fill_null(part.rows["action"], "").combine_chunks()
    where = f'{part.file}: "{part.names["amount"]}"'
    if "action" not in part.names:
        negative = amounts < 0
        if negative.any():
            line = part.rows["line"][int(np.argmax(negative))].as_py()
            notices.append(
                f"{where} is negative in {negative.sum():,} rows, as on line {line}, which are read as "
                "giving up as much of the product."
            )
        return part
    takes = pc.is_in(actions, value_set=pa.array(["", "takes"])).to_numpy(zero_copy_only=False)
    gives = pc.equal(actions, "gives_up").to_numpy(zero_copy_only=False)
    # An empty cell beside words such as "buy" is no word for taking: its sign says what it does.
    moved = takes & (actions.to_numpy(zero_copy_only=False) != "") & (amounts != 0) & ~np.isnan(amounts)
    if 2 * (amounts[moved] < 0).sum() > moved.sum() and not (amounts[gives] < 0).any():
        notices.append(
            f"{where} is negative where a product is taken: its signs are those of cash, and turned."
        )
        amounts = np.where(takes, np.abs(amounts), amounts)
    amounts = np.where(gives, -np.abs(amounts), amounts)
    return with_columns(part, amount=pa.array(amounts, from_pandas=True))


def count(part: TypedRows, kind: str, questions: Questions) -> bool:
    """Return whether the amounts of a file count pieces, asking where sales make that matter.

    Proposed are pieces where no client gives up more of a product than it ever took, and some all of it.
    """
    amounts = numbers(part.rows["amount"])
    sold = gives_up(part.rows) & ~np.isnan(amounts) & (amounts != 0)
    if not (np.abs(amounts) > 1).any():
        return True  # nothing but yes and no
    if kind or not sold.any():
        return kind != MONEY
    left = _left(part, amounts)
    proposal = PIECES if (left == 0).any() and not (left < 0).any() else MONEY
    line = part.rows["line"][int(np.argmax(sold))].as_py()
    name = part.names["amount"]
    sentence = (
        f'{part.file}: {sold.sum():,} rows give up an amount of "{name}", as on line {line}. If it counts '
        "pieces, what is left of them tells whether a client still has a product; if it counts money, its "
        "last purchase or sale does. Does it count pieces or money?"
    )
    return questions.ask(Question("amounts", part.file, name, sentence, (PIECES, MONEY), proposal)) != MONEY


def _left(part: TypedRows, amounts: np.ndarray) -> np.ndarray:
    """Return what the amounts of each client and product add up to, rounded to a millionth of the largest."""
    moves = pc.is_in(pc.fill_null(part.rows["action"], "takes"), value_set=pa.array(["takes", "gives_up"]))
    added = pa.table(
        {
            "client": part.rows["client_id"],
            "product": part.rows["product_id"],
            "amount": pa.array(np.nan_to_num(amounts)),
        }
    )
    found = added.filter(moves).group_by(["client", "product"]).aggregate([("amount", "sum")])
    return np.round(found["amount_sum"].to_numpy() / np.nanmax(np.abs(amounts)), 6)


def numbers(cells: pa.ChunkedArray) -> np.ndarray:
    """Return numbers with NaN for an empty cell, float64 (rows,)."""
    return pc.fill_null(cells, float("nan")).to_numpy()


def with_columns(part: TypedRows, **columns: pa.Array) -> TypedRows:
    """Return rows with some of their columns replaced."""
    rows = part.rows
    for name, cells in columns.items():
        place = rows.schema.get_field_index(name)
        rows = rows.set_column(place, rows.schema.field(place), cells.cast(rows.schema.field(place).type))
    return replace(part, rows=rows)
