"""The load: many sessions at one desk over websockets, each opening one client after the other.

    python -m tests.bench.load DATA --sessions 50 --seconds 300

starts a desk over a data folder that has a model, lets each session take one step in ten seconds, and
checks that each answer is that of the client who was asked for. It says how long a step took, what the
server and its children used, and the memory over time and after all have left. The driver runs niced, in
this process, and its own processor seconds are counted apart. Status 1 where an answer was wrong, missing
or an error, or memory was not flat.
"""

import argparse
import asyncio
import json
import os
import random
import re
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import psutil
import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from finrec_core.store import Store
from tests.browser.server import serve

EVERY = 10.0  # seconds from the start of a session's step to that of its next
PATIENCE = 600.0  # seconds after which a step is missing
GONE = 200.0  # seconds after the last has left: sessions are kept for two minutes
FLAT, KEPT = 1.10, 1.25  # memory: end of the second half over its start; after all have left over the start


@dataclass
class Count:
    """What happened so far."""

    steps: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    waited: int = 0
    memory: list[tuple[float, float]] = field(default_factory=list)  # seconds, MB


class Session:
    """One browser, as far as the server can tell."""

    def __init__(self, socket: Any) -> None:
        self._socket = socket
        self._kept: dict[str, ForwardMsg] = {}

    async def step(self, client: str) -> tuple[str, str, bool]:
        """Open a client; return address and words of the answer, and whether it waited in the line."""
        message = BackMsg()
        message.rerun_script.query_string = f"client={client}"
        message.rerun_script.page_name = "recommendations"
        await self._socket.send(message.SerializeToString())
        address, words, waited = "", [], False
        while True:
            got = ForwardMsg()
            got.ParseFromString(await asyncio.wait_for(self._socket.recv(), PATIENCE))
            if got.WhichOneof("type") == "ref_hash":
                got = self._kept[got.ref_hash]
            elif got.metadata.cacheable:
                self._kept[got.hash] = got
            kind = got.WhichOneof("type")
            if kind == "page_info_changed":
                address = got.page_info_changed.query_string
            elif kind == "delta":
                text = str(got.delta)
                waited = waited or "Many people work at the desk" in text
                words.append(text)
            elif kind == "script_finished":
                if got.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                    return address, "\n".join(words), waited
                if got.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                    raise RuntimeError(f"the script ended with {got.script_finished}")


async def visit(url: str, names: dict[str, str], until: float, count: Count, number: int) -> None:
    """Let one session take its steps until the time is over."""
    chance = random.Random(number)
    await asyncio.sleep(chance.random() * EVERY)
    options: dict[str, Any] = {"subprotocols": ["streamlit"], "max_size": None, "ping_timeout": None}
    async with websockets.connect(url, **options) as socket:
        session = Session(socket)
        while time.monotonic() < until:
            client, begun = chance.choice(sorted(names)), time.monotonic()
            try:
                address, words, waited = await session.step(client)
            except (OSError, RuntimeError, KeyError, TimeoutError, websockets.WebSocketException) as error:
                count.errors.append(f"{client}: {type(error).__name__} {error}"[:200])
                return
            count.steps.append(time.monotonic() - begun)
            count.waited += waited
            fault = wrong(client, names, address, words)
            if fault:
                count.wrong.append(f"{client}: {fault}")
            await asyncio.sleep(max(0.0, begun + EVERY - time.monotonic()))


def wrong(client: str, names: dict[str, str], address: str, words: str) -> str:
    """Return what is wrong with an answer, "" where address, title, strip and card are the client's."""
    if address and f"client={client}" not in address.split("&"):
        return f"the address is {address}"
    titles = [one.replace("\\", "") for one in re.findall(r'tag: "h1"\s+body: "([^"]*)"', words)]  # Markdown
    if [title for title in titles if title not in ("", names[client])] or not titles:
        return f"the title is {titles}"
    return "" if "strip" in words and "card" in words else "there is no strip or no card"


def processes(server: int) -> Iterator[psutil.Process]:
    """Yield the server and what it started."""
    root = psutil.Process(server)
    yield from (root, *root.children(recursive=True))


