import pytest
from jinja2 import TemplateNotFound, UndefinedError

from finrec_core.views.printout import template


def test_a_value_that_is_missing_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        template("record.html.j2", short=str).render()


def test_values_are_escaped_behind_filters_too() -> None:
    shouting = template("record.html.j2", short=str.upper).environment.from_string("{{ name|short }}")
    assert shouting.render(name="<b>") == "&lt;B&gt;"


def test_only_templates_of_the_package_are_found() -> None:
    with pytest.raises(TemplateNotFound):
        template("../printout.py")
