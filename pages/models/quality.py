"""The quality of the model in use: which comparison is drawn, against which methods, and what it rests on."""

import shlex
from collections.abc import Mapping
from typing import Any

import streamlit as st

from finrec_core import jobs
from finrec_core.settings import settings
from finrec_core.store import Comparison, RunRow, StoreError
from finrec_core.terms import wording
from finrec_core.terms.names import METRIC
from finrec_core.terms.protocol import HELD_BACK, repeated
from finrec_core.views.charts import dots
from finrec_core.views.markdown import escaped, in_markdown
from finrec_core.views.model import arms, comparison, figures, findings
from pages.frame import chart, desk, table, work
from pages.models import segments
from pages.shared import differences

OWN = "own"  # in place of a comparison's id: the test that the training made of itself


def show(run: RunRow) -> None:
    """Show a comparison of the model's method with others, as chosen."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="choices"):
        document = _choose(run)
        if document is None:
            st.caption("This training made no test figures.")
            _explain(run, {})
            return
        name = _protocol(document)
        protocol = document["protocols"][name]
        present = comparison.metrics(protocol)
        metric = METRIC
        if present:
            metric = st.selectbox(
                "Figure", present, format_func=figures.NAMES.__getitem__, width=150, key="metric"
            )
    for caveat in document.get("caveats", ()):
        st.warning(escaped(caveat), icon=":material/warning:")
    st.markdown(escaped(findings.sentences(protocol, metric, name)))
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        _explain(run, document)
    if present:
        _methods(protocol, metric, name)
        segments.show_slices(protocol, metric)
        _controls(protocol, metric)
        _notes(protocol)
    constants(protocol)


def _choose(run: RunRow) -> Mapping[str, Any] | None:
    """Ask which comparison of the model's data to draw and return it, None where there is none."""
    kept = {one.id: one for one in desk.store().comparisons(run.dataset, run.version)}
    options = [*kept, OWN] if comparison.protocols(run.metrics) else [*kept]
    if not options:
        return None
    whole = (key for key, one in kept.items() if comparison.whole_data(one.document))
    default = next(whole, options[-1] if OWN in options else options[0])
    chosen = default
    if len(options) > 1:
        chosen = st.selectbox(
            "Comparison",
            options,
            index=options.index(default),
            format_func=lambda key: _option(kept[key]) if key in kept else "The training's own test",
            width=320,
            key="comparison",
        )
    return kept[chosen].document if chosen in kept else run.metrics


def _option(one: Comparison) -> str:
    """Return a comparison as a choice in the list."""
    return f"{desk.when(one.created)}: {comparison.extent(one.document)}"


def _explain(run: RunRow, document: Mapping[str, Any]) -> None:
    """Say where the figures come from, and how to compare with all methods."""
    own = document is run.metrics
    if own:
        st.caption("Source: the test that the training made of this model, against plain methods.")
    else:
        st.caption(
            f"Source: a comparison on {in_markdown(run.dataset)}, version {run.version}. Every method was "
            "trained anew for it, the fused model too, so its figures can differ a little from the card's."
        )
    _compare_button(run)


def _compare_button(run: RunRow) -> None:
    """Offer to compare all methods on the data of a run, or show how far that is."""
    mine = [
        job
        for job in _under_way()
        if (job.order["dataset"], job.order["version"]) == (run.dataset, run.version)
    ]
    if mine and mine[0].state().status == "running":
        work.progress(mine[0])
        return
    if mine:
        st.caption(":material/playlist_play: A comparison with all methods is in line.")
        return
    if not desk.may("train"):
        return
    with st.popover("Compare with all methods", icon=":material/balance:", width="content"):
        st.markdown(
            "Every method is trained on the same data and asked for the same held-back products. It takes "
            "minutes to hours, beside the desk; what is finished is kept if it is broken off."
        )
        controls = st.checkbox(
            "With controls",
            help="Again where a gain should vanish (texts and ties shuffled) and where evidence is scarce.",
            key="controls",
        )
        st.button(
            desk.on_primary("Compare", "play_arrow"),
            type="primary",
            on_click=_compare,
            args=(run, controls),
            key="compare-all",
        )
        st.caption("Or close the desk, since one program at a time may hold the store, and run")
        st.code(f"python -m finrec_core evaluate --dataset {shlex.quote(run.label)}", language=None)
    if said := st.session_state.pop("compare-error", ""):
        st.error(in_markdown(said, 300), icon=":material/error:")


