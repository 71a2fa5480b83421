"""How a file is written and what it holds, as it was found, each thing to be changed by the analyst."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from finrec_core.dataset import TABLES
from finrec_core.intake import DELIMITERS, ENCODINGS, IntakeError, Preview, columnar
from finrec_core.intake.packing import unpacked_name
from finrec_core.terms import wording
from finrec_core.views.markdown import in_markdown
from pages.shared.upload import session

LEAVE_OUT = "Leave out"
FOUND = "found"  # an escape that is looked for
SIGNS = {sign: words.capitalize() for sign, words in DELIMITERS.items()}
ESCAPES = {FOUND: "As it is found", "": "None: it is written twice", "\\": "A backslash"}


def show(preview: Preview, table: str, upload: int) -> None:
    """Show what a file holds and how it is written; a change is kept and the file read anew."""
    file, said = preview.file, session.told()
    book, sheets = session.tables_of(file)
    is_text = not book and not unpacked_name(file.lower())[0].endswith(columnar.ENDINGS)
    told = said.forms.get(file, {})

    def tell(name: str) -> Callable[[Any], None]:
        return lambda value: said.forms.setdefault(file, {}).update({name: value})

    with st.grid(3, min_column_width=170):
        _choice(
            "Holds",
            {held: held.capitalize() for held in TABLES} | {"": LEAVE_OUT},
            table,
            tell=lambda held: said.kinds.update({file: held}),
            upload=upload,
        )
        if is_text:
            _choice("Encoding", ENCODINGS, preview.encoding, tell=tell("encoding"), upload=upload)
        if preview.delimiter not in SIGNS:  # no lines of cells
            return
        if is_text:
            _choice("Separator", SIGNS, preview.delimiter, tell=tell("delimiter"), upload=upload)
        _choice(
            "First line",
            {True: "Names of columns", False: "A row like the others"},
            preview.header,
            tell=lambda header: said.forms.setdefault(file, {}).update(header=header, header_line=None),
            upload=upload,
        )
        _header_line(preview, upload)
        if is_text:
            _choice(
                "A quotation mark in a text",
                ESCAPES,
                FOUND if told.get("escape") is None else told["escape"],
                tell=lambda escape: tell("escape")(None if escape == FOUND else escape),
                upload=upload,
                help="What stands before a quotation mark that does not end its text.",
            )
    if sheets:
        _sheets(book, sheets, upload)


def take_back(error: IntakeError, upload: int) -> None:
    """Offer to read a file as it was found again where it cannot be read as the analyst says."""
    said = session.told()
    book, _ = session.tables_of(error.file)
    name = next((one for one in (error.file, book) if one in said.forms or one in said.only), "")
    if not name:
        return

    def back() -> None:
        said.forms.pop(name, None)
        said.only.pop(name, None)

    st.button(
        f"Read {in_markdown(wording.name(name, '', 60))} as it was found",
        icon=":material/undo:",
        on_click=back,
        key=f"found-{upload}",
    )


def _header_line(preview: Preview, upload: int) -> None:
    """Ask for the line of the header, where there is one."""
    key, said = f"header-line-{upload}", session.told()

    def tell() -> None:
        line: int | None = st.session_state[key]
        said.forms.setdefault(preview.file, {}).update(header=None, header_line=line)

    st.session_state[key] = preview.header_line  # what was read last, whatever the field held before
    st.number_input(
        "Line of the header",
        min_value=1,
        step=1,
        format="%d",
        placeholder="None",
        help="What stands above it is no row. Emptied, the line is looked for.",
        disabled=not preview.header,
        on_change=tell,
        key=key,
    )


def _sheets(book: str, sheets: Sequence[str], upload: int) -> None:
    """Ask which sheets of a workbook, or tables of a database, are read."""
    key, said = f"sheets-{upload}", session.told()

    def tell() -> None:
        chosen = [name for name in sheets if name in st.session_state[key]]
        if chosen:
            said.only[book] = chosen
        else:
            said.only.pop(book, None)

    st.session_state[key] = list(said.only.get(book, ()))
    st.multiselect(
        f"What is read of {in_markdown(wording.name(book, '', 60))}",
        sheets,
        format_func=lambda name: wording.name(name, "", 60),
        placeholder="All that is not hidden",
        on_change=tell,
        key=key,
    )


def _choice(
    title: str,
    options: Mapping[Any, str],
    now: Any,  # noqa: ANN401 - one of the options
    *,
    tell: Callable[[Any], None],
    upload: int,
    help: str | None = None,  # noqa: A002 - as the field calls it
) -> None:
    """Show one thing that was found of a file, to be changed; `options` have their words."""
    key = f"{title.lower().replace(' ', '-')}-{upload}"
    st.session_state[key] = now  # what was read last, whatever the field held before
    st.selectbox(
        title,
        list(options),
        format_func=options.__getitem__,
        help=help,
        on_change=lambda: tell(st.session_state[key]),
        key=key,
    )
