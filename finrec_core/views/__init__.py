"""The views package: values in, figures, HTML and tables out, each with an alternative in words.

Each module is one view and hands out its own names: `from finrec_core.views import bars` and then
`bars.bars(...)`, `bars.alternative(...)`. Pages draw what they get and decide nothing about it.
"""
