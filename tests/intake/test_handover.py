"""Tests of the handover: what libraries hand out is one table, or a sentence says what to call."""

import decimal
import runpy
import sqlite3
import uuid
from collections import namedtuple
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.dataset
import pytest

from finrec_core.dataset import DatasetError
from finrec_core.intake import from_frames
from tests.conftest import real_case

ROWS = {"client_id": ["a", "b"], "product_id": ["x", "y"]}
TABLE = pa.table(ROWS)
SQL = "SELECT * FROM (VALUES ('a', 'x'), ('b', 'y')) AS rows(client_id, product_id)"
LISTED = [{"client_id": "a", "product_id": "x"}, {"client_id": "b", "product_id": "y"}]
Event = namedtuple("Event", "client_id product_id")


class Streamed:
    """What polars and others are to Arrow: an object that knows its C stream alone."""

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return TABLE.__arrow_c_stream__(requested_schema)


class Arrayed:
    """An object that knows Arrow's C array alone."""

    def __arrow_c_array__(self, requested_schema: object = None) -> object:
        return TABLE.to_batches()[0].__arrow_c_array__(requested_schema)


class Interchanged:
    """An object of the dataframe protocol."""

    def __dataframe__(self, nan_as_null: bool = False, allow_copy: bool = True) -> object:
        return TABLE.__dataframe__(nan_as_null, allow_copy)


class Column:
    """A column as polars hands it out."""

    def __init__(self, cells: list[str]) -> None:
        self.cells = cells

    def __iter__(self) -> object:
        return iter(self.cells)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return pa.chunked_array([self.cells]).__arrow_c_stream__(requested_schema)


class Lazy:
    """A table that is not there yet."""

    def collect(self) -> None:
        """Compute it."""


def cursor() -> sqlite3.Cursor:
    return sqlite3.connect(":memory:").execute(
        "WITH rows(client_id, product_id) AS (VALUES ('a', 'x'), ('b', 'y')) SELECT * FROM rows"
    )


