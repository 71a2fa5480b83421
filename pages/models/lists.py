"""Lists: the best products of all clients in one file, made beside the desk, to be downloaded."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

import streamlit as st

from finrec_core import jobs
from finrec_core.advice import NO_FACTS, suitability
from finrec_core.jobs import Job
from finrec_core.jobs.order import MOST_PRODUCTS
from finrec_core.run_folder import RunFolderError
from finrec_core.settings import settings
from finrec_core.store import RunRow, StoreError
from finrec_core.terms import wording
from finrec_core.terms.file_name import file_name
from finrec_core.terms.user import name_of
from finrec_core.views.markdown import in_markdown
from finrec_core.views.model import estimate, orders
from pages.frame import desk, gate, work

MIME = {".csv": "text/csv", ".parquet": "application/vnd.apache.parquet"}
MOST = 20  # files shown, the newest
FORMATS = {"Parquet": "parquet", "CSV": "csv"}


def show(run: RunRow) -> None:
    """Offer to write the lists of all clients with the model in use, and those that were written."""
    folder = settings().runs_folder
    running = jobs.current(folder)
    if running is not None:
        work.progress(running)
    work.show_line(jobs.waiting(folder))
    try:
        judged = suitability.judged(desk.model(run.run).dataset, desk.rules(run.run)[1])
    except (StoreError, RunFolderError) as error:
        st.error(in_markdown(str(error), 300), icon=":material/error:")
    else:
        _ask(run, judged=judged, busy=running is not None)
    _files([*jobs.jobs(folder, "batch")])


def _ask(run: RunRow, *, judged: bool, busy: bool) -> None:
    """Ask how the lists are to be, and put the job into the line."""
    with st.container(border=True, key="lists"):
        st.markdown("**The best products of every client, in one file**")
        with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
            k = st.number_input("Products each", 1, MOST_PRODUCTS, 10, width=130, key="k")
            form = st.segmented_control(
                "Format", list(FORMATS), default="Parquet", required=True, key="list-format"
            )
            with st.container(width="content"):
                reasons = st.checkbox(
                    "With the reason, as a sentence",
                    help="Takes two to ten milliseconds for each row.",
                    key="with-reasons",
                )
                suitable = st.checkbox(
                    "Only what fits or is to be checked",
                    disabled=not judged,
                    help="What the bank's rules forbid a client is left out; ranks stay. "
                    + ("" if judged else NO_FACTS),
                    key="only-suitable",
                )
            pressed = st.button(
                desk.on_primary(
                    "Put in line" if busy else "Write the file", "playlist_add" if busy else "list"
                ),
                type="primary",
                key="write-lists",
            )
        st.caption(
            "Other clients stand in no reason by name, and no review is quoted. Cells of a CSV file do not "
            "run as formulas. The file holds clients' data: guard it like the store."
        )
    if pressed:
        saved = desk.store().rules()
        asked = jobs.Listing(
            model=run.run,
            k=int(k),
            reasons=reasons,
            suitable=suitable and judged,
            format=FORMATS[form],  # type: ignore[arg-type]
            rules=None if saved is None else saved.content,
        )
        try:
            desk.commands().enqueue(asked)
        except (jobs.JobError, StoreError) as error:
            st.error(in_markdown(str(error), 300), icon=":material/error:")
        else:
            st.rerun()


def _files(jobs: Sequence[Job]) -> None:
    """List the files, newest first; nothing where there is none."""
    files = [(job, job.listing()) for job in jobs]
    kept = [(job, *found) for job, found in files if found is not None]
    if not kept:
        return
    st.subheader("Files", anchor=False)
    for one, file, about in kept[:MOST]:
        with st.container(
            border=True, horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
        ):
            st.markdown(_about(one, about, file.stat().st_size), width="content")
            with st.container(horizontal=True, width="content"):
                # The file is opened when it is asked for, and read once.
                st.download_button(
                    "Download",
                    gate.later(partial(_opened, file)),
                    file_name=file_name(f"lists-{one.run}{file.suffix}"),
                    mime=MIME[file.suffix],
                    on_click="ignore",
                    icon=":material/download:",
                    key=f"get-{one.run}",
                )
                st.button(
                    "Remove", icon=":material/delete:", on_click=work.remove, args=(one,), key=f"rm-{one.run}"
                )
    if len(kept) > MOST:
        st.caption(f"{wording.counted(len(kept) - MOST, 'older file')} not shown.")


def _about(job: Job, about: Mapping[str, Any], size: int) -> str:
    """Return what a file holds, as Markdown."""
    order = job.order
    when = "" if job.created is None else f"**{desk.when(job.created)}**: "
    by = f", by {in_markdown(name_of(str(order['user'])), 40)}" if order.get("user") else ""
    rows = f"{wording.counted(about['rows'], 'row')} of {wording.counted(about['clients'], 'client')}"
    if none := sum(about.get("without", {}).values()):  # which files of older versions do not say
        rows += f", none of {none:,} who {'has' if none == 1 else 'have'} no list"
    return (
        f"{when}{in_markdown(orders.settings(order), 200)}{by}  \n"
        f"{rows}, {estimate.size(size)}; model {in_markdown(str(order.get('model', '')), 60)}, "
        f"{in_markdown(orders.data(order), 80)}"
    )


def _opened(file: Path) -> BinaryIO:
    desk.commands().check("write lists")
    return file.open("rb")
