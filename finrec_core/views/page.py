"""The page: a template filled into HTML that prints, opens without network and holds no script."""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from finrec_core.explain import wording

TEMPLATES = Path(__file__).parents[2] / "assets" / "templates"
Filters = Mapping[str, Callable[..., Any]]


def filled(template: str, filters: Filters = MappingProxyType({}), /, **values: object) -> str:
    """Return a template filled with values, all of them escaped; a value that is missing is an error.

    Templates write numbers and names by the filters of the house and by those of their own.
    """
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(
        short=lambda text, longest=60: wording.name(text, longest=longest),
        plain=lambda value, decimals=0: wording.NONE if value is None else wording.plain(value, decimals),
        percent=lambda share, decimals=0: wording.NONE if share is None else wording.percent(share, decimals),
        signed=wording.signed,
        duration=wording.duration,
        **filters,
    )
    return made.get_template(template).render(**values)
