"""Text from the data inside Streamlit's Markdown: shown as it is, never read as markup."""

import re

from finrec_core.explain import wording

JOINER = "\u2060"  # has no width; parts what is read as an icon, an emoji or an address even when escaped
_SIGNS = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$&^=])")
_NAMES = re.compile(r"(:(?=\S)|\bwww(?=\.)|@(?=\S))")


def in_markdown(text: str, longest: int = wording.LONGEST_NAME) -> str:
    """Return a text on one line so that Markdown shows it literally, cut in its middle where too long.

    Streamlit turns `:name:` into icons and emoji after it has read the escapes, and addresses into
    links; a sign of no width inside them keeps them text.
    """
    return _NAMES.sub(rf"\1{JOINER}", _SIGNS.sub(r"\\\1", wording.name(text, "", longest)))
