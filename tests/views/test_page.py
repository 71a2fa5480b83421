"""A template is filled strictly: what is missing is an error, and no value is read as markup."""

from pathlib import Path

import pytest
from jinja2 import UndefinedError

from finrec_core.views import page


@pytest.fixture(autouse=True)
def _templates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "TEMPLATES", tmp_path)
    (tmp_path / "a.html.j2").write_text(
        "{% if name %}\n{{ name | short(9) }} {{ cost | plain(1) }} {{ share | percent }} {{ name | loud }}"
        "{{ more }}\n{% endif %}"
    )


def test_values_are_escaped_and_written_in_the_style_of_the_house() -> None:
    filled = page.filled("a.html.j2", {"loud": str.upper}, name="<b>", cost=1234.55, share=None, more="")
    assert filled == "&lt;b&gt; 1,234.6 – &lt;B&gt;\n"


def test_a_value_that_is_missing_is_an_error() -> None:
    with pytest.raises(UndefinedError, match="more"):
        page.filled("a.html.j2", {"loud": str.upper}, name="x", cost=1.0, share=0.5)
