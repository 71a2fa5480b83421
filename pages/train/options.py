"""Options of a training: what reads the texts, what the model may use, and how it is chosen."""

import streamlit as st

from finrec_core.jobs import Training, switches
from finrec_core.jobs.survey import Survey
from finrec_core.settings import settings
from finrec_core.store import DatasetVersion
from finrec_core.terms.bounds import MOST_SEED
from finrec_core.text import EncoderError
from finrec_core.text.checkpoint import TF_IDF, checkpoint
from finrec_core.views.markdown import in_markdown
from pages.train import estimate

SEARCHES = ("Quick", "Thorough")


def ask(version: DatasetVersion) -> tuple[Training, Survey | None]:
    """Ask for all that a training needs; the survey of the data is None where nothing can read it."""
    search = st.selectbox(
        "Search",
        SEARCHES,
        width=130,
        help="Quick tries fewer settings of the model; thorough takes up to twice as long.",
        key="search",
    )
    with st.popover("Options", icon=":material/tune:", width="content"):
        encoder = _encoder()
        survey = estimate.survey(version, encoder) if present(encoder) else None
        gone = _evidence(survey)
        compare = st.checkbox(
            "Compare with plain methods",
            value=True,
            help="Popularity, neighbours and EASE are tested beside it; it takes a tenth of the time.",
            key="plain",
        )
        same = "The same data, options and seed give the same model."
        seed = st.number_input("Seed", 0, MOST_SEED, settings().seed, width=140, help=same, key="seed")
    asked = Training(
        seed=int(seed),
        encoder=encoder,
        thorough=search == SEARCHES[1],
        compare=compare,
        switches=switches.switches(gone),
    )
    return asked, survey


def _encoder() -> str:
    """Ask what reads the texts: what the settings name, TF-IDF, or any name that is typed in."""
    usual = settings().encoder
    known = list(dict.fromkeys([name for name in (usual, TF_IDF) if present(name)]))
    chosen = st.selectbox(
        "What reads the texts",
        known,
        format_func=lambda name: "TF-IDF, which counts words" if name == TF_IDF else name,
        accept_new_options=True,
        help="A language model, or TF-IDF, which needs none. Another one can be typed in: the name of an "
        "installed package that ships one, a folder, a GGUF file, or a downloaded hub name.",
        key="encoder",
    )
    if usual not in known:
        st.caption(f":material/info: {in_markdown(missing(usual), 300)}")
    return (chosen or TF_IDF).strip()


def present(encoder: str) -> bool:
    """Return whether an encoder is on this machine."""
    return not missing(encoder)


def missing(encoder: str) -> str:
    """Return why an encoder cannot be used, "" where it can."""
    try:
        if encoder != TF_IDF:
            checkpoint(encoder)
    except EncoderError as error:
        return str(error)
    return ""


def _evidence(survey: Survey | None) -> set[str]:
    """Ask what the model may use and return what it may not."""
    gone: set[str] = set()
    _keep_one()
    for title, group in (("It may use", switches.EVIDENCE), ("It is made of", switches.VIEWS)):
        st.markdown(f"**{title}**" + (", of one of them at least" if group is switches.VIEWS else ""))
        for choice in group:
            lacks = survey.lacks(choice.name) if survey else ""
            covered = choice.name == "reviews" and "text" in gone
            on = st.checkbox(
                f"**{choice.title}.** {lacks or choice.sentence}",
                value=True,
                disabled=bool(lacks) or covered,
                key=_key(choice.name),
            )
            if not on and not lacks:
                gone.add(choice.name)
    return gone


def _keep_one() -> None:
    """Tick the last view again when it is unticked.

    Its box stays enabled: one that is disabled while a click is on its way shows what is not sent.
    """
    state = st.session_state
    views = [choice.name for choice in switches.VIEWS]
    last = next((view for view in views if state.get(_key(view), True)), "")
    if not last:
        last = state.get("last-view", views[0])
        state[_key(last)] = True
    state["last-view"] = last


def _key(name: str) -> str:
    return f"use-{name}"
