"""A change of the rules: whose verdicts it would flip, and saving it as a new version with a reason."""

from datetime import date

import streamlit as st

from finrec_core.advice import Rules
from finrec_core.advice.flips import Flips
from finrec_core.advice.suitability import KINDS
from finrec_core.dataset import Dataset
from finrec_core.settings import settings
from finrec_core.store import StoreError
from finrec_core.terms import wording
from finrec_core.views.markdown import in_markdown
from finrec_core.views.recommendation import suitability
from pages.frame import desk, memory

VERDICT = st.column_config.MultiselectColumn(
    options=[wording.capital(kind) for kind in KINDS], color=["green", "yellow", "red"], width=100
)


def show(run: str, dataset: Dataset, version: int, before: Rules, after: Rules | None) -> None:
    """Show whose verdicts a change flips, and save it with a reason; `after` is None where it cannot be."""
    st.subheader("What would change", anchor=False)
    if said := st.session_state.pop("rules-error", ""):
        st.error(in_markdown(said, 300), icon=":material/error:")
    if after is None:
        st.caption("These rules cannot be saved.")
        return
    if after == before and version:
        st.caption("Nothing is changed yet. Choose another rule set or check, and see whose verdicts change.")
        return
    with st.spinner("Counting"):
        flips = _flips(run, before.to_json(), after.to_json(), desk.today())
    _flipped(dataset, flips)
    if not desk.may("set rules"):
        return
    st.text_input(
        "Reason", max_chars=300, placeholder="Kept with the version, for whoever reviews it", key="reason"
    )
    said = "Propose" if settings().four_eyes else "Save"
    st.button(
        desk.on_primary(f"{said} as version {version + 1}", "check"),
        type="primary",
        on_click=_save,
        args=(after, version),
        key="save-rules",
    )


def _flipped(dataset: Dataset, flips: Flips) -> None:
    if not flips.pairs:
        st.markdown("No verdict changes for the clients and products there are.")
        return
    changes = "changes" if flips.pairs == 1 else "change"
    clients = wording.counted(flips.clients, "client")
    products = wording.counted(flips.products, "product")
    st.markdown(f"**{wording.counted(flips.pairs, 'verdict')}** {changes}: of {clients}, on {products}.")
    st.dataframe(
        suitability.flip_counts(flips),
        hide_index=True,
        height="content",
        column_config={
            "Before": VERDICT,
            "After": VERDICT,
            "Verdicts": st.column_config.NumberColumn(format="localized"),
        },
        key="flip-counts",
        alt="How many verdicts change, by verdict before and after",
    )
    if desk.scope().branches is not None or not desk.may("look"):
        return  # whose verdicts they are is for who may see all clients
    few = flips.pairs <= len(flips.first)
    st.caption("All of them" if few else f"The first {len(flips.first)} of them, by client")
    st.dataframe(
        suitability.first_flips(dataset, flips),
        hide_index=True,
        height="content" if len(flips.first) <= 6 else 35 * 7,
        column_config={"Before": VERDICT, "After": VERDICT},
        key="first-flips",
        alt="Verdicts that change: client, product, before and after",
    )


def _save(rules: Rules, version: int) -> None:
    """Save or propose the rules as the next version, unless no reason is given or somebody was faster."""
    reason = st.session_state["reason"].strip()
    saved = desk.store().rules()
    if not reason:
        said = "Say why: the reason is kept with the version."
    elif (saved.version if saved else 0) != version:
        said = (
            f"Version {saved.version if saved else 0} was saved meanwhile: look at it first, then change it."
        )
    else:
        said = ""
        try:
            store = desk.store()
            keep = store.propose_rules if settings().four_eyes else store.add_rules
            keep(rules.to_json(), reason=reason, user=desk.person().user)
            st.session_state["reason"] = ""
        except StoreError as error:
            said = str(error)
    st.session_state["rules-error"] = said


@memory.remembered(max_entries=32)
def _flips(run: str, before: dict[str, object], after: dict[str, object], on: date) -> Flips:
    return Flips.of(desk.model(run).dataset, Rules.from_json(before), Rules.from_json(after), on)
