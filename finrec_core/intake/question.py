"""Questions: what files leave open, asked with a proposal, and answered by the analyst."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from finrec_core.intake.error import IntakeError

STOP = "do not import"  # a choice of several questions: with it, nothing may be stored
# The kinds of questions there are; append, replace and standing are asked of the store, all others of files.
_KINDS = (
    "actions amounts append case_twins codes columns density digits duplicates emptied empty_ids "
    "ending float_ids history join leading_zeros lists matrix numbers ranges rejects replace risk "
    "same_moment separators spellings standing thousands words years zero_one zeros"
)
KINDS = frozenset(_KINDS.split())
Answer = str | Mapping[str, str]  # one of the choices, or one for each value


@dataclass(frozen=True)
class Question:
    """One thing that a file leaves open: what is asked, in a sentence, and what may be answered.

    Where `values` are given, the answer is a mapping from each of them to one of `choices`; else it is
    one of `choices`. `proposal` is the answer that is taken as long as there is none; None where nothing
    may be assumed. `kind` is one of `KINDS`; `column` is the file's own name of a column, "" where the
    question is about the whole file. `once` is for what is asked of every import anew.

    >>> from finrec_core.intake import Question
    >>> zeros = Question("zeros", "held.csv", "units", "3 rows say 0. Held?", ("no", "yes"), "no")
    >>> zeros.id
    'zeros:held.csv:units'
    """

    kind: str
    file: str
    column: str
    sentence: str
    choices: tuple[str, ...]
    proposal: Answer | None = None
    values: tuple[str, ...] = ()
    once: bool = False

    def __post_init__(self) -> None:
        if len(self.choices) < 2:
            raise ValueError("a question leaves something to choose.")
        if self.kind not in KINDS:
            raise ValueError(f'there are no questions of the kind "{self.kind}".')
        if self.proposal is not None:
            self.check(self.proposal)

    @property
    def id(self) -> str:
        """What an answer names it by."""
        return f"{self.kind}:{self.file}:{self.column}"

    def check(self, answer: Any) -> Answer:  # noqa: ANN401 - whatever a file of answers holds
        """Return an answer as it is; raises `IntakeError` for one that there is not."""
        given = answer.items() if self.values and isinstance(answer, Mapping) else [("", answer)]
        if self.values and not isinstance(answer, Mapping):
            raise IntakeError(f'the answer to "{self.id}" gives each of its values one of {self._choices()}.')
        for value, choice in given:
            if choice not in self.choices:
                what = f'"{value}" of "{self.id}"' if self.values else f'"{self.id}"'
                raise IntakeError(f'"{choice}" is no answer to {what}; there are {self._choices()}.')
        return answer

    def settled_by(self, answer: Answer | None) -> bool:
        """Whether an answer leaves nothing open, so none of the values of a question that has some."""
        if isinstance(answer, Mapping):
            return all(value in answer for value in self.values)
        return answer is not None

    def to_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        shown: dict[str, Any] = {"id": self.id, "kind": self.kind, "file": self.file, "column": self.column}
        shown |= {"sentence": self.sentence, "values": list(self.values), "choices": list(self.choices)}
        proposal = dict(self.proposal) if isinstance(self.proposal, Mapping) else self.proposal
        return shown | {"proposal": proposal}

    def _choices(self) -> str:
        return ", ".join(f'"{choice}"' for choice in self.choices)


@dataclass
class Questions:
    """Collects questions while files are read, and hands out the answers that were given before.

    `given` is what the analyst says now, by the question's id; `kept` what was said of an earlier import
    of this dataset, which counts for the same kind and column of any file, value by value. `taken` is what
    each question was read with: its answer, or what is proposed.

    >>> from finrec_core.intake import Question, Questions
    >>> questions = Questions({"zeros:held.csv:units": "yes"})
    >>> questions.ask(Question("zeros", "held.csv", "units", "3 rows say 0. Held?", ("no", "yes"), "no"))
    'yes'
    >>> questions.open
    ()
    """

    given: Mapping[str, Any] = field(default_factory=dict)
    kept: Mapping[str, Any] = field(default_factory=dict)
    asked: dict[str, Question] = field(default_factory=dict)
    answers: dict[str, Answer] = field(default_factory=dict)
    taken: dict[str, Answer] = field(default_factory=dict)

    def ask(self, question: Question) -> Answer | None:
        """Return the answer to a question, else its proposal; it stays open where none was given.

        Of a question with values, an answer may leave some open: those are as proposed. Raises
        `IntakeError` for an answer that there is not.
        """
        self.asked[question.id] = question
        told = self._told(question)
        if told is not None and question.settled_by(told):
            self.answers[question.id] = told
        elif isinstance(told, Mapping) and isinstance(question.proposal, Mapping):
            told = {**question.proposal, **told}
        elif told is None:
            told = question.proposal
        if told is not None:
            self.taken[question.id] = told
        return told

    def _told(self, question: Question) -> Answer | None:
        """Return what was said to a question, now or earlier, of the values that it has."""
        told = self.given.get(question.id)
        told = None if told is None else question.check(told)
        earlier = None if question.once else earlier_answer(question, self.kept)
        if isinstance(earlier, Mapping) and (told is None or isinstance(told, Mapping)):
            told = {**earlier, **(told or {})}
        told = earlier if told is None else told
        if isinstance(told, Mapping):
            told = {value: told[value] for value in question.values if value in told}
        return told or None

    @property
    def open(self) -> tuple[Question, ...]:
        """The questions without a whole answer, in the order in which they came up."""
        return tuple(question for key, question in self.asked.items() if key not in self.answers)

    def check_given(self, files: Iterable[str] = ()) -> list[str]:
        """Return a sentence on each answer that is left aside, as another one made its question moot.

        Raises `IntakeError` for an answer to something that nobody asks of one of `files`.
        """
        moot = sorted(self.given.keys() - self.asked.keys())
        known = tuple(f"{kind}:{file}:" for file in files for kind in KINDS)
        for key in moot:
            if not key.startswith(known):
                asked = ", ".join(f'"{key}"' for key in self.asked) or "nothing"
                raise IntakeError(f'nobody asks "{key}"; asked is {asked}.')
        return [f'The answer to "{key}" is left aside, since this is no question any more.' for key in moot]


def proposals(questions: Iterable[Question]) -> dict[str, Answer]:
    """Return what is proposed, by question, leaving out those without a proposal.

    >>> from finrec_core.intake import Question, proposals
    >>> proposals([Question("zeros", "held.csv", "units", "3 rows say 0. Held?", ("no", "yes"), "no")])
    {'zeros:held.csv:units': 'no'}
    """
    return {one.id: one.proposal for one in questions if one.proposal is not None}


def earlier_answer(question: Question, kept: Mapping[str, Any]) -> Answer | None:
    """Return what was said to the same question, else to the same kind and column of other files.

    None where these were answered differently, value by value where there are some, or as nobody can any
    more.
    """
    same = [kept[question.id]] if question.id in kept else []
    same = same or [answer for key, answer in kept.items() if anywhere(key) == anywhere(question.id)]
    if not question.values:
        return same[0] if same and same.count(same[0]) == len(same) and same[0] in question.choices else None
    found: dict[str, str] = {}
    for value in question.values:
        said = {one[value] for one in same if isinstance(one, Mapping) and value in one}
        if len(said) == 1 and said <= set(question.choices):
            found[value] = said.pop()
    return found


def anywhere(key: str) -> tuple[str, str]:
    """Return kind and column of a question's id, whatever the file."""
    kind, _, rest = key.partition(":")
    return kind, rest.rpartition(":")[2]
