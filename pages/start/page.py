"""Start: the two ways in while the desk has no model, the demo bank or the bank's own files."""

import streamlit as st

from finrec_core import jobs
from finrec_core.dataset import TABLES
from finrec_core.demo.bank import demo_bank
from finrec_core.settings import settings
from finrec_core.store import StoreError
from finrec_core.views.markdown import in_markdown
from pages.frame import desk, work
from pages.shared.upload import intake

store = desk.store()
if store.active_run() is not None:
    st.session_state["first-look"] = True
    st.switch_page("pages/recommendations/page.py")


def load_demo_bank() -> None:
    """Store the demo bank and start to train on it."""
    if store.datasets():  # another session was first
        st.rerun()
    try:
        version = store.add_dataset(demo_bank().dataset, source="the demo bank", user=desk.person().user)
        desk.commands().start(version.name, version.version)
    except (StoreError, jobs.JobError) as error:
        st.error(in_markdown(str(error), 300), icon=":material/error:")
    else:
        st.rerun()


files = False
with st.columns([1, 6, 1])[1]:
    st.space("small")
    st.title("Start with clients and products", anchor=False)
    st.markdown(
        "finrec ranks products for each client and shows the reasons. "
        "It needs to know who has what; reviews and ties make it better."
    )
    st.space("small")
    running = jobs.current(settings().runs_folder)
    versions = store.datasets()
    if running is not None:
        work.progress(running, "Training the first model")
    elif versions:
        with st.container(border=True):
            latest = versions[0]
            st.subheader(f"{in_markdown(latest.name)} is stored, a model is missing", anchor=False)
            st.markdown("Train a model, and recommendations are there.")
            st.page_link("pages/train/page.py", label="Train a model", icon=":material/arrow_forward:")
    else:
        with st.grid(2, min_column_width=320, gap="medium") as cards:
            with cards.cell(), st.container(border=True, height="stretch"):
                st.subheader("Look around first", icon=":material/account_balance:", anchor=False)
                st.markdown(
                    "Load the demo bank: 400 invented clients, 100 products and what the clients say about "
                    "them. Ready within a minute, with a trained model."
                )
                st.space("stretch")
                if st.button(
                    desk.on_primary("Load the demo bank", "play_arrow"),
                    type="primary",
                    width="stretch",
                    key="demo",
                ):
                    with st.spinner("Inventing a bank"):
                        load_demo_bank()
            with cards.cell(), st.container(border=True, height="stretch"):
                st.subheader("Bring your own data", icon=":material/upload_file:", anchor=False)
                st.markdown(
                    "CSV, Excel or Parquet files and more, as they come out of your warehouse. Nothing is "
                    "saved until you have seen what was read and what was not."
                )
                st.space("stretch")
                files = intake.uploader()
    st.space("small")
    if not files:
        st.subheader("What the files hold", anchor=False)
        rows = [
            f"| `{table}.csv` | {'**Needed.** ' if table == 'interactions' else ''}"
            f"{', '.join(column.name for column in columns)} |"
            for table, columns in TABLES.items()
        ]
        st.markdown("\n".join(["| File | Columns |", "|:--|:--|", *rows]))
        st.caption(
            "Other names, such as user_id, asin or stars, are recognised. "
            "The demo bank can be removed again on the Data page."
        )
if files:
    intake.review()
