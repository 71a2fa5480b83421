"""The printout: a page of HTML made from a template that lies in the package."""

from collections.abc import Callable

from jinja2 import Environment, PackageLoader, StrictUndefined, Template


def template(name: str, **filters: Callable[..., object]) -> Template:
    """Return a template by its file's name; values are escaped, and one that is missing is an error."""
    made = Environment(
        loader=PackageLoader("finrec_core.views"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(filters)
    return made.get_template(name)
