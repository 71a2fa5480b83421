"""GGUF: a language model that comes as one quantised file, unpacked once into a folder as others have."""

import shutil
import time
from pathlib import Path
from tempfile import mkdtemp

import torch
from transformers import AutoModel, AutoTokenizer, GgufConfig
from transformers.utils import logging

from finrec_core.settings import settings
from finrec_core.text.checkpoint import FAILURES, fingerprint
from finrec_core.text.states import EncoderError

_ABANDONED = 3600.0  # seconds after which an unfinished folder is a dead writer's


def unpacked(file: Path, source: str) -> Path:
    """Return the folder with the model of a GGUF file, its weights in half precision.

    The first call makes it in the data folder: a GGUF file takes half a minute to read, the folder a
    second. It appears whole or not at all. Raises `EncoderError`.
    """
    home = settings().models_folder
    folder = home / f"{file.stem}-{fingerprint(file)[:16]}"
    if folder.is_dir():
        return folder
    logging.disable_progress_bar()
    options = {"gguf_file": file.name, "local_files_only": True, "trust_remote_code": False}
    try:
        home.mkdir(parents=True, exist_ok=True)
        for left in home.glob("*.part"):
            if time.time() - left.stat().st_mtime > _ABANDONED:
                shutil.rmtree(left, ignore_errors=True)
        part = Path(mkdtemp(suffix=".part", dir=home))
        try:
            AutoTokenizer.from_pretrained(file.parent, **options).save_pretrained(part)
            model = AutoModel.from_pretrained(
                file.parent,
                dtype=torch.float16,
                quantization_config=GgufConfig(dequantize=True),
                **options,
            )
            model.save_pretrained(part)
            if not folder.is_dir():  # another process may have been faster
                part.rename(folder)
        finally:
            shutil.rmtree(part, ignore_errors=True)
    except FAILURES as error:
        reason = " ".join(str(error).split())[:200]
        raise EncoderError(f'The language model "{source}" cannot be unpacked: {reason}') from error
    return folder
