"""The vector cache: what the encoder made of a text before, on disk, by encoder and text."""

import hashlib
import logging
import re
import time
import zlib
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from finrec_core.text.states import Pooled

_log = logging.getLogger(__name__)
_ABANDONED = 3600.0  # seconds after which an unfinished shard is a dead writer's


class VectorCache:
    """Pooled vectors in a folder, by encoder name and SHA-256 of the text; no text is stored.

    `add` writes one shard, a file that appears whole or not at all and never changes, so several
    processes may read and write at once and a killed writer leaves nothing behind that is read. A
    damaged shard is set aside with one logged sentence, and its texts count as unknown.

    >>> from pathlib import Path
    >>> from finrec_core.text import TfIdf, VectorCache
    >>> encoder, cache = TfIdf.fit(["calm fund", "bold fund", "calm card"]), VectorCache(Path("vectors"))
    >>> cache.add(encoder.name, ["calm card"], encoder.pool(["calm card"]))
    >>> cache.fetch(encoder.name, ["calm card", "bold card"], encoder.dim)[0]
    array([ True, False])
    """

    def __init__(self, folder: Path) -> None:
        self.folder = Path(folder)

    def __repr__(self) -> str:
        shards = list(self.folder.glob("*/*.safetensors"))
        size = sum(shard.stat().st_size for shard in shards)
        return f"VectorCache({len(shards)} shards, {size / 1e6:.1f} MB)"

    def fetch(self, encoder: str, texts: Sequence[str], dim: int) -> tuple[np.ndarray, Pooled]:
        """Return which texts are known, bool (texts,), and their vectors, zero for an unknown one."""
        known = np.zeros(len(texts), dtype=bool)  # (texts,)
        pooled = Pooled(np.zeros((len(texts), dim), np.float32), np.zeros(len(texts), np.int32))
        wanted = _fixed(_hashes(texts))
        for path in sorted(self._home(encoder).glob("*.safetensors")):
            if known.all():
                break
            try:
                found, vectors, tokens = _lookup(path, wanted, known, dim)
            except FileNotFoundError:
                continue  # another process set it aside
            except (SafetensorError, ValueError) as error:
                _set_aside(path, error)
                continue
            known[found] = True
            pooled.vectors[found], pooled.tokens[found] = vectors, tokens
        return known, pooled

    def known(self, encoder: str, texts: Sequence[str]) -> np.ndarray:
        """Return which texts are known, bool (texts,), without their vectors; `fetch` looks for damage."""
        known = np.zeros(len(texts), dtype=bool)  # (texts,)
        wanted = _fixed(_hashes(texts))
        for path in self._home(encoder).glob("*.safetensors"):
            with suppress(OSError, SafetensorError, ValueError), safe_open(path, framework="numpy") as shard:
                known |= pc.is_in(wanted, value_set=_fixed(shard.get_tensor("hashes"))).to_numpy(
                    zero_copy_only=False
                )
        return known

    def add(self, encoder: str, texts: Sequence[str], pooled: Pooled) -> None:
        """Store the vectors of `texts` as one new shard; raises `OSError` where it cannot be written."""
        home = self._home(encoder)
        home.mkdir(parents=True, exist_ok=True)
        for left in home.glob("*.part"):
            with suppress(FileNotFoundError):  # its writer may finish it meanwhile
                if time.time() - left.stat().st_mtime > _ABANDONED:
                    left.unlink()
        arrays = {"hashes": _hashes(texts), "tokens": pooled.tokens, "vectors": pooled.vectors}
        path = home / f"{time.time_ns()}-{uuid4().hex[:8]}.safetensors"
        part = path.with_suffix(".part")
        save_file(arrays, part, metadata={"encoder": encoder, "crc32": _checksum(arrays)})
        part.replace(path)

    def _home(self, encoder: str) -> Path:
        """The folder of one encoder's shards: readable, and unique through the hash of its whole name."""
        label = re.sub(r"[^A-Za-z0-9._-]+", "-", encoder)[:80].lstrip(".")
        return self.folder / f"{label}-{hashlib.sha256(encoder.encode()).hexdigest()[:12]}"


def _hashes(texts: Sequence[str]) -> np.ndarray:
    """SHA-256 of each text, uint8 (texts, 32)."""
    digests = b"".join(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest() for text in texts)
    return np.frombuffer(digests, dtype=np.uint8).reshape(-1, 32)


def _fixed(hashes: np.ndarray) -> pa.Array:
    """The same hashes as an Arrow array, which can look up hundreds of thousands at once."""
    return pa.FixedSizeBinaryArray.from_buffers(pa.binary(32), len(hashes), [None, pa.py_buffer(hashes)])


def _lookup(
    path: Path, wanted: pa.Array, known: np.ndarray, dim: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the places of the wanted texts that a shard holds, their vectors and token counts.

    The vectors are read, and the checksum compared, only where there is something to take. Raises
    `SafetensorError` or `ValueError` where the shard is damaged.
    """
    with safe_open(path, framework="numpy") as shard:
        hashes = shard.get_tensor("hashes")
        if hashes.shape[1:] != (32,) or hashes.dtype != np.uint8:
            raise ValueError("its hashes are none")
        rows = pc.fill_null(pc.index_in(wanted, value_set=_fixed(hashes)), -1).to_numpy()
        found = np.flatnonzero((rows >= 0) & ~known)
        if not len(found):
            return found, np.zeros((0, dim), np.float32), np.zeros(0, np.int32)
        arrays = {
            "hashes": hashes,
            "tokens": shard.get_tensor("tokens"),
            "vectors": shard.get_tensor("vectors"),
        }
        if (shard.metadata() or {}).get("crc32") != _checksum(arrays):
            raise ValueError("its checksum is wrong")
        if arrays["vectors"].shape != (len(hashes), dim):
            raise ValueError("its vectors have another length")
    return found, arrays["vectors"][rows[found]], arrays["tokens"][rows[found]]


def _checksum(arrays: dict[str, np.ndarray]) -> str:
    """CRC-32 over types, shapes and bytes: safetensors itself notices a short file, not a changed one."""
    value = 0
    for key in sorted(arrays):
        array = np.ascontiguousarray(arrays[key])
        value = zlib.crc32(array.data, zlib.crc32(f"{key} {array.dtype} {array.shape}".encode(), value))
    return f"{value:08x}"


def _set_aside(path: Path, error: Exception) -> None:
    """Rename a damaged shard so that it is reported once and never read again."""
    _log.warning("The text vectors in %s are damaged and will be made again (%s).", path.name, error)
    try:
        path.replace(path.with_suffix(".damaged"))
    except OSError as blocked:
        _log.warning("The damaged file %s cannot be renamed (%s).", path.name, blocked)
