"""The seal: how the content of a log's row becomes the text that stands in it, and content again.

Each part of it is encrypted with the key of the row's client (AES-256-GCM, the row's id and the part's name
bound in), but for the fields of `OPEN`, which say nothing of the client. The chain of the log hashes this
text, so it holds whether or not the key is still there.
"""

import binascii
import json
import os
import zlib
from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from duckdb import DuckDBPyConnection

from finrec_core.store.keys import Keyring
from finrec_core.store.rows import from_text, to_text

# What lists, counts and exports need of a row when its client is erased, by part; all else is sealed.
OPEN: Mapping[str, tuple[str, ...]] = {
    "decision": (
        *("reason", "due", "hidden_until", "override", "about", "verdict", "in_use"),
        *("product_name", "category"),
    ),
    "snapshot": ("rank",),
}
NONCE = 12  # bytes
GONE = "What was shown and noted here can no longer be read: the key to it was destroyed or is not here."
BROKEN = "What was shown and noted here does not open with its key: check the chain of the log."


def key_of(cursor: DuckDBPyConnection, ring: Keyring, client: str) -> str:
    """Return the name of the key that a client's rows are sealed with now; made where there is none."""
    found = cursor.execute("SELECT key FROM client_keys WHERE client = ?", [client]).fetchall()
    if found and ring.key(found[0][0]) is not None:
        return found[0][0]
    name = ring.make()
    cursor.execute("INSERT OR REPLACE INTO client_keys VALUES (?, ?)", [client, name])
    return name


def sealed(content: Mapping[str, Any], name: str, ring: Keyring, row: str) -> str:
    """Return the text of a row's content, sealed with the key of that name; `row` is the row's id."""
    secret = ring.key(name)
    if secret is None:
        raise ValueError(f"there is no key {name}.")
    cipher, parts, bare = AESGCM(secret), {}, {}
    for part, value in content.items():
        if part in OPEN and isinstance(value, Mapping):
            bare[part] = {field: value[field] for field in OPEN[part] if field in value}
        nonce = os.urandom(NONCE)
        plain = zlib.compress(to_text({"": value}).encode("utf-8", "surrogatepass"))
        parts[part] = b64encode(nonce + cipher.encrypt(nonce, plain, _bound(row, part))).decode("ascii")
    return to_text({"key": name, "open": bare, "sealed": parts})


def opened(text: str, ring: Keyring, row: str) -> tuple[dict[str, Any], str]:
    """Return a row's content and "", or what stands open in it and the sentence that stands for the rest.

    A text that was never sealed, as of a row put in by hand, is its content.
    """
    try:
        held: Any = from_text(text)
    except ValueError:
        return {}, BROKEN
    if not isinstance(held, dict) or not {"key", "open", "sealed"} <= held.keys():
        return (held, "") if isinstance(held, dict) else ({}, BROKEN)
    secret = ring.key(str(held["key"]))
    if secret is None:
        return _bare(held), GONE if held["sealed"] else ""
    cipher, content = AESGCM(secret), dict[str, Any]()
    try:
        for part, closed in held["sealed"].items():
            whole = b64decode(closed, validate=True)
            plain = zlib.decompress(cipher.decrypt(whole[:NONCE], whole[NONCE:], _bound(row, part)))
            content[part] = json.loads(plain.decode("utf-8", "surrogatepass"))[""]
    except (InvalidTag, zlib.error, binascii.Error, ValueError, TypeError, AttributeError, KeyError):
        return _bare(held), BROKEN
    return content, ""


def _bare(held: Mapping[str, Any]) -> dict[str, Any]:
    """Return what stands open of a decision; a snapshot is whole or not there."""
    bare = held["open"] if isinstance(held["open"], Mapping) else {}
    return {part: value for part, value in bare.items() if part != "snapshot"}


def _bound(row: str, part: str) -> bytes:
    return f"{row} {part}".encode()
