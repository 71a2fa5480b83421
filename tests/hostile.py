"""A bank whose every text is hostile: script, markup, long names, scripts of both directions, emoji."""

from collections.abc import Iterator
from dataclasses import replace

import pyarrow as pa

from finrec_core.dataset import Dataset
from finrec_core.demo.bank import demo_bank

BROKEN = "window.broken"  # what a script that got through would have set
TEXTS = (
    f"<script>{BROKEN}=1</script>",
    f'"><img src=x onerror="{BROKEN}=1">',
    f"</script><script>{BROKEN}=1</script>",
    f'<a href="javascript:{BROKEN}=1">href</a>',
    "[click](https://example.com) ![i](https://example.com/i.png) :red[x] $x^2$ `code` **bold** | cell",
    "${window.broken=1} {{7*7}} {% raw %} %{x} <%= 1 %>",
    '=HYPERLINK("https://example.com";"x")',
    "صندوق \u202eالاستثمار طويل الأجل",
    "成長株式ファンド（毎月分配型）為替ヘッジあり年金向け",
    "👩‍👩‍👧‍👦 Family & Söhne 'quoted' \\ back",
    "A name of eighty-six characters that a bank has in fact given to one of its many funds",
    "x" * 300,
)
EMPTY = 3  # every so many-th product has no text at all


def hostile_bank() -> Dataset:
    """Return a small demo bank in whose text fields stand nothing but hostile texts; ids are hostile too.

    Every third product has no text.
    """
    bank = demo_bank(60, 30, 1).dataset
    clients = {old: f"{old} {TEXTS[k % 6]}" for k, old in enumerate(bank.clients["client_id"].to_pylist())}
    products = {old: f"{old}/{TEXTS[k % 7]}" for k, old in enumerate(bank.products["product_id"].to_pylist())}
    texts = _round()
    tables = {
        "clients": _with(
            bank.clients,
            client_id=list(clients.values()),
            **{column: [next(texts) for _ in clients] for column in ("name", "segment", "branch")},
        ),
        "products": _with(
            bank.products,
            product_id=list(products.values()),
            name=[None if k % EMPTY == 0 else next(texts) for k in range(len(products))],
            category=[None if k % EMPTY == 0 else TEXTS[k % 5] for k in range(len(products))],
            description=[None if k % EMPTY == 0 else " ".join(TEXTS[:k]) for k in range(len(products))],
        ),
        "interactions": _with(
            bank.interactions,
            client_id=[clients[key] for key in bank.interactions["client_id"].to_pylist()],
            product_id=[products[key] for key in bank.interactions["product_id"].to_pylist()],
            review=[text and f"{text} {next(texts)}" for text in bank.interactions["review"].to_pylist()],
        ),
        "ties": _with(
            bank.ties,
            client_id=[clients[key] for key in bank.ties["client_id"].to_pylist()],
            other_client_id=[clients[key] for key in bank.ties["other_client_id"].to_pylist()],
            kind=[TEXTS[k % len(TEXTS)] for k in range(len(bank.ties))],
        ),
    }
    return replace(bank, name="hostile", **tables)


def _round() -> Iterator[str]:
    while True:
        yield from TEXTS


def _with(table: pa.Table, **columns: list[str | None]) -> pa.Table:
    """Put other values into some columns of a table."""
    for name, values in columns.items():
        place = table.schema.get_field_index(name)
        table = table.set_column(place, table.schema.field(name), pa.array(values, pa.string()))
    return table
