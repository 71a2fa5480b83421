"""The precedent: what the analyst said of files once, kept with their dataset and used for the next ones."""

from collections.abc import Mapping, Sequence
from typing import Any

from finrec_core.intake.error import ColumnUse
from finrec_core.intake.question import Question, Questions, anywhere

FILES, DAY_FIRST = "files", "day_first"  # beside the answers, whose ids hold a colon
LIKE = 0.5  # share of all columns of two files that both have, from which they are of one kind


def kept_uses(
    columns: Sequence[ColumnUse],
    kept: Mapping[str, Any],
    mapping: Mapping[str, str],
    kinds: Mapping[str, str],
) -> tuple[dict[str, str], dict[str, str]]:
    """Return `mapping` and `kinds` with what was said earlier of files with the same columns.

    What is said now goes first. A file is like an earlier one if it has all columns that something was said
    of, and most of the others.
    """
    uses: dict[str, str] = {}
    tables: dict[str, str] = {}
    for file, names in _by_file(columns).items():
        like = [one for one in kept.get(FILES, ()) if one["uses"].keys() <= names]
        best = max(like, key=lambda one: _likeness(names, one), default=None)
        if best is None or _likeness(names, best) < LIKE:
            continue
        uses |= {f"{file}:{name}": use for name, use in best["uses"].items() if name not in mapping}
        if best["table"] is not None:
            tables[file] = best["table"]
    return {**uses, **mapping}, {**tables, **kinds}


def precedent(
    questions: Questions,
    columns: Sequence[ColumnUse],
    *,
    mapping: Mapping[str, str],
    kinds: Mapping[str, str],
    day_first: bool | None,
) -> dict[str, Any]:
    """Return what to keep with the dataset: plain values, as `read_files` takes them as `kept`.

    Answers stand by their question's id, as they were taken; beside them `files`, with the columns of each
    file that the analyst said something of and what was said, and `day_first`. What was kept earlier stays,
    unless it is said anew.
    """
    found, asked = dict(questions.kept), questions.asked
    for key, answer in questions.taken.items():
        if asked[key].once:
            continue
        if isinstance(answer, Mapping):
            told: Any = {**_others(asked[key], found), **answer}
        else:
            told = answer
        found = {old: one for old, one in found.items() if anywhere(old) != anywhere(key) or old in asked}
        found[key] = told
    files = list(found.get(FILES, ()))
    for file, names in _by_file(columns).items():
        told = {name: mapping.get(f"{file}:{name}", mapping.get(name)) for name in sorted(names)}
        uses = {name: use for name, use in told.items() if use is not None}
        if uses or file in kinds:
            entry = {"columns": sorted(names), "table": kinds.get(file), "uses": uses}
            files = [one for one in files if set(one["columns"]) != names] + [entry]
    if files:
        found[FILES] = files
    if day_first is not None:
        found[DAY_FIRST] = day_first
    return found


def _others(question: Question, kept: Mapping[str, Any]) -> dict[str, str]:
    """Return what was said earlier of values that the question does not have."""
    alike = [answer for key, answer in kept.items() if anywhere(key) == anywhere(question.id)]
    known = {value: one for said in alike if isinstance(said, Mapping) for value, one in said.items()}
    return {value: one for value, one in known.items() if value not in question.values}


def _by_file(columns: Sequence[ColumnUse]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for use in columns:
        found.setdefault(use.file, set()).add(use.column)
    return found


def _likeness(names: set[str], earlier: Mapping[str, Any]) -> float:
    """Return which share of the columns of either file both have."""
    return len(names & set(earlier["columns"])) / len(names | set(earlier["columns"]))
