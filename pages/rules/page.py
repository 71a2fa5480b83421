"""Rules: which products may suit whom, set by the bank, with whose verdicts change before it is saved."""

from dataclasses import replace

import pandas as pd
import streamlit as st

from finrec_core.advice import NO_FACTS, Rules, RulesError
from finrec_core.advice.rules import MOST_MONTHS, PROFILE_AGE
from finrec_core.advice.suitability import judged
from finrec_core.dataset import Dataset
from finrec_core.run_folder import RunFolderError
from finrec_core.store import StoreError
from finrec_core.terms import wording
from finrec_core.terms.user import name_of
from finrec_core.views.markdown import in_markdown
from finrec_core.views.recommendation import suitability
from pages.frame import desk, integrity, table
from pages.rules import flips, proposal

NAMES = {title: name for name, title in suitability.SETS.items()}


def sets(dataset: Dataset, rules: Rules, key: str) -> Rules:
    """Let the rule set of each category be chosen; return the rules with them, other data's kept."""
    st.subheader("Which rules a category falls under", anchor=False)
    known = suitability.categories(dataset, rules)
    if len(known):
        known = st.data_editor(
            known,
            hide_index=True,
            height="content" if len(known) <= 12 else 35 * 13,
            disabled=["Category", "Products"],
            column_config={
                "Category": st.column_config.TextColumn(width=190),
                "Products": st.column_config.NumberColumn(width=80),
                "Rule set": st.column_config.SelectboxColumn(
                    options=list(NAMES), required=True, width=150, pinned=False
                ),
            },
            key=f"sets-{key}",
        )
    otherwise = st.selectbox(
        "All other products" if len(known) else "All products",
        list(NAMES),
        index=list(suitability.SETS).index(rules.otherwise),
        key=f"otherwise-{key}",
    )
    others = replace(rules, otherwise=NAMES[otherwise])
    chosen = {name: NAMES[title] for name, title in zip(known["Category"], known["Rule set"], strict=True)}
    named = {name: each for name, each in chosen.items() if each != others.set_of(name)}
    return replace(others, sets={**rules.sets, **named})


def checks(rules: Rules, key: str) -> Rules:
    """Let the checks of an investment be chosen; raises `RulesError` where none is left that tells."""
    st.subheader("What is checked of an investment", anchor=False)
    on = [
        name
        for name, title in suitability.CHECKS.items()
        if st.checkbox(title, value=name in rules.checks, key=f"check-{name}-{key}")
    ]
    months = st.number_input(
        "Greatest age of a profile, in months",
        min_value=1,
        max_value=MOST_MONTHS,
        value=rules.profile_months,
        disabled=PROFILE_AGE not in on,
        key=f"months-{key}",
    )
    return replace(rules, profile_months=int(months), checks=tuple(on))


def former(rules: Rules, key: str) -> Rules:
    """Let it be chosen whether what a client gave up may be recommended to it again."""
    st.subheader("What holds of every product", anchor=False)
    ruled_out = st.checkbox(
        "A product that the client formerly held does not fit",
        value=not rules.former_fits,
        help="Otherwise it may be recommended again; wherever it stands it says until when it was held.",
        key=f"former-{key}",
    )
    return replace(rules, former_fits=not ruled_out)


def settings_of(run: str, dataset: Dataset) -> None:
    """Show the rules in force as they can be changed, beside what the change would do."""
    version, rules = desk.rules(run)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.title("Rules", anchor=False, width="content")
        if version:
            st.badge(f"Version {version} in force", icon=":material/gavel:", color="green")
        else:
            st.badge("Proposed, not set by the bank yet", icon=":material/gavel:", color="yellow")
    st.markdown(
        "They say which products suit a client, apart from the score: "
        "a product that does not fit keeps its rank."
    )
    st.caption(
        " ".join(f"**{title}**: {suitability.MEANINGS[name]}" for name, title in suitability.SETS.items())
    )
    if not judged(dataset, rules):
        st.info(NO_FACTS, icon=":material/info:")
    proposal.show(version)
    panes = st.grid(2, min_column_width=420, gap="medium")
    with panes.cell():
        draft: Rules | None = None
        try:
            key = f"{run}-{version}"
            draft = former(checks(sets(dataset, rules, key), key), key)
        except RulesError as error:
            st.error(in_markdown(str(error), 300), icon=":material/error:")
    with panes.cell(), st.container(border=True, height="stretch", key="change"):
        flips.show(run, dataset, version, rules, draft)


def history() -> None:
    """List the versions so far, who set each, when and why, and show what the chosen one says."""
    saved = desk.store().rules_versions()
    if not saved:
        return
    panes = st.grid(2, min_column_width=420, gap="medium")
    with panes.cell():
        st.subheader("Versions", anchor=False)
        row = table.choose(
            pd.DataFrame(
                {
                    "Version": [one.version for one in saved],
                    "Set": [desk.when(one.created) for one in saved],
                    "By": [wording.name(name_of(one.user), longest=60) for one in saved],
                    "Reason": [wording.name(one.reason, longest=300) for one in saved],
                }
            ),
            height="content" if len(saved) <= 6 else 260,
            columns={"Version": st.column_config.NumberColumn(width=70)},
            key=f"versions-{len(saved)}",
            alt="Versions of the rules, newest first",
        )
    looked_at = saved[row]
    with panes.cell():
        st.subheader(f"What version {looked_at.version} says", anchor=False)
        st.caption(in_markdown(looked_at.reason, 300))
        try:
            stated = suitability.stated(Rules.from_json(looked_at.content))
        except RulesError as error:
            st.error(in_markdown(str(error), 300), icon=":material/error:")
        else:
            st.dataframe(
                stated,
                hide_index=True,
                height="content" if len(stated) <= 14 else 35 * 15,
                key=f"stated-{looked_at.version}",
                alt=f"Version {looked_at.version} of the rules",
            )


active = integrity.serving()
if active is None:
    st.title("Rules", anchor=False)
    st.caption("Rules are set for the products that a model ranks, and there is no model yet.")
    st.page_link("pages/train/page.py", label="Train a model", icon=":material/arrow_forward:")
else:
    try:
        settings_of(active.run, desk.model(active.run).dataset)
    except (StoreError, RunFolderError, RulesError) as error:
        st.error(in_markdown(str(error), 300), icon=":material/error:")
    history()
