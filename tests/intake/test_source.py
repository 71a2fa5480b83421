import gzip
import io
import os
import zipfile
from pathlib import Path

import pytest

from finrec_core.intake import IntakeError, Source, find_sources, textfile
from finrec_core.intake.contents import text_files
from finrec_core.intake.source import left_out


def zipped(**members: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return out.getvalue()


def contents(*sources: Source) -> dict[str, str]:
    files, _ = text_files(sources)
    found = {}
    for file in files:
        with file.open() as text:
            found[file.name] = text.read()
    return found


def test_plain_gz_and_zip_hold_the_same(tmp_path):
    path = tmp_path / "users.dat"
    path.write_text("a")
    archive = zipped(**{"deep/interactions.CSV": "b", "ties.tsv": "c"})
    assert contents(
        Source("users.dat", path),
        Source("products.csv.gz", gzip.compress(b"d") + gzip.compress(b"e")),
        Source("bank.zip", archive),
    ) == {
        "users.dat": "a",
        "products.csv.gz": "de",
        "bank.zip/deep/interactions.CSV": "b",
        "bank.zip/ties.tsv": "c",
    }


def test_stem_and_suffix_are_those_of_the_unpacked_file():
    files, _ = text_files([Source("Products.CSV.gz", b""), Source("x.zip", zipped(**{"a/Ties.jsonl": ""}))])
    assert [(file.stem, file.suffix, file.limit) for file in files] == [
        ("products", ".csv", textfile.UNSUSPECTED),
        ("ties", ".jsonl", textfile.UNSUSPECTED),
    ]


def test_members_that_cannot_be_read_are_named_and_those_of_the_system_ignored():
    archive = zipped(
        **{
            "interactions.csv": "x",
            "logo.png": "x",
            "notes.txt": "read me",
            "more.zip": "x",
            "__MACOSX/._interactions.csv": "",
            ".DS_Store": "",
        }
    )
    files, notices = text_files([Source("bank.zip", archive)])
    assert [file.name for file in files] == ["bank.zip/interactions.csv"]
    assert [notice.split(" is left out")[0] for notice in notices] == [
        "bank.zip/logo.png",
        "bank.zip/notes.txt",
        "bank.zip/more.zip",
    ]


def test_a_txt_file_is_a_table_only_where_it_is_named(tmp_path):
    assert contents(Source("holdings.txt", b"a"), Source("more.TXT.gz", gzip.compress(b"b"))) == {
        "holdings.txt": "a",
        "more.TXT.gz": "b",
    }
    (tmp_path / "holdings.csv").write_text("a")
    (tmp_path / "README.txt").write_text("about")
    assert [source.name for source in find_sources([tmp_path])] == ["holdings.csv"]
    assert [source.name for source in find_sources([tmp_path / "README.txt"])] == ["README.txt"]


@pytest.mark.parametrize("name", ["../interactions.csv", "a/../../interactions.csv", "/etc/interactions.csv"])
def test_an_archive_must_not_name_a_file_outside_itself(name):
    with pytest.raises(IntakeError, match=r"bank\.zip: the archive names a file outside itself"):
        text_files([Source("bank.zip", zipped(**{name: "x"}))])


def test_an_archive_may_not_unpack_to_too_much(monkeypatch):
    monkeypatch.setattr(textfile, "UNPACKED_LIMIT", 1000)
    big = "a\n" * 600
    for source in (
        Source("bank.zip", zipped(**{"interactions.csv": big})),
        Source("bank.zip", zipped(**{"interactions.csv": big[:800], "products.csv": big[:800]})),
        Source("interactions.csv.gz", gzip.compress(big.encode())),
    ):
        with pytest.raises(IntakeError, match="unpacks to more than"):
            contents(source)


@pytest.mark.parametrize("text", ["\n", "c1,p1,4\n"])
def test_an_archive_that_shrank_like_no_table_is_refused_early(text):
    many = text * ((1 << 25) // len(text))
    for source, named in (
        (Source("bank.zip", zipped(**{"interactions.csv": many})), "bank.zip/interactions.csv"),
        (Source("interactions.csv.gz", gzip.compress(many.encode())), "interactions.csv.gz"),
    ):
        with pytest.raises(IntakeError) as caught:
            contents(source)
        said = "it unpacks to more than 17 MB, over 200 times its size; unpack it and import the files."
        assert str(caught.value) == f"{named}: {said}"


def test_a_gz_inside_a_zip_is_limited_too(monkeypatch):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("interactions.csv.gz", gzip.compress(b"a\n" * 10_000))
    source = Source("bank.zip", out.getvalue())
    assert contents(source)["bank.zip/interactions.csv.gz"] == "a\n" * 10_000
    monkeypatch.setattr(textfile, "UNPACKED_LIMIT", 1000)
    with pytest.raises(IntakeError, match="unpacks to more than"):
        contents(source)


def test_damaged_archives():
    whole = zipped(**{"interactions.csv": "client_id,product_id\n" * 50})
    flipped = bytearray(whole)
    flipped[50] ^= 0xFF  # within the packed bytes
    for name, content in (
        ("bank.zip", whole[:60]),
        ("bank.zip", bytes(flipped)),
        ("interactions.csv.gz", b"no gzip"),
        ("interactions.csv.gz", gzip.compress(b"a\n" * 1000)[:-12]),
    ):
        with pytest.raises(IntakeError, match="is damaged"):
            contents(Source(name, content))


def test_an_encrypted_member_is_refused():
    content = bytearray(zipped(**{"interactions.csv": "x"}))
    content[content.index(b"PK\x01\x02") + 8] |= 1  # the flag in the central directory
    with pytest.raises(IntakeError, match=r"bank\.zip/interactions\.csv: this file is encrypted"):
        text_files([Source("bank.zip", bytes(content))])


def test_an_archive_without_a_readable_file():
    with pytest.raises(IntakeError, match="holds none of"):
        text_files([Source("bank.zip", zipped(**{"book.docx": "x"}))])


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("photo.png", b"\x89PNG\r\n", "photo.png, line 1: this is a PNG picture; finrec reads .csv"),
        ("book.docx", b"PK\x03\x04", "book.docx, line 1: this is a zip archive or an Excel workbook; finrec"),
        ("notes.md", b"hello", "notes.md, line 1: this is a file of a kind unknown here; finrec reads"),
    ],
)
def test_a_file_of_another_kind(name, content, sentence):
    with pytest.raises(IntakeError) as caught:
        text_files([Source(name, content)])
    assert str(caught.value).startswith(sentence)


