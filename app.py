"""The desk's frame: page settings, logo, navigation, and what stands above and below every page."""

import time
from pathlib import Path
from typing import Literal

import streamlit as st

from finrec_core import __version__
from finrec_core.store import StoreError
from pages.frame import bar, desk, edge, gate, metrics, selection, status, switch, turn
from pages.shared import keyboard, search

began = time.monotonic()
edge.guard()
ASSETS = Path(__file__).parent / "assets"

st.set_page_config(
    page_title="finrec",
    page_icon=ASSETS / "favicon.svg",
    layout="wide",
    menu_items={"About": f"finrec {__version__}: explained product recommendations for a bank's advisers."},
)
if not switch.is_on():
    st.error(switch.SENTENCE, icon=":material/lock:")
    st.stop()
st.logo(str(ASSETS / f"logo-{desk.theme()}.svg"), size="large")

gate.enter()
try:
    failed = desk.collect()
    first_run = desk.whole_store().active_run() is None
except StoreError as error:
    st.error(str(error), icon=":material/lock:")
    st.stop()

BEGIN = ("start",) if first_run else ("today", "models", "rules", "data", "files")
begin = next(filter(gate.may, (*BEGIN, "files")))


def seen(url: str, *, first: bool | None = None) -> Literal["visible", "hidden"]:
    """Return whether a page stands in the navigation; `first`: of a desk without a model, or with one."""
    return "visible" if gate.may(url) and first in (None, first_run) else "hidden"


PAGES = {
    "Advise": [
        st.Page(
            "pages/today/page.py",
            url_path="today",
            title="Today",
            icon=":material/today:",
            help="What is due, whose list changed, and whom you looked at lately.",
            default=begin == "today",
            visibility=seen("today", first=False),
        ),
        st.Page(
            "pages/recommendations/page.py",
            url_path="recommendations",
            title="Recommendations",
            icon=":material/recommend:",
            help="The ranked products for one client, and the reasons behind each of them.",
            visibility=seen("recommendations", first=False),
        ),
        st.Page(
            "pages/decisions/page.py",
            url_path="decisions",
            title="Decisions",
            icon=":material/gavel:",
            help="Every decision with what was shown, as a log that can be checked.",
            visibility=seen("decisions", first=False),
        ),
        st.Page(
            "pages/product/page.py",
            url_path="product",
            title="Product",
            icon=":material/inventory_2:",
            help="What a product is, what is like it, and for which clients it stands highest.",
            visibility=seen("product"),
        ),
        st.Page(
            "pages/story/page.py",
            url_path="story",
            title="Story",
            icon=":material/slideshow:",
            help="One recommendation, step by step, for somebody who sees the desk for the first time.",
            visibility=seen("story"),
        ),
        st.Page(
            "pages/start/page.py",
            url_path="start",
            title="Start",
            icon=":material/flag:",
            help="Load the demo bank or bring your own data.",
            default=begin == "start",
            visibility=seen("start", first=True),
        ),
    ],
    "Analyse": [
        st.Page(
            "pages/data/page.py",
            url_path="data",
            title="Data",
            icon=":material/database:",
            help="Bring in files, see what was read and what was not, and keep versions.",
            default=begin == "data",
            visibility=seen("data"),
        ),
        st.Page(
            "pages/train/page.py",
            url_path="train",
            title="Train",
            icon=":material/model_training:",
            help="Train a model, compare it with the one in use, and publish it.",
            visibility=seen("train"),
        ),
        st.Page(
            "pages/models/page.py",
            url_path="models",
            title="Models",
            icon=":material/query_stats:",
            help="How good the model in use is, against other methods, and where it helps.",
            default=begin == "models",
            visibility=seen("models"),
        ),
        st.Page(
            "pages/rules/page.py",
            url_path="rules",
            title="Rules",
            icon=":material/gavel:",
            help="Which products suit whom, as the bank's compliance sets it, version by version.",
            default=begin == "rules",
            visibility=seen("rules"),
        ),
        st.Page(
            "pages/system/page.py",
            url_path="system",
            title="System",
            icon=":material/monitor_heart:",
            help="Disk, memory and work of the desk, and when it was kept safe.",
            visibility=seen("system"),
        ),
    ],
    "Help": [
        st.Page(
            "pages/help_files/page.py",
            url_path="files",
            title="What the files hold",
            icon=":material/description:",
            help="The columns that finrec reads.",
            default=begin == "files",
            visibility=seen("files"),
        ),
        st.Page(
            "pages/help_words/page.py",
            url_path="words",
            title="Words explained",
            icon=":material/menu_book:",
            help="What points, reasons and evidence mean, and what they do not.",
            visibility=seen("words"),
        ),
    ],
}
page = st.navigation(PAGES, position="top")
gate.open_page(page.url_path or begin)
with metrics.step(page.title, began):
    found = {
        one.url_path or begin: one for group in PAGES.values() for one in group if one.visibility == "visible"
    }
    bar.show(page.title, keyboard.hear, lambda: search.button(found), keyboard.button)
    status.trouble(failed)
    status.failure()
    status.stand_in()
    selection.enter(page.url_path or begin)
    with turn.taken():
        page.run()
    status.line()
    gate.leave()
