"""The name of a file that the desk hands out: letters, digits and a plain ending, whatever the data says."""

import re
import unicodedata

LONGEST = 100  # characters before the ending
_OTHERS = re.compile(r"[^\w.]+")
_ENDING = re.compile(r"\.[a-z0-9]{1,8}$")
_RESERVED = re.compile(r"(?i)^(con|prn|aux|nul|com\d|lpt\d)(?=\.|$)")  # devices on Windows, with any ending


def file_name(name: str) -> str:
    r"""Return a name made of data as a file may be called: no folder, no mark without width, one ending.

    >>> from finrec_core.terms.file_name import file_name
    >>> file_name("../Müller & Söhne \u202efdp.exe-2.csv")
    'Müller-Söhne-fdp-exe-2.csv'
    """
    plain = unicodedata.normalize("NFC", name)
    found = _ENDING.search(plain)
    stem, ending = (plain[: found.start()], found[0]) if found else (plain, "")
    stem = re.sub(r"-{2,}", "-", _OTHERS.sub("-", stem).replace(".", "-")).strip("-_")[:LONGEST].rstrip("-_")
    return (_RESERVED.sub(r"file-\1", stem) or "file") + ending
