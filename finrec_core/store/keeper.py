"""The keeper: anchors the record of an open store from time to time, and once more before it is closed."""

import logging
from threading import Event, Thread

from finrec_core.store.error import StoreError
from finrec_core.store.store import Store

_log = logging.getLogger(__name__)


class Keeper:
    """A thread that anchors a store every so many minutes until it is closed; none where that is 0.

    What cannot be anchored is tried again next time; `failure` says why, "" where the last one went well.
    """

    def __init__(self, store: Store, minutes: float) -> None:
        self.failure = ""
        self._store, self._seconds, self._end = store, minutes * 60, Event()
        self._thread = Thread(target=self._keep, name="finrec anchors", daemon=True)
        if minutes:
            self._thread.start()

    def close(self) -> None:
        """Stop, and anchor once more; closing twice does nothing."""
        if self._end.is_set() or not self._seconds:
            return
        self._end.set()
        self._thread.join()
        self._anchor()

    def _keep(self) -> None:
        while not self._end.wait(self._seconds):
            self._anchor()

    def _anchor(self) -> None:
        try:
            made = self._store.anchor()
        except StoreError as error:
            self.failure = str(error)
            _log.warning("The record could not be anchored (%s)", error)
        else:
            self.failure = "" if made is None else made.remark
