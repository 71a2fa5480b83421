"""The switch: whether the desk's own server serves this process; app.py shows nothing where it is off.

Only `pages.frame.server` turns it on, and what runs the desk without any server, as tests do.
"""

SENTENCE = (
    "finrec is opened by `make run` or `python -m pages.frame.server`, which guard what it shows; "
    "it was started another way and stops here."
)
_turned = {"on": False}


def turn_on() -> None:
    """Let app.py show the desk in this process."""
    _turned["on"] = True


def is_on() -> bool:
    """Return whether app.py may show the desk."""
    return _turned["on"]
