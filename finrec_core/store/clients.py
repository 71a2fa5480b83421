"""Clients in the store: the search for one of hundreds of thousands by id or name."""

import re
import unicodedata
from dataclasses import dataclass

from duckdb import DuckDBPyConnection

# Letters that Unicode does not take apart into a base letter and a mark, and the marks of Latin letters.
PLAIN = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ŧ": "t"}
    | {chr(mark): "" for mark in range(0x300, 0x370)}
)
NO_WORD = re.compile(r"[\W_]+")
MOST_WORDS = 8


@dataclass(frozen=True)
class ClientMatch:
    """A client that a search found; `name` and `segment` are "" where the data has none."""

    client_id: str
    name: str
    segment: str


def fold(text: str) -> str:
    """Return the text as a search compares it: lower case, no accents, words with one blank between.

    Anything that is no letter or digit parts words. A text of such signs alone stays as it is.
    """
    plain = text.casefold()
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", plain).translate(PLAIN)
    if not plain.isascii():
        plain = "".join(sign for sign in plain if unicodedata.category(sign) != "Mn")
    return NO_WORD.sub(" ", plain).strip() or " ".join(text.split())


def haystack(client_id: str, name: str | None) -> str:
    """Return what a search looks through: name and id folded, on a line each, a blank before each word."""
    return f"\n {fold(name or '')}\n {fold(client_id)}\n"


def search(cursor: DuckDBPyConnection, key: str, text: str, limit: int) -> list[ClientMatch]:
    """Return the clients whose id or name holds every word of the text, at most `limit`.

    First the client with this very id, then whole ids and names, beginnings, beginnings of words,
    and anything else that holds the words; equals by name, then by id. An empty text finds the
    first clients by name.
    """
    whole = fold(text)
    first = """
        SELECT client_id, coalesce(name, ''), coalesce(segment, '') FROM clients
        WHERE dataset_id = $key AND contains(haystack, $start)
        ORDER BY client_id <> $text, NOT contains(haystack, $line), alphabet LIMIT $limit"""
    values = {"key": key, "start": f"\n {whole}", "limit": limit}
    rows = cursor.execute(first, values | {"text": text.strip(), "line": f"\n {whole}\n"}).fetchall()
    # Looked for apart, because short texts match everywhere and the beginnings alone fill the list.
    if len(rows) < limit:
        words = {f"w{number}": word for number, word in enumerate(whole.split(" ")[:MOST_WORDS])}
        held = " AND ".join(f"contains(haystack, ${word})" for word in words)
        begun = " AND ".join(f"contains(haystack, ' ' || ${word})" for word in words)
        rest = f"""
            SELECT client_id, coalesce(name, ''), coalesce(segment, '') FROM clients
            WHERE dataset_id = $key AND {held} AND NOT contains(haystack, $start)
            ORDER BY NOT ({begun}), alphabet LIMIT $limit"""  # noqa: S608 - only numbered parameters are put in
        rows += cursor.execute(rest, values | words | {"limit": limit - len(rows)}).fetchall()
    return [ClientMatch(*row) for row in rows]
