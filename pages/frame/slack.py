"""The slack: memory that nobody uses any more, given back to the system while and after people work.

What sessions held is free once they have left, but the allocator keeps it for itself until it is told.
"""

import ctypes
import gc
from threading import Event, Lock, Thread
from time import monotonic
from typing import Any
from urllib.parse import clear_cache  # type: ignore[attr-defined] # typeshed does not know it

from streamlit import runtime

EVERY = 20.0  # seconds between two times
AFTER = 300.0  # seconds for which it goes on once nobody works: sessions are kept for two minutes

_used = Event()
_lock = Lock()
_thread: Thread | None = None


def used() -> None:
    """Note that a page was made; the first note starts the thread that gives back."""
    global _thread  # noqa: PLW0603 - one for the process
    _used.set()
    if _thread is None:
        with _lock:
            if _thread is None:
                _thread = Thread(target=_give_back_always, name="slack", daemon=True)
                _thread.start()


def forget_left() -> None:
    """Let go of the sessions that have left for good.

    Streamlit keeps one for two minutes, in which its browser may come back, but drops it only when another
    leaves: after the last the desk would hold what all of them held.
    """
    if not runtime.exists():
        return
    desk: Any = runtime.get_instance()  # it has no public word for this
    manager = getattr(desk, "_session_mgr", None)
    if manager is None:  # in a test without a server
        return
    sessions = manager._session_storage._cache
    desk._get_async_objs().eventloop.call_soon_threadsafe(sessions.expire)  # where it is used otherwise


def give_back() -> None:
    """Give free memory back to the system, where its allocator can be told to."""
    clear_cache()  # Python keeps the last 128 addresses it took apart, and that of a picture is the picture
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # of glibc
    if trim is not None:
        trim(0)


def _give_back_always() -> None:
    last = monotonic()
    while True:
        if _used.wait(EVERY):
            _used.clear()
            last = monotonic()
        if monotonic() - last < AFTER:
            forget_left()
            Event().wait(1.0)
            give_back()
        Event().wait(EVERY)
