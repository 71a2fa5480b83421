"""SIGKILL at random moments of server, import, training, erasure and backup: what was acknowledged is there.

`python -m tests.bench.faults [ROUNDS]` does 200 rounds and counts what was acknowledged and what of it was
lost; tests/test_faults.py does 20 in the suite. Each round forks a process that works on a small desk of its
own, so that no round pays for the loading of libraries.
"""

import json
import os
import random
import shutil
import signal
import sys
import time
import traceback
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any

from finrec_core import jobs
from finrec_core.dataset.report import REPORT
from finrec_core.jobs import erasure, record
from finrec_core.jobs import folders as erasing
from finrec_core.jobs.process import Process
from finrec_core.jobs.progress import ProgressFile
from finrec_core.store import Landing, Store, backup
from tests import desk, operations, pairs, tied
from tests.served import served

ROUNDS = 200
LONGEST = 0.6  # seconds until the kill, at most
Say = Callable[[str, Any], None]


@dataclass(frozen=True)
class Outcome:
    """What one round acknowledged before the kill, and what of that was not there after it."""

    subject: str
    acknowledged: int
    lost: tuple[str, ...]


def serve(place: Path, say: Say) -> None:
    """Decide, log, publish and set rules, as sessions of the desk do."""
    with Store(place / "finrec.duckdb") as store:
        for number in range(10_000):
            about = {"kind": "accept", "client": "c", "product": "p", "run": desk.RUN}
            say("decision", store.add_decision(**about, content={"decision": {"n": number}}).id)
            say("shown", store.log_shown(client="c", run=desk.RUN, content={}).hash)
            say("published", store.publish((operations.OLD, desk.RUN)[number % 2], reason=f"{number}").run)
            say("rules", store.add_rules({"n": number}).version)


def import_(place: Path, say: Say) -> None:
    """Work out landings and store them."""
    with Store(place / "finrec.duckdb") as store:
        report = REPORT.empty_table()
        while True:
            read = SimpleNamespace(dataset=store.dataset(), rejects=report, repairs=report, kept={})
            say("imported", Landing.of(store, read).store_in(store, source="a test", user="").label)


def train(place: Path, say: Say) -> None:
    """Write what a training writes, result last, and take it in."""
    runs = place / "runs"
    with Store(place / "finrec.duckdb") as store:
        for number in range(10_000):
            folder = runs / f"20260401-000000-{number:03d}"
            draft = runs / f".{folder.name}"  # what it learns from is there whole before the job is
            shutil.copytree(runs / desk.RUN / "dataset", draft / "dataset")
            Process.of(os.getpid()).save(draft)
            record.write(draft / "job.json", {"kind": "train", "run": folder.name})
            draft.rename(folder)
            progress = ProgressFile(folder / "progress.jsonl")
            row = store.run(desk.RUN)
            for path in sorted((runs / desk.RUN).rglob("*"), key=lambda one: one.name == "run.json"):
                if path.is_file() and path.parent.name != "dataset":
                    (folder / path.relative_to(runs / desk.RUN)).parent.mkdir(exist_ok=True)
                    shutil.copy(path, folder / path.relative_to(runs / desk.RUN))
                progress("Saving", 0.5)
            values = {name: getattr(row, name) for name in ("dataset", "version", "content_hash", "seconds")}
            values |= {"encoder": row.encoder, "seed": row.seed, "created": row.created.isoformat()}
            record.write(folder / "result.json", values)
            for taken in jobs.collect(store):
                say("trained", taken.run)


def erase(place: Path, say: Say) -> None:
    """Erase one client after the other, each from the store and from all folders."""
    with Store(place / "finrec.duckdb") as store:
        for client in store.dataset().clients["client_id"].to_pylist():
            say("erased", store.erase_client(client, reason="a test").client)
            begun = [one for one in store.erasures() if one.finished is None]
            named = [
                {"id": one.id, "client": one.client, "created": one.created.isoformat()} for one in begun
            ]
            folder = place / "runs" / "20260402-000000-000"
            folder.mkdir()
            Process.of(os.getpid()).save(folder)
            record.write(folder / "job.json", {"kind": "erase", "erasures": named})
            erasure._attempts[folder.parent] = erasure.Attempt(frozenset(), time.monotonic(), b"told")
            progress = ProgressFile(folder / "progress.jsonl")
            done = erasing.work(folder, {"erasures": named}, progress, b"told")
            record.write(folder / "result.json", done)
            jobs.settle_erasures(store)


