"""The import of one session: its files on the disk, what the analyst said of them, and their reading."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import streamlit as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from finrec_core import jobs
from finrec_core.intake import Intake, IntakeError
from finrec_core.jobs import Importing, Job, JobError, Spool
from finrec_core.terms import wording
from finrec_core.views.markdown import in_markdown
from pages.frame import desk, memory

QUIET = 1.5  # seconds of reading before a bar is shown, so that nothing flashes where it is quick
EVERY = 0.1  # seconds between two looks at the child


@dataclass
class Told:
    """What the analyst has said of the files so far, as `Importing` takes it."""

    mapping: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    forms: dict[str, dict[str, Any]] = field(default_factory=dict)
    only: dict[str, list[str]] = field(default_factory=dict)
    day_first: bool | None = None
    answers: dict[str, Any] = field(default_factory=dict)


def number() -> int:
    """Return the number of this session's import; a new one begins with empty fields."""
    return st.session_state.setdefault("upload", 0)


def files() -> tuple[str, ...]:
    """Return the names of the files of this session's import; none where there is no import."""
    spool = _spool()
    return spool.names if spool else ()


def told() -> Told:
    """Return what the analyst has said, to be added to."""
    return st.session_state.setdefault(f"told-{number()}", Told())


def take(uploaded: Sequence[UploadedFile]) -> None:
    """Write uploaded files to the disk, beside those that are there, and free the server of their bytes."""
    spool = _spool() or desk.commands().spool()
    st.session_state["spool"] = spool
    context = get_script_run_ctx()
    for file in uploaded:
        name = file.name.encode("utf-8", "replace").decode()
        spool = spool.add(name, file.getbuffer())
        st.session_state["spool"] = spool
        manager = context.uploaded_file_mgr if context else None
        if context is not None and isinstance(manager, MemoryUploadedFileManager):
            manager.remove_file(context.session_id, file.file_id)


def discard() -> None:
    """Forget the import with its files and all that was read of them."""
    spool = st.session_state.pop("spool", None)
    if spool is not None:
        spool.remove()
    st.session_state.pop(f"told-{number()}", None)
    st.session_state["upload"] = number() + 1
    _outcome.clear()


def attempt(kept: dict[str, Any]) -> Intake | IntakeError | None:
    """Return what the files give with what was said, read by a child while a bar moves.

    `kept` is what was said of an earlier import. None where the reading was stopped or failed: that and
    what to do then stands on the page.
    """
    spool, said = _spool(), told()
    if spool is None:
        return None
    asked = Importing(
        spool.names,
        mapping=dict(said.mapping),
        kinds=dict(said.kinds),
        forms={name: dict(choice) for name, choice in said.forms.items()},
        only={name: list(tables) for name, tables in said.only.items()},
        day_first=said.day_first,
        answers=dict(said.answers),
        kept=kept,
    )
    try:
        job = desk.commands().read(spool, asked)
        state = _followed(job)
    except JobError as error:
        _stopped(str(error), None)
        return None
    if state.status == "finished":
        st.session_state["reading"] = str(job.folder)
        st.session_state["tables"] = jobs.tables(job)
        return _outcome(str(job.folder))
    _stopped(state.message, job, failed=state.status == "failed")
    return None


def reading() -> str:
    """Return what names the last reading and all that it was asked with; no other session's has this name."""
    return st.session_state["reading"]


def tables_of(file: str) -> tuple[str, tuple[str, ...]]:
    """Return the workbook or database that a table is of, and what may be chosen of it; "" for a file."""
    found: dict[str, list[str]] = st.session_state.get("tables", {})
    book = next((name for name in found if file == name or file.startswith(f"{name}/")), "")
    return book, tuple(found.get(book, ()))


# Two, so that an answer can be changed and changed back; of this session alone, for each may be large.
@memory.own(max_entries=2)
def _outcome(folder: str) -> Intake | IntakeError:
    return jobs.outcome(Job(Path(folder)))


def _followed(job: Job) -> jobs.JobState:
    """Wait for a reading to end, with a bar and a button to cancel it, and return how it ended."""
    place, bar, begun = st.empty(), None, monotonic()
    while (state := job.state()).status in ("queued", "running"):
        said = f"{wording.capital(state.stage)}: {wording.percent(state.share, 0)}"
        if bar is None and monotonic() - begun > QUIET:
            with place.container(key="reading"):
                bar = st.progress(0.0)
                with st.container(
                    horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
                ):
                    st.caption("Nothing is saved while the files are read.", width="content")
                    st.button(
                        "Cancel", icon=":material/close:", on_click=_cancel, args=(job,), key="cancel-reading"
                    )
        if bar is not None:
            bar.progress(state.share, text=in_markdown(said, 200))
        sleep(EVERY)
    place.empty()
    return state


def _cancel(job: Job) -> None:
    desk.commands().cancel(job)


def _stopped(message: str, job: Job | None, *, failed: bool = True) -> None:
    """Say that the files were not read to the end, and offer to read them again."""
    if failed:
        st.error(in_markdown(message, 600), title="The files were not read", icon=":material/error:")
    else:
        st.info("The reading of the files was stopped.", icon=":material/stop_circle:")
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.caption("Nothing was saved.", width="content")
        with st.container(horizontal=True, width="content"):
            st.button("Discard", on_click=discard, key=f"discard-{number()}")
            if job is not None:
                st.button("Read again", icon=":material/refresh:", on_click=_again, args=(job,), key="again")


def _again(job: Job) -> None:
    spool = _spool()
    if spool is not None:
        spool.forget(job)
        _outcome.clear()


def _spool() -> Spool | None:
    """Return the files of the session; None where there are none, or they were removed as forgotten."""
    spool: Spool | None = st.session_state.get("spool")
    if spool is not None and not spool.folder.exists():
        del st.session_state["spool"]
        return None
    return spool
