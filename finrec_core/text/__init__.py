"""The text package: a frozen encoder turns texts into token states and vectors, and finds words again.

What needs torch, transformers or Arrow is imported on first use, so that importing the package is cheap.
"""

from typing import TYPE_CHECKING

from finrec_core.first_use import on_first_use
from finrec_core.text.states import EncoderError, Pooled, TextEncoder, TokenStates
from finrec_core.text.words import WordShares, WordSpan, shares, words

if TYPE_CHECKING:
    from finrec_core.text.cache import VectorCache
    from finrec_core.text.encoder import Encoder
    from finrec_core.text.reading import Reading
    from finrec_core.text.table import TextTable, encode
    from finrec_core.text.tf_idf import TfIdf
else:
    __getattr__ = on_first_use(__name__)

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
