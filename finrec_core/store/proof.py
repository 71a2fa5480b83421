"""The proof of a store: its chain's head signed and written down outside, and the check of all of it."""

import logging
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from finrec_core.settings import settings
from finrec_core.store import (
    anchor,
    chain,
    keys,
    restores,
    run_hashes,
    runs,
    signature,
    stamp,
    verification,
)
from finrec_core.store.anchor import Anchor, AnchorFile
from finrec_core.store.connection import Connection
from finrec_core.store.error import StoreError
from finrec_core.store.restores import Restore
from finrec_core.store.rows import now
from finrec_core.store.signature import SigningKey
from finrec_core.store.verification import Verification

_log = logging.getLogger(__name__)
NAME = "anchors.jsonl"


@dataclass(frozen=True)
class Anchored:
    """What an anchoring did: the newest anchor, how many lines it took, and what went wrong beside it."""

    anchor: Anchor
    written: int
    remark: str = ""


class Proof:
    """The part of a store that proves what it holds; the file of anchors and the key lie outside of it."""

    file: Path
    runs_folder: Path
    _connection: Connection
    _anchoring: Lock

    @property
    def anchors_file(self) -> Path:
        """The file that anchors are written to: that of the settings, or beside the store's."""
        return settings().anchors or self.file.parent / NAME

    def chain_head(self) -> tuple[int, str]:
        """Return how many links the chain of the record has, and the hash of the last."""
        with self._connection.reading() as cursor:
            return chain.head(cursor)

    def last_anchor(self) -> Anchor | None:
        """Return the newest anchor of this store in its file, None before the first."""
        found = anchor.last(self.anchors_file)[1]
        with self._connection.reading() as cursor:
            return found if found is not None and found.store == chain.identity(cursor) else None

    def anchor(self) -> Anchored | None:
        """Sign the head of the chain and write it behind the other anchors; None where nothing is new.

        Where a time stamp cannot be had, the anchor is written without, and the remark says why. Raises
        `StoreError` where key or file cannot be written, or where the file is another store's.
        """
        with self._anchoring:
            previous, last = anchor.last(self.anchors_file)
            key = SigningKey(keys.folder(self.file))
            with self._connection.reading() as cursor:
                store = chain.identity(cursor)
                if last is not None and last.store != store:
                    raise StoreError(
                        f"{self.anchors_file} holds the anchors of another store: "
                        "name another file with FINREC_ANCHORS."
                    )
                sequence, head = chain.head(cursor)
                # Past the end where the chain was cut; that shows in the check, and anchoring goes on.
                begin = min(last.sequence, sequence) if last else 0
                for one in restores.every(cursor)[-1:]:
                    if one.anchor == previous:  # what that line goes on from was given up
                        begin = min(begin, one.kept)
                links = [one for one in chain.links(cursor, begin) if one.about != chain.ANCHOR]
            if not links and last is not None and last.sequence <= sequence:
                return None
            told = [(one.about, one.name, one.digest[: anchor.SHORT]) for one in links]
            pages = [*range(0, len(links), anchor.MOST_LINKS)] or [0]
            lines = []
            for page in pages:
                final = page == pages[-1]
                until = links[page + anchor.MOST_LINKS - 1] if not final else None
                made = Anchor(
                    store=store,
                    sequence=until.sequence if until else sequence,
                    hash=until.hash if until else head,
                    created=now(),
                    previous=previous,
                    key=key.public,
                    links=tuple(told[page : page + anchor.MOST_LINKS]),
                ).signed_by(key)
                remark = ""
                if final:
                    made, remark = _stamped(made)
                anchor.append(self.anchors_file, made)
                previous = made.line_hash
                lines.append(previous)
            with self._connection.writing() as cursor:
                for line in lines:
                    chain.note_anchor(cursor, line)
        return Anchored(made, len(lines), remark)

    def note_restore(self, archive: Path, place: Path, *, user: str = "") -> Restore:
        """Write down that this store came back from a backup, to take the place of the one at `place`.

        Raises `StoreError` where the anchors there cannot be read.
        """
        beside = settings().anchors or place.parent / NAME
        file = anchor.read(beside) if beside.exists() else None
        with self._connection.writing() as cursor:
            return restores.note(
                cursor, archive, user, key=SigningKey(keys.folder(place)), before=place, file=file
            )

    def stale_runs(self, runs_folder: Path) -> list[str]:
        """Return the runs whose folders there are not what this store keeps the hash of."""
        stale = []
        with self._connection.reading() as cursor:
            for row in runs.every(cursor, runs_folder):
                try:
                    run_hashes.check(cursor, runs_folder / row.run)
                except StoreError:
                    stale.append(row.run)
        return stale

    def verification(self, anchors: Path | None = None) -> Verification:
        """Check rows against the chain, that against the anchors, and data and runs against their hashes.

        `anchors` is a copy that was kept elsewhere, to be compared beside the store's own file. Raises
        `StoreError` where that copy cannot be read or holds no anchor.
        """
        own = self.anchors_file
        files = tuple(anchor.read(file) for file in (anchors,) if file is not None)
        if own.exists() and (anchors is None or anchors.resolve() != own.resolve()):
            files += (anchor.read(own),)
        found = self._verified(files)
        if found.faults and self.chain_head()[0] != found.links:
            found = self._verified(files)  # a folder may have been put in place that this state knew not of
        return found

    def _verified(self, files: tuple[AnchorFile, ...]) -> Verification:
        with self._connection.reading() as cursor:
            return verification.verify(
                cursor,
                self.runs_folder,
                files=files,
                own=self.anchors_file,
                key=signature.public_key(settings().keys or self.file.parent / "keys"),
                roots=settings().timestamp_roots,
            )

    def verify(self) -> tuple[str, ...]:
        """Return a sentence for each row that is not as it was written; empty if every one is."""
        return self.verification().faults


def _stamped(made: Anchor) -> tuple[Anchor, str]:
    """Return an anchor with its time stamp, or as it is and why it has none."""
    if not settings().timestamp_url:
        return made, ""
    try:
        return made.stamped(stamp.ask(settings().timestamp_url, bytes.fromhex(made.signature))), ""
    except StoreError as error:
        _log.warning("An anchor was written without a time stamp (%s)", error)
        return made, str(error)
