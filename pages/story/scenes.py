"""The scenes of the story: one picture each, large, with a table beside it; nobody has a name."""

import html

import pandas as pd
import streamlit as st

from finrec_core.access import Scope
from finrec_core.advice.emptiness import nothing_left
from finrec_core.explain.points import shown
from finrec_core.store import RunRow
from finrec_core.terms.names import METRIC
from finrec_core.text import EncoderError
from finrec_core.views.charts import bars, dots, strips
from finrec_core.views.charts.bars import Titles
from finrec_core.views.charts.strips import Strip
from finrec_core.views.markdown import in_markdown
from finrec_core.views.model import comparison, findings
from finrec_core.views.recommendation import evidence, story
from finrec_core.views.recommendation.client import ClientLine, client_line
from finrec_core.views.recommendation.shading import NOTE, shading
from finrec_core.views.recommendation.story import Proof, Scene, proof
from pages.frame import chart, desk, memory
from pages.shared.choice import Choice

SIZE, ROOM = 19, 33  # of figures: text in pixels, characters of a name beside a bar
TEXTS = 8  # texts of each lens that are opened into words


def show(step: int, choice: Choice, run: RunRow) -> None:
    """Show one scene, numbered from 0, of the recommendation of a choice."""
    scenes = (_client, _texts, _alike, _sum, _proof)
    if step < len(scenes):
        scenes[step](choice)
    else:
        _model(run)


def _client(choice: Choice) -> None:
    line: ClientLine = client_line(choice.dataset, choice.client)
    names, empty = choice.labels(), nothing_left(choice.dataset, choice.ranking)
    _say(story.client_scene(line, names.verb, names.product, empty=empty, had=names.former))
    st.html(story.chips(line, chart.colours()))


def _say(scene: Scene) -> None:
    """Say the title and the paragraph of a scene."""
    st.title(in_markdown(scene.title, 300), anchor=False)
    style = f"font-size:1.35rem;line-height:1.45;max-width:44rem;color:{chart.colours().muted}"
    st.html(f'<p dir="auto" style="{style}">{html.escape(scene.text)}</p>')


def _texts(choice: Choice) -> None:
    scale = choice.ranking.scale
    try:
        with st.spinner("Reading the words"):
            found = choice.explanation(TEXTS)
            source = story.strongest_text(found, story.masked(choice.labels(TEXTS)))
    except EncoderError as error:
        _say(story.texts_scene(None, scale))
        st.caption(f":material/error: The words cannot be opened. {in_markdown(str(error), 300)}")
        return
    _say(story.texts_scene(source, scale))
    if source is None:
        return
    shaded = shading(source, scale, chart.colours())
    with st.container(border=True, key="text"):
        st.html(f'<div style="font-size:1.35rem">{shaded.html}</div>')
    st.caption(f"{in_markdown(shaded.caption, 300)} {NOTE}")
    _table(shaded.table, f"Words of {source.title} with their points")


def _table(frame: pd.DataFrame, alt: str) -> None:
    """Show a table that opens below a picture."""
    with st.expander("As a table"):
        st.dataframe(frame, hide_index=True, height="content" if len(frame) <= 12 else 430, alt=alt)


def _alike(choice: Choice) -> None:
    view = shown(choice.explanation().product_lens, choice.ranking.scale)
    labels = story.masked(choice.labels())
    _say(story.alike_scene(view, labels.verb))
    _strips(story.alike_strips(view, labels), "alike")


def _strips(rows: list[Strip], key: str) -> None:
    """Show bars from zero, with their table."""
    if not rows:
        return
    figure = strips.strips(rows, chart.colours(), size=SIZE, room=ROOM)
    chart.show(figure, key=key, alt=strips.alternative(rows))
    frame = pd.DataFrame([(row.name, row.text) for row in rows], columns=["What", "Points"], dtype=str)
    _table(frame, "The bars as a table")


def _sum(choice: Choice) -> None:
    lens = choice.explanation().client_lens
    view = shown(lens, choice.ranking.scale)
    _say(story.sum_scene(view, empty=not len(choice.ranking.order)))
    if view is None:
        return
    labels = story.masked(choice.labels())
    titles = Titles(total="The score")
    figure = bars.bars(view, labels, chart.colours(), size=SIZE, room=ROOM, titles=titles)
    alt = bars.alternative(view, labels, titles=titles)
    chart.show(figure, key="sum", alt=alt)
    said, digits = evidence.check(lens.error, "start and reasons", "the score")
    st.caption(f"Blue and + raise the rank, orange and − lower it. {said}", help=digits)
    _table(evidence.reasons(view, labels), "The bars as a table that adds up")


def _proof(choice: Choice) -> None:
    found = _proved(choice.run, choice.client, choice.product, desk.scope())
    labels = story.masked(choice.labels())
    _say(story.proof_scene(found, labels))
    if found is not None and not found.scale.flat:
        _strips(found.strips(labels), "proof")
        st.caption("In points with three decimals; nothing here is rounded to fit.")


@memory.remembered(max_entries=64)
def _proved(run: str, client: str, product: str, seen: Scope) -> Proof | None:
    return proof(desk.model(run), client, product, desk.explained(run, client, product, 0, seen))


def _model(run: RunRow) -> None:
    kept = desk.store().comparisons(run.dataset, run.version)
    whole = (one.document for one in kept if comparison.whole_data(one.document))
    document = next(whole, run.metrics)
    name = next(iter(comparison.protocols(document)), "")
    protocol = document["protocols"][name] if name else {}
    _say(
        story.Scene(
            "How good is it? Tested on products it had not seen.", findings.sentences(protocol, METRIC)
        )
    )
    found = dots.of_arms(protocol.get("arms", {}), METRIC)
    if not found:
        return
    figure = dots.dots(found, chart.colours(), size=SIZE)
    alt = dots.alternative(found, METRIC)
    chart.show(figure, key="good", alt=alt)
    st.caption(
        "NDCG@20: 1 where every held-back product stands at the top of its client's list, 0 where none is "
        "among the first twenty. Lines are 95 % intervals."
    )
    _table(dots.table(found, METRIC), "The dots as a table")
