"""TF-IDF as an encoder: every word has one state, so a text's vector is the plain mean of its words'."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file
from scipy.sparse import csr_array

from finrec_core.terms.progress import Progress, silent
from finrec_core.text.states import EncoderError, Pooled, TokenStates
from finrec_core.text.words import IDEOGRAPH, blanked

MOST_DIMENSIONS = 384  # as many as the default language model has
MOST_WORDS = 50_000  # those in most texts; 77 MB of states at the most dimensions
FILES = ("tf-idf.safetensors", "tf-idf.json")
# Raise it when this module reads a text in another way than before.
_READING = 1
_SPARE, _ROUNDS = 16, 4  # columns beyond those wanted, and passes over the texts, of the randomised SVD
_STRETCH = 4096  # texts multiplied at once
# Letters, digits and the marks that stand on letters, which `\w` leaves out; ideographs stand alone.
_MARKS = "".join(chr(code) for code in range(0x300, 0xFE30) if unicodedata.category(chr(code))[0] == "M")
_WORD = re.compile(rf"[{IDEOGRAPH}]|[^\W{IDEOGRAPH}](?:[^\W{IDEOGRAPH}]|[{_MARKS}])*")


class TfIdf:
    """TF-IDF with latent semantic analysis, fitted on texts once and frozen.

    A word's state is idf(word) times its row of a projection, and a text's vector the mean state of
    its words: term frequencies are shares of the text and cannot be sub-linear, or words would no
    longer add up. A word that was not there at fitting has the zero state and counts as a word. Case
    does not matter; texts are read whole; a script without blanks is one word between two signs,
    ideographs apart. `name` identifies what was fitted.

    >>> from finrec_core.text import TfIdf
    >>> encoder = TfIdf.fit(["calm fund", "bold fund", "calm card"])
    >>> encoder.pool(["calm card"]).vectors.shape
    (1, 3)
    """

    def __init__(self, vocabulary: Sequence[str], states: np.ndarray) -> None:
        self._rows = {word: row for row, word in enumerate(vocabulary)}
        # The last row is that of every unknown word.
        self._states = np.concatenate([states, np.zeros((1, states.shape[1]))]).astype(np.float32)
        digest = hashlib.sha256("\n".join(vocabulary).encode())
        digest.update(np.ascontiguousarray(self._states).data)
        self.name = f"tf-idf:{digest.hexdigest()[:16]}:{_READING}"
        self.dim = int(states.shape[1])

    def __repr__(self) -> str:
        return f"TfIdf({len(self._rows):,} words, {self.dim}-d)"

    @classmethod
    def fit(cls, texts: Sequence[str], seed: int = 0) -> "TfIdf":
        """Learn words, idf and projection from texts, and from nothing else.

        idf = ln((1 + texts) / (1 + texts with the word)) + 1. The projection holds the leading right
        singular vectors of the texts' tf-idf matrix, its rows of length one so that a long text
        counts as much as a short one; `seed` starts the search for them.
        """
        ids: dict[str, int] = {}
        found = [[ids.setdefault(word, len(ids)) for word in _words(text)] for text in texts]
        counts = [np.unique(numbers, return_counts=True) for numbers in found if numbers]
        if not counts:
            return cls((), np.zeros((0, 1)))
        columns, times = (np.concatenate(values) for values in zip(*counts, strict=True))  # (cells,)
        places = np.repeat(np.arange(len(counts)), [len(numbers) for numbers, _ in counts])
        spread = np.bincount(columns)  # (words,) texts with the word
        words = list(ids)
        kept = sorted(range(len(words)), key=lambda number: (-spread[number], words[number]))[:MOST_WORDS]
        kept.sort(key=words.__getitem__)
        idf = np.log((1 + len(counts)) / (1 + spread)) + 1
        shape = (len(counts), len(words))
        matrix = csr_array((times * idf[columns], (places, columns)), shape=shape)[:, kept]
        lengths = np.sqrt((matrix**2).sum(axis=1))  # (texts,)
        matrix.data /= np.repeat(np.maximum(lengths, 1e-12), np.diff(matrix.indptr))
        projection = _leading_right(matrix, MOST_DIMENSIONS, seed)  # (kept, dim)
        return cls([words[number] for number in kept], idf[kept, None] * projection)

    def states(self, text: str) -> TokenStates:
        """Return the states of the text's words, float32 (words, dim), with the place of each."""
        spans = [match.span() for match in _WORD.finditer(blanked(text))]
        rows = self._numbers(text)
        return TokenStates(self._states[rows], np.array(spans, np.int64).reshape(-1, 2))

    def pool(self, texts: Sequence[str], progress: Progress = silent) -> Pooled:
        """Return the mean state of each text's words; a text without one gets the zero vector."""
        numbers = [self._numbers(text) for text in texts]
        tokens = np.array([len(rows) for rows in numbers], dtype=np.int32)  # (texts,)
        vectors = np.zeros((len(texts), self.dim), dtype=np.float32)  # (texts, dim)
        for low in range(0, len(texts), _STRETCH):
            progress("Reading texts", low / len(texts))
            part = slice(low, low + _STRETCH)
            columns = np.concatenate(numbers[part])
            places = np.repeat(np.arange(len(tokens[part])), tokens[part])
            weights = 1.0 / tokens[part][places]
            shape = (len(tokens[part]), len(self._states))
            vectors[part] = csr_array((weights, (places, columns)), shape=shape) @ self._states
        progress("Reading texts", 1.0)
        return Pooled(vectors, tokens)

    def narrowed(self, texts: Sequence[str]) -> "TfIdf":
        """Return the encoder with only the words that stand in these texts, which it reads as before."""
        wanted = {word for text in texts for word in _words(text)}
        kept = [word for word in self._rows if word in wanted]
        return TfIdf(kept, self._states[[self._rows[word] for word in kept]])

    def save(self, folder: Path) -> None:
        """Write the words and their states into a folder, as `FILES`."""
        save_file({"states": np.ascontiguousarray(self._states[:-1])}, folder / FILES[0])
        values = {"name": self.name, "words": list(self._rows)}
        (folder / FILES[1]).write_text(json.dumps(values, ensure_ascii=False) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> "TfIdf":
        """Read what `save` wrote; raises `EncoderError` where it is damaged."""
        try:
            path = folder / FILES[0]
            states = load_file(path)["states"]
            path = folder / FILES[1]
            values = json.loads(path.read_text(encoding="utf-8"))
            words, name = list(values["words"]), values["name"]
        except (OSError, SafetensorError, ValueError, KeyError, TypeError) as error:
            reason = " ".join(str(error).split())
            raise EncoderError(f"{path}: this file holds no readable TF-IDF ({reason}).") from error
        if states.ndim == 2 and len(states) == len(words) and all(isinstance(word, str) for word in words):
            found = cls(words, states)
            if found.name == name:
                return found
        raise EncoderError(f"{path}: this file does not fit {FILES[0]} beside it.")

    def _numbers(self, text: str) -> np.ndarray:
        """Return the row of each of the text's words, int64 (words,)."""
        unknown = len(self._rows)
        return np.array([self._rows.get(word, unknown) for word in _words(text)], dtype=np.int64)


def _words(text: str) -> Iterator[str]:
    """Yield the text's words as the vocabulary spells them."""
    for match in _WORD.finditer(blanked(text)):
        yield unicodedata.normalize("NFKC", match[0]).casefold()


def _leading_right(matrix: csr_array, most: int, seed: int) -> np.ndarray:
    """Return the leading right singular vectors, float64 (columns, at most `most`), each of a fixed sign.

    Randomised subspace iteration (Halko, Martinsson, Tropp 2011, algorithm 4.4).
    """
    wanted = min(most, *matrix.shape)
    width = min(wanted + _SPARE, *matrix.shape)
    stretches = [matrix[low : low + _STRETCH] for low in range(0, matrix.shape[0], _STRETCH)]

    def through(basis: np.ndarray) -> np.ndarray:
        return sum((part.T @ (part @ basis) for part in stretches), np.zeros_like(basis))

    basis = np.random.default_rng(seed).standard_normal((matrix.shape[1], width))
    for _ in range(_ROUNDS):
        basis, _ = np.linalg.qr(through(basis))
    values, turned = np.linalg.eigh(basis.T @ through(basis))
    kept = min(wanted, int((values > 1e-9 * values[-1]).sum()))
    vectors = basis @ turned[:, ::-1][:, :kept]
    flip = np.where(np.abs(vectors).max(axis=0) == vectors.max(axis=0), 1.0, -1.0)
    return vectors * flip
