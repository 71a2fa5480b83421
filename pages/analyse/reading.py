"""Reading the files of an import: once for each set of answers, whatever else changes on the page."""

from collections.abc import Mapping, Sequence
from typing import Literal

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from finrec_core.dataset import Intake, IntakeError, Source, read_files


def attempt(
    files: Sequence[UploadedFile],
    uses: Mapping[str, str],
    kinds: Mapping[str, str],
    day_first: bool | None,
    limit: float | Literal["propose"] | None,
) -> Intake | IntakeError:
    """Return what the files give with the analyst's answers, or the error that stops them."""
    answers = (tuple(sorted(uses.items())), tuple(sorted(kinds.items())), day_first, limit)
    try:
        return _read(tuple(file.file_id for file in files), *answers, files)
    except IntakeError as error:
        return error


@st.cache_resource(show_spinner="Reading the files", max_entries=4, ttl="1h")
def _read(
    ids: tuple[str, ...],
    uses: tuple[tuple[str, str], ...],
    kinds: tuple[tuple[str, str], ...],
    day_first: bool | None,
    limit: float | Literal["propose"] | None,
    _files: Sequence[UploadedFile],
) -> Intake:
    sources = [Source(file.name, file.getvalue()) for file in _files]
    return read_files(sources, mapping=dict(uses), kinds=dict(kinds), day_first=day_first, rating_limit=limit)
