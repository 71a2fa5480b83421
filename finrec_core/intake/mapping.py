"""Which column of a file is used as which of ours: proposed from the names, changed by the analyst."""

from collections.abc import Mapping, Sequence

from finrec_core.dataset.report import quoted
from finrec_core.dataset.schema import TABLES
from finrec_core.intake.error import ColumnUse, IntakeError
from finrec_core.intake.names import ALIASES, BESIDE, HELD, ORDER, is_other, plain, table_of_name

NAMED = 20  # columns that a sentence lists
POSITIONS = {
    "interactions": ("client_id", "product_id", "rating", "timestamp"),  # as MovieLens and Amazon have it
    "products": ("product_id", "name", "category"),
    "clients": ("client_id",),
    "ties": ("client_id", "other_client_id", "kind"),
}


def propose(table: str, names: Sequence[str]) -> dict[str, str]:
    """Return for each name that is recognised in a table the column it stands for.

    Each column takes its best name, so of `text` and `review` the second becomes the review.
    """
    free = {plain(name): name for name in reversed(names)}
    found = {}
    for column, aliases in ALIASES[table].items():
        best = next((alias for alias in aliases if alias in free), None)
        if best is not None:
            found[free.pop(best)] = column
    return found


def positional(table: str, names: Sequence[str]) -> dict[str, str]:
    """Return the columns of a file without a header by the order usual in public data sets."""
    return dict(zip(names, POSITIONS[table], strict=False))


