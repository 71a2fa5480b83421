"""The claims of a sign-in, read with suspicion: whatever has another form than it should counts as absent."""

import math
import unicodedata
from collections.abc import Mapping
from typing import Any

MOST = 200  # values of one claim, and characters of each, that are looked at


def claim(claims: Mapping[str, Any], name: str) -> object:
    """Return a claim by its name, as "roles" or "https://bank.example/roles".

    A name with dots that is no claim is a path into one, as "realm_access.roles". None where there is none.
    """
    if not name:
        return None
    if name in claims:
        return claims[name]
    found: object = claims
    for step in name.split("."):
        if not isinstance(found, Mapping) or step not in found:
            return None
        found = found[step]
    return found


def texts(value: object) -> frozenset[str]:
    """Return the texts of a claim that is one text or a list of them; anything else is left out.

    They are compared as people read them: in one form of Unicode, without blanks around. One that holds a
    sign that nobody sees, or is too long, is left out too.
    """
    values = [value] if isinstance(value, str) else value if isinstance(value, list | tuple) else []
    found = (plain(one) for one in list(values)[:MOST] if isinstance(one, str))
    return frozenset(one for one in found if one)


def plain(text: str) -> str:
    """Return a text in the form in which texts are compared, "" where it holds what nobody can see."""
    text = unicodedata.normalize("NFC", text).strip()
    if len(text) > MOST or any(unicodedata.category(sign)[0] == "C" for sign in text):
        return ""
    return text


def seconds(value: object) -> float | None:
    """Return a moment as a token has it, seconds since 1970; None where the value is none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        found = float(value)
    except OverflowError:
        return None
    return found if math.isfinite(found) else None
