"""The health: what the desk answers to the machines that watch it."""

import asyncio
from collections.abc import Mapping

from streamlit.runtime import Runtime, RuntimeState

from finrec_core.store import StoreError
from pages.frame import desk, metrics
from pages.frame.wire import Answer, Own, Scope, is_loopback

AT_WORK = (RuntimeState.NO_SESSIONS_CONNECTED, RuntimeState.ONE_OR_MORE_SESSIONS_CONNECTED)


def answers(runtime: Runtime) -> Mapping[str, Own]:
    """Return the desk's own answers by path: it lives, it can be used, and what it does."""

    async def lives(_: Scope) -> Answer:
        return Answer(200, "ok\n")

    async def ready(_: Scope) -> Answer:
        if runtime.state not in AT_WORK:
            return Answer(503, "The desk is starting or stopping.\n")
        return await asyncio.to_thread(_opened)

    async def figures(scope: Scope) -> Answer:
        client = scope.get("client")
        if not client or not is_loopback(client[0]):
            return Answer(403, "The figures are for this machine alone.\n")
        return Answer(200, await asyncio.to_thread(metrics.text), metrics.KIND)

    return {"/healthz": lives, "/readyz": ready, "/metrics": figures}


def _opened() -> Answer:
    """Return whether the store is open; why not stands in the log alone, for the sentence names places."""
    try:
        desk.whole_store().active_run()
    except StoreError:
        return Answer(503, "The store cannot be used.\n")
    return Answer(200, "ready\n")
