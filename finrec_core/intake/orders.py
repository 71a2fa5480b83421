"""Orders: a file of orders says who bought, another, by the number of the order, what; the two are one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc

from finrec_core.dataset.report import Report
from finrec_core.intake.mapping import FileMapping
from finrec_core.intake.names import ORDER, plain
from finrec_core.intake.records import Records
from finrec_core.intake.spelling import spelled

NUMBERS = """
order_id order_no order_number order_num order_nr order_key order basket_id basket invoice_no invoice_id
invoice_number invoice receipt_id receipt_no cart_id checkout_id session_id document_no document_number vbeln
transaction_id auftrag auftragsnummer auftrag_id bestellnummer bestell_nr belegnummer beleg_nr commande
no_commande numero_commande id_commande pedido id_pedido numero_pedido ordine id_ordine bestelling
"""
KNOWN = tuple(plain(name) for name in NUMBERS.split())


@dataclass(frozen=True)
class Orders:
    """The files that are joined by the numbers of orders: which say who bought, and which say what."""

    heads: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()


def find_orders(mappings: Sequence[FileMapping]) -> Orders:
    """Return which files are joined by the numbers of orders, and let them be read so.

    One file has a client and such a number and no product, the other a product, the same number and no
    client. Nothing is found where a file that needs no other has interactions.
    """
    if any(one.table == "interactions" and not one.missing() for one in mappings):
        return Orders()
    sides = {one.file: _side(one) for one in mappings if one.header and one.table != ""}
    numbers = {
        side: {plain(number) for found, number in sides.values() if found == side}
        for side in ("client_id", "product_id")
    }
    shared = numbers["client_id"] & numbers["product_id"]
    if not shared:
        return Orders()
    heads: list[str] = []
    lines: list[str] = []
    for one in mappings:
        side, number = sides.get(one.file, ("", ""))
        if plain(number) in shared:
            other = "product_id" if side == "client_id" else "client_id"
            one.join(number, ORDER, lacking=other)
            (heads if side == "client_id" else lines).append(one.file)
    return Orders(tuple(heads), tuple(lines))


def _side(one: FileMapping) -> tuple[str, str]:
    """Return whether a file names the clients or the products of orders, and the column of their number."""
    uses = one.uses_in("interactions")
    columns = [column for column in ("client_id", "product_id") if column in uses.values()]
    names = sorted((name for name in uses if plain(name) in KNOWN), key=lambda name: KNOWN.index(plain(name)))
    names = [name for name in names if uses[name] in ("", "timestamp", "amount", "review", "action")]
    return (columns[0], names[0]) if len(columns) == 1 and names else ("", "")


class Baskets:
    """Joins the lines of orders with what their orders say, the files of orders being read first."""

    def __init__(self, orders: Orders, rejects: Report, notices: list[str]) -> None:
        self._orders = orders
        self._rejects = rejects
        self._notices = notices
        self._heads: list[Records] = []

    def told(self, records: Records) -> Records:
        """Return the rows of a file: as they are, with what their orders say, or none where it has orders.

        A line whose order is nowhere is rejected. What a line says itself counts before what its order says.
        """
        if records.file in self._orders.heads:
            self._heads.append(records)
            return replace(records, cells=records.cells.slice(0, 0))
        return self._joined(records) if records.file in self._orders.lines else records

    def _joined(self, lines: Records) -> Records:
        heads = pa.concat_tables(
            [one.cells for one in self._heads], promote_options="default"
        ).combine_chunks()
        numbers, wanted = (_numbers(cells) for cells in (heads, lines.cells))
        once = pc.unique(numbers.drop_null())
        place = pc.index_in(once, value_set=numbers).take(pc.index_in(wanted, value_set=once))
        cells = lines.cells
        for name in heads.column_names:
            if name not in (*cells.column_names, ORDER):
                cells = cells.append_column(name, heads[name].take(place))
        where = ", ".join(one.file for one in self._heads)
        lost = place.is_null()
        gone = cells.filter(lost)
        reason = f"Order is not in {where}"
        column = lines.names[ORDER]
        self._rejects.add(lines.file, gone["line"].to_pylist(), column, gone[ORDER].to_pylist(), reason)
        alone = len(once) - pc.sum(pc.is_in(once, value_set=wanted)).as_py()
        self._notices.append(
            f'{lines.file}: each row is joined by "{column}" with its order in {where}, '
            f"of which {alone:,} of {len(once):,} have no row here."
        )
        if twice := len(numbers) - numbers.null_count - len(once):
            self._notices.append(f"{where}: {twice:,} rows repeat the number of an order; the first counts.")
        names = {**self._heads[0].names, **lines.names}
        kept = {use: name for use, name in names.items() if use != ORDER}
        return replace(lines, cells=cells.filter(pc.invert(lost)).drop_columns([ORDER]), names=kept)


def _numbers(cells: pa.Table) -> pa.Array:
    """Return the numbers of orders in one spelling; an empty cell holds none."""
    numbers = spelled(cells[ORDER].combine_chunks())
    return pc.if_else(pc.equal(numbers, ""), pa.scalar(None, pa.string()), numbers)
