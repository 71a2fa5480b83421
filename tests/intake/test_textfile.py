import io
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finrec_core.intake import IntakeError, textfile
from finrec_core.intake.textfile import CheckedBytes, TextFile, kind_of


def text_file(content: bytes, limit: int | None = None) -> TextFile:
    return TextFile("x.csv", "x", ".csv", lambda: io.BytesIO(content), len(content), limit)


def test_text_comes_through_as_it_is():
    content = "\ufeffa,é\r\nb\rc\n\u2028d".encode()
    with text_file(content).open() as text:
        assert text.read() == "a,é\r\nb\rc\n\u2028d"
    with text_file(content).open() as text:
        assert list(text) == ["a,é\r\n", "b\r", "c\n", "\u2028d"]


@settings(deadline=None)
@given(
    st.lists(st.sampled_from([b"a", "é".encode(), "😀".encode(), b"\n", b"\r\n", b"\r"]), max_size=30),
    st.sampled_from([b"\xff", b"\0", b"\xe2\x82", b"\xc3"]),
    st.lists(st.sampled_from([b"a", b"\n", b"\r"]), max_size=5),
    st.integers(1, 7),
)
def test_the_first_wrong_byte_is_named_by_line_and_place(before, wrong, after, block):
    """Whatever the line ends, and wherever blocks are cut."""
    content = b"".join([*before, wrong, b"x", *after])
    lines = re.split(rb"\r\n|\r|\n", b"".join(before))
    stream = CheckedBytes(io.BytesIO(content), "x.csv")
    with pytest.raises(IntakeError) as caught:
        list(iter(lambda: stream.read(block), b""))
    assert caught.value.line == len(lines)
    assert f"byte {len(lines[-1]) + 1} of the line: " in str(caught.value)


def test_an_unknown_encoding_is_told_with_what_it_may_be():
    with pytest.raises(IntakeError) as caught, text_file("name\ncafé".encode("cp1252")).open() as text:
        text.read()
    assert str(caught.value) == (
        'x.csv, line 2: byte 4 of the line: the byte 0xE9 is not UTF-8 (Windows-1252 would read it as "é"); '
        "say which encoding it is, or save the file as CSV UTF-8."
    )
    assert caught.value.__cause__.readings["cp1252"] == "café"
    assert caught.value.__cause__.readings["cp1251"] == "cafй"


def test_a_character_cut_by_the_end_is_found():
    with (
        pytest.raises(IntakeError, match="line 2: byte 2 of the line"),
        text_file(b"ab\nc\xc3").open() as text,
    ):
        text.read()


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a PNG picture"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "a JPEG picture"),
        (b"GIF89a\0\0", "a GIF picture"),
        (b"%PDF-1.7\n\xe2\xe3", "a PDF document"),
        (b"PK\x03\x04\x14\0", "a zip archive or an Excel workbook"),
        (b"\x1f\x8b\x08\0", "a gzip archive"),
    ],
)
def test_a_file_that_is_no_text_is_named(start, kind):
    assert kind_of(start) == kind
    with pytest.raises(IntakeError) as caught, text_file(start).open() as text:
        text.read()
    assert str(caught.value).startswith(f"x.csv, line 1: this is {kind}, not a text file in UTF-8")


def test_a_text_may_begin_like_a_picture():
    with text_file(b"BMW,RIFF\n").open() as text:
        assert text.read() == "BMW,RIFF\n"


def test_sizes_are_limited(monkeypatch):
    monkeypatch.setattr(textfile, "LINE_LIMIT", 50)
    with text_file(b"a\n" * 100).open() as text:
        assert len(text.read()) == 200
    with (
        pytest.raises(IntakeError, match="unpacks to more than"),
        text_file(b"a\n" * 51, 100).open() as text,
    ):
        text.read()
    with (
        pytest.raises(IntakeError, match="line 2: this line is longer than"),
        text_file(b"a\n" + b"b" * 51).open() as text,
    ):
        text.read()
