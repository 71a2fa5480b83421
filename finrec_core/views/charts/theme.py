"""The colours and the font of the screen in light and dark, for what Streamlit does not draw itself.

They repeat `.streamlit/config.toml`, which pages cannot read; a test keeps the two equal.
"""

import base64
import importlib.util
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

ThemeName = Literal["light", "dark"]
FONT_NAME = "Source Sans"
FONT = f'"{FONT_NAME}", "Source Sans 3", "Source Sans Pro", system-ui, sans-serif'


@dataclass(frozen=True)
class Theme:
    """One set of colours; `for_` and `against` mean signs and nothing else.

    `shades_for` and `shades_against` are the four quarters of a word's strength, weakest first.
    """

    background: str
    text: str
    muted: str
    faint: str
    accent: str
    on_accent: str
    for_: str
    for_text: str
    against: str
    against_text: str
    grey: str
    shades_for: tuple[str, str, str, str]
    shades_against: tuple[str, str, str, str]

    def signed(self, value: float) -> tuple[str, str]:
        """Return the colours of a signed bar and of its number; what is 0 carries no sign."""
        if value == 0:
            return self.grey, self.muted
        return (self.for_, self.for_text) if value > 0 else (self.against, self.against_text)


LIGHT = Theme(
    background="#FFFFFF",
    text="#14181C",
    muted="#565D64",
    faint="#E2DED4",
    accent="#1D5C50",
    on_accent="#FFFFFF",
    for_="#1F6CB0",
    for_text="#1A5C96",
    against="#B54E08",
    against_text="#A34607",
    grey="#8A9097",
    shades_for=("#E9F0F7", "#D2E2EF", "#B7D0E6", "#98BBDB"),
    shades_against=("#F8EDE6", "#F0DCCE", "#E7C6AF", "#DCAD8D"),
)
DARK = Theme(
    background="#14181B",
    text="#E9E6DF",
    muted="#B3B9BE",
    faint="#343B41",
    accent="#4BA18B",
    on_accent="#0B1512",
    for_="#6CB0EE",
    for_text="#8CC2F2",
    against="#F0A063",
    against_text="#F3B27F",
    grey="#8E959C",
    shades_for=("#1D2730", "#263645", "#30495F", "#3C5E7C"),
    shades_against=("#2A2622", "#403329", "#5A4432", "#79573C"),
)


def theme(name: ThemeName | str | None) -> Theme:
    """Return the colours of a theme by Streamlit's name for it; light where it is not known yet."""
    return DARK if name == "dark" else LIGHT


@cache
def font_face() -> str:
    """Return a style rule that holds the screen's font whole, "" where Streamlit does not bring it.

    It is for pictures in a frame of their own, which reach no file of the page.
    Streamlit is looked up, not imported; without it the picture takes the font of the system.
    """
    spec = importlib.util.find_spec("streamlit")
    for place in (spec.submodule_search_locations if spec else None) or ():
        for file in sorted(Path(place).glob("static/static/media/SourceSansVF-Upright*.woff2")):
            data = base64.b64encode(file.read_bytes()).decode("ascii")
            source = f"url(data:font/woff2;base64,{data}) format('woff2')"
            return f"@font-face{{font-family:'{FONT_NAME}';src:{source};font-weight:200 900}}"
    return ""
