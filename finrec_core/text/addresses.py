"""Addresses: what no encoder reads of a text."""

import re

# Web addresses are letter noise, 38 % of the tokens of a set of tweets; lone surrogates are no text.
_UNREAD = re.compile(r"https?://[!-~]+|[\ud800-\udfff]")


def blanked(text: str) -> str:
    """Return the text with blanks for web addresses, as many: offsets stay those of the text as written."""
    return _UNREAD.sub(lambda match: " " * len(match[0]), text)
