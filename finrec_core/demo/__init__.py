"""The demo package: an invented bank with planted tastes, whose right answers are known."""

from finrec_core.demo.bank import DemoBank, demo_bank

__all__ = ["DemoBank", "demo_bank"]
