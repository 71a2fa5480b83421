"""The locks: every package with its version and the hashes of its files, direct and transitive.

`make requirements` writes them after the requirements files, with uv, from whatever index the machine asks;
they name none. All are worked out at once, so that no two of them hold one package in two versions.
"""

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.requirements import REPOSITORY, project

UV = REPOSITORY / ".venv" / "supply" / "bin" / "uv"
HEAD = "# {what}, with hashes; written by `make requirements`.\n"
RUN, CARDS, TESTS, SUPPLY = (
    "requirements.lock",
    "requirements-cards.lock",
    "tests/requirements.lock",
    "tests/supply.lock",
)
WHAT = {
    RUN: "All that the app and the package need",
    CARDS: "What torch needs beside it where it was built for graphics cards, as PyPI's is for Linux",
    TESTS: "What tests and checks need beside it",
    SUPPLY: "What `make requirements` and `make audit` need, in an environment of their own",
}
OF_CARDS = re.compile(r"(nvidia|cuda)-.*|triton")
# PyTorch's own index has files that PyPI has not: the build for the processor alone.
MORE_FILES = {
    "torch==2.13.0": ("sha256:6746dbcbeb526eb61330b76b41ff1b4eb848951103a892eeb080dfa2b264667b",),
}


@dataclass(frozen=True)
class Package:
    """One package of a lock: its name as PyPI writes it in addresses, its version, its files' hashes."""

    name: str
    version: str
    hashes: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.hashes:
            raise ValueError(f"{self.name}: a package of a lock needs the hashes of its files.")

    @property
    def pin(self) -> str:
        """Name and version."""
        return f"{self.name}=={self.version}"

    def text(self) -> str:
        """Return its lines in a lock."""
        lines = (f"    --hash={one}" for one in sorted({*self.hashes, *MORE_FILES.get(self.pin, ())}))
        return " \\\n".join([self.pin, *lines]) + "\n"


def normal(name: str) -> str:
    """Return the name of a package as addresses have it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def read(text: str) -> list[Package]:
    """Return the packages of a lock; raises `ValueError` where a line is not of one."""
    found = []
    for entry in re.sub(r"\\\n", " ", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE)).splitlines():
        named = re.fullmatch(r"([a-z0-9-]+)==([^\s;]+)((?:\s+--hash=sha256:[0-9a-f]{64})+)", entry.strip())
        if named is None:
            raise ValueError(f"A lock holds a line that is no package with hashes: {entry[:80]}")
        name, version, hashes = named.groups()
        found.append(Package(name, version, tuple(one.removeprefix("--hash=") for one in hashes.split())))
    return found


def sources() -> dict[str, list[str]]:
    """Return the pins that lead to each lock, apart from that of graphics cards."""
    whole = project()
    groups, extras = whole["dependency-groups"], whole["project"]["optional-dependencies"]
    return {
        RUN: whole["project"]["dependencies"] + extras["desk"],
        TESTS: groups["tests"] + extras["postgres"] + extras["gguf"],
        SUPPLY: groups["supply"],
    }


def files() -> dict[str, str]:
    """Return the text of each lock by its path; asks an index for what there is."""
    pins = sources()
    run = {one.pin: one for one in _resolve(pins[RUN] + pins[TESTS])}
    needed = {one.pin for one in _resolve(pins[RUN], constraints=list(run))}
    held = {
        RUN: [one for pin, one in run.items() if pin in needed and not OF_CARDS.fullmatch(one.name)],
        CARDS: [one for pin, one in run.items() if pin in needed and OF_CARDS.fullmatch(one.name)],
        TESTS: [one for pin, one in run.items() if pin not in needed],
        SUPPLY: _resolve(pins[SUPPLY]),
    }
    return {
        path: HEAD.format(what=WHAT[path]) + "".join(one.text() for one in packages)
        for path, packages in held.items()
    }


def _resolve(pins: list[str], constraints: list[str] | None = None) -> list[Package]:
    """Return all packages that pins lead to on Linux with the Python that the project begins at."""
    python = project()["project"]["requires-python"].removeprefix(">=")
    folder = UV.parent
    limits = folder / "constraints.txt"
    limits.write_text("\n".join(constraints or ()), "utf-8")
    done = subprocess.run(
        [
            *(UV, "pip", "compile", "-", "--generate-hashes", "--no-header", "--no-annotate", "--quiet"),
            *("--python-version", python, "--python-platform", "x86_64-manylinux_2_28"),
            *("--constraints", limits),
        ],
        input="\n".join(pins),
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,  # no pyproject.toml of ours is read beside the pins
    )
    if done.returncode:
        raise SystemExit(f"The locks cannot be written: {done.stderr.strip()}")
    return read(done.stdout)


def write(folder: Path = REPOSITORY) -> None:
    """Write the locks, all or none."""
    if not UV.exists():
        raise SystemExit("The locks need uv, which `make requirements` brings.")
    for path, text in files().items():
        (folder / path).write_text(text, "utf-8")
