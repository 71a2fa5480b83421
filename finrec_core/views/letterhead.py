"""The letterhead: the bank's name and logo as a page that prints carries them.

The logo is embedded, and drawn as a picture, in which a browser runs no script and fetches nothing.
"""

import re
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path

from finrec_core.settings import settings

MOST = 500_000  # bytes of a logo; each record holds it
# What a file of each kind begins with; an SVG is text, and is looked for in its beginning.
SIGNATURES = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}
ACTIVE = re.compile(
    rb"<script|<!entity|<foreignobject|\son\w+\s*=|javascript:|(href|src)\s*=\s*[\"']\s*(?!#|data:image/)",
    re.I,
)


@dataclass(frozen=True, repr=False)
class Letterhead:
    """A bank's `name`, its `logo` as an address of data, and why there is no logo where one was asked for."""

    name: str = ""
    logo: str = ""
    fault: str = ""

    def __repr__(self) -> str:
        return f"Letterhead({self.name!r}, {len(self.logo):,} characters of logo)"

    @classmethod
    def of(cls, name: str, file: Path | None) -> "Letterhead":
        """Return the letterhead of a name and the file of a logo, None for none."""
        if file is None:
            return cls(name)
        try:
            kind, content = _read(file)
        except ValueError as error:
            return cls(
                name, fault=f"{error} Records print without a logo until FINREC_BANK_LOGO names another."
            )
        return cls(name, f"data:{kind};base64,{b64encode(content).decode('ascii')}")


def letterhead() -> Letterhead:
    """Return the letterhead that the settings ask for, the file read anew."""
    chosen = settings()
    return Letterhead.of(chosen.bank_name, chosen.bank_logo)


def _read(file: Path) -> tuple[str, bytes]:
    """Return what kind of picture a file is, and its content; raises `ValueError` where it is none."""
    try:
        with file.open("rb") as stream:
            content = stream.read(MOST + 1)
    except OSError as error:
        raise ValueError(f"{file}: the logo cannot be read ({error.strerror or error}).") from error
    if len(content) > MOST:
        raise ValueError(f"{file}: the logo is larger than {MOST // 1000:,} kB.")
    for kind, signature in SIGNATURES.items():
        if content.startswith(signature):
            return kind, content
    if b"<svg" not in content[:2000].lower():
        raise ValueError(f"{file}: the logo is no PNG, JPEG or SVG picture.")
    if ACTIVE.search(content):
        raise ValueError(f"{file}: the logo holds a script, or fetches something from outside.")
    return "image/svg+xml", content