def _under_way() -> list[jobs.Job]:
    """Return the comparisons that run or wait, the first one first."""
    folder = settings().runs_folder
    running = jobs.current(folder)
    return [job for job in [*([running] if running else []), *jobs.waiting(folder)] if job.kind == "compare"]


def _compare(run: RunRow, controls: bool) -> None:
    asked = jobs.Comparing(encoder=settings().encoder, controls=controls)
    try:
        desk.commands().enqueue(asked, run.dataset, run.version)
    except (jobs.JobError, StoreError) as error:
        st.session_state["compare-error"] = str(error)


def _protocol(document: Mapping[str, Any]) -> str:
    """Return which protocol to show; asked for where there are two."""
    names = comparison.protocols(document)
    if len(names) == 1:
        return names[0]
    return st.segmented_control(
        "Tested",
        names,
        default=names[0],
        required=True,
        format_func=comparison.PROTOCOLS.__getitem__,
        help="Held back are the last products of each client, or all that came after one date.",
        key="protocol",
    )


def _methods(protocol: Mapping[str, Any], metric: str, name: str) -> None:
    """Show every method's figure with its interval, beside the paired differences."""
    all_arms, mine = comparison.whole(protocol, metric), comparison.ours(protocol)
    grid = st.grid(2, min_column_width=420, gap="medium")
    with grid.cell():
        _heading("Is it any good?")
        chart.show(
            dots.dots(all_arms, chart.colours()),
            key="dots",
            alt=dots.alternative(all_arms, figures.NAMES[metric]),
        )
        seeds = protocol.get("seeds") or []
        over = f" and {len(seeds)} seeds" if len(seeds) > 1 else ""
        st.caption(
            f"Dot: mean over {wording.counted(protocol.get('clients', 0), 'client')}{over}. "
            f"Line: 95 % interval. The whole catalogue is ranked; {HELD_BACK[name]}. "
            "Higher is better."
        )
        if said := repeated(protocol.get("repeats")):
            st.caption(said)
        with st.expander("All figures as a table"):
            table.numbers(
                comparison.figures_table(protocol, metric), key="figures", alt="Every figure of every method"
            )
    with grid.cell():
        if mine is not None:
            _heading(f"{arms.title(mine)} against each")
            differences.show(protocol.get("paired", []), metric, mine)


def _heading(text: str) -> None:
    with st.container(horizontal=True, height=40, border=False, vertical_alignment="center"):
        st.subheader(text, anchor=False)


def _controls(protocol: Mapping[str, Any], metric: str) -> None:
    """Show each control with its sentence, figures and differences; nothing where there is none."""
    found = comparison.controls(protocol, metric)
    if not found:
        return
    st.subheader("Does it hold up?", anchor=False)
    with st.grid(2, min_column_width=420, gap="medium") as grid:
        for place, control in enumerate(found):
            with grid.cell():
                st.markdown(f"**{in_markdown(control.name)}**")
                if control.description:
                    st.markdown(in_markdown(control.description, 400))
                if len(control.figures):
                    alt = f"{control.name}: figures of each method"
                    table.numbers(control.figures, key=f"control-{place}", alt=alt)
                if len(control.differences):
                    differences.differences(
                        control.differences,
                        key=f"control-differences-{place}",
                        alt=f"{control.name}: differences between methods",
                    )


def _notes(protocol: Mapping[str, Any]) -> None:
    """Say what was left out and why."""
    for note in protocol.get("notes", ()):
        st.caption(f":material/info: {in_markdown(note, 400)}")


def constants(protocol: Mapping[str, Any]) -> None:
    """Show what each method chose on validation rows, and how long that took."""
    table = comparison.constants_table(protocol)
    if table.empty:
        return
    with st.expander("What each method chose, and how long it took"):
        st.dataframe(
            table,
            hide_index=True,
            height="content",
            column_config={
                "Method": st.column_config.TextColumn(width=180),
                "Took": st.column_config.TextColumn(width=100),
                "Chosen": st.column_config.TextColumn(width="large"),
            },
            key="constants",
            alt="Constants and seconds of each method",
        )