def used(server: int) -> tuple[float, float]:
    """Return the memory in MB and the processor seconds of the server and its children."""
    held, seconds = 0.0, 0.0
    for one in processes(server):
        try:
            held += one.memory_info().rss / 1e6
            times = one.cpu_times()
        except psutil.NoSuchProcess:
            continue
        seconds += times.user + times.system
    return held, seconds


async def drive(
    address: str, server: int, names: dict[str, str], *, sessions: int, seconds: float, gone: float
) -> dict[str, Any]:
    """Load a desk, wait until all are gone, and return what was measured."""
    url, count = address.replace("http", "ws", 1) + "/_stcore/stream", Count()
    first = Count()
    await visit(url, names, time.monotonic() + 0.1 + EVERY, first, 0)  # loads the model
    start, cpu = used(server)
    began, until = time.monotonic(), time.monotonic() + seconds

    async def watch() -> None:
        while True:
            count.memory.append((time.monotonic() - began, used(server)[0]))
            await asyncio.sleep(2.0)

    watching = asyncio.create_task(watch())
    await asyncio.gather(*(visit(url, names, until, count, k + 1) for k in range(sessions)))
    lasted, (_, cpu_end) = time.monotonic() - began, used(server)
    watching.cancel()
    await asyncio.sleep(gone)
    half = [held for at, held in count.memory if lasted / 2 <= at]
    quarter = max(1, len(half) // 2)
    return {
        "sessions": sessions,
        "seconds": round(lasted),
        "steps": len(count.steps),
        "waited_in_line": count.waited,
        "errors": first.errors + count.errors,
        "wrong_or_missing": first.wrong + count.wrong,
        "first_step_s": [round(one, 2) for one in first.steps],
        "p50_s": round(median(count.steps), 2) if count.steps else None,
        "p95_s": round(quantiles(count.steps, n=20)[-1], 2) if len(count.steps) > 1 else None,
        "longest_s": round(max(count.steps, default=0.0), 2),
        "server_cpu_s": round(cpu_end - cpu, 1),
        "server_cpu_per_step_s": round((cpu_end - cpu) / max(1, len(count.steps)), 3),
        "driver_cpu_s": round(sum(os.times()[:2]), 1),
        "memory_start_mb": round(start),
        "memory_most_mb": round(max(held for _, held in count.memory)),
        "second_half_mb": [round(median(half[:quarter])), round(median(half[-quarter:]))],
        "memory_after_mb": round(used(server)[0]),
        "load_average": [round(one, 1) for one in os.getloadavg()],
    }


def failures(found: dict[str, Any]) -> list[str]:
    """Return what was promised and not held."""
    begin, end = found["second_half_mb"]
    said = [f"{kind}: {one}" for kind in ("errors", "wrong_or_missing") for one in found[kind]]
    if end > FLAT * begin:
        said.append(f"memory grew in the second half, from {begin} to {end} MB")
    if found["memory_after_mb"] > KEPT * found["memory_start_mb"]:
        said.append(f"{found['memory_after_mb']} MB after all have left, {found['memory_start_mb']} before")
    return said


def main() -> int:
    """Serve, load, and say what was found."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    asked.add_argument("data", type=Path)
    asked.add_argument("--sessions", type=int, default=50)
    asked.add_argument("--seconds", type=float, default=300.0)
    asked.add_argument("--gone", type=float, default=GONE, help="seconds to wait after all have left")
    given = asked.parse_args()
    with Store(given.data / "finrec.duckdb") as store:
        run = store.active_run()
        assert run is not None, "the store has no model"
        clients = store.dataset(run.dataset, run.version).clients
    rows = zip(clients["client_id"].to_pylist(), clients["name"].to_pylist(), strict=True)
    names = {client: name or "" for client, name in rows}
    os.environ.setdefault("FINREC_USER", "Load")  # or the desk asks for a name first
    with serve(given.data) as address:
        os.nice(10)  # this process alone: the server was started before
        (server,) = (one.pid for one in psutil.Process().children())
        asked_for = {"sessions": given.sessions, "seconds": given.seconds, "gone": given.gone}
        found = asyncio.run(drive(address, server, names, **asked_for))
    sys.stdout.write(json.dumps(found, indent=1) + "\n")
    said = failures(found)
    sys.stdout.write("".join(f"{one}\n" for one in said[:20]))
    return 1 if said else 0


if __name__ == "__main__":
    sys.exit(main())
