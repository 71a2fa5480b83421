"""The import of one session: its number, and its files, read once for each set of answers."""

from collections.abc import Mapping, Sequence
from time import monotonic
from typing import Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.uploaded_file_manager import UploadedFile

from finrec_core.intake import FormChoice, Intake, IntakeError, Proposal, Source, propose, read_files
from finrec_core.terms.progress import Progress
from finrec_core.views.markdown import in_markdown

EVERY = 0.3  # seconds
Forms = Mapping[str, FormChoice]


def number() -> int:
    """Return the number of this session's import; a new number empties the field for files."""
    return st.session_state.setdefault("upload", 0)


def discard() -> None:
    """Forget the files, so that the field is empty again."""
    st.session_state["upload"] = number() + 1
    _read.clear()


# Two, so that an answer can be changed and changed back; of this session alone, for each may be large.
@st.cache_resource(show_spinner=False, max_entries=2, scope="session")
def _read(
    ids: tuple[str, ...],
    uses: tuple[tuple[str, str], ...],
    kinds: tuple[tuple[str, str], ...],
    day_first: bool | None,
    limit: float | Literal["propose"] | None,
    *,
    forms: tuple[tuple[str, FormChoice], ...],
    _files: Sequence[UploadedFile],
) -> Intake:
    bar = st.progress(0.0, "Reading the files")
    try:
        return read_files(
            _sources(_files),
            mapping=dict(uses),
            kinds=dict(kinds),
            forms=dict(forms),
            day_first=day_first,
            rating_limit=limit,
            progress=_shown(bar),
        )
    finally:
        bar.empty()


def _sources(files: Sequence[UploadedFile]) -> list[Source]:
    return [Source(file.name, file.getvalue()) for file in files]


def _shown(bar: DeltaGenerator) -> Progress:
    """Return a progress that moves a bar, a new stage at once, else seldom: a page drowns in more."""
    told, when = "", 0.0

    def show(stage: str, share: float) -> None:
        nonlocal told, when
        if stage != told or monotonic() - when > EVERY:
            told, when = stage, monotonic()
            said = in_markdown(stage[:1].upper() + stage[1:], 200)
            bar.progress(min(1.0, share), f"{said}: {share:.0%}")

    return show


def look(files: Sequence[UploadedFile], kinds: Mapping[str, str], *, forms: Forms) -> Proposal | IntakeError:
    """Return how the files are to be read by their first lines, or the error that stops them."""
    try:
        return propose(_sources(files), kinds=kinds, forms=forms)
    except IntakeError as error:
        return error


def attempt(
    files: Sequence[UploadedFile],
    uses: Mapping[str, str],
    kinds: Mapping[str, str],
    day_first: bool | None,
    limit: float | Literal["propose"] | None,
    *,
    forms: Forms,
) -> Intake | IntakeError:
    """Return what the files give with the analyst's answers, or the error that stops them."""
    answers = (tuple(sorted(uses.items())), tuple(sorted(kinds.items())), day_first, limit)
    written = tuple(sorted(forms.items(), key=lambda pair: pair[0]))
    try:
        return _read(tuple(file.file_id for file in files), *answers, forms=written, _files=files)
    except IntakeError as error:
        return error
