"""The erasure of a client's data: found, shown what would go and what stays, given a reason, confirmed."""

import pandas as pd
import streamlit as st

from finrec_core import jobs
from finrec_core.store import ClientMatch, Erasure, StoreError
from finrec_core.terms import wording
from finrec_core.terms.bounds import MOST_ROWS
from finrec_core.views.markdown import in_markdown
from pages.frame import desk, memory

MOST = 20  # clients that a search offers


def show() -> None:
    """Say what was just erased, and which erasures still wait for a job to end."""
    erasure: Erasure | None = st.session_state.pop("erased", None)
    if erasure is not None:
        with st.container(horizontal=True, vertical_alignment="center", border=True, key="erased"):
            versions = wording.counted(len(erasure.traces), "version")
            st.markdown(
                f":material/check_circle: The data of **{in_markdown(erasure.client, 80)}** was erased from "
                f"{versions}. Models keep what they learned with it until they are trained again."
            )
            st.page_link("pages/train/page.py", label="Train again", icon=":material/arrow_forward:")
    waiting = [one for one in desk.store().erasures() if one.finished is None]
    if waiting:
        names = wording.joined([wording.name(one.client, "", 60) for one in waiting])
        st.warning(
            f"Folders of models or jobs still hold data of {in_markdown(names, 300)}. They are written anew "
            "now; those that a job works in, or that the disk has no room for, follow.",
            icon=":material/hourglass_top:",
        )


@st.dialog("Erase a client's data", width="large")
def dialog() -> None:
    """Ask whose data goes and why, show what that means, and erase it when it is confirmed."""
    asked = st.text_input("Client", placeholder="Name or number", key="erase-find").strip()
    if not asked:
        st.caption("The client's data is removed from every version of every dataset and from every model.")
        return
    found = _found(asked)
    if not found:
        st.caption("No version holds such a client.")
        return
    client = st.selectbox("Whose data", found, format_func=_title, key="erase-client").client_id
    _consequences(client)
    reason = st.text_area("Reason, for the record", max_chars=1000, key="erase-reason").strip()
    typed = st.text_input(
        f"Type {in_markdown(client, 80)} to confirm: this cannot be undone", key="erase-typed"
    )
    ready = bool(reason) and typed.strip() == client
    if st.button("Erase", icon=":material/person_remove:", disabled=not ready, key="erase-yes"):
        _erase(client, reason)


def _found(asked: str) -> list[ClientMatch]:
    """Return the clients of all datasets, old versions too, that a search finds, the very id first."""
    store = desk.store()
    matches: dict[str, ClientMatch] = {}
    if store.traces(asked) or any(jobs.runs_with(store.runs_folder, asked)):
        matches[asked] = ClientMatch(asked, "", "")
    latest = {version.name: version for version in reversed(store.datasets())}
    for version in latest.values():
        for match in store.search_clients(asked, name=version.name, version=version.version, limit=MOST):
            if not match.near and not matches.get(match.client_id, ClientMatch("", "", "")).name:
                matches[match.client_id] = match
    return list(matches.values())[:MOST]


def _title(match: ClientMatch) -> str:
    return f"{match.name} ({match.client_id})" if match.name else match.client_id


def _consequences(client: str) -> None:
    """Show what would go, version by version, and what stays."""
    store = desk.store()
    traces = store.traces(client)
    if traces:
        st.dataframe(
            pd.DataFrame(
                {
                    "Version": [f"{trace.dataset}, version {trace.version}" for trace in traces],
                    "Interactions": [trace.interactions for trace in traces],
                    "Ties": [trace.ties for trace in traces],
                    "Rows of the report": [trace.reported for trace in traces],
                }
            ),
            hide_index=True,
            height="content" if len(traces) <= 6 else 250,
            key="erase-traces",
            alt="What would go, version by version",
        )
    models = len(jobs.runs_with(store.runs_folder, client))
    decisions = len(store.decisions(client, limit=MOST_ROWS))
    st.markdown(
        f"- {wording.capital(wording.counted(models, 'folder of a job', 'folders of jobs'))}, models among "
        "them, will be written anew without the client; models keep what they learned by training until "
        "they are trained again.\n"
        f"- {_log(decisions)}\n"
        "- Backups and files that were exported are not reached."
    )


def _log(decisions: int) -> str:
    """Return what becomes of the decisions about the client."""
    if not decisions:
        return "The log holds no decision about the client."
    stay = "stays" if decisions == 1 else "stay"
    counted = wording.capital(wording.counted(decisions, "decision"))
    return f"{counted} about the client {stay} in the log, marked with the day."


def _erase(client: str, reason: str) -> None:
    try:
        erasure = desk.commands().erase(client, reason=reason)
    except StoreError as error:
        st.error(in_markdown(str(error), 300), icon=":material/error:")
        return
    memory.forget()
    st.session_state["erased"] = erasure
    st.rerun()
