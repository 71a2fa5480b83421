"""The checkpoint: the files of a pre-trained model, where they lie and which model they are."""

import hashlib
import json
import struct
from importlib.util import find_spec
from pathlib import Path

from huggingface_hub import snapshot_download
from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError, StrictDataclassError
from safetensors import SafetensorError

from finrec_core.text.states import EncoderError

# What the libraries raise where a checkpoint is broken.
FAILURES = (
    OSError,
    ValueError,
    KeyError,
    IndexError,
    TypeError,
    ImportError,
    RuntimeError,
    struct.error,
    SafetensorError,
    StrictDataclassError,
)
TF_IDF = "tf-idf"  # the name of the encoder that is fitted; every other name is a language model's
_PARTS = (".json", ".txt", ".model", ".safetensors")
_GGUF_NEEDS = ("gguf", "accelerate")


def checkpoint(source: str) -> Path:
    """Return the folder of the model that `source` names, or its one GGUF file; nothing is downloaded.

    `source` is an installed package that ships a model (found without importing it), a local folder
    or GGUF file, or the name of a model in the machine's Hugging Face cache, looked for in this
    order. Raises `EncoderError`, also where what opens a GGUF file is not installed.
    """
    module = source.replace("-", "_")
    spec = find_spec(module) if module.isidentifier() else None
    for root in (spec and spec.submodule_search_locations) or ():
        for config in sorted(Path(root).glob("**/config.json")):
            if any(config.parent.glob("*.safetensors")):
                return config.parent
        for file in sorted(Path(root).glob("**/*.gguf")):
            return _openable(file, source)
    folder = Path(source)
    if folder.suffix == ".gguf" and folder.is_file():
        return _openable(folder, source)
    if folder.is_dir():
        if not (folder / "config.json").is_file():
            raise EncoderError(f'The folder "{source}" holds no language model: config.json is missing.')
        return folder
    try:
        return Path(snapshot_download(source, local_files_only=True))
    except (LocalEntryNotFoundError, HFValidationError) as error:
        raise EncoderError(
            f'The language model "{source}" is not on this machine: it is no installed package that ships '
            "a model, no folder, and no downloaded hub model."
        ) from error


def _openable(file: Path, source: str) -> Path:
    """Return a GGUF file as it is; raises `EncoderError` where a package is missing that opens it."""
    missing = [name for name in _GGUF_NEEDS if not find_spec(name)]
    if missing:
        raise EncoderError(
            f'The language model "{source}" is a GGUF file, and what opens it is not installed: '
            f"pip install {' '.join(missing)}."
        )
    return file


def fingerprint(place: Path) -> str:
    """Return the SHA-256 of a checkpoint's configuration, vocabulary and weights, as 64 hex digits.

    All bytes count: two fine-tuned models differ in nothing else. Raises `EncoderError` where a
    file cannot be read or a JSON file is broken.
    """
    digest = hashlib.sha256()
    files = [place] if place.is_file() else [part for part in place.iterdir() if part.suffix in _PARTS]
    for path in sorted(files):
        try:
            if path.suffix == ".json":
                json.loads(path.read_bytes())
            with path.open("rb") as file:
                digest.update(f"{path.name}\0{hashlib.file_digest(file, 'sha256').hexdigest()}\n".encode())
        except (OSError, ValueError) as error:
            raise EncoderError(
                f'The language model\'s file "{path.name}" cannot be read: {error}.'
            ) from error
    return digest.hexdigest()
