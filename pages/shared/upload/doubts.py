"""The doubts of an import, each a card with its choices: what is proposed is marked, what is not is open."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from finrec_core.intake import STOP, Answer, Intake, Question
from finrec_core.terms import wording
from finrec_core.views.data import imports
from finrec_core.views.markdown import escaped, in_markdown
from pages.shared.upload import session

MOST = 8  # values of a question that have a field each; more of them are a table
TALL = 14  # rows of it that stand without a bar


@dataclass(frozen=True)
class Standing:
    """How the doubts stand: what saving would decide, in words, and why it cannot be done yet."""

    deciding: str = ""
    obstacle: str = ""


def ask(intake: Intake, upload: int) -> Standing:
    """Show the open questions and those that were answered, and return how they stand."""
    standing = _stopped(intake)
    if intake.questions:
        count = wording.counted(len(intake.questions), "question")
        st.subheader(f"To decide first: {count}", anchor=False)
        drafts = {question.id: _card(question, upload) for question in intake.questions}
        standing = standing if standing.obstacle else _standing(intake.questions, drafts)
        _confirm(intake.questions, drafts, upload)
    given = {key: answer for key, answer in intake.answers.items() if key in session.told().answers}
    answered(given, upload)
    for key, answer in intake.answers.items():
        if key not in given:
            said = in_markdown(imports.answer_sentence(key, answer), 300)
            st.caption(f":material/history: As answered before: {said}.")
    return standing


def answered(given: Mapping[str, Answer], upload: int) -> None:
    """Show what the analyst answered, each to be asked again; nothing where nothing was."""
    if given:
        with st.container(key=f"answered-{upload}"):
            st.subheader("What you said", anchor=False)
            for key, answer in given.items():
                with st.container(
                    horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
                ):
                    st.markdown(
                        f":material/check: {in_markdown(imports.answer_sentence(key, answer), 300)}",
                        width="content",
                    )
                    st.button(
                        "Change",
                        type="tertiary",
                        icon=":material/edit:",
                        on_click=session.told().answers.pop,
                        args=(key, None),
                        key=f"again-{_key(key, upload)}",
                    )


def _card(question: Question, upload: int) -> Answer | None:
    """Show one question and return the answer that its fields hold now."""
    key = _key(question.id, upload)
    with st.container(border=True, key=f"doubt-{key}"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.caption(in_markdown(imports.where(question), 160), width="content")
            if not question.settled_by(question.proposal):
                st.badge("Needs your answer", icon=":material/help:", color="orange")
            else:
                st.badge("Proposed", icon=":material/lightbulb:", color="blue")
        st.markdown(f"**{escaped(wording.name(question.sentence, '', 1000))}**")
        if question.values:
            return _values(question, key)
        places = list(question.choices)
        return st.radio(
            "Your answer",
            places,
            index=None if question.proposal is None else places.index(str(question.proposal)),
            format_func=lambda choice: _option(choice, choice == question.proposal),
            label_visibility="collapsed",
            horizontal=sum(map(len, places)) < 60,
            key=f"answer-{key}",
        )


def _values(question: Question, key: str) -> Answer | None:
    """Show a choice for each value, and return what is chosen."""
    proposed = question.proposal if isinstance(question.proposal, Mapping) else {}
    if len(question.values) > MOST:
        return _table(question, proposed, key)
    answer = {}
    for place, value in enumerate(question.values):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(in_markdown(value or "(empty)", 80), width=220)
            choices = list(question.choices)
            chosen = st.selectbox(
                f"What {in_markdown(value or '(empty)', 60)} means",
                choices,
                index=choices.index(proposed[value]) if value in proposed else None,
                format_func=lambda choice, value=value: _option(choice, proposed.get(value) == choice),
                placeholder="Choose what it means",
                label_visibility="collapsed",
                width=300,
                key=f"answer-{key}-{place}",
            )
        if chosen is not None:
            answer[value] = chosen
    return answer or None


def _table(question: Question, proposed: Mapping[str, str], key: str) -> Answer | None:
    """Show many values as a table, a choice for each, and return what is chosen."""
    words = {imports.in_words(choice): choice for choice in question.choices}
    said = [imports.in_words(proposed[value]) if value in proposed else None for value in question.values]
    edited = st.data_editor(
        pd.DataFrame({"Value": list(question.values), "What it means": said}),
        hide_index=True,
        height="content" if len(question.values) <= TALL else 420,
        width=560,
        disabled=["Value"],
        column_config={"What it means": st.column_config.SelectboxColumn(options=list(words))},
        key=f"answer-{key}",
        alt=f"Each of {len(question.values):,} values with what it means",
    )
    st.caption("As proposed. Double-click a cell of the last column to change it.")
    chosen = zip(question.values, edited["What it means"], strict=True)
    return {value: words[word] for value, word in chosen if word in words} or None


def _option(choice: str, proposed: bool) -> str:
    return f"{imports.in_words(choice)} (proposed)" if proposed else imports.in_words(choice)


def _stopped(intake: Intake) -> Standing:
    """Return how an import stands that the analyst said not to make, in one answer or another."""
    if not intake.stopped:
        return Standing()
    return Standing(
        obstacle=f"You said: {imports.answer_sentence(intake.stopped[0], STOP)}. Change that, or discard."
    )


def _standing(questions: tuple[Question, ...], drafts: Mapping[str, Answer | None]) -> Standing:
    changed = [one for one in questions if drafts[one.id] not in (None, one.proposal)]
    if changed:
        return Standing(obstacle="Use the answers that you changed, so that the files are read with them.")
    unknown = [one for one in questions if not one.settled_by(one.proposal)]
    if unknown:
        return Standing(obstacle=f"Answer what is asked about {imports.where(unknown[0])} first.")
    return Standing(deciding=imports.deciding(questions))


def _confirm(questions: tuple[Question, ...], drafts: Mapping[str, Answer | None], upload: int) -> None:
    """Offer to read the files with the answers that stand in the cards."""
    lacking = [one for one in questions if not one.settled_by(drafts[one.id])]
    whole = {one.id: drafts[one.id] for one in questions if one not in lacking}
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.caption(
            "The figures below are as proposed." if not lacking else "Without an answer nothing is assumed.",
            width="content",
        )
        st.button(
            f"Use {'this answer' if len(questions) == 1 else 'these answers'}",
            icon=":material/check:",
            disabled=not whole,
            on_click=session.told().answers.update,
            args=(whole,),
            key=f"use-{upload}",
        )


def _key(question: str, upload: int) -> str:
    """Return a key for a question's fields: its id holds whatever a file is called."""
    return f"{upload}-{hashlib.sha256(question.encode('utf-8', 'replace')).hexdigest()[:12]}"
