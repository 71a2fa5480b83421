"""A line that is no UTF-8 is shown as the encodings read it that can."""

import io

import pytest

from finrec_core.intake import IntakeError
from finrec_core.intake.encoding import ENCODINGS, Recoded, marked, readings

LINE = "4|Misérables, Les (1995)|20-Feb-1998"


def test_the_usual_encoding_comes_first() -> None:
    found = readings(LINE.encode("cp1252"))
    assert next(iter(found.items())) == ("cp1252", LINE)
    assert not {"utf-8", "utf-16", "utf-16-le", "utf-16-be"} & set(found)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_zero_bytes_are_read_as_the_utf_16_that_they_are(encoding: str) -> None:
    found = readings(LINE.encode(encoding))
    assert found[encoding] == LINE
    assert set(found) <= {"utf-16-le", "utf-16-be"}


def test_a_reading_with_control_signs_is_none() -> None:
    assert readings(b"a\x07b\xe9") == {}
    assert "iso-8859-1" not in readings(b"1\x80")  # a control sign of Latin-1, the euro of Windows


@pytest.mark.parametrize(
    ("start", "encoding"),
    [(b"", "utf-8"), (b"a,b", "utf-8"), (b"\xff\xfea\0", "utf-16"), (b"\xfe\xff\0a", "utf-16")],
)
def test_a_byte_order_mark_tells_the_encoding(start: bytes, encoding: str) -> None:
    assert marked(lambda: io.BytesIO(start)) == encoding


@pytest.mark.parametrize("encoding", list(ENCODINGS))
def test_a_recoded_stream_is_the_same_text_at_any_size_of_block(encoding: str) -> None:
    text = "client,product\nA1,P2\n" * 3000
    for size in (1, 7, -1):
        stream = Recoded(io.BytesIO(text.encode(encoding)), encoding, "x.csv")
        read = b"".join(iter(lambda stream=stream, size=size: stream.read(size), b""))
        assert read.decode() == text


def test_bytes_that_the_encoding_lacks_name_the_line() -> None:
    stream = Recoded(io.BytesIO(b"a\nb\n\x81\n"), "cp1252", "x.csv")
    with pytest.raises(IntakeError, match=r"x\.csv, line 3: this line cannot be read as Windows-1252"):
        stream.read()
