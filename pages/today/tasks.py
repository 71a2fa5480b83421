"""The tasks: what is to be done today, each with client, what, why, since when, and a button."""

from collections.abc import Sequence

import streamlit as st

from finrec_core.access import Clientele
from finrec_core.advice.agenda import Kind, Task, agenda, unfit
from finrec_core.run_folder import RunFolderError
from finrec_core.store import RunRow, StoreError
from finrec_core.terms import wording
from finrec_core.views.markdown import in_markdown
from finrec_core.views.recommendation import agenda as words
from pages.frame import desk, journal, selection
from pages.shared.decision import ask
from pages.shared.reminders import end

PAGE = 12  # tasks that are shown, and that more of them add
LOOKED = 40  # clients, those looked at last, whose lists are compared
ICONS = {
    "unfit": ":material/block:",
    "follow": ":material/event:",
    "due": ":material/schedule:",
    "answer": ":material/forum:",
    "changed": ":material/swap_vert:",
}


def found(run: RunRow) -> tuple[Task, ...]:
    """Return what is to be done; where the model cannot be loaded that is said, and the log alone counts."""
    log, today = journal.decisions(), desk.today()
    try:
        data = desk.model(run.run).dataset
        changes = journal.changes(run.run, LOOKED)
    except (StoreError, RunFolderError) as error:
        st.error(in_markdown(str(error), 300), title="The model cannot be loaded", icon=":material/error:")
        return agenda(log, (), today, local=desk.local)
    mine, (_, rules) = Clientele.of(desk.person()), desk.rules(run.run)
    return agenda(
        log,
        changes,
        today,
        fault=lambda entry: unfit(data, rules, today, entry.decision),
        owns=lambda client: mine.owns(data, client),
        knows=data.client_rows.__contains__,
        local=desk.local,
    )


def show(tasks: tuple[Task, ...]) -> None:
    """Show the tasks, those of one's own clients first, with a filter of what they are."""
    if not tasks:
        st.caption("Nothing is to be done. What is put off, promised or waits for an answer will stand here.")
        return
    shown = _filtered(tasks)
    most = st.session_state.get("tasks-shown", PAGE)
    own = None
    with st.container(gap="small", key="tasks"):
        for task in shown[:most]:
            if any(one.own for one in tasks) and task.own is not own:
                own = task.own
                st.caption("Your clients" if own else "Other clients")
            _task(task)
    if len(shown) > most:
        more = min(PAGE, len(shown) - most)
        st.button(
            f"Show {more} more of {len(shown):,}",
            type="tertiary",
            icon=":material/expand_more:",
            on_click=lambda: st.session_state.update({"tasks-shown": most + PAGE}),
            key="more-tasks",
        )


def _filtered(tasks: tuple[Task, ...]) -> Sequence[Task]:
    """Show how many tasks of each kind there are, and return those of the kinds that were chosen."""
    titles = words.counts(tasks)
    if len(titles) < 2:
        return tasks
    kinds: list[Kind] = st.pills(
        "Which tasks",
        list(titles),
        selection_mode="multi",
        format_func=titles.__getitem__,
        label_visibility="collapsed",
        key="task-kinds",
    )
    return [task for task in tasks if not kinds or task.kind in kinds]


def _task(task: Task) -> None:
    with st.container(border=True, gap=None):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            label = f"{in_markdown(task.name, 60)}: {in_markdown(words.what(task), 120)}"
            if task.known:
                if st.button(label, type="tertiary", icon=ICONS[task.kind], key=f"task-{task.key}"):
                    _open(task)
            else:
                st.markdown(f"{ICONS[task.kind]} {label}", width="content")
            if task.kind == "follow" and desk.may("decide"):
                st.button(
                    "Done",
                    type="tertiary",
                    icon=":material/task_alt:",
                    on_click=end,
                    args=(task.entry,),
                    key=f"done-{task.key}",
                )
        since = wording.capital(words.when(task, desk.today()))
        st.caption(f"{since}. {in_markdown(words.why(task), 600)}")


def _open(task: Task) -> None:
    """Go to where the task can be done: the card, with the form of the answer open where one is awaited."""
    product = task.entry.decision.product if task.entry is not None else ""
    if task.kind == "answer":
        ask((task.client, product), "answer")
    selection.open_card(task.client, product or None)
