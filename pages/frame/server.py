"""The server: Streamlit over app.py, told from the start that the desk has a navigation of its own."""

import sys
from collections.abc import Sequence
from pathlib import Path

from streamlit.runtime.pages_manager import PagesManager
from streamlit.web import cli

from finrec_core.terms import privacy

APP = Path(__file__).parents[2] / "app.py"


def serve(options: Sequence[str]) -> None:
    """Serve the desk until it is stopped; `options` are those of `streamlit run`."""
    # Beside a folder `pages` Streamlit takes its older navigation for the first visitor. A link into the
    # desk then opens on "Page not found", for `st.navigation` in app.py turns that off a moment too late.
    PagesManager.uses_pages_directory = False
    cli.main(["run", str(APP), *options])


if __name__ == "__main__":
    privacy.keep()
    serve(sys.argv[1:])
