"""A text file whose bytes are checked while they are read: encoding, zero bytes, sizes."""

import codecs
import gzip
import io
import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO, cast

import numpy as np

from finrec_core.intake.encoding import UTF8, Recoded, UnknownEncodingError
from finrec_core.intake.error import IntakeError
from finrec_core.terms.progress import Progress, silent

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

UNPACKED_LIMIT = 1 << 30  # bytes that one archive may unpack to
UNSUSPECTED = 1 << 24  # bytes that it may unpack to, however small it is
LARGEST_RATIO = 200  # times its size that a larger one may unpack to; tables reach 20
BLOCK = 1 << 20  # bytes read at once
SHOWN = 120  # bytes of a line without an end that is shown in every encoding
LINE_LIMIT = 1 << 24  # bytes of one physical line
MAGIC = (
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"BM", "a BMP picture"),
    (b"II*\0", "a TIFF picture"),
    (b"MM\0*", "a TIFF picture"),
    (b"RIFF", "a picture or a sound"),
    (b"%PDF", "a PDF document"),
    (b"PAR1", "a Parquet file"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word file"),
    (b"PK\x03\x04", "a zip archive or an Excel workbook"),
    (b"\x1f\x8b", "a gzip archive"),
)


def kind_of(start: bytes) -> str | None:
    """Return in words what a file is that starts so, None where it may be text."""
    return next((kind for magic, kind in MAGIC if start.startswith(magic)), None)


def _even(line: bytes) -> bytes:
    """Return the first line of a text in two bytes a character, whichever end stands first."""
    ends = [at for mark in (b"\n\0", b"\0\n") if (at := line.find(mark)) >= 0 and at % 2 == 0]
    return line[: min(ends, default=len(line) - len(line) % 2)]


def unpacked_limit(packed: int) -> int:
    """Return how many bytes an archive of as many bytes may unpack to: no table shrinks like a zip bomb."""
    return min(UNPACKED_LIMIT, max(UNSUSPECTED, LARGEST_RATIO * packed))


def too_big(name: str, limit: int) -> IntakeError:
    """Return the error for an archive that unpacks to more than `limit` bytes."""
    size = f"{limit / 1e9:.1f} GB" if limit >= 1e9 else f"{limit / 1e6:.0f} MB"
    why = "" if limit == UNPACKED_LIMIT else f", over {LARGEST_RATIO} times its size"
    return IntakeError(f"it unpacks to more than {size}{why}; unpack it and import the files.", file=name)


@dataclass(frozen=True)
class TextFile:
    """A text file ready to be read: its name in reports and a way to open it from the start.

    `stem` and `suffix` are those of the unpacked file, in lower case; `size` is its bytes, as far as
    known before it is read; `limit` is how many may come out of its archive, None where it is in none;
    `encoding` is a key of `ENCODINGS`. Of a table of another kind, written as text, `delimiter` is what
    separates its columns, and `breaks` are the lines that go on the row of the line before, ascending.
    """

    name: str
    stem: str
    suffix: str
    stream: Callable[[], BinaryIO]
    size: int = 0
    limit: int | None = None
    encoding: str = UTF8
    delimiter: str | None = None
    breaks: Sequence[int] = field(default=(), compare=False, repr=False)

    def row(self, lines: np.ndarray) -> np.ndarray:
        """Return the rows of a table that stand on these lines: the lines themselves in a file of text."""
        return lines - np.searchsorted(np.asarray(self.breaks, np.int64), lines, side="right")

    def open(self, progress: Progress = silent, *, longest: int | None = None) -> io.TextIOWrapper:
        """Return the text, line ends as they are; reading raises `IntakeError` at what is no text.

        `progress` hears of every block that is read; `longest` is how many bytes a line may have, where that
        is not `LINE_LIMIT`.
        """
        stage, size = f"reading {self.name}", max(1, self.size)
        stream = self.stream()
        if self.encoding != UTF8:
            stream = cast(BinaryIO, Recoded(stream, self.encoding, self.name))
        checked = CheckedBytes(
            stream, self.name, self.limit, lambda done: progress(stage, min(1.0, done / size)), longest
        )
        text = io.TextIOWrapper(io.BufferedReader(checked, BLOCK), encoding="utf-8-sig", newline="")
        # Else a long line is put together from 8 KB at a time, each time from its start.
        text._CHUNK_SIZE = BLOCK  # type: ignore[attr-defined]
        return text


