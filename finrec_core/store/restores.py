"""Restores: that a store came back from a backup, who brought it back, and what was lost by that.

A row is signed, as an anchor is, and names the last line of the file of anchors: what lines up to there say
of links after those of the backup is no fault, but what was lost. So a cut never passes for a restore
without the signing key, and with it never without being named.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

import duckdb
from duckdb import DuckDBPyConnection

from finrec_core.store import chain
from finrec_core.store.anchor import Anchor, AnchorFile
from finrec_core.store.rows import insert, now, read, single, to_text
from finrec_core.store.signature import SigningKey, signed

TABLE = "restores"


@dataclass(frozen=True)
class Restore:
    """One restore: when, by whom, from which file; `kept` links came back, `known` had been made by then.

    `lost` says how many rows of each table of the record the links between are about; `anchor` is the
    SHA-256 of the last line of anchors that there was, "" for none, `store` the store that all this is of.
    """

    sequence: int
    created: datetime
    user: str
    archive: str
    store: str
    kept: int
    known: int
    anchor: str
    lost: Mapping[str, int]
    key: str = ""
    signature: str = ""

    @property
    def text(self) -> bytes:
        """What is signed."""
        values = asdict(self) | {"created": self.created.isoformat()}
        del values["signature"]
        return to_text(values).encode("utf-8", "surrogatepass")

    @property
    def whole(self) -> bool:
        """Whether the signature is that of the owner of the key that it names."""
        return signed(self.key, self.signature, self.text)

    @property
    def sentence(self) -> str:
        """What happened, for whoever checks the record."""
        what = "no row is known to be lost"
        if self.known > self.kept:
            tables = ", ".join(f"{count:,} of {table}" for table, count in sorted(self.lost.items()))
            links = f"{self.kept + 1:,} to {self.known:,}"
            what = f"rows of links {links} were lost ({tables or 'none of the record'})"
        who = self.user or "somebody"
        return f"Restored from the backup {self.archive} on {self.created:%Y-%m-%d %H:%M} by {who}: {what}."


def note(
    cursor: DuckDBPyConnection,
    archive: Path,
    user: str,
    *,
    key: SigningKey,
    before: Path,
    file: AnchorFile | None,
) -> Restore:
    """Write down that this store came back, from the store that stands there `before` and its anchors."""
    kept, store = chain.head(cursor)[0], chain.identity(cursor)
    anchors = [one for one in (file.anchors.values() if file else ()) if one.whole and one.store == store]
    known, rows = _held(before, store, kept)
    for one in anchors:
        if one.sequence > max(kept, known):
            known = one.sequence
            rows |= {(about, name) for about, name, _ in one.links if about in chain.RECORD}
    lost: dict[str, int] = defaultdict(int)
    for about, _ in rows if known > kept else ():
        lost[about] += 1
    made = Restore(
        single(cursor, f"SELECT coalesce(max(sequence), 0) + 1 FROM {TABLE}"),  # noqa: S608 - a constant
        now(),
        user,
        archive.name,
        store,
        kept,
        max(kept, known),
        file.last_hash if file else "",
        dict(lost),
        key.public,
    )
    made = replace(made, signature=key.sign(made.text))
    values = _fields(made)
    values["content"] = {"lost": values.pop("lost")}
    insert(cursor, TABLE, values)
    chain.record(cursor, TABLE, made.sequence)
    return made


def every(cursor: DuckDBPyConnection) -> list[Restore]:
    """Return all restores, oldest first."""
    columns = "sequence, created, user_name, archive, store, kept, known, anchor, content, key, signature"
    rows = read(cursor, f"SELECT {columns} FROM {TABLE} ORDER BY sequence")  # noqa: S608 - constants
    return [Restore(lost=row.pop("content")["lost"], **row) for row in rows]


def given_up(file: AnchorFile, restores: Iterable[Restore], digests: Mapping[str, str]) -> set[int]:
    """Return the lines of anchors that tell of links which a restore gave up.

    These are lines up to the one that the restore names, about links after those that it kept, or behind an
    earlier restore that the store does not hold any more; `digests` are those of its restores, by name. In a
    copy that ends before that line, all lines from before the restore.
    """
    found: set[int] = set()
    for one in restores:
        end = next((number for number, known in file.lines.items() if known == one.anchor), None)
        branch = False
        for number, line in sorted(file.anchors.items()):
            if number > end if end is not None else line.created > one.created:
                break
            branch = branch or _begins_another(line, digests)
            if branch or line.sequence > one.kept:
                found.add(number)
    return found


def _begins_another(line: Anchor, digests: Mapping[str, str]) -> bool:
    return any(
        about == TABLE and not digests.get(name, "").startswith(digest) for about, name, digest in line.links
    )


def _held(file: Path, store: str, kept: int) -> tuple[int, set[tuple[str, str]]]:
    """Return the last link of the store in a file, and the rows that its links after `kept` are about."""
    if not file.is_file():
        return 0, set()
    try:
        with duckdb.connect(file.absolute(), read_only=True) as database, database.cursor() as cursor:
            if chain.identity(cursor) != store:
                return 0, set()
            rows = {(one.about, one.name) for one in chain.links(cursor, kept) if one.about in chain.RECORD}
            return chain.head(cursor)[0], rows
    except (duckdb.Error, IndexError):  # damaged, which may be why it is replaced, or older than chains
        return 0, set()


def _fields(one: Restore) -> dict[str, object]:
    return {name: getattr(one, name) for name in one.__dataclass_fields__}
