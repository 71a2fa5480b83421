"""An import in words: what each file is and what a row of it means, and what saving it would decide."""

from collections.abc import Mapping, Sequence

from finrec_core.intake import Answer, FileRead, Intake, Question
from finrec_core.terms import wording

LONGEST = 40  # characters of a value on a button
HELD = "held"  # what a column is used as that is a product, its cells saying who has it
THINGS = {
    "interactions": ("interaction", "interactions"),
    "products": ("row", "rows"),
    "clients": ("row", "rows"),
    "ties": ("connection", "connections"),
}


def file_sentence(intake: Intake, file: FileRead) -> str:
    """Return what a file is, as "sales.csv: 1,136 interactions, a row is a purchase or a sale"."""
    if not file.table:
        return f"{file.name}: left out"
    uses = {one.used_as: one.column for one in intake.columns if one.file == file.name and one.used_as}
    things = ("row", "rows") if HELD in uses else THINGS[file.table]
    rows = wording.counted(file.rows_read, *things)
    each = "a row is" if things == THINGS["interactions"] else "each of them"
    return f"{file.name}: {rows}, {each} {row_meaning(file.table, uses)}"


def row_meaning(table: str, uses: Mapping[str, str]) -> str:
    """Return what a row means, by the columns of ours that a file has and its own names for them."""
    if table == "products":
        return "a product as of a day" if "valid_from" in uses else "a product"
    if table == "clients":
        return "a client's profile of a day" if "profile_date" in uses else "a client"
    if table == "ties":
        return "two clients who belong together"
    if HELD in uses:
        return "a client, with a column for each product"
    if "action" in uses:
        return f'what "{uses["action"]}" says that a client did'
    if "amount" in uses:
        return f'how much, "{uses["amount"]}", a client has of a product'
    if "review" in uses:
        return "what a client wrote of a product"
    if "rating" in uses:
        return "how a client rated a product"
    if "timestamp" in uses:
        return "a product that a client took, and when"
    return "a product that a client has"


def deciding(questions: Sequence[Question]) -> str:
    """Return what saving decides by the proposals, for a button: "" where nothing is open.

    >>> from finrec_core.intake import Question
    >>> from finrec_core.views.data.imports import deciding
    >>> deciding([Question("zeros", "held.csv", "units", "3 rows say 0. Held?", ("no", "yes"), "no")])
    'taking "no" for units'
    >>> sides = {"Buy": "takes", "Sell": "gives_up"}
    >>> choices = ("takes", "gives_up")
    >>> deciding([Question("actions", "a.csv", "side", "What is it?", choices, sides, ("Buy", "Sell"))])
    'reading "Sell" as "gives up"'
    """
    if not questions:
        return ""
    if len(questions) > 1:
        return f"deciding {wording.counted(len(questions), 'question')} as proposed"
    (question,) = questions
    proposal = question.proposal
    if isinstance(proposal, Mapping):
        if len(proposal) > 1 and len(set(proposal.values())) == 1:
            return f'reading all {len(proposal):,} values as "{in_words(next(iter(proposal.values())))}"'
        # What is read as the first choice is what would have been thought anyway; the rest is the decision.
        # Of a scale no step is.
        usual = "" if question.choices[0].isdecimal() else question.choices[0]
        told = {value: choice for value, choice in proposal.items() if choice != usual}
        value, choice = next(iter((told or proposal).items()))
        more = f" and {len(told) - 1:,} more" if len(told) > 1 else ""
        return f'reading "{_short(value)}" as "{in_words(choice)}"{more}'
    if proposal is None:
        return ""
    return f'taking "{_short(in_words(proposal))}" for {_short(question.column or question.file)}'


def in_words(choice: str) -> str:
    """Return a choice as a person reads it: a name of ours without its underscores."""
    return choice.replace("_", " ") if choice.isidentifier() else choice


def where(question: Question) -> str:
    """Return which file and column a question is about."""
    return f"{question.file}, {question.column}" if question.column else question.file


def answer_sentence(question_id: str, answer: Answer) -> str:
    """Return an answer that was given in words, by the question's id."""
    kind, _, rest = question_id.partition(":")
    file, _, column = rest.rpartition(":")
    place = f"{file}, {column}" if column else file
    if isinstance(answer, Mapping):
        told = wording.joined([f'"{value}" is "{in_words(choice)}"' for value, choice in answer.items()])
    else:
        told = f'"{in_words(answer)}"'
    return f"{wording.capital(kind.replace('_', ' '))} of {place}: {told}"


def _short(text: str) -> str:
    return wording.name(text, "", LONGEST)
