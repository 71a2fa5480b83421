"""The command line package: every command, what it prints, and its exit code."""

from finrec_core.cli.application import main

__all__ = ["main"]