def test_two_files_of_one_name():
    with pytest.raises(IntakeError, match="two files have this name"):
        text_files([Source("a.csv", b""), Source("a.csv", b"")])


def test_find_sources(tmp_path):
    for name in ("b.csv", "a.jsonl.gz", "notes.txt", ".hidden.csv"):
        (tmp_path / name).write_text("")
    (tmp_path / "deep.csv").mkdir()
    assert [source.name for source in find_sources([tmp_path])] == ["a.jsonl.gz", "b.csv"]
    assert [source.name for source in find_sources([tmp_path / "notes.txt"])] == ["notes.txt"]
    with pytest.raises(IntakeError, match="there is no such file or folder"):
        find_sources([tmp_path / "missing.csv"])
    (tmp_path / "empty").mkdir()
    with pytest.raises(IntakeError, match=r"empty: the folder holds none of \.csv"):
        find_sources([tmp_path / "empty"])


def test_a_file_that_is_gone():
    with pytest.raises(IntakeError, match=r"a\.csv: the file cannot be opened"):
        Source("a.csv", Path("/nowhere/a.csv")).open()


def test_repr_tells_the_size():
    assert repr(Source("a.csv", b"abc")) == "Source('a.csv': 3 bytes)"


@pytest.mark.parametrize("at", range(0, 200, 7))
def test_a_zip_without_its_start_is_a_sentence(at):
    whole = zipped(**{"interactions.csv": "client_id,product_id\n" * 50, "products.csv": "product_id\n"})
    with pytest.raises(IntakeError, match=r"bank\.zip"):
        contents(Source("bank.zip", whole[at + 1 :]))


def test_what_a_folder_holds_beside_is_named(tmp_path):
    (tmp_path / "holdings.csv").write_text("a")
    (tmp_path / "notes.txt").write_text("a")
    (tmp_path / "more.docx").write_text("a")
    (tmp_path / "old").mkdir()
    said = left_out([tmp_path, tmp_path / "holdings.csv"])
    assert [one.split(" is left out")[0] for one in said] == ["more.docx", "notes.txt", "old"]


def test_a_name_of_any_bytes_can_be_told(tmp_path):
    file = os.fsdecode(os.fsencode(tmp_path) + b"/l\xfcft.csv")
    Path(file).write_text("a")
    assert [source.name for source in find_sources([tmp_path])] == ["l?ft.csv"]
    with pytest.raises(IntakeError, match="neither a file nor a folder"):
        find_sources([Path("/dev/null")])
