"""The precedent: what the analyst said of files once, kept with their dataset and used for the next ones."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from finrec_core.intake.encoding import UTF8, is_unicode, marked
from finrec_core.intake.error import ColumnUse, IntakeError
from finrec_core.intake.form import FormChoice, find_form
from finrec_core.intake.question import Question, Questions, anywhere
from finrec_core.intake.textfile import TextFile

FILES, DAY_FIRST = "files", "day_first"  # beside the answers, whose ids hold a colon
FORM = "form"  # of a file: how it was said to be written
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


def kept_forms(
    texts: Sequence[TextFile], kept: Mapping[str, Any], forms: Mapping[str, FormChoice]
) -> dict[str, FormChoice]:
    """Return `forms` with how earlier files were said to be written, for files that have their columns then.

    An encoding counts again for a file that is no UTF-8 alone; of several earlier files the newest goes
    first.
    """
    told = [one for one in reversed(kept.get(FILES, ())) if one.get(FORM)]
    found: dict[str, FormChoice] = {}
    for text in texts if told else ():
        if text.name in forms:
            continue
        encoded = any("encoding" in one[FORM] for one in told) and not is_unicode(text.stream)
        for one in told:
            choice = FormChoice(**one[FORM])
            if text.delimiter is not None:  # a sheet or the like, of which the rest is known
                choice = FormChoice(header=choice.header, header_line=choice.header_line)
            elif not encoded:
                choice = replace(choice, encoding=None)
            names = _names(text, choice) if choice != FormChoice() else set()
            if names and one["uses"].keys() <= names and _likeness(names, one) >= LIKE:
                found[text.name] = choice
                break
    return {**found, **forms}


def _names(text: TextFile, choice: FormChoice) -> set[str]:
    """Return the columns of a file that is written so, none where it cannot be."""
    if text.delimiter is not None:
        choice = replace(choice, encoding=UTF8, delimiter=text.delimiter)
    try:
        return set(find_form(replace(text, encoding=choice.encoding or marked(text.stream)), choice).names)
    except IntakeError:
        return set()


def precedent(
    questions: Questions,
    columns: Sequence[ColumnUse],
    *,
    mapping: Mapping[str, str],
    kinds: Mapping[str, str],
    forms: Mapping[str, FormChoice] | None = None,
    day_first: bool | None,
) -> dict[str, Any]:
    """Return what to keep with the dataset: plain values, as `read_files` takes them as `kept`.

    Answers stand by their question's id, as they were taken; beside them `files`, with the columns of each
    file that the analyst said something of and what was said, how it is written included, and `day_first`.
    What was kept earlier stays, unless it is said anew.
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
        form = asdict((forms or {}).get(file, FormChoice()))
        form = {key: one for key, one in form.items() if one is not None}
        if uses or file in kinds or form:
            entry = {"columns": sorted(names), "table": kinds.get(file), "uses": uses}
            same = [one for one in files if set(one["columns"]) == names]
            for one in same:
                form = {**one.get(FORM, {}), **form}
            entry |= {FORM: form} if form else {}
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
