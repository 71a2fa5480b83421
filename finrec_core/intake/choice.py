"""The choice of what is read of workbooks and databases: sheets, tables, or a query."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from finrec_core.intake import database, sheet
from finrec_core.intake.address import Address
from finrec_core.intake.contents import text_in_disguise, unpacked
from finrec_core.intake.error import IntakeError
from finrec_core.intake.packing import unpacked_name
from finrec_core.intake.source import Source


def chosen(sources: Sequence[Source], sheets: Sequence[str], query: str) -> list[Source]:
    """Return sources of which these sheets or tables alone are read, and the query in place of them.

    Each is NAME, for every workbook and database, or FILE=NAME. Raises `IntakeError` where none of the
    sources has sheets or tables, or two could be asked the query.
    """
    tables = {source.name for source in sources if _has_tables(source)}
    told: dict[str, list[str]] = {source.name: list(source.only) for source in sources}
    for entry in sheets:
        file, mark, name = entry.partition("=")
        if not tables or (mark and file in told.keys() - tables):
            raise IntakeError(
                f'no sheet or table "{name or file}" can be chosen: there is no workbook or database.'
            )
        for each in [file] if mark and file in tables else tables:
            told[each].append(name if mark and file in tables else entry)
    asked = [name for name in told if name in tables and query]
    if query and len(asked) != 1:
        raise IntakeError("a query is asked of one database.")
    return [
        replace(source, only=tuple(told[source.name]), query=query if source.name in asked else source.query)
        for source in sources
    ]


def _has_tables(source: Source) -> bool:
    ending = PurePosixPath(unpacked_name(source.name.lower())[0]).suffix
    return isinstance(source.content, Address) or ending in (*sheet.ENDINGS, *database.ENDINGS)


def table_names(source: Source) -> list[str]:
    """Return the names of the sheets of a workbook, or of the tables of a database file, to choose from.

    None are in a file of another kind. Raises `IntakeError` where it cannot be opened.

    >>> from finrec_core.intake import Source, table_names
    >>> table_names(Source("has.csv", b"client,product"))
    []
    """
    plain, packing = unpacked_name(source.name)
    if isinstance(source.content, Address) or not plain.lower().endswith((*sheet.ENDINGS, *database.ENDINGS)):
        return []
    content = unpacked(source, packing) if packing else source.content
    if plain.lower().endswith(database.ENDINGS):
        return database.table_names(source.name, content)
    return [] if text_in_disguise(source) else sheet.Workbook(source.name, content).sheets
