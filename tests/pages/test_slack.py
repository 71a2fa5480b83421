import time
from collections.abc import Callable
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from streamlit.runtime.memory_session_storage import MemorySessionStorage

from pages.frame import slack


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