def test_what_duckdb_and_arrow_hand_out_is_taken(capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(str(real_case("frames-from-duckdb") / "run.py"))
    one = "Dataset('dataset': 1 clients, 1 products, 1 interactions, 0 ties) ['a']"
    three = "Dataset('dataset': 3 clients, 3 products, 3 interactions, 0 ties)"
    assert capsys.readouterr().out.splitlines() == [
        f"relation {one}",
        f"arrow() {one}",
        f"RecordBatch {one}",
        f"uuid {three} ['{uuid.UUID(int=0)}']",
    ]


FORMS = {
    "pandas": lambda: pd.DataFrame(ROWS),
    "pandas of arrow": lambda: pd.DataFrame(ROWS).convert_dtypes(dtype_backend="pyarrow"),
    "pandas as dicts": lambda: pd.DataFrame(ROWS).to_dict(),
    "pandas as records": lambda: pd.DataFrame(ROWS).to_dict("records"),
    "pandas as structured": lambda: pd.DataFrame(ROWS).to_records(index=False),
    "pandas as categories": lambda: pd.DataFrame(ROWS).astype("category"),
    "relation": lambda: duckdb.sql(SQL),
    "relation as reader": lambda: duckdb.sql(SQL).to_arrow_reader(),
    "relation as pandas": lambda: duckdb.sql(SQL).df(),
    "relation as arrays": lambda: duckdb.sql(SQL).fetchnumpy(),
    "duckdb after a query": lambda: duckdb.connect().execute(SQL),
    "table": lambda: TABLE,
    "batch": lambda: TABLE.to_batches()[0],
    "batches": lambda: list(TABLE.to_batches(max_chunksize=1)),
    "reader": TABLE.to_reader,
    "struct": lambda: pa.array(LISTED),
    "stream": Streamed,
    "array": Arrayed,
    "protocol": Interchanged,
    "columns": lambda: {name: Column(cells) for name, cells in ROWS.items()},
    "numpy": lambda: {name: np.array(cells) for name, cells in ROWS.items()},
    "iterators": lambda: {name: iter(cells) for name, cells in ROWS.items()},
    "rows": lambda: LISTED,
    "rows one by one": lambda: iter(LISTED),
    "tuples": lambda: [Event("a", "x"), Event("b", "y")],
    "cursor": cursor,
    "large": lambda: TABLE.cast(pa.schema([(name, pa.large_string()) for name in ROWS])),
    "views": lambda: TABLE.cast(pa.schema([(name, pa.string_view()) for name in ROWS])),
    "dictionaries": lambda: pa.table({name: pa.array(ROWS[name]).dictionary_encode() for name in ROWS}),
    "runs": lambda: pa.table(
        {name: pa.RunEndEncodedArray.from_arrays([1, 2], cells) for name, cells in ROWS.items()}
    ),
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_every_form_makes_the_same_dataset(form: str) -> None:
    made = from_frames(FORMS[form]())
    assert made.content_hash == from_frames(ROWS).content_hash
    assert made.interactions.select(["client_id", "product_id"]).to_pylist() == LISTED


def test_what_one_row_lacks_is_empty() -> None:
    made = from_frames([*LISTED, {"client_id": "c", "product_id": "x", "amount": 5}])
    assert made.interactions["amount"].to_pylist() == [None, None, 5.0]
    assert len(from_frames([]).interactions) == 0


@pytest.mark.parametrize(
    ("frame", "advice"),
    [
        (Path("a.csv"), "it is a text or a path: read_files reads files"),
        ("a.csv", "it is a text or a path: read_files reads files"),
        (Lazy(), "call .collect() on it"),
        (pa.dataset.dataset(TABLE), "call .to_table() on it"),
        (pd.Series(["a"]), "it is one column: pass the whole frame"),
        (pa.array(["a"]), "it is one column: pass the whole frame"),
        (pd.DataFrame(ROWS).set_index("client_id"), "client_id is its index, not a column: pass"),
        ([("a", "x")], "row 0, the first is 0, is a tuple, not a mapping; take a pandas"),
        (np.zeros((2, 2)), "it is a ndarray; pass a pandas"),
        (5, "it is a int; pass a pandas, polars or Arrow table"),
        ({"client_id": "ab", "product_id": ["x", "y"]}, 'client_id is "ab", not a list of cells'),
        ({"client_id": {"a"}, "product_id": ["x"]}, "client_id is a set, which has no order of rows"),
        ({"client_id": ["a", "b"], "product_id": ["x"]}, "client_id has 2 rows and product_id has 1"),
        ({"client_id": {0: "a"}, "product_id": {1: "x"}}, "the rows of client_id and product_id bear"),
        ({"client_id": ["a", b"b"], "product_id": ["x", "y"]}, 'row 1, the first is 0: client_id'),
    ],
)  # fmt: skip
def test_what_is_no_table_is_said_with_what_to_call(frame: object, advice: str) -> None:
    with pytest.raises(DatasetError) as error:
        from_frames(frame)
    assert str(error.value).startswith(f"interactions: this cannot be read as a table ({advice}")


UUIDS = [uuid.UUID("0d2f6a1e-8a3b-4c5d-9e7f-001122334455"), uuid.UUID(int=7)]


@pytest.mark.parametrize(
    ("ids", "texts"),
    [
        (UUIDS, [str(one) for one in UUIDS]),
        (pa.array([None, *UUIDS])[1:], [str(one) for one in UUIDS]),
        ([decimal.Decimal("5.00"), decimal.Decimal(10**20)], ["5", str(10**20)]),
        (np.array([2**63, 1], np.uint64), [str(2**63), "1"]),
        (pd.Categorical([12, 13]), ["12", "13"]),
        ([12.0, 13.0], ["12", "13"]),
    ],
)
def test_ids_of_other_kinds_become_the_text_that_people_write(ids: object, texts: list[str]) -> None:
    made = from_frames({"client_id": ids, "product_id": ["x", "y"]})
    assert made.clients["client_id"].to_pylist() == texts


@pytest.mark.parametrize(
    ("ids", "reason"),
    [
        ([b"a", b"b"], "client_id \"b'a'\" is bytes, not text: decode the column first."),
        (pa.array([b"a", b"b"], pa.binary(1)), "client_id \"b'a'\" is bytes, not text"),
        ([decimal.Decimal("5.50"), None], 'client_id "5.50" is not a whole number.'),
        ([1e16, 2.0], 'client_id "1e+16" is too large a float to hold every digit: pass text or integers.'),
        (np.array([2**24, 1], np.float32), 'client_id "16777216.0" is too large a float'),
        ([True, False], 'client_id "True" is not text.'),
        ([["a"], ["b"]], "client_id \"['a']\" is not text."),
        (pd.to_timedelta([1, 2]), 'client_id "0 days 00:00:00.000000001" is not text.'),
        (pd.period_range("2020", periods=2, freq="Y").array, "is no client: the column is of type"),
    ],
)
def test_what_is_no_id_names_row_and_column(ids: object, reason: str) -> None:
    with pytest.raises(DatasetError) as error:
        from_frames({"client_id": ids, "product_id": ["x", "y"]})
    assert str(error.value).startswith("interactions, row 0 (the first is 0): ")
    assert reason in str(error.value)


def test_what_duckdb_counts_in_is_read() -> None:
    sql = (
        "SELECT 10::HUGEINT AS client_id, uuid() AS product_id, 2.5::DECIMAL(10, 2) AS amount, "
        "'takes'::ENUM ('takes', 'gives_up') AS action, TIMESTAMP '2024-05-01 10:00' AS timestamp"
    )
    event = from_frames(duckdb.sql(sql)).interactions.to_pylist()[0]
    assert (event["client_id"], event["amount"], event["action"]) == ("10", 2.5, "takes")
    assert uuid.UUID(event["product_id"])
    assert f"{event['timestamp']:%Y-%m-%d %H:%M}" == "2024-05-01 10:00"


def test_days_are_read_as_in_files() -> None:
    days = [pd.Timestamp("2024-05-01"), "31.12.2020", "2020-12-31", 20201231]
    for day in days:
        made = from_frames(ROWS, products={"product_id": ["x"], "valid_from": [day]})
        assert str(made.products["valid_from"][0]) == ("2024-05-01" if day is days[0] else "2020-12-31")
