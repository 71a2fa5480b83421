"""A bank whose every text is hostile: script, markup, long names, scripts of both directions, emoji."""

from collections.abc import Iterator
from dataclasses import replace

import pyarrow as pa

from finrec_core.dataset import TABLES, Dataset
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
NAME = f"![i](https://example.com/n.png) {TEXTS[0]} \u202egnp"
VERB = "[has](https://example.com/v) **bold** \u202esah"
SORTING = {"category": 5, "kind": len(TEXTS)}  # columns of few values, and how many
EMPTY = 3  # every so many-th product has no text at all


def fields(table: str) -> list[str]:
    """Return the columns of a table of the contract that hold what a file or a person wrote, ids included."""
    return [one.name for one in TABLES[table] if pa.types.is_string(one.type) and not one.values]


def hostile_bank() -> Dataset:
    """Return a small demo bank in whose text fields, of every table, stand nothing but hostile texts.

    Ids are hostile too, and so are the dataset's name and verb. Every third product has no text.
    """
    bank = demo_bank(60, 30, 1).dataset
    ids = {
        key: {
            old: f"{old}{between}{TEXTS[k % most]}"
            for k, old in enumerate(getattr(bank, table)[key].to_pylist())
        }
        for table, key, between, most in (
            ("clients", "client_id", " ", 6),
            ("products", "product_id", "/", 7),
        )
    }
    ids["other_client_id"] = ids["client_id"]
    texts = _round()
    tables = {}
    for name in TABLES:
        table = getattr(bank, name)
        columns = {}
        for column in fields(name):
            if column in ids:
                columns[column] = [ids[column][key] for key in table[column].to_pylist()]
            else:
                columns[column] = [_text(name, column, k, texts) for k in range(len(table))]
        tables[name] = _with(table, **columns)
    return replace(bank, name=NAME, verb=VERB, **tables)


def _text(table: str, column: str, row: int, texts: Iterator[str]) -> str | None:
    """Return the next hostile text, of few kinds where a column sorts its rows, None for none."""
    if table == "products" and row % EMPTY == 0:
        return None
    if column in SORTING:
        return TEXTS[row % SORTING[column]]
    return " ".join(TEXTS[:row]) if column == "description" else next(texts)


def _round() -> Iterator[str]:
    while True:
        yield from TEXTS


def _with(table: pa.Table, **columns: list[str | None]) -> pa.Table:
    """Put other values into some columns of a table."""
    for name, values in columns.items():
        place = table.schema.get_field_index(name)
        table = table.set_column(place, table.schema.field(name), pa.array(values, pa.string()))
    return table
