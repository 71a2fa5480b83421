"""What advisers made of a model's recommendations, in sentences, figures and tables."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pyarrow as pa

from finrec_core.advice.monitoring import FEW, NO_RANK, NO_VERDICT, Drift, Monitoring, Tally, drift
from finrec_core.terms import wording
from finrec_core.views.charts import dots, frame
from finrec_core.views.charts.dots import Dot
from finrec_core.views.charts.draft import Draft
from finrec_core.views.charts.theme import Theme

KINDS = {
    "model": "By model",
    "rank": "By place",
    "verdict": "By verdict",
    "month": "By month",
    "adviser": "By adviser",
}
TALLIES: Mapping[str, Callable[[Monitoring], tuple[Tally, ...]]] = {
    "model": Monitoring.by_model,
    "rank": Monitoring.by_rank,
    "verdict": Monitoring.by_verdict,
    "month": Monitoring.by_month,
    "adviser": Monitoring.by_adviser,
}
RANKS = {
    "1": "1st",
    "2-3": "2nd and 3rd",
    "4-10": "4th to 10th",
    "> 10": "Below the 10th",
    NO_RANK: "No place",
}
VERDICTS = {
    "fits": "Fits",
    "check": "To be checked",
    "does not fit": "Does not fit",
    NO_VERDICT: "Not checked",
}
MOST = 12  # rows of the figure; the table has all
COUNTS = ("accepted", "rejected", "put_off", "overrides", "took", "declined")
EXPORTED = pa.schema(
    [
        ("by", pa.string()),
        ("name", pa.string()),
        *((name, pa.int64()) for name in COUNTS),
        ("accept_rate", pa.float64()),
        ("low", pa.float64()),
        ("high", pa.float64()),
    ]
)


def title(name: str, kind: str, models: Mapping[str, str]) -> str:
    """Return a tally as the screen names it; `models` names runs, one that is gone goes by its own name."""
    if kind == "rank":
        return RANKS[name]
    if kind == "verdict":
        return VERDICTS.get(name, wording.name(name, longest=40))
    if kind == "month":
        return wording.month(date.fromisoformat(f"{name}-01"))  # type: ignore[arg-type]
    if kind == "model":
        return models.get(name, f"Model {wording.name(name, 'without a name', 40)} (removed)")
    return wording.name(name, "Not named", 40)


def sentence(found: Monitoring) -> str:
    """Return what was decided and how often it was accepted, as two or three sentences."""
    whole = found.whole
    if not whole.decisions:
        return "Nothing that stands was decided on these lists yet."
    said = [
        f"{wording.capital(wording.counted(whole.decisions, 'decision'))} "
        f"{'stands' if whole.decisions == 1 else 'stand'}: {whole.accepted:,} accepted, {whole.rejected:,} "
        f"rejected, {whole.put_off:,} put off."
    ]
    if whole.rate is not None and whole.interval is not None:
        low, high = (wording.percent(end, 0) for end in whole.interval)
        said.append(f"Accept rate {wording.percent(whole.rate, 0)}, 95 % interval {low} to {high}.")
    if whole.overrides:
        said.append(
            f"{wording.capital(wording.counted(whole.overrides, 'override'))}: accepted although the product "
            "does not fit."
        )
    if found.lists:
        said.append(
            f"{found.led:,} of {wording.counted(found.lists, 'list')} shown "
            f"{'was' if found.led == 1 else 'were'} followed by a decision."
        )
    return " ".join(said)


def about(found: Monitoring) -> str:
    """Return what counts and what does not."""
    said = [
        "Each client and product counts once, with the decision that stands. Rate: accepted of accepted and "
        "rejected; what is put off is not decided yet."
    ]
    gone = [
        (found.corrected, "decided anew since"),
        (found.withdrawn, "withdrawn"),
        (found.unreadable, "not readable"),
    ]
    told = [f"{number:,} {what}" for number, what in gone if number]
    if told:
        said.append(f"Not counted: {wording.joined(told)}.")
    if 0 < found.whole.decided < FEW:
        said.append(f"Fewer than {FEW} are decided: a rate is little more than chance.")
    said.append("An accept rate is the adviser's judgement, not the client's success.")
    return " ".join(said)


def drifts(found: Monitoring, models: Mapping[str, str]) -> list[str]:
    """Return whether the accept rate changed from the last model to this one, and from month to month."""
    changes = [("model", drift(found.by_model())), ("month", drift(found.by_month()))]
    return [_drifted(one, kind, models) for kind, one in changes if one is not None]


def _drifted(one: Drift, kind: str, models: Mapping[str, str]) -> str:
    before, after = (title(tally.name, kind, models) for tally in (one.before, one.after))
    if kind == "model":
        before, after = map(wording.inside, (before, after))
    rates = [wording.percent(tally.rate or 0.0, 0) for tally in (one.before, one.after)]
    interval = f"95 % interval of the difference {wording.span(100 * one.low, 100 * one.high)} points"
    if not one.settled:
        return f"From {before} to {after}: {rates[0]} to {rates[1]}, not settled ({interval})."
    verb = "fell" if one.gap < 0 else "rose"
    return f"From {before} to {after} the accept rate {verb} from {rates[0]} to {rates[1]} ({interval})."


def rates(tallies: tuple[Tally, ...], kind: str, models: Mapping[str, str]) -> list[Dot]:
    """Return the accept rates in percent as dots, in their order; what decided nothing is left out."""
    found = [
        Dot.of(title(one.name, kind, models), 100 * one.rate, [100 * end for end in one.interval])
        for one in tallies
        if one.rate is not None and one.interval is not None
    ]
    return found if kind in ("rank", "verdict") else found[-MOST:] if kind != "adviser" else found[:MOST]


def table(tallies: tuple[Tally, ...], kind: str, models: Mapping[str, str]) -> pd.DataFrame:
    """Return every tally with all its counts; few decisions are said."""
    rows = [
        (
            title(one.name, kind, models),
            f"{one.accepted:,}",
            f"{one.rejected:,}",
            f"{one.put_off:,}",
            wording.NONE if one.rate is None else wording.percent(one.rate, 0),
            _interval(one),
            f"{one.overrides:,}",
            f"{one.took:,} of {one.took + one.declined:,}" if one.took + one.declined else wording.NONE,
        )
        for one in tallies
    ]
    columns = ["Decisions", "Accepted", "Rejected", "Put off", "Accept rate", "95 % interval", "Overrides"]
    return pd.DataFrame(rows, columns=[*columns, "Client took it"], dtype=str)


def _interval(one: Tally) -> str:
    if one.interval is None:
        return wording.NONE
    low, high = one.interval
    return dots.interval(100 * low, 100 * high, 0) + (", few" if one.few else "")


def weeks(found: Monitoring, theme: Theme, *, size: int = 13) -> go.Figure:
    """Return how many were accepted, rejected and put off in each week, as bars upon each other."""
    held = found.by_week()
    drawn = Draft()
    for name, colour in (("accepted", theme.accent), ("rejected", theme.grey), ("put_off", theme.faint)):
        counts, said = [getattr(one, name) for one in held.values()], name.replace("_", " ")
        drawn.add_bar(
            x=list(held),
            y=counts,
            name=wording.capital(said),
            marker={"color": colour, "line": {"width": 0}, "cornerradius": 0},
            hovertext=[
                f"Week of {wording.day(day)}: {count:,} {said}"
                for day, count in zip(held, counts, strict=True)
            ],
            hoverinfo="text",
        )
    frame.frame(drawn, theme, height=240, size=size, top=30)
    drawn.update_layout(barmode="stack", bargap=0.3)
    frame.show_legend(drawn, theme, traceorder="normal")
    days = list(held)[:: max(1, -(-len(held) // 8))]
    texts = [f"{day.day} {wording.MONTHS[day.month - 1]}" for day in days]
    font = {"color": theme.muted}
    drawn.update_xaxes(tickmode="array", tickvals=days, ticktext=texts, tickfont=font)
    drawn.update_yaxes(gridcolor=theme.faint, tickfont=font, rangemode="tozero", tickformat="d")
    return drawn.figure()


def weeks_table(found: Monitoring) -> pd.DataFrame:
    """Return the weeks as a table: Week of, Accepted, Rejected, Put off; the last one first."""
    rows = [
        (wording.day(day), f"{one.accepted:,}", f"{one.rejected:,}", f"{one.put_off:,}")
        for day, one in reversed(found.by_week().items())
    ]
    return pd.DataFrame(rows, columns=["Week of", "Accepted", "Rejected", "Put off"], dtype=str)


def weeks_alternative(found: Monitoring) -> str:
    """Return the weeks in words, the last eight of them."""
    each = [
        f"week of {wording.day(day)}: {one.accepted:,} accepted, {one.rejected:,} rejected, "
        f"{one.put_off:,} put off"
        for day, one in list(found.by_week().items())[-8:]
    ]
    return f"Decisions by week; {'; '.join(each)}."


def export(found: Monitoring) -> pa.Table:
    """Return every tally of every kind as a table for a file, of schema `EXPORTED`."""
    rows = [{"by": kind} | _plain(one) for kind, tallies in TALLIES.items() for one in tallies(found)]
    rows += [{"by": "week"} | _plain(one) for one in found.by_week().values()]
    flat = [{**row, "low": row["ci95"][0], "high": row["ci95"][1]} for row in rows]
    return pa.Table.from_pylist(flat, schema=EXPORTED)


def document(found: Monitoring) -> dict[str, Any]:
    """Return the whole as JSON: counts and rates, together and by each kind."""
    whole = _plain(found.whole)
    del whole["name"]
    return {
        **whole,
        "withdrawn": found.withdrawn,
        "corrected": found.corrected,
        "unreadable": found.unreadable,
        "lists_shown": found.lists,
        "lists_followed": found.led,
        "by": {kind: [_plain(one) for one in tallies(found)] for kind, tallies in TALLIES.items()}
        | {"week": [_plain(one) for one in found.by_week().values()]},
    }


def _plain(one: Tally) -> dict[str, Any]:
    counts = {name: getattr(one, name) for name in COUNTS}
    ends = list(one.interval) if one.interval is not None else [None, None]
    return {"name": one.name} | counts | {"accept_rate": one.rate, "ci95": ends}
