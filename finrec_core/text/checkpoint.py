"""The checkpoint: the folder of a pre-trained model, where it lies and which model it is."""

import hashlib
import json
from importlib.util import find_spec
from pathlib import Path

from huggingface_hub import snapshot_download
from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

from finrec_core.text.states import EncoderError

_PARTS = (".json", ".txt", ".model", ".safetensors")


def checkpoint(source: str) -> Path:
    """Return the folder of the model that `source` names; nothing is downloaded.

    `source` is an installed package that ships a model (found without importing it), a local
    folder, or the name of a model in the machine's Hugging Face cache, looked for in this order.
    Raises `EncoderError`.
    """
    module = source.replace("-", "_")
    spec = find_spec(module) if module.isidentifier() else None
    for root in (spec and spec.submodule_search_locations) or ():
        for config in sorted(Path(root).glob("**/config.json")):
            if any(config.parent.glob("*.safetensors")):
                return config.parent
    folder = Path(source)
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


def fingerprint(folder: Path) -> str:
    """Return the SHA-256 of a checkpoint's configuration, vocabulary and weights, as 64 hex digits.

    All bytes count: two fine-tuned models differ in nothing else. Raises `EncoderError` where a
    file cannot be read or a JSON file is broken.
    """
    digest = hashlib.sha256()
    for path in sorted(part for part in folder.iterdir() if part.suffix in _PARTS):
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
