"""How a model does in practice: what advisers decided on its lists, and whether that changes."""

from collections.abc import Callable
from datetime import datetime

import streamlit as st

from finrec_core.advice.monitoring import Monitoring
from finrec_core.store import RunRow
from finrec_core.views.charts import dots
from finrec_core.views.markdown import in_markdown
from finrec_core.views.model import monitoring
from pages.frame import chart, desk, journal, models, table

THIS, ALL = "This model", "All models"


def show(run: RunRow) -> None:
    """Show what was made of a run's lists, or of those of all models."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.subheader("What do advisers make of it?", anchor=False, width="content")
        of = st.segmented_control(
            "Models", [THIS, ALL], default=ALL, required=True, label_visibility="collapsed", key="practice"
        )
    found = counted(run.run if of == THIS else None)
    st.markdown(in_markdown(monitoring.sentence(found), 1000))
    if not found.whole.decisions:
        st.caption("What is accepted, rejected or put off on Recommendations is counted here.")
        st.page_link(
            "pages/recommendations/page.py", label="Recommendations", icon=":material/arrow_forward:"
        )
        return
    titles = _models()
    for line in monitoring.drifts(found, titles):
        st.caption(f":material/trending_flat: {in_markdown(line, 400)}")
    _rates(found, titles)
    _weeks(found)
    st.caption(monitoring.about(found))
    name = f"practice-{run.run if of == THIS else 'all-models'}"
    table.download("Download as CSV", lambda: monitoring.export(found), name, "practice-csv")


def counted(run: str | None, local: Callable[[datetime], datetime] = desk.local) -> Monitoring:
    """Return what was made of one run's lists, or of all; weeks and months begin by the `local` clock."""
    store = desk.store()
    return Monitoring.of(
        journal.decisions(), store.decision_ranks(), store.shown_in_brief(), run=run, local=local
    )


def _models() -> dict[str, str]:
    """Return the names of all runs that ever were in use or that the store holds, as sentences have them."""
    store, minutes = desk.store(), models.crowded()
    gone = {
        one.run: f"Model of {models.when(one.trained, minutes)} (removed)"
        for one in store.activations()
        if one.removed and one.trained is not None
    }
    return gone | {row.run: f"Model of {models.when(row.created, minutes)}" for row in store.runs()}


def _rates(found: Monitoring, titles: dict[str, str]) -> None:
    """Show the accept rates by one kind, as dots and with all counts."""
    kind = st.segmented_control(
        "Accept rates",
        list(monitoring.KINDS),
        default="rank",
        required=True,
        format_func=monitoring.KINDS.__getitem__,
        key="practice-by",
    )
    tallies = monitoring.TALLIES[kind](found)
    rows = monitoring.rates(tallies, kind, titles)
    if rows:
        chart.show(
            dots.dots(rows, chart.colours(), scale=(0.0, 100.0), decimals=0),
            key="practice-dots",
            alt=dots.alternative(rows, "Accept rate in percent", 0),
        )
    table.numbers(
        monitoring.table(tallies, kind, titles),
        key="practice-table",
        alt=f"Decisions {monitoring.KINDS[kind].lower()}",
    )


def _weeks(found: Monitoring) -> None:
    st.space("small")
    st.subheader("Week by week", anchor=False)
    table.beside(
        monitoring.weeks(found, chart.colours()),
        monitoring.weeks_table(found).head(6),
        keys=("practice-weeks", "weeks-table"),
        alts=(monitoring.weeks_alternative(found), "Decisions of the last weeks"),
    )
