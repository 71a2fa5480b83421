"""The demo bank of the tests, made once: the one whose files lie in data/demo."""

from functools import cache

from finrec_core.demo.bank import DemoBank, demo_bank


@cache
def bank() -> DemoBank:
    return demo_bank()
