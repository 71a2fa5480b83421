"""The scenes of the story: one picture each, large; tables and digits stand behind it, nobody has a name."""

import html

import pandas as pd
import streamlit as st

from finrec_core.access import Scope
from finrec_core.advice.alternatives import Alternatives
from finrec_core.advice.emptiness import nothing_left
from finrec_core.explain.contrast import Contrast
from finrec_core.explain.points import Shown, shown
from finrec_core.narrative.labels import Labels, product_titles
from finrec_core.store import RunRow
from finrec_core.terms.names import METRIC
from finrec_core.text import EncoderError
from finrec_core.views.charts import bars, dots, strips
from finrec_core.views.charts.bars import Titles
from finrec_core.views.charts.strips import Strip
from finrec_core.views.markdown import in_markdown
from finrec_core.views.model import comparison, findings, hits
from finrec_core.views.recommendation import bridge, decisions, evidence, outcome, story
from finrec_core.views.recommendation.client import ClientLine, client_line
from finrec_core.views.recommendation.contrast import ALIKE
from finrec_core.views.recommendation.proof import Proof, proof, proof_scene
from finrec_core.views.recommendation.scene import Scene
from finrec_core.views.recommendation.shading import NOTE, shading
from pages.frame import chart, desk, journal, memory
from pages.shared.choice import Choice

SIZE, ROOM = 16, 40  # of figures: text in pixels, characters of a name beside a bar
TEXTS = 8  # texts of each lens that are opened into words
SCORE = Titles(total="The score")


def show(step: int, choice: Choice, run: RunRow) -> None:
    """Show one scene, numbered from 0, of the recommendation of a choice, under its score."""
    view = _view(choice)
    rank, offered = choice.explanation().rank, len(choice.ranking.order)
    names = f"**{in_markdown(choice.labels().product, 90)}**"
    with st.container(key="score"):
        st.markdown(f"{names} · {story.standing(view, rank, offered)}")
    scenes = (_client, _sum, _text, _alike, _proof, _alternative, lambda _: _model(run), _decision)
    scenes[step](choice)


def _view(choice: Choice) -> Shown | None:
    """Return the client lens in points, the view that the story is told in whatever the desk shows."""
    return story.folded(choice.explanation().client_lens, choice.ranking.scale)


def _masked(choice: Choice, words: int = 0) -> Labels:
    return story.masked(choice.labels(words))


def _client(choice: Choice) -> None:
    line: ClientLine = client_line(choice.dataset, choice.client)
    names, empty = choice.labels(), nothing_left(choice.dataset, choice.ranking)
    _say(story.client_scene(line, names.verb, names.product, empty=empty, had=names.former))
    st.html(story.chips(line, chart.colours()))


def _say(scene: Scene) -> None:
    """Say the title and the paragraph of a scene."""
    st.title(in_markdown(scene.title, 300), anchor=False)
    style = f"font-size:1.15rem;line-height:1.4;max-width:60rem;margin:0;color:{chart.colours().muted}"
    st.html(f'<p dir="auto" style="{style}">{html.escape(scene.text)}</p>')


def _text(choice: Choice) -> None:
    scale = choice.ranking.scale
    try:
        with st.spinner("Reading the words"):
            told = story.strongest_text(choice.explanation(TEXTS), _masked(choice, TEXTS))
    except EncoderError as error:
        _say(story.texts_scene(None, scale))
        st.caption(f":material/error: The words cannot be opened. {in_markdown(str(error), 300)}")
        return
    if scale.flat:
        told = None
    _say(story.texts_scene(told, scale))
    if told is None:
        return
    shaded = shading(told.source, scale, chart.colours())
    with st.container(border=True, key="text", height="content"):
        st.html(f'<div style="font-size:1.2rem;max-height:24rem;overflow-y:auto">{shaded.html}</div>')
    with _expert():
        st.caption(f"{in_markdown(shaded.caption, 300)} {NOTE}")
        _table(shaded.table, f"Words of {told.source.title} with their points")


def _expert() -> st.delta_generator.DeltaGenerator:
    """Return what opens below a picture: tables and digits that the stage has no room for."""
    return st.expander("For the expert")


def _table(frame: pd.DataFrame, alt: str) -> None:
    st.dataframe(frame, hide_index=True, height="content" if len(frame) <= 12 else 430, alt=alt)


