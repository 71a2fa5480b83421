"""The edge: where all that the pages write leaves for the browser, and hostile text ends where a page forgot.

A page escapes what it shows (`finrec_core/views/markdown.py`), and a test looks at every page for what it did
not. What it forgot still meets this one place: Streamlit hands each element of every page to its run's
`enqueue`. No Markdown of the desk has an image, a link or an address, so none gets through; nothing turns the
writing direction of what stands beside it.
"""

import re
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext

JOINER = "\u2060"  # has no width; parts what is read as a link, as in finrec_core/views/markdown.py
# Fields of Streamlit's elements that it reads as Markdown. What a choice is called comes back as its value,
# so `options` cannot be changed here: pages escape them, and a test sees that they do.
MARKDOWN = frozenset({"body", "label", "help", "text", "title", "captions", "delta"})
CHOICES = frozenset({"options", "content"})
HTML = frozenset({"Html", "IFrame"})  # made by the views, who escape; the browser loads nothing for them
_LEADS = re.compile(
    r"\](?=\()"  # [link](target) and ![image](source)
    r"|^\s*\[[^\]]*\](?=:)"  # [name]: target
    r"|<(?=[a-z][a-z0-9+.-]*:(?!\u2060))"  # <scheme:target>
    r"|(?:https?|ftp):(?=/)|\bwww(?=\.\w)|@(?=[\w-]+\.\w)",
    re.IGNORECASE | re.MULTILINE,
)
_TURNS = re.compile("[\u200e\u200f\u202a-\u202e]")
_ANCHOR = re.compile(r"(?:<|\\u003c)(?=\s*/?\s*a[\s>\\])", re.IGNORECASE)  # plotly's one way out
_ISOLATES, _END = "\u2066\u2067\u2068", "\u2069"


def tamed(text: str) -> str:
    """Return Markdown in which no image, link or address is left, and no mark that turns what follows."""
    return _closed(_TURNS.sub("", _LEADS.sub(lambda found: f"{found[0]}{JOINER}", text)))


def _closed(text: str) -> str:
    """Return a text in which every isolation ends, so that it cannot take in what stands behind it."""
    depth, found = 0, []
    for sign in text:
        depth += (sign in _ISOLATES) - (sign == _END and depth > 0)
        if sign != _END or depth >= 0:
            found.append(sign)
    return "".join(found) + _END * depth


def guard() -> None:
    """Let every element of every page pass here on its way; called by the frame of the desk, in each run."""
    if not hasattr(ScriptRunContext.enqueue, "__wrapped__"):
        ScriptRunContext.enqueue = _guarded(ScriptRunContext.enqueue)  # type: ignore[method-assign, assignment]


def _guarded(enqueue: Callable[[Any, ForwardMsg], None]) -> Callable[[Any, ForwardMsg], None]:
    @wraps(enqueue)
    def through(context: ScriptRunContext, message: ForwardMsg) -> None:
        if message.WhichOneof("type") == "delta":
            for owner, name, text in texts(message.delta):
                if name == "spec":
                    _put(owner, name, text, _ANCHOR.sub("&lt;", text))
                elif name in MARKDOWN:
                    _put(owner, name, text, tamed(text))
        enqueue(context, message)

    return through


def texts(message: Any) -> Iterator[tuple[Any, str, str]]:  # noqa: ANN401 - a message of protobuf
    """Yield the texts of an element or block and of what it holds, each with its owner and its field."""
    if message.DESCRIPTOR.name in HTML:
        return
    for field, value in message.ListFields():
        several = value if field.is_repeated else [value]
        if field.type == field.TYPE_STRING:
            for one in several:
                yield message, field.name, one
        elif field.type == field.TYPE_MESSAGE and not field.message_type.GetOptions().map_entry:
            for one in several:
                yield from texts(one)


def _put(owner: Any, name: str, text: str, safe: str) -> None:  # noqa: ANN401 - as above
    if safe == text:
        return
    held = getattr(owner, name)
    if isinstance(held, str):
        setattr(owner, name, safe)
    else:
        held[:] = [safe if one == text else one for one in held]
