"""The printout: a template of the package filled into HTML that prints and holds no script."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from finrec_core.terms import wording

Filters = Mapping[str, Callable[..., Any]]
NO_FILTERS: Filters = MappingProxyType({})


def template(name: str, filters: Filters = NO_FILTERS) -> Template:
    """Return a template by its file's name, with the filters of the house and its own."""
    made = Environment(
        loader=PackageLoader("finrec_core.views"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(
        short=lambda text, longest=60: wording.name(text, longest=longest),
        plain=lambda value, decimals=0: (
            wording.NONE if value is None else wording.plain(float(value), decimals)
        ),
        percent=lambda share, decimals=0: (
            wording.NONE if share is None else wording.percent(float(share), decimals)
        ),
        signed=wording.signed,
        duration=wording.duration,
        **filters,
    )
    return made.get_template(name)


def filled(name: str, filters: Filters = NO_FILTERS, /, **values: object) -> str:
    """Return a template filled with values, all of them escaped; a value that is missing is an error."""
    return template(name, filters).render(**values)
