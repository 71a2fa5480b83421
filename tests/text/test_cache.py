import logging
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from finrec_core.text import Pooled, VectorCache
from tests import tied
from tests.conftest import REPOSITORY

TEXTS = [f"text number {number}" for number in range(20)]


def pooled(count: int, dim: int = 4, start: int = 0) -> Pooled:
    rows = np.arange(start, start + count)
    return Pooled(np.repeat(rows[:, None], dim, axis=1).astype(np.float32), rows.astype(np.int32))


@pytest.fixture
def cache(tmp_path: Path) -> VectorCache:
    return VectorCache(tmp_path / "vectors")


def shards(cache: VectorCache, pattern: str = "*.safetensors") -> list[Path]:
    return sorted(cache.folder.glob(f"*/{pattern}"))


def test_an_empty_cache_knows_nothing(cache: VectorCache) -> None:
    known, found = cache.fetch("model", TEXTS, 4)
    assert not known.any()
    assert found.vectors.shape == (20, 4)
    assert not found.vectors.any()
    assert cache.fetch("model", [], 4)[1].vectors.shape == (0, 4)


def test_what_was_added_is_found_in_any_order(cache: VectorCache) -> None:
    cache.add("model", TEXTS[:8], pooled(8))
    cache.add("model", TEXTS[8:12], pooled(4, start=8))
    asked = [*reversed(TEXTS), TEXTS[3], "never seen", ""]
    known, found = VectorCache(cache.folder).fetch("model", asked, 4)
    assert known.tolist() == [number < 12 for number in range(19, -1, -1)] + [True, False, False]
    expected = np.array([*(number * (number < 12) for number in range(19, -1, -1)), 3, 0, 0])
    np.testing.assert_array_equal(found.vectors, np.repeat(expected[:, None], 4, axis=1))
    np.testing.assert_array_equal(found.tokens, expected)
    assert repr(cache).startswith("VectorCache(2 shards, 0.0 MB")


def test_encoders_do_not_mix(cache: VectorCache) -> None:
    for number, name in enumerate(["a:1", "a-1", "a/1", "../a", "x" * 500]):
        cache.add(name, TEXTS[:1], pooled(1, start=number + 1))
    for number, name in enumerate(["a:1", "a-1", "a/1", "../a", "x" * 500]):
        assert cache.fetch(name, TEXTS[:1], 4)[1].tokens.tolist() == [number + 1]
    assert len(list(cache.folder.iterdir())) == 5
    assert list(cache.folder.parent.iterdir()) == [cache.folder]


def test_no_text_is_stored(cache: VectorCache) -> None:
    cache.add("model", ["a secret of the client"], pooled(1))
    assert all(b"secret" not in shard.read_bytes() for shard in shards(cache))


