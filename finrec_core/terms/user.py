"""The user: how who did something stands in the record, and the one name of a desk without sign-in.

Nobody is ever named after the operating system's user: a name is given, or there is none.
"""

import json
import os
from pathlib import Path

FILE = "person.json"  # in the data folder: the name that was given once
LONGEST = 80  # characters of a name


def user() -> str:
    """Return the name of who works here without sign-in, "" while none is given.

    `FINREC_USER` names them, or else the name that was given once on the desk.
    """
    from finrec_core.settings import settings  # noqa: PLC0415 - a command's help needs no settings

    return named(settings().user) or _given(settings().data / FILE)


def give(name: str) -> str:
    """Keep the name of who works here, and return it; raises `ValueError` where it is none."""
    from finrec_core.settings import settings  # noqa: PLC0415 - as above

    kept = named(name)
    if not kept:
        raise ValueError("Give a name of at most 80 characters that can be read.")
    folder = settings().data
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f".{FILE}.{os.getpid()}"
    draft.touch(mode=0o600)
    draft.write_text(json.dumps({"name": kept}, ensure_ascii=False), "utf-8")
    draft.replace(folder / FILE)
    return kept


def named(name: str) -> str:
    """Return a name on one line, "" where it is too long or has nothing to be read."""
    kept = " ".join(name.split())
    return kept if len(kept) <= LONGEST and kept.isprintable() else ""


def signature(name: str, subject: str, issuer: str) -> str:
    """Return how a person who signed in stands in the record, as "Ana Lind (sub 24, iss https://id.bank)"."""
    return f"{name} (sub {subject}, iss {issuer})"


def name_of(text: str) -> str:
    """Return the name in a signature; a text that is none is the name itself."""
    name, found, _ = text.rpartition(" (sub ")
    return name if found and text.endswith(")") else text


def _given(file: Path) -> str:
    try:
        found = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):  # nobody has given one yet, or the file is damaged: it is asked for again
        return ""
    name = found.get("name") if isinstance(found, dict) else None
    return named(name) if isinstance(name, str) else ""