def _sum(choice: Choice) -> None:
    view, lens = _view(choice), choice.explanation().client_lens
    labels, colours = _masked(choice), chart.colours()
    drawn = [] if view is None else bars.rows(view, labels, colours, (), SCORE)
    _say(story.sum_scene(drawn, view, empty=not len(choice.ranking.order)))
    if view is None:
        return
    alt = bars.alternative(view, labels, titles=SCORE)
    chart.show(bars.drawn(drawn, colours, size=SIZE, room=ROOM), key="sum", alt=alt)
    st.caption("Blue and + raise the score, orange and − lower it.")
    with _expert():
        said, digits = evidence.check(lens.error, "start and reasons", "the score")
        st.caption(f"{said} {digits}")
        _table(evidence.reasons(view, labels), "The bars as a table that adds up")


def _alike(choice: Choice) -> None:
    view = shown(choice.explanation().product_lens, choice.ranking.scale, 0)
    labels = _masked(choice)
    _say(story.alike_scene(view, labels.verb))
    if view is None:
        return
    alt = bars.alternative(view, labels, titles=SCORE)
    figure = bars.bars(view, labels, chart.colours(), size=SIZE, room=ROOM, titles=SCORE)
    chart.show(figure, key="alike", alt=alt)
    with _expert():
        _table(evidence.reasons(view, labels), "The bars as a table that adds up")


def _proof(choice: Choice) -> None:
    found, view = _proved(choice.run, choice.client, choice.product, desk.scope()), _view(choice)
    labels = _masked(choice)
    _say(proof_scene(found, view, labels))
    if found is None or view is None:
        return
    rows = found.strips(view, labels)
    _strips(rows, "proof")
    with _expert():
        st.caption(found.digits)


def _strips(rows: list[Strip], key: str) -> None:
    """Show bars from zero."""
    figure = strips.strips(rows, chart.colours(), size=SIZE, room=ROOM)
    chart.show(figure, key=key, alt=strips.alternative(rows))


@memory.remembered(max_entries=64)
def _proved(run: str, client: str, product: str, seen: Scope) -> Proof | None:
    return proof(desk.model(run), client, product, desk.explained(run, client, product, 0, seen))


def _alternative(choice: Choice) -> None:
    dataset, ranking = choice.dataset, choice.ranking
    row = dataset.product_rows[choice.product]
    others = Alternatives.of(dataset, ranking, choice.suitability, row, 1)
    if not others.rows:
        _say(Scene(bridge.NOTHING, others.none))
        return
    key = dataset.products["product_id"][others.rows[0]].as_py()
    found = Contrast.of(choice.explanation(), desk.explanation(choice.run, choice.client, key, 0))
    view, points = bridge.difference(found, ranking.scale), ranking.scale.whole(found.scores[1])
    name = product_titles(dataset, [others.rows[0]])[key]
    _say(bridge.bridge_scene(name, view, found.ranks[1], points, f"It is {ALIKE[others.alike]}."))
    if view is None:
        return
    drawn = bridge.bridge(view, _masked(choice), chart.colours(), name, points)
    figure = bars.drawn(drawn, chart.colours(), size=SIZE, room=ROOM)
    chart.show(figure, key="alternative", alt=bridge.alternative(drawn))
    with _expert():
        said, digits = evidence.check(found.lens.error, "the bars", "the difference of the two scores")
        st.caption(f"{said} {digits}")
        _table(bridge.table(drawn), "The bars as a table that adds up")


def _model(run: RunRow) -> None:
    kept = desk.store().comparisons(run.dataset, run.version)
    whole = (one.document for one in kept if comparison.whole_data(one.document))
    document = next(whole, run.metrics)
    name = next(iter(comparison.protocols(document)), "")
    protocol = document["protocols"][name] if name else {}
    rows = hits.strips(protocol)
    said = findings.sentences(protocol, hits.METRIC if rows else METRIC)
    _say(Scene("How good is it? Tested on products it had not seen.", said))
    if rows:
        _strips(rows, "good")
        st.caption(hits.NOTE)
    found = dots.of_arms(protocol.get("arms", {}), METRIC)
    if not found:
        return
    with _expert():
        figure = dots.dots(found, chart.colours(), size=SIZE)
        chart.show(figure, key="intervals", alt=dots.alternative(found, METRIC))
        st.caption(
            "NDCG@20: 1 where every held-back product stands at the top of its client's list, 0 where none "
            "is among the first twenty. Lines are 95 % intervals."
        )
        _table(dots.table(found, METRIC), "The dots as a table")


def _decision(choice: Choice) -> None:
    if not desk.may("see decisions"):
        _say(outcome.UNSEEN)
        return
    log = journal.decisions()
    entry = log.current(choice.client, choice.product)
    if entry is None:
        _say(outcome.OPEN)
        return
    state = decisions.state(log, entry, desk.today())
    _say(outcome.decision_scene(entry, desk.local(entry.created).date(), state))
