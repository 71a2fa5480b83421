"""A template is filled strictly: what is missing is an error, and no value is read as markup."""

import pytest
from jinja2 import TemplateNotFound, UndefinedError

from finrec_core.views.printout import filled, template

TEXT = """{% if name %}
{{ name | short(9) }} {{ cost | plain(1) }} {{ share | percent }} {{ name | loud }}
{% endif %}"""


def text(**values: object) -> str:
    """Return `TEXT` filled as a template of the package would be."""
    environment = template("record.html.j2", {"loud": str.upper, "amount": str}).environment
    return environment.from_string(TEXT).render(**values)


def test_values_are_escaped_and_written_in_the_style_of_the_house() -> None:
    assert text(name="<b>", cost=1234.55, share=None) == "&lt;b&gt; 1,234.6 – &lt;B&gt;\n"


def test_a_value_that_is_missing_is_an_error() -> None:
    with pytest.raises(UndefinedError, match="cost"):
        text(name="x", share=0.5)
    with pytest.raises(UndefinedError):
        filled("record.html.j2", {"amount": str})


def test_only_templates_of_the_package_are_found() -> None:
    with pytest.raises(TemplateNotFound):
        template("../printout.py")