class FileMapping:
    """The columns of one file and what each is used as; names may be added while the file is read.

    `examples` has an example for each column, in their order. `table` is guessed where it is None,
    and None where it cannot be guessed; "" leaves the file out.

    `overrides` is the analyst's mapping, from `COLUMN` or `FILE:COLUMN` to ours, "" to leave out; of
    the two the second counts. An entry whose target is no column of the file's table does not
    concern the file.
    """

    def __init__(
        self,
        file: str,
        stem: str,
        examples: Mapping[str, str],
        overrides: Mapping[str, str],
        table: str | None = None,
        *,
        header: bool = True,
    ) -> None:
        self.file = file
        self.header = header
        self.examples = examples
        self._overrides = overrides
        self._names = list(examples)
        self.uses: dict[str, str] = {}
        self.looked_at: set[str] = set()  # columns that are read before it is known whether they are used
        self.lacks = ""  # the column that another file has
        self.left_out = ""  # why, where the analyst did not say so
        self.told_table, self.table_by_name = table, table_of_name(stem)
        self.other = table is None and is_other(stem)  # may be left out where other files make a dataset
        self.table = self._guess(stem) if table is None else table
        if self.table:
            self.uses = self._resolve(self.table)

    def wants(self, name: str) -> bool:
        """Whether a column is used; a name not seen before is taken in if its place is free."""
        if name not in self.uses:
            self._names.append(name)
            target = self._resolve(self.table)[name] if self.table else ""
            self.uses[name] = "" if target in self.uses.values() else target
        return bool(self.key(name))

    def key(self, name: str) -> str:
        """Return what the cells of a column are read under: its use, its own name behind a "?", or ""."""
        use = self.uses.get(name, "")
        return f"?{name}" if name in self.looked_at and use in ("", HELD) else use

    def told(self, name: str) -> str | None:
        """Return what the analyst uses a column as, "" for nothing, None where nothing is said of it."""
        return self.said(name, self.table) if self.table else None

    def said(self, name: str, table: str) -> str | None:
        """Return what the analyst would use a column as if the file held that table."""
        return self._override(name, table)

    def candidates(self, target: str) -> list[str]:
        """Return the columns that may be used as a column of the table by their names, the best first.

        Where the analyst says which it is, it is the only one.
        """
        if not self.table:
            return []
        told = {name: self._override(name, self.table) for name in self._names}
        mapped = [name for name, use in told.items() if use == target]
        aliases = ALIASES[self.table][target]
        free = [name for name in self._names if told[name] is None and plain(name) in aliases]
        free = [name for name in free if self.uses.get(name, "") in ("", target)]
        free = [
            name for name in free if not plain(name).endswith("name")
        ] or free  # a name is the last resort
        return mapped or sorted(free, key=lambda name: aliases.index(plain(name)))

    def uses_in(self, table: str) -> dict[str, str]:
        """Return what each column would be used as in a table."""
        return self._resolve(table)

    def join(self, name: str, use: str, *, lacking: str) -> None:
        """Read the file as interactions of which another file, joined by a column, has what is lacking."""
        self.table, self.lacks = "interactions", lacking
        self.uses = {**self._resolve(self.table), name: use}

    def use(self, name: str, target: str) -> None:
        """Use a column as a column of the table, and none else."""
        self.uses = {other: "" if use == target else use for other, use in self.uses.items()}
        self.uses[name] = target

    def missing(self) -> list[str]:
        """Return the required columns of the table that no column is used as."""
        if not self.table:
            return []
        return [
            column.name
            for column in TABLES[self.table]
            if column.required
            and column.name not in (*self.uses.values(), self.lacks)
            and not (column.name == "product_id" and HELD in self.uses.values())
        ]

    def clash(self) -> tuple[str, str, str] | None:
        """Return two columns that the analyst uses as the same, and as what; None where there are none."""
        taken: dict[str, str] = {}
        for name in self._names:
            use = self._override(name, self.table) if self.table else None
            if use and use != HELD and taken.setdefault(use, name) != name:
                return taken[use], name, use
        return None

    def columns(self) -> list[ColumnUse]:
        """Return each column with an example and its use."""
        return [
            ColumnUse(
                self.file,
                name,
                self.examples.get(name, ""),
                self.table or "",
                self.uses.get(name, "").replace(ORDER, ""),
            )
            for name in self._names
        ]

    def notices(self) -> list[str]:
        """Return sentences on what is read under another name and what is left out."""
        if not self.table:
            why = f": {self.left_out}; say what it holds where that is wrong." if self.left_out else "."
            return [f"{self.file} is left out{why}"]
        other = [f'"{name}" as {use}' for name, use in self.uses.items() if use not in ("", HELD, name)]
        if held := [name for name, use in self.uses.items() if use == HELD]:
            other.append(f"{listed(held)} as products")
        left_out = [name for name, use in self.uses.items() if not use]
        found = []
        if not self.header:
            found.append(f"{self.file} has no header line; its columns are used by their order.")
        if other:
            found.append(f"{self.file} is read as {self.table}, {', '.join(other)}.")
        if left_out:
            found.append(f"{self.file}: left out {listed(left_out)}, used as nothing in {self.table}.")
        return found

    def _holds_mapped(self, table: str) -> bool:
        """Whether a table has all that the analyst uses columns of this file as."""
        keys = {key for name in self._names for key in (f"{self.file}:{name}", name)}
        targets = {target for key, target in self._overrides.items() if key in keys}
        elsewhere = {name for other in ALIASES.values() for name in other} - {*ALIASES[table]}
        return not targets & elsewhere

    def _override(self, name: str, table: str) -> str | None:
        """Return what the analyst says of a column, None where nothing."""
        for key in (f"{self.file}:{name}", name):
            target = self._overrides.get(key)
            if target is not None and (not target or target in (*ALIASES[table], *BESIDE.get(table, ()))):
                return target
        return None

    def _resolve(self, table: str) -> dict[str, str]:
        """Return the use of each column in a table, the analyst's word before the names'."""
        told = {name: self._override(name, table) for name in self._names}
        uses = {name: use for name, use in told.items() if use is not None}
        taken = set(uses.values())
        free = [name for name in self._names if name not in uses]
        proposed = propose(table, free) if self.header else positional(table, self._names)
        for name in free:
            use = proposed.get(name, "")
            uses[name] = "" if use in taken else use
        return {name: uses[name] for name in self._names}

    def _guess(self, stem: str) -> str | None:
        """Return the table a file is for, by its columns and, where these leave a choice, its name."""
        by_name = table_of_name(stem)
        if not self.header:
            return by_name
        complete = []
        for table, columns in TABLES.items():
            uses = self._resolve(table).values()
            if all(column.name in uses for column in columns if column.required):
                complete.append(table)
        if by_name not in complete:  # what the analyst maps is no column of another table
            complete = [table for table in complete if self._holds_mapped(table)]
        likely = [table for table in ("interactions", "ties", "products", "clients") if table in complete]
        opinion = {"rating", "review"} & set(self._resolve("interactions").values())
        if "interactions" in complete and opinion:  # reviews of books are no books
            return "interactions"
        if by_name is None or (by_name not in complete and likely[:1] in (["interactions"], ["ties"])):
            return likely[0] if likely else None
        return by_name


