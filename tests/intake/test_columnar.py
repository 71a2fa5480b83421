from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyarrow import feather

from finrec_core.intake import IntakeError, Source, read_files, textfile
from finrec_core.intake.columnar import columnar_table


def parquet(table: pa.Table) -> bytes:
    out = pa.BufferOutputStream()
    pq.write_table(table, out)
    return out.getvalue().to_pybytes()


def column(cells: pa.Array) -> tuple[list[str], list[str]]:
    """Return the cells of a column as they are read, and what is said of them."""
    whole = pa.table({"id": pa.array(range(len(cells))), "x": cells})
    spool, notices = columnar_table("t.parquet", (raw := parquet(whole)), len(raw))
    lines = spool.open().read().decode("utf-8-sig").replace('"', "").splitlines()
    return [line.partition("\t")[2] for line in lines[1:]], notices


@pytest.mark.parametrize(
    ("cells", "texts"),
    [
        (pa.array(["00123", None, "a b"]), ["00123", "", "a b"]),
        (pa.array([10000.0, None, 0.1, float("nan")]), ["10000", "", "0.1", ""]),
        (pa.array([1e14, 1.5e15, -2.0]), ["100000000000000", "1.5e+15", "-2"]),
        (pa.array([0.1], pa.float32()), ["0.1"]),
        (pa.array([2**62, None]), ["4611686018427387904", ""]),
        (pa.array([Decimal("12.50")]), ["12.50"]),
        (pa.array([True, False, None]), ["true", "false", ""]),
        (pa.array([date(2024, 3, 5)]), ["2024-03-05"]),
        (pa.array([datetime(2024, 3, 5)], pa.timestamp("ns")), ["2024-03-05"]),
        (pa.array([datetime(2024, 3, 5, 14, 30)], pa.timestamp("ms")), ["2024-03-05 14:30:00"]),
        (pa.array([datetime(2024, 3, 5, 1, 0, 0, 5)]), ["2024-03-05 01:00:00.000005"]),
        (pa.array([datetime(2024, 3, 5, tzinfo=UTC)], pa.timestamp("us", "UTC")), ["2024-03-05 00:00:00Z"]),
        (
            pa.array([datetime(2024, 3, 5, 12, tzinfo=UTC)], pa.timestamp("us", "Europe/Berlin")),
            ["2024-03-05 12:00:00Z"],
        ),
        (pa.array([time(14, 30)], pa.time32("s")), ["14:30:00"]),
        (pa.array(["a", "b", "a"]).dictionary_encode(), ["a", "b", "a"]),
        (pa.array([b"bytes", None]), ["bytes", ""]),
        (pa.array([["a", "b"], [], None]), ["[a, b]", "[]", ""]),
        (pa.array([UUID(int=5).bytes], pa.uuid()), ["00000000-0000-0000-0000-000000000005"]),
        (pa.nulls(1), [""]),
    ],
)
def test_a_column_is_written_as_what_it_is(cells: pa.Array, texts: list[str]) -> None:
    assert column(cells) == (texts, [])


def test_what_no_column_takes_is_counted() -> None:
    assert column(pa.array([timedelta(1), None, timedelta(2)])) == (
        ["", "", ""],
        [
            "t.parquet: 2 cells hold a duration, the first of them after row 1, read as empty: "
            "no column takes one."
        ],
    )
    assert column(pa.array([b"\xff", b"x"])) == (
        ["", "x"],
        ["t.parquet: 1 cell holds bytes that are no text, the first of them after row 1, read as empty."],
    )


def test_a_nested_column_is_named_in_one_sentence() -> None:
    texts, notices = column(pa.array([{"id": 7, "who": {"name": "Ann"}}, None]))
    assert texts == ["7\tAnn", "\t"]
    assert notices == ['t.parquet: "x" holds records, taken apart as "x.id", "x.who".']
    texts, notices = column(pa.array([[{"a": 1}], []]))
    assert (texts, len(notices)) == (["[{a: 1}]", "[]"], 1)
    assert '"x" is nested (a list of records or lists)' in notices[0]
    texts, notices = column(pa.array([[("k", 1)]], pa.map_(pa.string(), pa.int64())))
    assert texts == ["{k: 1}"]
    assert '"x" is nested (a map)' in notices[0]


def test_a_record_of_the_client_is_used_by_its_parts() -> None:
    whole = pa.table({"client": [{"id": "c1", "age": 40}], "product_id": ["p1"]})
    intake = read_files([Source("has.parquet", parquet(whole))])
    assert intake.mapping["has.parquet:client.id"] == "client_id"


def test_a_line_is_a_row_also_below_texts_of_several_lines() -> None:
    reviews = ["one\ntwo", "a\r\nb\rc", "x", "y\n\n"]
    whole = pa.table({"client_id": ["c1", "c2", None, None], "product_id": ["p"] * 4, "review": reviews})
    intake = read_files([Source("has.parquet", parquet(whole))])
    assert intake.rejects["line"].to_pylist() == [4, 5]
    assert intake.dataset is not None
    assert intake.dataset.interactions["review"].to_pylist() == reviews[:2]


def test_every_kind_of_arrow_file_is_read(tmp_path: Path) -> None:
    whole = pa.table({"client_id": ["c1", "c2"], "product_id": ["p1", None]})
    feather.write_feather(whole, str(tmp_path / "a.feather"), compression="zstd")
    with pa.OSFile(str(tmp_path / "b.arrow"), "wb") as out, pa.ipc.new_file(out, whole.schema) as writer:
        writer.write_table(whole)
    with pa.OSFile(str(tmp_path / "c.ipc"), "wb") as out, pa.ipc.new_stream(out, whole.schema) as writer:
        writer.write_table(whole)
    for file in sorted(tmp_path.iterdir()):
        for content in (file, file.read_bytes()):
            spool, _ = columnar_table(file.name, content, file.stat().st_size)
            assert spool.open().read().decode("utf-8-sig").split() == [
                *("client_id", "product_id", '"c1"', '"p1"', '"c2"')
            ]


@pytest.mark.parametrize(
    "content", [b"", b"PAR1", b"PAR1" + bytes(100) + b"PAR1", b"ARROW1\0\0", b"a,b\n1,2\n"]
)
def test_what_is_damaged_is_said(content: bytes) -> None:
    for name, kind in (("t.parquet", "Parquet"), ("t.feather", "Feather or Arrow")):
        with pytest.raises(IntakeError, match=rf"^{name}: this is no {kind} file, or it is damaged \("):
            columnar_table(name, content, len(content))
    with pytest.raises(IntakeError, match=r"t\.parquet: the file is encrypted; write it without a key\."):
        columnar_table("t.parquet", b"PARE" + bytes(20), 24)


def test_a_file_that_grows_like_no_table_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(textfile, "UNSUSPECTED", 1 << 16)
    raw = parquet(pa.table({"client_id": ["x" * 100] * 500_000}))
    with pytest.raises(IntakeError, match="over 200 times its size"):
        columnar_table("t.parquet", raw, len(raw))