class CheckedBytes(io.RawIOBase):
    r"""The bytes of a stream, stopped with file, line and byte at the first that is no UTF-8 text.

    Also stopped at a zero byte, a line above `LINE_LIMIT`, more than `limit` bytes in all, and a
    damaged archive; `told` hears how many were read. `\n`, `\r\n` and a lone `\r` end a line, as for
    `csv.reader.line_num`.
    """

    def __init__(
        self,
        stream: BinaryIO,
        name: str,
        limit: int | None = None,
        told: Callable[[int], object] = lambda done: None,
        longest: int | None = None,
    ) -> None:
        self._stream = stream
        self._name = name
        self._limit = limit
        self._told = told
        self._longest = longest or LINE_LIMIT
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._start = b""
        self._bytes = 0
        self._ends = 0  # line ends so far
        self._line = b""  # the bytes of the line begun but not ended
        self._after_cr = False

    def readable(self) -> bool:
        """Return True: this is a stream to read."""
        return True

    def close(self) -> None:
        """Close the stream underneath too."""
        self._stream.close()
        super().close()

    def readinto(self, buffer: "WriteableBuffer") -> int:
        """Fill `buffer` with checked bytes and return how many there are."""
        view = memoryview(buffer).cast("B")
        try:
            block = self._stream.read(len(view))
        except (gzip.BadGzipFile, zipfile.BadZipFile, EOFError, zlib.error) as error:
            raise IntakeError(f"the archive is damaged ({error}).", file=self._name) from error
        except OSError as error:
            raise IntakeError(f"the file cannot be read ({error.strerror}).", file=self._name) from error
        self._bytes += len(block)
        if self._limit is not None and self._bytes > self._limit:
            raise too_big(self._name, self._limit)
        self._told(self._bytes)
        if len(self._start) < 16:
            self._start = (self._start + block)[:16]
        self._check(block)
        view[: len(block)] = block
        return len(block)

    def _check(self, block: bytes) -> None:
        zero = block.find(b"\0")
        pending = self._decoder.getstate()[0]  # the first bytes of a character cut by the last block
        try:
            self._decoder.decode(block if zero < 0 else block[:zero], final=not block)
        except UnicodeDecodeError as error:
            at = error.start - len(pending)
            wrong = (pending + block)[error.start]
            latin = bytes([wrong]).decode("cp1252", "ignore")
            hint = f' (Windows-1252 would read it as "{latin}")' if latin else ""
            reason = f"is not UTF-8{hint}; say which encoding it is, or save the file as CSV UTF-8."
            unknown = UnknownEncodingError(self._whole_line(block, max(at, 0)))
            cause = unknown if kind_of(self._start) is None else error
            raise self._wrong_byte(block, at, f"the byte 0x{wrong:02X} {reason}") from cause
        if zero >= 0:
            reason = "a zero byte; this is not a text file in UTF-8, but may be one in another encoding."
            line = (self._line + block)[:SHOWN] if not self._ends else b""
            raise self._wrong_byte(block, zero, reason) from UnknownEncodingError(_even(line))
        told = isinstance(self._stream, Recoded) or self._start.startswith(codecs.BOM_UTF8)
        if not told and (escape := block.find(b"\x1b$")) >= 0:
            reason = "an escape of ISO-2022-JP; say which encoding it is, or save the file as CSV UTF-8."
            cause = UnknownEncodingError(self._whole_line(block, escape))
            raise self._wrong_byte(block, escape, reason) from cause
        self._advance(block)
        if len(self._line) > self._longest:
            reason = f"this line is longer than {self._longest >> 20} MB."
            raise IntakeError(reason, file=self._name, line=self._ends + 1)

    def _advance(self, block: bytes) -> None:
        """Count the line ends of a block and keep what follows the last."""
        if not block:
            return
        if self._after_cr and block[0] != 10:
            self._ends += 1
            self._line = b""
        self._ends += block.count(b"\n")
        end = block.rfind(b"\n")
        if b"\r" in block:
            inner = block[:-1] if block.endswith(b"\r") else block
            self._ends += inner.count(b"\r") - block.count(b"\r\n")
            end = max(end, inner.rfind(b"\r"))
        self._after_cr = block.endswith(b"\r")
        self._line = block[end + 1 :] if end >= 0 else self._line + block

    def _whole_line(self, block: bytes, at: int) -> bytes:
        """Return the line around the byte `at` of a block, as far as the block has it."""
        start = max(block.rfind(b"\n", 0, at), block.rfind(b"\r", 0, at)) + 1
        end = min((end for end in (block.find(b"\n", at), block.find(b"\r", at)) if end >= 0), default=None)
        return (b"" if start else self._line) + block[start:end]

    def _wrong_byte(self, block: bytes, at: int, reason: str) -> IntakeError:
        """Return the error for the byte `at` of a block, negative for one of the block before."""
        kind = kind_of(self._start)
        if kind is not None:
            reason = f"this is {kind}, not a text file in UTF-8; export the table as CSV UTF-8."
            return IntakeError(reason, file=self._name, line=1)
        if at < 0:
            return self._at(len(self._line) + at, reason)
        self._advance(block[:at])
        if self._after_cr:
            self._ends, self._line = self._ends + 1, b""
        return self._at(len(self._line), reason)

    def _at(self, offset: int, reason: str) -> IntakeError:
        return IntakeError(f"byte {offset + 1} of the line: {reason}", file=self._name, line=self._ends + 1)
