from collections import Counter

import pytest

from tests import lock
from tests.conftest import REPOSITORY
from tests.lock import CARDS, RUN, SUPPLY, TESTS, Package

LOCKS = (RUN, CARDS, TESTS, SUPPLY)
SHA = "sha256:" + 64 * "a"


def held(path: str) -> list[Package]:
    return lock.read((REPOSITORY / path).read_text("utf-8"))


@pytest.mark.parametrize("path", LOCKS)
def test_a_lock_is_packages_with_hashes_and_names_no_index(path: str) -> None:
    text = (REPOSITORY / path).read_text("utf-8")
    packages = lock.read(text)  # raises on any other line
    assert text == lock.HEAD.format(what=lock.WHAT[path]) + "".join(one.text() for one in packages)
    assert "://" not in text
    assert "--index" not in text


@pytest.mark.parametrize("path", [RUN, TESTS, SUPPLY])
def test_a_lock_holds_what_pyproject_pins(path: str) -> None:
    pinned = {pin.partition("==")[::2] for pin in lock.sources()[path]}
    below = [RUN] if path == TESTS else []  # where the desk needs it too
    held_here = {(one.name, one.version) for place in (path, *below) for one in held(place)}
    assert {(lock.normal(name), number) for name, number in pinned} <= held_here, "`make requirements`"


def test_the_locks_of_one_environment_hold_each_package_once() -> None:
    names = Counter(one.name for path in (RUN, CARDS, TESTS) for one in held(path))
    assert [name for name, times in names.items() if times > 1] == []
    assert all(lock.OF_CARDS.fullmatch(one.name) for one in held(CARDS))
    assert not any(lock.OF_CARDS.fullmatch(one.name) for path in (RUN, TESTS) for one in held(path))


def test_the_lock_knows_each_build_of_torch() -> None:
    (torch,) = (one for one in held(RUN) if one.name == "torch")
    (more,) = lock.MORE_FILES.items()
    assert more[0] == torch.pin, "another torch: name the hash of its build for the processor alone"
    assert set(more[1]) < set(torch.hashes)


def test_all_that_is_installed_here_and_needed_is_locked() -> None:
    """Each requirement of a locked package that applies on this machine is locked too."""
    from importlib.metadata import PackageNotFoundError, requires

    from packaging.requirements import Requirement

    locked = {one.name: one.version for path in (RUN, CARDS, TESTS) for one in held(path)}
    for name in locked:
        try:
            needs = [Requirement(text) for text in requires(name) or ()]
        except PackageNotFoundError:  # of graphics cards
            continue
        for need in needs:
            if need.marker is None or need.marker.evaluate({"extra": ""}):
                found = locked.get(lock.normal(need.name))
                assert found is not None, f"{name} needs {need}"
                assert need.specifier.contains(found, prereleases=True), f"{name} needs {need}"


@pytest.mark.parametrize(
    "line",
    [
        "numpy",
        "numpy==2.4.6",
        f"numpy>=2 --hash={SHA}",
        "numpy==2.4.6 --hash=md5:00",
        "--index-url https://x",
        f"-e . --hash={SHA}",
    ],
)
def test_a_line_without_version_and_hash_is_refused(line: str) -> None:
    assert lock.read(f"# head\nnumpy==2.4.6 \\\n    --hash={SHA}\n") == [Package("numpy", "2.4.6", (SHA,))]
    with pytest.raises(ValueError, match="no package with hashes"):
        lock.read(f"{line}\n")


def test_make_installs_from_locks_alone() -> None:
    makefile = (REPOSITORY / "Makefile").read_text("utf-8")
    assert "LOCKED := pip install" in makefile
    for option in ("--no-deps", "--require-hashes", "--only-binary :all:"):
        assert option in makefile
    assert [line for line in makefile.splitlines() if "pip install" in line] == [
        line for line in makefile.splitlines() if line.startswith("LOCKED := ")
    ]
    for path in LOCKS:
        assert f"-r {path}" in makefile
