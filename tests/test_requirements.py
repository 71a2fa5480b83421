import pytest

from tests.conftest import REPOSITORY
from tests.requirements import files, project
from tests.test_docs import imported, normal


@pytest.mark.parametrize("path", files())
def test_a_requirements_file_is_what_pyproject_says(path: str) -> None:
    assert (REPOSITORY / path).read_text("utf-8") == files()[path], "`make requirements` writes it anew"


def test_the_package_alone_needs_no_extra() -> None:
    needed = {normal(pin.partition("==")[0]) for pin in project()["project"]["dependencies"]}
    extra = {
        normal(pin.partition("==")[0]) for pin in project()["project"]["optional-dependencies"]["postgres"]
    }
    assert imported(("finrec_core/",)) - extra <= needed
    assert needed.isdisjoint(extra)
    assert "streamlit" not in needed
