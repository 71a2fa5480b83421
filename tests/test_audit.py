import json
from typing import Any

import pytest

from tests import audit
from tests.audit import UnaskedError
from tests.lock import Package

PACKAGES = [Package(name, "1.0", ("sha256:0",)) for name in ("one-thing", "other")]


def answer(*rows: dict[str, Any]) -> str:
    return json.dumps({"dependencies": list(rows)})


def row(name: str, *found: str) -> dict[str, Any]:
    return {"name": name, "version": "1.0", "vulns": [{"id": key, "fix_versions": ["1.1"]} for key in found]}


def test_what_is_vulnerable_is_named_with_what_mends_it() -> None:
    assert audit.vulnerable(answer(row("one_thing"), row("other", "CVE-1")), "", PACKAGES) == [
        "other 1.0: CVE-1, mended in 1.1"
    ]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("", "could not be asked"),
        (
            answer(row("one_thing"), {"name": "other", "skip_reason": "Dependency not found"}),
            "told nothing about 1",
        ),
        (answer(row("one_thing")), "other==1.0 is one"),
    ],
)
def test_an_index_that_tells_nothing_is_not_taken_for_good_news(said: str, why: str) -> None:
    with pytest.raises(UnaskedError, match=why):
        audit.vulnerable(said, "ConnectionError: no route", PACKAGES)


def whole(*names: str) -> dict[str, Any]:
    return {
        "metadata": {"component": {"bom-ref": "root"}},
        "components": [{"name": name, "version": "1.0+cpu", "bom-ref": name} for name in names],
        "dependencies": [{"ref": "root", "dependsOn": list(names)}, *({"ref": name} for name in names)],
    }


def test_the_bill_holds_what_the_desk_runs_on_and_nothing_else() -> None:
    held = audit.bill(whole("One_Thing", "other", "pytest"), PACKAGES)
    assert [one["name"] for one in held["components"]] == ["One_Thing", "other"]
    assert held["dependencies"][0] == {"ref": "root", "dependsOn": ["One_Thing", "other"]}
    assert [one["ref"] for one in held["dependencies"]] == ["root", "One_Thing", "other"]
    with pytest.raises(ValueError, match="other"):
        audit.bill(whole("One_Thing"), PACKAGES)


@pytest.mark.parametrize(
    ("name", "licence", "found"),
    [
        ("other", {"license": {"id": "MIT"}}, []),
        ("other", {"expression": "MPL-2.0 AND (Apache-2.0 OR MIT)"}, []),
        ("other", {"license": {"name": "License :: OSI Approved :: BSD License"}}, []),
        (
            "other",
            {"license": {"name": "License :: OSI Approved :: Mozilla Public License 2.0 (MPL 2.0)"}},
            [],
        ),
        ("pyvis", None, []),
        ("other", None, ["other 1.0: no licence named"]),
        ("other", {"license": {"id": "AGPL-3.0-only"}}, ["other 1.0: AGPL-3.0-only"]),
        ("other", {"expression": "MIT AND GPL-3.0-only"}, ["other 1.0: GPL-3.0-only"]),
    ],
)
def test_a_licence_that_asks_for_more_is_named(name: str, licence: Any, found: list[str]) -> None:
    part = {"name": name, "version": "1.0"} | ({"licenses": [licence]} if licence else {})
    assert audit.unfree({"components": [part]}) == found
