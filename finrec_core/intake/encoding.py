"""Encodings: what turns the bytes of a file into text, told by a byte order mark or by the analyst."""

import codecs
import zipfile
import zlib
from collections.abc import Callable
from typing import BinaryIO

from finrec_core.intake.error import IntakeError

UTF8 = "utf-8"
ENCODINGS = {
    UTF8: "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16 without its mark, little end first",
    "utf-16-be": "UTF-16 without its mark, big end first",
    "cp1252": "Windows-1252, Western Europe",
    "iso-8859-15": "Latin-9, Western Europe",
    "iso-8859-1": "Latin-1, Western Europe",
    "cp1250": "Windows-1250, Central Europe",
    "cp1251": "Windows-1251, Cyrillic",
    "cp1253": "Windows-1253, Greek",
    "cp1254": "Windows-1254, Turkish",
    "mac_roman": "Mac Roman",
    "cp850": "DOS 850",
    "cp932": "Shift JIS of Windows, Japanese",
    "shift_jis": "Shift JIS, Japanese",
    "euc_jp": "EUC-JP, Japanese",
    "iso2022_jp": "ISO-2022-JP, Japanese",
    "gb18030": "GB 18030, Chinese",
}
MARKS = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
WIDE = ("utf-16-le", "utf-16-be")  # a table's delimiters hold a zero byte in these, and in no other
PACKED_WRONG = (OSError, EOFError, zipfile.BadZipFile, zlib.error)
BLOCK = 1 << 20  # bytes read at once
LONGEST_SAMPLE = 160  # characters of a line that is shown in every encoding


class UnknownEncodingError(ValueError):
    """A line is no UTF-8; `readings` shows it as each encoding reads it that can."""

    def __init__(self, line: bytes) -> None:
        self.readings = readings(line)
        super().__init__("which encoding the file is in cannot be told from its bytes")


def readings(line: bytes) -> dict[str, str]:
    """Return how a line reads in each encoding that can read it, the usual ones first."""
    found = {}
    for encoding in ENCODINGS:
        if encoding in (UTF8, "utf-16") or (encoding in WIDE and b"\0" not in line):
            continue
        try:
            text = line.decode(encoding).strip()
        except UnicodeError:
            continue
        if all(ord(sign) >= 32 and not 0x7F <= ord(sign) < 0xA0 for sign in text if sign != "\t"):
            found[encoding] = text[:LONGEST_SAMPLE]
    return found


def marked(stream: Callable[[], BinaryIO]) -> str:
    """Return the encoding that the byte order mark of a file tells, UTF-8 where it has none.

    A file that cannot be unpacked has none either: reading it tells why.
    """
    with stream() as opened:
        try:
            return MARKS.get(opened.read(2), UTF8)
        except PACKED_WRONG:
            return UTF8


def is_unicode(stream: Callable[[], BinaryIO]) -> bool:
    """Whether the bytes of a file are UTF-8, or tell their encoding by a byte order mark.

    Those of a file that cannot be unpacked are not looked at: reading it tells why.
    """
    if marked(stream) != UTF8:
        return True
    decoder = codecs.getincrementaldecoder(UTF8)()
    with stream() as opened:
        try:
            while block := opened.read(BLOCK):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
        except PACKED_WRONG:
            return True
    return True


class Recoded:
    """A stream of bytes in some encoding, read as UTF-8."""

    def __init__(self, stream: BinaryIO, encoding: str, name: str) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder(encoding)()
        self._encoding = encoding
        self._name = name
        self._line = 1
        self._rest = b""
        self._ended = False

    def read(self, size: int = -1) -> bytes:
        """Return at most `size` bytes of UTF-8, none at the end.

        Raises `IntakeError` at bytes that the encoding does not have.
        """
        while not self._rest and not self._ended:
            block = self._stream.read(max(size, 1 << 16))
            self._ended = not block
            try:
                text = self._decoder.decode(block, final=not block)
            except UnicodeError as error:
                read = error.object[: error.start] if isinstance(error, UnicodeDecodeError) else b""
                line = self._line + read.count(b"\n")
                reason = f"this line cannot be read as {ENCODINGS.get(self._encoding, self._encoding)}."
                raise IntakeError(reason, file=self._name, line=line) from error
            self._line += text.count("\n")
            self._rest = text.encode("utf-8", "surrogatepass")
        end = len(self._rest) if size < 0 else size
        found, self._rest = self._rest[:end], self._rest[end:]
        return found

    def close(self) -> None:
        """Close the stream underneath."""
        self._stream.close()