def back_up(place: Path, say: Say) -> None:
    """Write one archive after the other."""
    with Store(place / "finrec.duckdb") as store:
        for number in range(10_000):
            archive = place / f"{number}.zip"
            backup.write(store, archive)
            say("backup", archive.name)


SUBJECTS: Mapping[str, Callable[[Path, Say], None]] = {
    "server": serve,
    "import": import_,
    "training": train,
    "erasure": erase,
    "backup": back_up,
}


def killed(subject: str, place: Path, moment: float) -> list[tuple[str, Any]]:
    """Let a process work, kill it `moment` seconds after it began, and return what it acknowledged."""
    out, into = os.pipe()
    parent = os.getpid()
    child = os.fork()
    if child == 0:
        try:
            tied.tie(parent)
            os.close(out)

            def say(kind: str, value: Any) -> None:  # any JSON value
                os.write(into, (json.dumps([kind, value]) + "\n").encode())

            say("ready", None)
            SUBJECTS[subject](place, say)
        except BaseException:  # noqa: BLE001 - the parent must hear of it, and nothing else of it may run
            traceback.print_exc()
        finally:
            os._exit(9)
    os.close(into)
    with os.fdopen(out, encoding="utf-8") as said:
        first = said.readline()
        time.sleep(moment)
        os.kill(child, signal.SIGKILL)
        lines = (first + said.read()).split("\n")[:-1]
    ended, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), f"{subject} failed by itself ({ended})"
    return [(kind, value) for kind, value in map(json.loads, lines) if kind != "ready"]


def played(subject: str, source: Path, place: Path, moment: float) -> Outcome:
    """Play one round on a copy of a desk: kill, open anew, see that the desk is whole, and count."""
    shutil.copytree(source, place)
    said = killed(subject, place, moment)
    erasure._attempts.clear()  # as in a new process
    with pairs.at_home(place) as one:
        jobs.sweep(one.runs)
        pairs.settle(one)
        pairs.check(one)
        lost = tuple(f"{kind} {value}" for kind, value in said if not _there(one, kind, value))
    return Outcome(subject, len(said), lost)


def _there(one: operations.Desk, kind: str, value: Any) -> bool:
    """Return whether what was acknowledged is there."""
    store = one.store
    if kind == "decision":
        return store.decision(value).id == value
    if kind == "shown":
        return value in {row.hash for row in store.shown(limit=1_000_000)}
    if kind == "published":
        return value in {activation.run for activation in store.activations()}
    if kind == "rules":
        return store.rules(value) is not None
    if kind == "imported":
        return value in {version.label for version in store.datasets()}
    if kind == "trained":
        return not store.run(value).missing
    if kind == "erased":
        return not store.traces(value) and not jobs.runs_with(one.runs, value)
    with zipfile.ZipFile(store.file.parent / value) as archive:
        return archive.testzip() is None and backup.STORE in archive.namelist()


def main(rounds: int) -> int:
    """Play as many rounds, and print what was acknowledged and lost of each subject; 3 where any was."""
    moments = random.Random(20261130)
    with TemporaryDirectory() as scratch:
        source = pairs.made(Path(scratch) / "source", served())
        found = []
        for place in range(rounds):
            subject = list(SUBJECTS)[place % len(SUBJECTS)]
            folder = Path(scratch) / "round"
            found.append(played(subject, source, folder, moments.uniform(0.0, LONGEST)))
            shutil.rmtree(folder)
    say = sys.stdout.write
    say("| killed | rounds | acknowledged | lost |\n|---|---|---|---|\n")
    for subject in SUBJECTS:
        own = [one for one in found if one.subject == subject]
        lost = sum(len(one.lost) for one in own)
        say(f"| {subject} | {len(own)} | {sum(one.acknowledged for one in own):,} | {lost} |\n")
    return 3 if any(one.lost for one in found) else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS))
