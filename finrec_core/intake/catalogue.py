"""The catalogue of a database: its tables and views, and which of them are read."""

from collections.abc import Sequence
from dataclasses import dataclass

from finrec_core.dataset.report import quoted
from finrec_core.intake.error import IntakeError
from finrec_core.intake.mapping import FileMapping, listed

NAMED = 8  # tables that a sentence lists


@dataclass(frozen=True)
class Entry:
    """One table of a database: its name, the names of its columns, and whether it is a view of others.

    `path` is the name as a statement spells it, a schema before it; its name alone where not told.
    """

    name: str
    columns: tuple[str, ...]
    is_view: bool = False
    path: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.path:
            object.__setattr__(self, "path", (self.name,))

    @property
    def kind(self) -> str:
        """Which of our tables its name and columns make it, "" where none."""
        mapping = FileMapping(self.name, self.name.lower(), dict.fromkeys(self.columns, ""), {})
        return mapping.table if mapping.table and not mapping.missing() else ""


def chosen(
    entries: Sequence[Entry], only: Sequence[str], source: str, *, every: bool
) -> tuple[list[Entry], list[str]]:
    """Return the tables of a database that are read, and a sentence on those that are not.

    Those that `only` names; else the tables that look like ours, and where `every`, all others too, as the
    files of a folder. A view shows what tables hold, so that it is read only where no table is of its kind.
    Raises `IntakeError` where none is left.
    """
    named = {entry.name: entry for entry in entries}
    if unknown := [name for name in only if name not in named]:
        raise IntakeError(f'there is no table "{quoted(unknown[0])}"; {_there_are(entries)}.', file=source)
    if only:
        return [named[name] for name in dict.fromkeys(only)], []
    if not entries:
        raise IntakeError("the database holds no table.", file=source)
    kinds = {entry.name: entry.kind for entry in entries}
    held = {kinds[entry.name] for entry in entries if not entry.is_view}
    views = [entry for entry in entries if entry.is_view and kinds[entry.name] in {*held, ""}]
    strange = [entry for entry in entries if not kinds[entry.name] and not entry.is_view]
    if all(entry.is_view for entry in entries):
        views = []
    left_out = views if every else [*views, *strange]
    taken = [entry for entry in entries if entry not in left_out]
    if not taken:
        reason = f"no table of it has the columns that a dataset needs; {_there_are(entries)}; name one."
        raise IntakeError(reason, file=source)
    notices = []
    for them, why in ((views, "a view of others"), ([] if every else strange, "of columns unknown here")):
        if them:
            what = f"{_listed(them)} {'is' if len(them) == 1 else 'are'} left out"
            notices.append(f"{source}: {what}, {why}; name the table to read it.")
    return taken, notices


def _there_are(entries: Sequence[Entry]) -> str:
    return f"there are {_listed(entries)}" if entries else "there is none"


def _listed(entries: Sequence[Entry]) -> str:
    return listed([entry.name for entry in entries], NAMED)
