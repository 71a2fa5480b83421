import gc
import time
import tomllib
import weakref
from collections.abc import Callable
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from streamlit.runtime.memory_session_storage import MemorySessionStorage

from pages.frame import slack
from tests.conftest import REPOSITORY


def test_sessions_that_have_left_for_good_are_let_go_without_another_that_leaves(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept = MemorySessionStorage(ttl_seconds=0)
    kept.save(SimpleNamespace(session=SimpleNamespace(id="one")))

    def soon(call: Callable[[], object]) -> None:
        call()

    loop = SimpleNamespace(call_soon_threadsafe=soon)
    desk = SimpleNamespace(
        _session_mgr=SimpleNamespace(_session_storage=kept),
        _get_async_objs=lambda: SimpleNamespace(eventloop=loop),
    )
    monkeypatch.setattr(slack.runtime, "exists", lambda: True)
    monkeypatch.setattr(slack.runtime, "get_instance", lambda: desk)
    held = kept._cache._data  # what is there, expired or not
    time.sleep(0.01)
    assert list(held) == ["one"]
    slack.forget_left()
    assert list(held) == []


def test_free_memory_is_given_back_on_any_system() -> None:
    slack.give_back()


def test_an_address_that_is_a_whole_picture_is_let_go() -> None:
    urlsplit("data:text/html;base64," + "A" * 10_000)
    assert urlsplit.cache_info().currsize > 0
    slack.give_back()
    assert urlsplit.cache_info().currsize == 0


def test_no_click_waits_for_a_collection_of_the_whole_process() -> None:
    asked = tomllib.loads((REPOSITORY / ".streamlit" / "config.toml").read_text("utf-8"))
    assert asked["runner"]["postScriptGC"] is False


def test_what_goes_in_circles_is_collected_when_memory_is_given_back() -> None:
    class Held:
        pass

    one, gone = Held(), []
    one.itself = one
    weakref.finalize(one, gone.append, True)
    gc.disable()
    try:
        del one
        assert gone == []
        slack.give_back()
    finally:
        gc.enable()
    assert gone == [True]
