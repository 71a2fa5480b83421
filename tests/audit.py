"""The audit: known vulnerabilities, licences, and a bill of materials of what the desk runs on.

`make audit` asks the package index about each version that the locks name. It ends with status 1 where
something was found, and with status 3 and one sentence where the index could not be asked.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping
from typing import Any

from tests import lock
from tests.requirements import REPOSITORY

TOOLS = REPOSITORY / ".venv" / "supply" / "bin"
BILL = REPOSITORY / "build" / "finrec.cdx.json"
FOUND, UNASKED = 1, 3
# Licences that ask for no more than their text beside a copy; MPL holds for its own files alone.
FREE = {
    *("MIT", "MIT-0", "MIT-CMU", "ISC", "0BSD", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "BSL-1.0"),
    *("PSF-2.0", "Python-2.0", "CNRI-Python", "Zlib", "CC0-1.0", "MPL-2.0", "LLVM-exception", "BSD License"),
    *("Apache Software License", "MIT License", "Mozilla Public License 2.0 (MPL 2.0)"),
    *("Python Software Foundation License", "ISC License (ISCL)", "DFSG approved"),
}
# Packages that name none where tools look; read from the files that they bring.
READ = {
    "asttokens": "Apache-2.0",
    "protobuf": "BSD-3-Clause",
    "pydeck": "Apache-2.0",
    "pyvis": "BSD-3-Clause",
    "transformers": "Apache-2.0",
}


class UnaskedError(RuntimeError):
    """The index could not be asked; the message is one sentence."""


def vulnerable(answer: str, said: str, packages: Iterable[lock.Package]) -> list[str]:
    """Return what pip-audit found, one line for each; raises `UnaskedError` unless it asked about all."""
    try:
        rows = {lock.normal(row["name"]): row for row in json.loads(answer)["dependencies"]}
    except (ValueError, KeyError, TypeError) as error:
        last = said.strip().rpartition("\n")[2]
        raise UnaskedError(
            f"The package index could not be asked for known vulnerabilities ({last})."
        ) from error
    # Where the index answers nothing about a package, pip-audit leaves it out and says that all is well.
    unasked = [one.pin for one in packages if "vulns" not in rows.get(one.name, {})]
    if unasked:
        raise UnaskedError(
            f"The package index told nothing about {len(unasked)} of the packages ({unasked[0]} is one), "
            "so nothing is known about their vulnerabilities: ask again from a machine that reaches it."
        )
    return [
        f"{row['name']} {row['version']}: {one['id']}, mended in {', '.join(one['fix_versions']) or 'none'}"
        for row in rows.values()
        for one in row["vulns"]
    ]


def bill(whole: Mapping[str, Any], packages: Iterable[lock.Package]) -> dict[str, Any]:
    """Return the part of an environment's bill of materials that speaks of these packages.

    Raises `ValueError` where one of them is missing from it, or there in another version.
    """
    wanted = {one.name: one.version for one in packages}
    kept = [one for one in whole["components"] if lock.normal(one["name"]) in wanted]
    held = {lock.normal(one["name"]): one["version"].partition("+")[0] for one in kept}
    if held != wanted:
        odd = sorted(name for name in wanted if held.get(name) != wanted[name])
        raise ValueError(f"The environment is not what requirements.lock says: {', '.join(odd)}.")
    kept_refs = {one["bom-ref"] for one in kept} | {whole["metadata"]["component"]["bom-ref"]}
    chain = [
        row | {"dependsOn": [ref for ref in row.get("dependsOn", ()) if ref in kept_refs]}
        for row in whole.get("dependencies", ())
        if row["ref"] in kept_refs
    ]
    return {**whole, "components": kept, "dependencies": chain}


def unfree(held: Mapping[str, Any]) -> list[str]:
    """Return the packages of a bill whose licences ask for more than `FREE` ones do, or that name none."""
    found = []
    for one in held["components"]:
        name = lock.normal(one["name"])
        named = [
            row.get("expression") or row["license"].get("id") or row["license"]["name"]
            for row in one.get("licenses", ())
        ] or [READ.get(name, "")]
        parts = {part for text in named for part in _parts(text)}
        if not parts <= FREE:
            found.append(f"{name} {one['version']}: {', '.join(sorted(parts - FREE)) or 'no licence named'}")
    return found


def _parts(text: str) -> list[str]:
    """Return the licences that an expression or a classifier names."""
    if " :: " in text:
        return [text.rpartition(" :: ")[2]]
    return [part.strip("() ") for part in re.split(r" AND | OR | WITH ", text)]


def called(*command: object) -> "subprocess.CompletedProcess[str]":
    """Run one of the tools and return what it said."""
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> int:
    """Write the bill, look at licences, ask for vulnerabilities, and return the exit status."""
    packages = lock.read((REPOSITORY / lock.RUN).read_text("utf-8"))
    BILL.parent.mkdir(exist_ok=True)
    made = called(TOOLS / "cyclonedx-py", "environment", sys.executable, "--of", "JSON",
                  "--output-reproducible", "--pyproject", REPOSITORY / "pyproject.toml")  # fmt: skip
    held = bill(json.loads(made.stdout), packages)
    BILL.write_text(json.dumps(held, indent=1), "utf-8")
    held_in = BILL.relative_to(REPOSITORY)
    count, form = len(held["components"]), held["specVersion"]
    _say(f"{count} packages: {held_in} (CycloneDX {form}).")
    found = unfree(held)
    for line in found:
        _say(f"Licence: {line}")
    try:
        for path in (lock.RUN, lock.CARDS, lock.TESTS, lock.SUPPLY):
            asked = called(TOOLS / "pip-audit", "-r", REPOSITORY / path, "--require-hashes", "--disable-pip",
                           "--progress-spinner", "off", "--format", "json")  # fmt: skip
            named = lock.read((REPOSITORY / path).read_text("utf-8"))
            for line in vulnerable(asked.stdout, asked.stderr, named):
                found.append(line)
                _say(f"Vulnerable: {line}")
    except UnaskedError as error:
        sys.stderr.write(f"{error}\n")
        return UNASKED
    return FOUND if found else 0


if __name__ == "__main__":
    sys.exit(main())
