"""Packing: files that are compressed as a whole, opened as streams of what is in them."""

import bz2
import gzip
import io
import lzma
from collections.abc import Callable
from typing import TYPE_CHECKING, BinaryIO, cast

import pyarrow as pa

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


class DamagedError(EOFError):
    """What is packed cannot be unpacked; the message says why."""


class _Unpacked(io.RawIOBase):
    """A stream that unpacks another; raises `DamagedError` at what cannot be unpacked."""

    def __init__(self, stream: BinaryIO, inner: BinaryIO) -> None:
        self._stream = stream
        self._inner = inner

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        view = memoryview(buffer).cast("B")
        try:
            block = self._inner.read(len(view))
        except (lzma.LZMAError, EOFError, OSError, ValueError) as error:
            raise DamagedError(str(error)) from error
        view[: len(block)] = block
        return len(block)

    def close(self) -> None:
        if not self.closed:
            self._inner.close()
            self._stream.close()
        super().close()


def _gz(stream: BinaryIO) -> BinaryIO:
    return cast(BinaryIO, gzip.GzipFile(fileobj=stream))


def _xz(stream: BinaryIO) -> BinaryIO:
    return cast(BinaryIO, _Unpacked(stream, cast(BinaryIO, lzma.LZMAFile(stream))))


def _bz2(stream: BinaryIO) -> BinaryIO:
    return cast(BinaryIO, _Unpacked(stream, cast(BinaryIO, bz2.BZ2File(stream))))


def _zst(stream: BinaryIO) -> BinaryIO:
    # Arrow takes at most as much as it needs, and several frames that follow each other.
    return cast(
        BinaryIO, _Unpacked(stream, pa.CompressedInputStream(pa.PythonFile(stream, mode="r"), "zstd"))
    )


PACKINGS: dict[str, Callable[[BinaryIO], BinaryIO]] = {
    ".gz": _gz,
    ".xz": _xz,
    ".bz2": _bz2,
    ".zst": _zst,
}


def unpacked_name(name: str) -> tuple[str, str]:
    """Return the name of a file without the ending of its packing, and that ending, "" where it has none.

    >>> from finrec_core.intake.packing import unpacked_name
    >>> unpacked_name("Trades.CSV.zst")
    ('Trades.CSV', '.zst')
    """
    ending = next((ending for ending in PACKINGS if name.lower().endswith(ending)), "")
    return name[: len(name) - len(ending)], ending
