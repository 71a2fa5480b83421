import bz2
import gzip
import io
import lzma

import pyarrow as pa
import pytest

from finrec_core.intake import IntakeError, Source, textfile
from finrec_core.intake.contents import text_files
from finrec_core.intake.packing import PACKINGS, unpacked_name

PACK = {
    ".gz": gzip.compress,
    ".xz": lzma.compress,
    ".bz2": bz2.compress,
    ".zst": lambda raw: pa.compress(raw, "zstd", asbytes=True),
}
TEXT = b"client_id,product_id\n" + b"c1,p1\n" * 50_000


def read(name: str, content: bytes) -> str:
    (file,), _ = text_files([Source(name, content)])
    with file.open() as text:
        return text.read()


@pytest.mark.parametrize("ending", PACKINGS)
def test_what_is_packed_is_read_whole_also_in_several_parts(ending: str) -> None:
    assert read(f"has.CSV{ending.upper()}", PACK[ending](TEXT)) == TEXT.decode()
    assert read(f"has.csv{ending}", PACK[ending](TEXT[:100]) + PACK[ending](TEXT[100:])) == TEXT.decode()


@pytest.mark.parametrize("ending", PACKINGS)
def test_what_is_damaged_is_said(ending: str) -> None:
    whole = PACK[ending](TEXT)
    changed = bytearray(whole)
    changed[len(whole) // 2] ^= 0xFF
    unsummed = ending == ".zst"  # as Arrow packs it, which leaves out the sum that would tell
    for content in (whole[:-6], b"nothing of the kind", *([] if unsummed else [bytes(changed)])):
        for name in (f"has.csv{ending}", f"book.xlsx{ending}"):
            with pytest.raises(IntakeError, match="the archive is damaged"):
                read(name, content)


@pytest.mark.parametrize("ending", PACKINGS)
def test_a_bomb_is_refused(ending: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(textfile, "UNSUSPECTED", 1 << 16)
    bomb = PACK[ending](b"a\n" * (1 << 23))
    for name in (f"has.csv{ending}", f"book.xlsx{ending}", f"bank.db{ending}"):
        with pytest.raises(IntakeError, match="unpacks to more than"):
            read(name, bomb)


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("a.csv.gz", ("a.csv", ".gz")),
        ("A.CSV.XZ", ("A.CSV", ".xz")),
        ("a.csv", ("a.csv", "")),
    ],
)
def test_a_name_tells_its_packing(name: str, parts: tuple[str, str]) -> None:
    assert unpacked_name(name) == parts


def test_a_stream_closes_what_is_beneath() -> None:
    for ending in (".xz", ".bz2", ".zst"):
        beneath = io.BytesIO(PACK[ending](TEXT))
        PACKINGS[ending](beneath).close()
        assert beneath.closed
