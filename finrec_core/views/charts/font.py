"""The font of the screen for pictures in a frame of their own, which reach no file of the page."""

import base64
import importlib.util
from functools import cache
from pathlib import Path

NAME = "Source Sans"


@cache
def face() -> str:
    """Return a style rule that holds the screen's font whole, "" where Streamlit does not bring it.

    Streamlit is looked up, not imported; without it the picture takes the font of the system.
    """
    spec = importlib.util.find_spec("streamlit")
    for place in (spec.submodule_search_locations if spec else None) or ():
        for file in sorted(Path(place).glob("static/static/media/SourceSansVF-Upright*.woff2")):
            data = base64.b64encode(file.read_bytes()).decode("ascii")
            source = f"url(data:font/woff2;base64,{data}) format('woff2')"
            return f"@font-face{{font-family:'{NAME}';src:{source};font-weight:200 900}}"
    return ""
