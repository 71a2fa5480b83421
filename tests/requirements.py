"""The requirements files, which pyproject.toml determines: `make requirements` writes them and the locks.

Nothing but Python is needed for these; `tests/lock.py` works out what they lead to, for the environments.
"""

import tomllib
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parent.parent
HEAD = "# {what}; written from pyproject.toml by `make requirements`.\n"


def project() -> dict[str, Any]:
    """Return what pyproject.toml holds."""
    return tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))


def files() -> dict[str, str]:
    """Return the text of each requirements file by its path."""
    whole = project()
    needed, extras = whole["project"]["dependencies"], whole["project"]["optional-dependencies"]
    tests = whole["dependency-groups"]["tests"]
    return {
        "requirements.txt": _text("What the app and the package import", needed + extras["desk"]),
        "tests/requirements.txt": _text(
            "What only tests and checks import", tests + extras["postgres"] + extras["gguf"]
        ),
    }


def _text(what: str, pins: list[str]) -> str:
    return HEAD.format(what=what) + "".join(f"{pin}\n" for pin in pins)


if __name__ == "__main__":
    for path, text in files().items():
        (REPOSITORY / path).write_text(text, "utf-8")
    from tests import lock

    lock.write()
