"""The questions of an import: answered from a file, shown with the id to answer by, and settled or not."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from finrec_core.cli import core
from finrec_core.cli.terminal import CallerError, Terminal

PLACED = ("append", "replace", "standing")  # kinds that are asked of the store, not of the files
FORM = '{"id of a question": answer}'


def read_answers(file: Path | None) -> dict[str, Any]:
    """Return the answers of a file by their question's id; raises `CallerError` where it holds none."""
    if file is None:
        return {}
    try:
        answers = json.loads(file.read_bytes(), object_pairs_hook=_once)
    except OSError as error:
        raise CallerError(f"{file} cannot be read ({error.strerror}).") from error
    except json.JSONDecodeError as error:
        raise CallerError(f"{file}, line {error.lineno}: this is no JSON ({error.msg}).") from error
    except UnicodeDecodeError as error:
        raise CallerError(f"{file}: this is no JSON, which is written in UTF-8.") from error
    except RecursionError as error:
        raise CallerError(f"{file}: this is nested too deep; write {FORM}.") from error
    except TwiceError as error:
        raise CallerError(f'{file}: "{error}" stands twice; which answer counts?') from error
    if not isinstance(answers, dict):
        raise CallerError(f"{file}: write one JSON object, {FORM}.")
    return answers


class TwiceError(Exception):
    """A key of a JSON object stands twice."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    keys = [key for key, _ in pairs]
    if twice := next((key for key in keys if keys.count(key) > 1), None):
        raise TwiceError(twice)
    return dict(pairs)


def of_files(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answers to what files leave open."""
    return {key: answer for key, answer in answers.items() if key.partition(":")[0] not in PLACED}


def of_placement(
    placement: "core.Placement | None", answers: Mapping[str, Any], landing: "core.Landing | None" = None
) -> "core.Questions":
    """Ask whether an import may go where it would, and which rows count there.

    That is asked where it removes much, where it has nothing in common with what it is appended to, and where
    it contradicts that without a newer date.
    """
    asked = core.Questions({key: one for key, one in answers.items() if key.partition(":")[0] in PLACED})
    if placement is not None and placement.version is not None:
        label, doubt = placement.version.label, ""
        if placement.kind == "replace" and placement.removes_much:
            doubt = f"{placement.sentence} {placement.button}?"
        elif placement.strange:
            doubt = f"{placement.sentence} Append it all the same?"
        if doubt:
            choices = (placement.kind, core.STOP)
            asked.ask(core.Question(placement.kind, label, "", doubt, choices, placement.kind, once=True))
    if landing is not None and landing.before is not None and landing.doubt:
        which = core.Question(
            "standing", landing.before.label, "", landing.doubt, core.WHICH, core.WHICH[0], once=True
        )
        asked.ask(which)
    asked.check_given()
    return asked


def stands(asked: "core.Questions") -> bool:
    """Whether the rows count that are there, where an import contradicts them without a newer date."""
    return any(
        key.partition(":")[0] == "standing" and one == core.WHICH[1] for key, one in asked.taken.items()
    )


def show(terminal: Terminal, questions: "Iterable[core.Question]") -> None:
    """Show each question with what may be answered, what is proposed, and the id to answer by."""
    for one in questions:
        terminal.line("")
        terminal.line(f"? {one.sentence}")
        terminal.line(f"  Answers: {', '.join(one.choices)}.")
        if isinstance(one.proposal, Mapping):
            for value in one.values:
                terminal.line(f'  "{value}": {one.proposal.get(value, "nothing is proposed")}')
        elif one.values:
            terminal.line(
                f"  For each of {', '.join(json.dumps(v, ensure_ascii=False) for v in one.values)}."
            )
        if not isinstance(one.proposal, Mapping):
            terminal.line(f"  Proposed: {one.proposal or 'nothing, so it has to be answered'}.")
        answer: Any = one.proposal or one.choices[0]
        if one.values:
            like = one.proposal if isinstance(one.proposal, Mapping) else {}
            answer = {value: like.get(value, one.choices[0]) for value in one.values}
        terminal.line(f"  Answer by {json.dumps({one.id: answer}, ensure_ascii=False)}")


def unsettled(
    intake: "core.Intake", placement: "core.Questions", *, yes: bool
) -> tuple["list[core.Question]", str]:
    """Return the open questions, and why nothing may be stored yet in a sentence, "" where all is settled."""
    questions = [*intake.questions, *placement.open]
    stopped = [*intake.stopped, *(key for key, one in placement.answers.items() if one == core.STOP)]
    return questions, _why(questions, intake.kept, stopped, yes=yes)


def _why(
    questions: "Sequence[core.Question]", taken: Mapping[str, Any], stopped: Sequence[str], *, yes: bool
) -> str:
    if stopped:
        return f'"{stopped[0]}" is answered with "{core.STOP}".'
    bare = [one for one in questions if not one.settled_by(taken.get(one.id, one.proposal))]
    if bare:
        which, has, it = _named(bare)
        return f"{which} {has} no proposal, so answer {it} with --answers FILE.json. {bare[0].sentence}"
    if questions and not yes:
        which, _, it = _named(questions)
        is_open = "is" if len(questions) == 1 else "are"
        how = f"answer {it} with --answers FILE.json, or take what is proposed with --yes"
        return f"{which} {is_open} open; {how}."
    return ""


def _named(questions: "Sequence[core.Question]") -> tuple[str, str, str]:
    one = len(questions) == 1
    which = f'question "{questions[0].id}"' if one else f"{len(questions)} questions"
    return which, "has" if one else "have", "it" if one else "them"
