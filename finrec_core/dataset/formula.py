"""The formula in a cell: a text from the data that a spreadsheet would run, and how it stays a text.

A spreadsheet runs what stands first in a cell, and it finds its cells by its own separator: where it parts at
semicolons or tabs, a text with one of them holds several cells for it, quotation marks or not; a line feed
begins a row. Full-width signs count as their usual ones where the keyboard has them.
"""

import re

# What is passed over in front of a sign: blanks, marks without width, quotation marks.
_UNSEEN = '\\s"\\ufeff\\u00ad\\u061c\\u180e\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f'
_SIGNS = "=+\\-@\uff1d\uff0b\uff0d\uff20"
_FORMULA = re.compile(f"(?:^|(?<=[;\\t\\n\\v\\f\\r\\x85\u2028\u2029]))(?=[{_UNSEEN}]*[{_SIGNS}])")
_BREAKS = ("\t", "\r", "\n", "\v", "\f")


def harmless(text: str) -> str:
    """Return a text with an apostrophe wherever a spreadsheet would begin to read a formula in it.

    That is before `=`, `+`, `-`, `@` and their full-width forms, at the beginning and after each semicolon,
    tab and line break, blanks and quotation marks between passed over; and before a tab or a line break that
    comes first (OWASP, "CSV injection").

    >>> from finrec_core.dataset.formula import harmless
    >>> harmless("=1+1"), harmless("a;=1+1"), harmless("a - b; c")
    ("'=1+1", "a;'=1+1", 'a - b; c')
    """
    safe = _FORMULA.sub("'", text)
    return "'" + safe if safe.startswith(_BREAKS) else safe
