"""The log: one JSON object a line, in which no text from data can stand.

A message is written only where it stands in the source code as it is, so nothing that was put into it is
written. Of a failure its kind and the places it passed are written, never what it said. Figures of an
event come under `facts`, and are numbers or words of the desk's own.
"""

import ast
import json
import logging
import sys
import threading
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Any

from streamlit import logger as streamlits

from finrec_core.settings import settings

_log = logging.getLogger("finrec.desk")


class Lines(logging.Formatter):
    """Writes a record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line: time, level, logger, place, what the code says, facts and failure."""
        message = str(record.msg)
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "place": f"{Path(record.pathname).name}:{record.lineno}",
        }
        if message in constants(record.pathname):
            line["message"] = message
        line |= getattr(record, "facts", {})
        if record.exc_info and record.exc_info[0] is not None:
            line |= told(record.exc_info[1])
        return json.dumps(line)


@lru_cache(maxsize=256)
def constants(file: str) -> frozenset[str]:
    """Return the texts that stand in a Python file, none where it cannot be read."""
    try:
        tree = ast.parse(Path(file).read_text("utf-8"))
    except (OSError, ValueError, SyntaxError):
        return frozenset()
    texts = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return frozenset(text for text in texts if isinstance(text, str))


def told(error: BaseException | None) -> Mapping[str, Any]:
    """Return the kind of a failure and the places it passed, without what it says."""
    if error is None:
        return {}
    places = [
        f"{Path(frame.filename).name}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
    ]
    return {"failure": type(error).__name__, "passed": places[-30:]}


def write_json() -> None:
    """Write all that is logged in this process as JSON to standard error, from now on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings().log_level.upper())
    logging.captureWarnings(True)
    # Streamlit gives each of its loggers a handler of its own.
    streamlits.setup_formatter = _plain
    streamlits.update_formatter()
    sys.excepthook = _ended
    threading.excepthook = lambda failed: _ended(failed.exc_type, failed.exc_value, failed.exc_traceback)


def failure(error: Exception) -> None:
    """Log a page that failed; the page itself says that something went wrong."""
    _log.error("A page failed.", extra={"facts": told(error)})


def _plain(logger: logging.Logger) -> None:
    logger.handlers[:] = []
    logger.propagate = True


def _ended(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    _log.critical("The desk failed.", exc_info=(kind, error or kind(), trace))
