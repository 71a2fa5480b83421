from pathlib import Path

import pytest

from finrec_core.intake import IntakeError, find_sources
from finrec_core.intake.address import is_address, parse


@pytest.mark.parametrize(
    ("text", "shown", "tables"),
    [
        ("postgresql://ann:secret@host/bank?table=trades", "postgresql://host/bank", ("trades",)),
        ("postgres://ann:secret@host:5433/bank?table=a,b", "postgresql://host:5433/bank", ("a", "b")),
        ("POSTGRESQL://host/bank", "postgresql://host/bank", ()),
        ("postgresql://ann:secret@[::1]:5433/bank", "postgresql://[::1]:5433/bank", ()),
        ("postgresql://ann:s%40cret@host/my%20bank", "postgresql://host/my bank", ()),
        ("postgresql:///bank?host=%2Ftmp&user=ann&password=secret&table=x", "postgresql:///bank", ("x",)),
        ("postgresql://ann:p@ssecret@host/bank", "postgresql://host/bank", ()),
    ],
)
def test_an_address_shows_neither_user_nor_password(text: str, shown: str, tables: tuple[str, ...]) -> None:
    address, found, query = parse(text)
    assert (address.shown, found, query) == (shown, tables, "")
    for secret in ("secret", "cret", "ann"):
        assert secret not in repr(address) + str(address)


@pytest.mark.parametrize("secret", ["se/cret", "se#cret", "se?cret", "12?cret", "12#cret", "a:b/c"])
def test_a_password_that_breaks_the_address_is_not_repeated(secret: str) -> None:
    with pytest.raises(IntakeError) as caught:
        find_sources([f"postgresql://zelda:{secret}@host/bank?table=trades"])
    assert "the address cannot be taken apart" in str(caught.value)
    assert "cret" not in str(caught.value)
    assert "zelda" not in str(caught.value)


def test_a_query_may_hold_any_sign() -> None:
    wanted = "SELECT * FROM t WHERE a LIKE 'x%' AND b = '?&#'"
    assert parse(f"postgresql://host/bank?sslmode=require&query={wanted}")[2] == wanted
    assert parse("sqlite:///bank.db?query=SELECT%201")[2] == "SELECT 1"


def test_what_the_server_is_told_goes_on_and_what_finrec_is_told_does_not() -> None:
    address, _, _ = parse("postgresql://ann:x@host/bank?sslmode=require&table=t&schema=s&application_name=a")
    assert address.url == "postgresql://ann:x@host/bank?sslmode=require&application_name=a"
    assert address.schema == "s"


def test_a_file_lies_at_the_root_or_in_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bank.db").write_bytes(b"")
    monkeypatch.chdir(tmp_path)
    assert parse(f"sqlite://{tmp_path}/bank.db")[0] == tmp_path / "bank.db"
    assert parse(f"sqlite:///{tmp_path}/bank.db")[0] == tmp_path / "bank.db"
    assert parse("duckdb:///bank.db?table=t")[0] == Path("bank.db")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("mysql://ann:secret@host/bank", '"mysql" is no address that finrec can read'),
        ("s3://bucket/trades.parquet", '"s3" is no address'),
        ("sqlite://bank.db", "a file is written with three strokes"),
        ("duckdb:///", "the address names no file"),
        ("postgresql://h/b?table=t&query=SELECT 1", "names both a table and a query"),
    ],
)
def test_what_is_no_address_of_ours(text: str, sentence: str) -> None:
    with pytest.raises(IntakeError, match=sentence) as caught:
        find_sources([text])
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("text", ["a.csv", "folder/a?b://c.csv", "C:/a.csv", "a:b.csv"])
def test_a_file_is_no_address(text: str) -> None:
    assert not is_address(text)
