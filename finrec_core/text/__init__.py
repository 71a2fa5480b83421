"""The text room: a frozen encoder turns texts into token states and vectors, and finds words again.

What needs torch, transformers or Arrow is imported on first use, so that importing the room is cheap.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from finrec_core.text.states import EncoderError, Pooled, TextEncoder, TokenStates
from finrec_core.text.words import WordShares, WordSpan, shares, words

if TYPE_CHECKING:
    from finrec_core.text.cache import VectorCache
    from finrec_core.text.encoder import Encoder
    from finrec_core.text.reading import Reading
    from finrec_core.text.table import TextTable, encode
    from finrec_core.text.tf_idf import TfIdf

__all__ = [
    "Encoder",
    "EncoderError",
    "Pooled",
    "Reading",
    "TextEncoder",
    "TextTable",
    "TfIdf",
    "TokenStates",
    "VectorCache",
    "WordShares",
    "WordSpan",
    "encode",
    "shares",
    "words",
]

_LATER = {
    "Encoder": "encoder",
    "Reading": "reading",
    "TextTable": "table",
    "TfIdf": "tf_idf",
    "VectorCache": "cache",
    "encode": "table",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a module hands out whatever it holds
    """Import a public name on first use."""
    if name in _LATER:
        return getattr(import_module(f"finrec_core.text.{_LATER[name]}"), name)
    raise AttributeError(f"module 'finrec_core.text' has no attribute {name!r}")
