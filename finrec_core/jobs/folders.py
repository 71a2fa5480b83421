"""The folders of runs in the child that takes erased clients out of them: nothing else writes them anew.

The store has been done by then. A finished run's folder is nobody's to write but this child's, one of which
works at a time; any other folder may be claimed by a job, so it is written while no job runs.

A folder with a model is written into a draft, which the owner of the store announces there before it takes
the folder's place: so the model in use is at no moment one that the store does not know.
"""

import hmac
from collections import defaultdict
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

from finrec_core.jobs import core, slot, state
from finrec_core.jobs.progress import ProgressFile
from finrec_core.store.rows import to_text
from finrec_core.terms import lock, manifest

DAY = 86_400.0  # seconds that it waits for whoever needs the folders to stand still, as a backup does
DRAFTS = "drafts"  # in the folder of the job


def work(folder: Path, job: Mapping[str, Any], progress: ProgressFile, secret: bytes = b"") -> dict[str, Any]:
    """Take the clients that the job names out of all folders that may be written now.

    Returns for each erasure which folders were done and how many are left, because a job may be in them or
    because the disk refuses; `refused` is what the disk said last. `drafts` names by run what waits in the
    job's folder to take a folder's place: the erasures that it is for, and the SHA-256 of `run.json` that
    it was made from and that it has. `seal` is what only somebody with the `secret` can write to all this.
    """
    runs_folder = folder.parent
    progress("Waiting for a backup", 0.0)
    refused = ""
    done: dict[str, list[str]] = {one["id"]: [] for one in job["erasures"]}
    drafts: dict[str, dict[str, Any]] = {}
    with lock.take(runs_folder / lock.SWAPS, DAY), ExitStack() as held:
        core.erasure.recover(runs_folder)
        found: dict[Path, list[Mapping[str, str]]] = defaultdict(list)
        for one in job["erasures"]:
            for path in runs_with(runs_folder, one["client"]):
                found[path].append(one)
        free = None
        for number, path in enumerate(sorted(sorted(found), key=finished, reverse=True)):
            if not finished(path) and free is None:
                free = held.enter_context(slot.take(runs_folder)) is not None
            if not (finished(path) or free):
                continue
            progress(f"Erasing from run {path.name}", number / len(found))
            asked = [(one["client"], datetime.fromisoformat(one["created"])) for one in found[path]]
            keys = [one["id"] for one in found[path]]
            try:
                if (path / manifest.HEADER).is_file():
                    before, after = core.erasure.prepare(path, folder / DRAFTS / path.name, asked)
                    drafts[path.name] = {"erasures": keys, "before": before, "after": after}
                    continue
                for client, erased in asked:
                    core.erasure.erase(path, client, erased)
            except FileNotFoundError:
                if path.exists():
                    raise
                continue  # somebody removed the run meanwhile
            except OSError as error:
                refused = str(error)
                continue
            for key in keys:
                done[key].append(path.name)
        left = {
            one["id"]: sum(path.name not in drafts for path in runs_with(runs_folder, one["client"]))
            for one in job["erasures"]
        }
    progress("Erased", 1.0)
    result = {"done": done, "left": left, "refused": refused, "drafts": drafts}
    return result | {"seal": seal(result, secret)}


def seal(result: Mapping[str, Any], secret: bytes) -> str:
    """Return what tells that a result was written by whoever was told the secret."""
    text = to_text({name: value for name, value in result.items() if name != "seal"})
    return hmac.new(secret, text.encode("utf-8", "surrogatepass"), "sha256").hexdigest()


def sealed(result: Mapping[str, Any], secret: bytes) -> bool:
    """Return whether a result is as the child wrote it that was told the secret; none of "" is."""
    said = result.get("seal")
    return bool(secret) and isinstance(said, str) and hmac.compare_digest(said, seal(result, secret))


def finished(folder: Path) -> bool:
    """Return whether a job has ended with a result, so that nothing writes into its folder any more."""
    return (folder / "result.json").exists() and not state.running(folder)


def runs_with(runs_folder: Path, client: str) -> list[Path]:
    """Return the folders of runs and jobs that hold rows of a client, by name."""
    return [
        folder
        for folder in (sorted(runs_folder.iterdir()) if runs_folder.is_dir() else ())
        if folder.is_dir() and not folder.name.startswith(".") and core.erasure.holds(folder, client)
    ]
