"""Files of lists that were made: what each holds, its download and its removal."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import BinaryIO

import streamlit as st

from finrec_core.explain import wording
from finrec_core.jobs import Job
from finrec_core.views import foreseen, orders
from finrec_core.views.markdown import in_markdown
from pages.analyse.history import remove
from pages.frame import desk

MIME = {".csv": "text/csv", ".parquet": "application/vnd.apache.parquet"}
MOST = 20  # files shown, the newest


def show(jobs: Sequence[Job]) -> None:
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
                    partial(_opened, file),
                    file_name=f"lists-{one.run}{file.suffix}",
                    mime=MIME[file.suffix],
                    on_click="ignore",
                    icon=":material/download:",
                    key=f"get-{one.run}",
                )
                st.button(
                    "Remove", icon=":material/delete:", on_click=remove, args=(one,), key=f"rm-{one.run}"
                )
    if len(kept) > MOST:
        st.caption(f"{wording.counted(len(kept) - MOST, 'older file')} not shown.")


def _about(job: Job, about: dict[str, int], size: int) -> str:
    """Return what a file holds, as Markdown."""
    order = job.order
    when = "" if job.created is None else f"**{desk.when(job.created)}**: "
    by = f", by {in_markdown(str(order['user']), 40)}" if order.get("user") else ""
    rows = f"{wording.counted(about['rows'], 'row')} of {wording.counted(about['clients'], 'client')}"
    return (
        f"{when}{in_markdown(orders.settings(order), 200)}{by}  \n"
        f"{rows}, {foreseen.size(size)}; model {in_markdown(str(order.get('model', '')), 60)}, "
        f"{in_markdown(orders.data(order), 80)}"
    )


def _opened(file: Path) -> BinaryIO:
    return file.open("rb")
