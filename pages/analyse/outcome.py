"""The outcome: what version an import would make, against the one before it, shown before it is saved."""

from dataclasses import replace

import pandas as pd
import streamlit as st

from finrec_core.dataset import Intake
from finrec_core.explain import wording
from finrec_core.store import Landing
from finrec_core.views.markdown import in_markdown
from pages.analyse.landing import Answers
from pages.frame import desk, memory

KINDS = {"added": "Added", "changed": "Changed", "removed": "Removed", "same": "As before"}


def preview(intake: Intake, answers: Answers, upload: int) -> Landing | None:
    """Show what version the answers would make, and return it; None where the import made no dataset."""
    if intake.dataset is None:
        return None
    before, store = answers.append_to, desk.store()
    if before is None:
        before = next((version for version in store.datasets() if version.name == answers.name), None)
    state = (
        *(intake.dataset.content_hash, answers.name, answers.append_to and answers.append_to.label),
        *(before and before.content_hash, len(store.erasures())),
    )
    landing = _landing(state, False, intake, answers)
    if landing.erased:
        who = wording.counted(len(landing.erased), "client")
        keep = st.checkbox(
            f"Bring back {who} whose data was erased; else they are left out", key=f"erased-{upload}"
        )
        landing = _landing(state, True, intake, answers) if keep else landing
    if landing.before is not None:
        _changes(landing)
    return landing


@memory.remembered(show_spinner="Comparing with what is stored", max_entries=2)
def _landing(state: tuple[object, ...], keep_erased: bool, _intake: Intake, _answers: Answers) -> Landing:
    # `state` is part of the key only: it names what the import holds and what it would be added to.
    dataset = replace(_intake.dataset, name=_answers.name) if _intake.dataset else None
    return Landing.of(
        desk.store(),
        replace(_intake, dataset=dataset),
        append_to=_answers.append_to,
        keep_erased=keep_erased,
    )


def _changes(landing: Landing) -> None:
    """Show what the version would hold otherwise than the one before it."""
    before = landing.before
    if before is None:
        return
    st.dataframe(
        pd.DataFrame(
            [
                {"": table.capitalize()}
                | {title: landing.counts[table][kind] for kind, title in KINDS.items()}
                | {"Then": len(getattr(landing.dataset, table))}
                for table in ("clients", "products", "interactions", "ties")
            ]
        ),
        hide_index=True,
        height="content",
        column_config={
            title: st.column_config.NumberColumn(format="%,d") for title in (*KINDS.values(), "Then")
        },
        key="landing",
        alt=f"What the new version holds otherwise than version {before.version}",
    )
    limit = (
        "no rating counts as low"
        if before.rating_limit is None
        else f"ratings below {before.rating_limit:g} are low"
    )
    kept = (
        f" A client {in_markdown(before.verb)} a product, and {limit}, as before." if landing.appended else ""
    )
    same = " It holds nothing new." if landing.changes_nothing else ""
    st.caption(f"Against version {before.version} of {in_markdown(before.name)}.{same}{kept}")
