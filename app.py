"""The desk's frame: page settings, logo, navigation, and what stands above and below every page."""

import time
from pathlib import Path

import streamlit as st

from finrec_core import __version__
from finrec_core.store import StoreError
from pages.frame import desk, edge, metrics, status, switch, turn

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

try:
    failed = desk.collect()
    first_run = desk.store().active_run() is None
except StoreError as error:
    st.error(str(error), icon=":material/lock:")
    st.stop()

page = st.navigation(
    {
        "Advise": [
            st.Page(
                "pages/today/page.py",
                url_path="today",
                title="Today",
                icon=":material/today:",
                help="What is due, whose list changed, and whom you looked at lately.",
                default=not first_run,
                visibility="hidden" if first_run else "visible",
            ),
            st.Page(
                "pages/recommendations/page.py",
                url_path="recommendations",
                title="Recommendations",
                icon=":material/recommend:",
                help="The ranked products for one client, and the reasons behind each of them.",
                visibility="hidden" if first_run else "visible",
            ),
            st.Page(
                "pages/decisions/page.py",
                url_path="decisions",
                title="Decisions",
                icon=":material/gavel:",
                help="Every decision with what was shown, as a log that can be checked.",
                visibility="hidden" if first_run else "visible",
            ),
            st.Page(
                "pages/product/page.py",
                url_path="product",
                title="Product",
                icon=":material/inventory_2:",
                help="What a product is, what is like it, and for which clients it stands highest.",
            ),
            st.Page(
                "pages/story/page.py",
                url_path="story",
                title="Story",
                icon=":material/slideshow:",
                help="One recommendation, step by step, for somebody who sees the desk for the first time.",
            ),
            st.Page(
                "pages/start/page.py",
                url_path="start",
                title="Start",
                icon=":material/flag:",
                help="Load the demo bank or bring your own data.",
                default=first_run,
                visibility="visible" if first_run else "hidden",
            ),
        ],
        "Analyse": [
            st.Page(
                "pages/data/page.py",
                url_path="data",
                title="Data",
                icon=":material/database:",
                help="Bring in files, see what was read and what was not, and keep versions.",
            ),
            st.Page(
                "pages/train/page.py",
                url_path="train",
                title="Train",
                icon=":material/model_training:",
                help="Train a model, compare it with the one in use, and publish it.",
            ),
            st.Page(
                "pages/models/page.py",
                url_path="models",
                title="Models",
                icon=":material/query_stats:",
                help="How good the model in use is, against other methods, and where it helps.",
            ),
            st.Page(
                "pages/rules/page.py",
                url_path="rules",
                title="Rules",
                icon=":material/gavel:",
                help="Which products suit whom, as the bank's compliance sets it, version by version.",
            ),
            st.Page(
                "pages/system/page.py",
                url_path="system",
                title="System",
                icon=":material/monitor_heart:",
                help="Disk, memory and work of the desk, and when it was kept safe.",
            ),
        ],
        "Help": [
            st.Page(
                "pages/help_files/page.py",
                url_path="files",
                title="What the files hold",
                icon=":material/description:",
                help="The columns that finrec reads.",
            ),
            st.Page(
                "pages/help_words/page.py",
                url_path="words",
                title="Words explained",
                icon=":material/menu_book:",
                help="What points, reasons and evidence mean, and what they do not.",
            ),
        ],
    },
    position="top",
)
with metrics.step(page.title, began):
    status.trouble(failed)
    status.failure()
    status.stand_in()
    with turn.taken():
        page.run()
    status.line()
