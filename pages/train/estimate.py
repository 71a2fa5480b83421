"""What is foreseen of a training on a page: time, memory, and how many texts are read already."""

import os

import streamlit as st

from finrec_core.jobs import Training, usage
from finrec_core.jobs.estimate import estimate, free_memory
from finrec_core.jobs.survey import Survey
from finrec_core.settings import settings
from finrec_core.store import DatasetVersion
from finrec_core.text.checkpoint import TF_IDF
from finrec_core.views.model import estimate as foreseen
from pages.frame import desk, memory


def show(asked: Training, survey: Survey) -> None:
    """Say how long a training will take and what memory it needs, and warn where that may not suffice."""
    gone = [name for name, on in asked.switches.items() if not on]
    expected = estimate(
        survey,
        [*usage.latest(settings().runs_folder)],
        thorough=asked.thorough,
        compare=asked.compare,
        without=gone,
        cores=settings().threads or os.cpu_count() or 1,
    )
    free = free_memory()
    said = [foreseen.sentence(expected.seconds, expected.memory, free)]
    if asked.encoder != TF_IDF and "text" not in gone:
        said.append(foreseen.read(survey.known, survey.texts))
    if not expected.runs:
        said.append("The range narrows once a model was trained on this machine.")
    st.caption(f":material/schedule: {' '.join(said)}")
    if warned := foreseen.warning(expected.memory, free):
        st.warning(warned, icon=":material/memory:")


def survey(version: DatasetVersion, encoder: str) -> Survey:
    """Return what a version holds to learn from, and how much of it the encoder has to read."""
    folder = settings().vectors_folder
    shards = sum(1 for _ in folder.glob("*/*.safetensors")) if encoder != TF_IDF else 0
    return _survey(version.name, version.version, version.content_hash, encoder, shards)


@memory.remembered(show_spinner="Looking at the data", max_entries=8, needs="train")
def _survey(name: str, version: int, content_hash: str, encoder: str, shards: int) -> Survey:
    # `content_hash` and `shards` are part of the key only: texts are read meanwhile.
    return Survey.of(desk.whole_store().dataset(name, version), encoder, settings().vectors_folder)
