"""System: what the desk runs on, what room and memory are left, what works, when it was kept safe."""

import os
import platform
from datetime import UTC, datetime

import pandas as pd
import streamlit as st

from finrec_core import __version__, jobs
from finrec_core.jobs.estimate import free_memory
from finrec_core.jobs.process import Process
from finrec_core.settings import settings
from finrec_core.store import StoreError, backup
from finrec_core.store.log import START
from finrec_core.terms import wording
from finrec_core.views.letterhead import Letterhead, letterhead
from finrec_core.views.markdown import in_markdown
from finrec_core.views.model import orders
from pages.frame import desk, metrics, models

WORDS = {"shown": "the lists shown", "decisions": "the decisions"}
LITTLE = 2e9  # bytes of room or memory under which a training may not end
store, chosen = desk.store(), settings()
at_work, waiting = jobs.current(chosen.runs_folder), jobs.waiting(chosen.runs_folder)


def size(number: float) -> str:
    """Return bytes in words, as 3 MB or 1.2 GB."""
    for unit, name in ((1e9, "GB"), (1e6, "MB"), (1e3, "kB")):
        if number >= unit:
            return f"{wording.plain(number / unit, 0 if number >= 10 * unit else 1)} {name}"
    return "nothing" if not number else f"{wording.plain(number)} bytes"


def pairs(title: str, rows: list[tuple[str, str]], key: str) -> None:
    """Show names and what belongs to each, as a table of two columns."""
    st.subheader(title, anchor=False)
    frame = pd.DataFrame(rows, columns=["What", "Now"], dtype=str)
    st.dataframe(frame, hide_index=True, height="content", key=key, alt=f"{title}: what, and how it is now")


def headline() -> None:
    """Show the four figures that a person looks for first, and warn of two of them."""
    room, memory = metrics.free(chosen.data), free_memory()
    counted = wording.counted(len(waiting), "job") + " in line"
    figures = st.grid(4, min_column_width=170, gap="small")
    for title, value, beside in (
        ("Room on the disk", size(room), f"{size(metrics.size(chosen.data))} taken by finrec"),
        ("Free memory", size(memory), f"{size(metrics.resident(os.getpid()))} held by the desk"),
        ("Jobs", "One runs" if at_work else "None runs", counted),
        ("Browsers", str(metrics.browsers()), "connected"),
    ):
        with figures.cell():
            st.metric(title, value, beside, delta_color="off", delta_arrow="off", border=True)
    if room < LITTLE:
        st.warning(
            "The disk is almost full: make room, or a training may end without a model.",
            icon=":material/hard_drive:",
        )
    if memory < LITTLE:
        st.warning("There is little memory left: wait with trainings.", icon=":material/memory:")


def work() -> None:
    """Show what runs and what waits, with the memory of the child that works."""
    st.subheader("Work", anchor=False)
    rows = []
    for job in filter(None, (at_work, *waiting)):
        state = job.state()
        process = Process.load(job.folder) if job is at_work else None
        held = size(metrics.resident(process.pid)) if process else ""
        how = (
            f"{wording.capital(state.stage)}, {wording.percent(state.share, 0)}"
            if job is at_work
            else "Waits"
        )
        since = "" if job.created is None else desk.when(job.created)
        rows.append((orders.what(job.order), how, since, held))
    if not rows:
        st.caption("Nothing runs and nothing waits.")
        return
    frame = pd.DataFrame(rows, columns=["Job", "How it stands", "Asked for", "Memory"], dtype=str)
    st.dataframe(frame, hide_index=True, key="work", alt="Jobs that run or wait: how each stands, since when")


def kept() -> list[tuple[str, str]]:
    """Return how the record is kept safe."""
    last = backup.last(chosen.store_file)
    said = "Never: make one with the command backup" if last is None else desk.when(last)
    links, head = store.chain_head()
    return [
        ("Last backup", said),
        ("Last anchor", anchored()),
        ("Links of the record", f"{links:,}, newest {_short(head)}" if links else "None yet"),
        *((f"Newest of {WORDS.get(log, log)}", _short(head)) for log, head in store.heads().items()),
    ]


def anchored() -> str:
    """Return when the record was anchored last, up to which link, and why it could not be since then."""
    try:
        last = store.last_anchor()
    except StoreError as error:
        return str(error)
    said = "None yet" if last is None else f"{desk.when(last.created)}, up to link {last.sequence:,}"
    failed = desk.unanchored()
    return f"{said}. Not since: {failed}" if failed else said


def _short(head: str) -> str:
    return "None yet" if head == START else f"{head[:16]}…"


def runs() -> list[tuple[str, str]]:
    """Return what the desk is made of."""
    active = store.active_run()
    return [
        ("finrec", __version__),
        ("Running since", desk.when(metrics.STARTED)),
        ("Model in use", "None yet" if active is None else models.title(active)),
        ("Head of records", head(letterhead())),
        ("Python", platform.python_version()),
        ("Streamlit", st.__version__),
        ("Machine", f"{wording.counted(os.cpu_count() or 1, 'core')}, {platform.machine()}"),
    ]


def head(bank: Letterhead) -> str:
    """Return what stands at the head of a printed record."""
    parts = [wording.name(bank.name) if bank.name else "", "a logo" if bank.logo else ""]
    return (
        wording.capital(wording.joined([part for part in parts if part]))
        or "Nothing: no name and no logo is set"
    )


def room() -> list[tuple[str, str]]:
    """Return how much each place of the data folder takes."""
    places = (
        ("The store", chosen.store_file),
        ("Models and jobs", chosen.runs_folder),
        ("Uploaded files", chosen.imports_folder),
        ("Vectors of texts", chosen.vectors_folder),
        ("Comparisons", chosen.evaluations_folder),
        ("Language models", chosen.models_folder),
    )
    return [(name, size(metrics.size(place))) for name, place in places]


st.title("System", anchor=False)
headline()
if fault := letterhead().fault:
    st.warning(in_markdown(fault, 400), icon=":material/image:")
work()
panes = st.grid(2, min_column_width=420, gap="medium")
with panes.cell():
    pairs("What runs", runs(), "runs")
    pairs("Kept safe", kept(), "kept")
with panes.cell():
    pairs("Room on the disk", room(), "room")
st.caption(
    f"As of {desk.when(datetime.now(UTC))}. Prometheus finds the same figures at /metrics, on this machine "
    "alone; the log tells each step, without names or texts."
)