def check_overrides(
    overrides: Mapping[str, str], kinds: Mapping[str, str], mappings: Sequence[FileMapping]
) -> None:
    """Raise `IntakeError` for a mapping that names a file or a column that does not exist."""
    files = {mapping.file for mapping in mappings}
    for file, table in kinds.items():
        if file not in files:
            raise IntakeError(f'no file is called "{file}"; there are {", ".join(sorted(files))}.')
        if table and table not in TABLES:
            raise IntakeError(f'"{table}" is no table; there are {", ".join(TABLES)}.', file=file)
    ours = {name for names in BESIDE.values() for name in names}
    ours |= {*(column.name for columns in TABLES.values() for column in columns)}
    columns = [use for mapping in mappings for use in mapping.columns()]
    names = {use.column for use in columns} | {f"{use.file}:{use.column}" for use in columns}
    for name, target in overrides.items():
        if target and target not in ours:
            raise IntakeError(f'"{name}" cannot be used as "{target}", which is no column of a dataset.')
        if name not in names:
            known = listed(sorted({use.column for use in columns}))
            use = target or "nothing"
            raise IntakeError(f'no file has a column "{name}" to be used as {use}; there are {known}.')


def leave_out_others(mappings: Sequence[FileMapping]) -> None:
    """Leave out files that hold none of our tables where another file holds interactions.

    Those are files whose table is unknown, and files that published data sets are known to have beside.
    """
    if not any(one.table == "interactions" and not one.missing() and not one.other for one in mappings):
        return
    for mapping in mappings:
        if mapping.table is None or mapping.other:
            known = "it holds nothing that a dataset has" if mapping.other else "its table is unknown"
            mapping.table, mapping.left_out = "", known
            mapping.uses = {}


def listed(names: Sequence[str], most: int = NAMED) -> str:
    """Return names as a sentence lists them, the first ones of many."""
    shown = ", ".join(f'"{quoted(name)}"' for name in names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most:,} more"


def check_tables(mappings: Sequence[FileMapping]) -> None:
    """Raise `IntakeError` for a file whose table is unknown or lacks a column, or without interactions."""
    for mapping in mappings:
        names = listed([use.column for use in mapping.columns()])
        if mapping.table is None:
            reason = f"neither the file's name nor its columns, {names}, tell which table it holds."
            raise IntakeError(reason, file=mapping.file, line=1)
        clash = mapping.clash()
        if clash:
            reason = f'both "{clash[0]}" and "{clash[1]}" are used as {clash[2]}; leave one out.'
            raise IntakeError(reason, file=mapping.file, line=1)
        missing = mapping.missing()
        if missing:
            reason = f"no column is used as {' and '.join(missing)} of {mapping.table}; there are {names}."
            raise IntakeError(reason, file=mapping.file, line=1)
    if all(mapping.table != "interactions" for mapping in mappings):
        read = ", ".join(f"{one.file} is read as {one.table}" for one in mappings if one.table)
        reason = "none of the files holds interactions, which need a client and a product column"
        raise IntakeError(f"{reason}; {read}." if read else f"{reason}.")
