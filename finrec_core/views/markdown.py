"""Text from the data inside Streamlit's Markdown: shown as it is, never read as markup."""

import re
from collections.abc import Iterable

from finrec_core.narrative.phrases import Piece
from finrec_core.terms import wording

JOINER = "\u2060"  # has no width; parts what is read as an icon, an emoji or an address even when escaped
_SIGNS = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$&^=])")
_NAMES = re.compile(r"(:(?=\S)|\bwww(?=\\?\.)|@(?=\S))")


def escaped(text: str) -> str:
    """Return a text so that Markdown shows it literally, blanks at its ends included.

    Streamlit turns `:name:` into icons and emoji after it has read the escapes, and addresses into
    links; a sign of no width inside them keeps them text.
    """
    return _NAMES.sub(rf"\1{JOINER}", _SIGNS.sub(r"\\\1", text))


def in_markdown(text: str, longest: int = wording.LONGEST_NAME) -> str:
    """Return a name or sentence from the data on one line, cut in its middle where too long, escaped."""
    return escaped(wording.name(text, "", longest))


def sentence(pieces: Iterable[Piece]) -> str:
    """Return the sentence of a card as Markdown, the names of products in bold."""
    return "".join(f"**{in_markdown(p.text)}**" if p.strong else escaped(p.text) for p in pieces)
