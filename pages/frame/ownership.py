"""The ownership of files: which browser a download or a picture was made for."""

from collections import defaultdict
from pathlib import PurePosixPath
from threading import Lock

from streamlit.runtime import Runtime

from pages.frame.wire import COOKIE


class Ownership:
    """Knows the files of each session and the browser in front of it.

    Streamlit serves a file to whoever knows its name. It knows which session has which file, but forgets
    that when a page run begins, and never notes it of a file that is made when it is asked for. Both are
    kept here, for as long as the session is open.
    """

    def __init__(self, runtime: Runtime) -> None:
        self._runtime, self._files = runtime, runtime.media_file_mgr
        self._had: dict[str, set[str]] = defaultdict(set)
        self._lock = Lock()
        self._clear, self._make = self._files.clear_session_refs, self._files.execute_deferred
        self._files.clear_session_refs = self._cleared  # type: ignore[method-assign]
        self._files.execute_deferred = self._made  # type: ignore[method-assign]

    def has(self, browser: str, name: str) -> bool:
        """Return whether a session of this browser that is open now has the file of a name."""
        file = PurePosixPath(name).stem
        return bool(browser) and any(self._browser(one) == browser for one in self._holders(file))

    def _holders(self, file: str) -> list[str]:
        """Return the sessions that have a file or had it when they were last looked at."""
        now = self._files._files_by_session_and_coord.copy()
        with self._lock:
            before = [session for session, files in self._had.items() if file in files]
        return [*before, *(session for session, files in now.items() if file in files.copy().values())]

    def _browser(self, session: str) -> str:
        client = self._runtime.get_client(session)
        context = client.client_context if client is not None else None
        return context.cookies.get(COOKIE, "") if context is not None else ""

    def _cleared(self, session_id: str | None = None) -> None:
        """Forget what a session has, as Streamlit does; what it had before its last run goes too."""
        had = self._files._files_by_session_and_coord.copy()
        self._clear(session_id)
        left = self._files._files_by_session_and_coord
        with self._lock:
            for session in had.keys() - left.keys():
                self._had[session] = set(had[session].copy().values())
            for session in [name for name in self._had if self._runtime.get_client(name) is None]:
                del self._had[session]

    def _made(self, file_id: str) -> str:
        """Make a file that was asked for, and note for whom."""
        order = self._files._deferred_callables.get(file_id)
        address = self._make(file_id)
        if order is not None:
            with self._lock:
                self._had[order["session_id"]].add(PurePosixPath(address).stem)
        return address