def damage_short(content: bytes) -> bytes:
    return content[: len(content) // 2]


def damage_empty(_: bytes) -> bytes:
    return b""


def damage_noise(content: bytes) -> bytes:
    return b"\xff" * len(content)


def damage_one_bit(content: bytes) -> bytes:
    return content[:-3] + bytes([content[-3] ^ 4]) + content[-2:]


def damage_shape(content: bytes) -> bytes:
    return content.replace(b'"shape":[8,32]', b'"shape":[32,8]')


def damage_type(content: bytes) -> bytes:
    return content.replace(b'"dtype":"F32"', b'"dtype":"I32"')


@pytest.mark.parametrize(
    "damage", [damage_short, damage_empty, damage_noise, damage_one_bit, damage_shape, damage_type]
)
def test_a_damaged_shard_is_set_aside_and_told_once(
    damage, cache: VectorCache, caplog: pytest.LogCaptureFixture
) -> None:
    cache.add("model", TEXTS[:8], pooled(8))
    cache.add("model", TEXTS[8:12], pooled(4, start=8))
    first = shards(cache)[0]
    before = first.read_bytes()
    first.write_bytes(damage(before))
    assert first.read_bytes() != before
    with caplog.at_level(logging.WARNING):
        known, found = cache.fetch("model", TEXTS, 4)
        again, _ = cache.fetch("model", TEXTS, 4)
    assert known.tolist() == again.tolist() == [8 <= number < 12 for number in range(20)]
    assert found.tokens.sum() == sum(range(8, 12))
    assert len(caplog.messages) == 1
    assert "are damaged and will be made again" in caplog.text
    cache.add("model", TEXTS[:8], pooled(8))
    assert cache.fetch("model", TEXTS[:12], 4)[0].all()


def test_vectors_of_another_length_are_not_taken(cache: VectorCache) -> None:
    cache.add("model", TEXTS, pooled(20, dim=3))
    assert not cache.fetch("model", TEXTS, 4)[0].any()


def test_a_killed_writer_leaves_a_readable_cache(cache: VectorCache) -> None:
    code = (
        "import sys, numpy as np\n"
        "from pathlib import Path\n"
        "from finrec_core.text import Pooled, VectorCache\n"
        "cache, number = VectorCache(Path(sys.argv[1])), 0\n"
        "while True:\n"
        "    texts = [f'{number} {row}' for row in range(2000)]\n"
        "    vectors = np.full((2000, 64), number, np.float32)\n"
        "    cache.add('model', texts, Pooled(vectors, np.full(2000, number, np.int32)))\n"
        "    print(number, flush=True)\n"
        "    number += 1\n"
    )
    writer = tied.start(
        [sys.executable, "-c", code, str(cache.folder)], cwd=REPOSITORY, stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout is not None
    try:
        for _ in range(5):
            written = int(writer.stdout.readline())
            # Another process reads while this one writes.
            known, found = cache.fetch("model", [f"{number} 7" for number in range(written + 1)], 64)
            assert known.all()
            np.testing.assert_array_equal(found.vectors[:, 0], np.arange(written + 1))
    finally:
        writer.kill()
    rest = writer.stdout.read().split()
    writer.wait()
    written = max([written, *map(int, rest)])
    known, _ = cache.fetch(
        "model", [f"{number} {row}" for number in range(written + 1) for row in (0, 1999)], 64
    )
    assert known.all()
    assert not shards(cache, "*.damaged")


def test_an_unfinished_shard_is_not_read_and_goes_after_a_while(cache: VectorCache) -> None:
    cache.add("model", TEXTS[:8], pooled(8))
    home = shards(cache)[0].parent
    old, young = home / "old.part", home / "young.part"
    for part in (old, young):
        part.write_bytes(shards(cache)[0].read_bytes()[:50])
    os.utime(old, (time.time() - 7200, time.time() - 7200))
    assert cache.fetch("model", TEXTS[:8], 4)[0].all()
    cache.add("model", TEXTS[8:], pooled(12, start=8))
    assert shards(cache, "*.part") == [young]
    assert cache.fetch("model", TEXTS, 4)[0].all()


def test_several_writers_do_not_disturb_each_other(cache: VectorCache) -> None:
    def write(number: int) -> None:
        for row in range(10):
            cache.add("model", [f"{number} {row}"], pooled(1, start=number * 10 + row))

    writers = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    known, found = cache.fetch("model", [f"{number} {row}" for number in range(4) for row in range(10)], 4)
    assert known.all()
    assert found.tokens.tolist() == list(range(40))


def test_two_hundred_thousand_texts_are_looked_up_in_seconds(cache: VectorCache) -> None:
    """Guards against a lookup that opens a file or walks a list for each text."""
    texts = [f"review {number}" for number in range(200_000)]
    for low in range(0, 200_000, 40_000):
        cache.add("model", texts[low : low + 40_000], pooled(40_000, start=low))
    start = time.process_time()
    known, found = cache.fetch("model", texts[::-1], 4)
    assert time.process_time() - start < 5
    assert known.all()
    np.testing.assert_array_equal(found.tokens, np.arange(200_000)[::-1])


def test_what_is_known_is_told_without_its_vectors(cache: VectorCache) -> None:
    cache.add("model", TEXTS[:5], pooled(5))
    cache.add("model", TEXTS[3:8], pooled(5))
    assert cache.known("model", TEXTS).tolist() == [True] * 8 + [False] * 12
    assert not cache.known("other", TEXTS).any()
    assert cache.known("model", []).shape == (0,)
    shard = shards(cache)[0]
    shard.write_bytes(shard.read_bytes()[:20])
    assert cache.known("model", TEXTS).sum() == 5
