"""The log: no text from data stands in it, whoever logs and however."""

import json
import logging
import sys
import warnings
from collections.abc import Iterator
from io import StringIO

import pytest
from streamlit import logger as streamlits

from pages.frame import log

NAME = "Marta"
CANARY = f'{NAME} <b>"Lindqvist\u202e"\n{{"level": "forged"}}'


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[StringIO]:
    """Return what is logged, all loggers as the server sets them; they are as they were after that."""
    out, root = StringIO(), logging.getLogger()
    handlers, level = root.handlers[:], root.level
    monkeypatch.setattr(sys, "stderr", out)
    monkeypatch.setattr(sys, "excepthook", sys.__excepthook__)
    monkeypatch.setattr(log.threading, "excepthook", log.threading.__excepthook__)
    setup = streamlits.setup_formatter
    log.write_json()
    yield out
    logging.captureWarnings(False)
    streamlits.setup_formatter = setup
    streamlits.update_formatter()
    for one in streamlits._loggers.values():
        one.propagate = False
    root.handlers[:], root.level = handlers, level


def lines(out: StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in out.getvalue().splitlines()]


def failing() -> None:
    try:
        _ = {}[CANARY]
    except KeyError as error:
        raise ValueError(f"no client {CANARY}") from error


def test_no_text_from_data_is_written(written: StringIO) -> None:
    finrec, streamlit = logging.getLogger("finrec.desk"), streamlits.get_logger("streamlit.some.new.place")
    for logger in (finrec, streamlit, logging.getLogger("duckdb"), logging.getLogger()):
        logger.error(CANARY)
        logger.error(f"client {CANARY}")
        logger.error("client %s", CANARY)
        logger.error("client %(name)s", {"name": CANARY})
        try:
            failing()
        except ValueError as error:
            logger.exception("It failed.")
            logger.exception(error)  # noqa: TRY401 - as careless code does
            log.failure(error)
            log.sys.excepthook(type(error), error, error.__traceback__)
    warnings.warn(CANARY, stacklevel=1)
    assert "Marta" not in written.getvalue()
    assert "forged" not in written.getvalue()
    found = lines(written)
    assert len(found) == 4 * 8 + 1
    assert {line["level"] for line in found} == {"error", "critical", "warning"}


def test_a_line_says_what_happened_and_where(written: StringIO) -> None:
    logging.getLogger("finrec.desk").info(
        "A step was taken.", extra={"facts": {"page": "Today", "seconds": 0.5}}
    )
    try:
        failing()
    except ValueError as error:
        log.failure(error)
    step, failed = lines(written)
    assert step["message"] == "A step was taken."
    assert (step["page"], step["seconds"], step["level"]) == ("Today", 0.5, "info")
    assert str(step["place"]).startswith("test_log.py:")
    assert failed["failure"] == "ValueError"
    assert any("failing" in place for place in failed["passed"])  # type: ignore[attr-defined]


def test_the_end_of_a_thread_is_told_as_a_page_that_failed(written: StringIO) -> None:
    thread = log.threading.Thread(target=failing)
    thread.start()
    thread.join()
    (line,) = lines(written)
    assert (line["level"], line["failure"]) == ("critical", "ValueError")
    assert "Marta" not in written.getvalue()


def test_what_is_put_into_a_message_is_no_constant() -> None:
    assert "It failed." in log.constants(__file__)
    assert not any("Marta" in text and "no client" in text for text in log.constants(__file__))
    assert log.constants("/nowhere.py") == frozenset()
