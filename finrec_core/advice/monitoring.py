"""Monitoring: what advisers made of a model's recommendations, counted from the decision log.

Each client and product counts once, with the decision that stands: one that was corrected or withdrawn
does not count. The accept rate is accepted / (accepted + rejected); what is put off is not decided yet.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from finrec_core.advice.decision import ACTIONS
from finrec_core.advice.decision_log import DecisionLog, ShownRow
from finrec_core.evaluation.intervals import share_difference, wilson

TOO_FEW = 10  # decisions below which two rates are not told apart
FEW = 30  # decisions below which a rate is little more than chance
RANKS: Mapping[str, tuple[int, int | None]] = {
    "1": (1, 1),
    "2-3": (2, 3),
    "4-10": (4, 10),
    "> 10": (11, None),
}
NO_RANK, NO_VERDICT = "none", "none"


@dataclass(frozen=True)
class Decided:
    """One decision that stands: `rank` is the place that was shown, `answer` what the client said."""

    kind: str
    run: str
    rank: int | None
    verdict: str | None
    override: bool
    when: datetime
    user: str
    answer: str | None = None

    @property
    def band(self) -> str:
        """The band of `RANKS` that the place shown lies in, `NO_RANK` where there was none."""
        if self.rank is None:
            return NO_RANK
        held = (
            name
            for name, (low, high) in RANKS.items()
            if low <= self.rank and (high is None or self.rank <= high)
        )
        return next(held, NO_RANK)


@dataclass(frozen=True)
class Tally:
    """Decisions counted under a name; `overrides` are accepted although they do not fit.

    `took` and `declined` count the accepted ones that the client has answered.
    """

    name: str
    accepted: int = 0
    rejected: int = 0
    put_off: int = 0
    overrides: int = 0
    took: int = 0
    declined: int = 0

    @property
    def decisions(self) -> int:
        """All decisions, those put off too."""
        return self.accepted + self.rejected + self.put_off

    @property
    def decided(self) -> int:
        """What the accept rate rests on: accepted and rejected."""
        return self.accepted + self.rejected

    @property
    def rate(self) -> float | None:
        """The accept rate, None where nothing is decided."""
        return self.accepted / self.decided if self.decided else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % interval of the accept rate by Wilson's score."""
        return wilson(self.accepted, self.decided) if self.decided else None

    @property
    def few(self) -> bool:
        """Whether so little is decided that the rate is little more than chance."""
        return self.decided < FEW

    @classmethod
    def of(cls, name: str, decisions: Iterable[Decided]) -> "Tally":
        """Count decisions."""
        every = list(decisions)
        kinds = [one.kind for one in every]
        answers = [one.answer for one in every if one.kind == "accept"]
        return cls(
            name=name,
            accepted=kinds.count("accept"),
            rejected=kinds.count("reject"),
            put_off=kinds.count("later"),
            overrides=sum(one.override for one in every),
            took=answers.count("took"),
            declined=answers.count("declined"),
        )


@dataclass(frozen=True)
class Drift:
    """How the accept rate changed from one tally to the next: the difference and its 95 % interval."""

    before: Tally
    after: Tally
    gap: float
    low: float
    high: float

    @property
    def settled(self) -> bool:
        """Whether the interval does not hold 0, and each side decided enough for it to mean anything."""
        enough = min(self.before.decided, self.after.decided) >= TOO_FEW
        return enough and (self.low > 0 or self.high < 0)


@dataclass(frozen=True, repr=False)
class Monitoring:
    """What was made of the recommendations of one model, or of all.

    `decisions` stand; `withdrawn` entries do not count any more and `corrected` ones were decided anew since.
    `lists` were shown, `led` of them were followed by a decision before the next list of that client.
    """

    decisions: tuple[Decided, ...]
    withdrawn: int
    corrected: int
    unreadable: int
    lists: int
    led: int

    @classmethod
    def of(
        cls,
        log: DecisionLog,
        ranks: Mapping[str, int | None],
        shown: Sequence[ShownRow] = (),
        *,
        run: str | None = None,
        local: Callable[[datetime], datetime] = lambda when: when,
    ) -> "Monitoring":
        """Count the log, for one model or for all; `shown` are the lists shown, oldest first.

        `ranks` gives by a decision's id the place that was shown, `local` the clock by which weeks begin.
        """
        found, corrected, withdrawn = [], 0, 0
        acted: list[tuple[str, str, datetime]] = []
        for entry in log.entries:
            decision = entry.decision
            if decision.kind not in ACTIONS or (run is not None and decision.run != run):
                continue
            if entry.id in log.withdrawn:
                withdrawn += 1
                continue
            acted.append((decision.client, decision.run, entry.created))
            if log.current(decision.client, decision.product) is not entry:
                corrected += 1
                continue
            answer = log.answer(entry)
            found.append(
                Decided(
                    kind=decision.kind,
                    run=decision.run,
                    rank=ranks.get(entry.id),
                    verdict=decision.verdict,
                    override=decision.override,
                    when=local(entry.created),
                    user=entry.user,
                    answer=None if answer is None else answer.reason,
                )
            )
        lists = [row for row in shown if run is None or row.run == run]
        return cls(tuple(found), withdrawn, corrected, log.unreadable, len(lists), _led(lists, acted))

    def __repr__(self) -> str:
        return f"Monitoring({len(self.decisions):,} decisions, {self.lists:,} lists)"

    @property
    def whole(self) -> Tally:
        """All decisions together."""
        return Tally.of("", self.decisions)

    def by(self, key: Callable[[Decided], str], order: Sequence[str] = ()) -> tuple[Tally, ...]:
        """Return the decisions counted by a key: those named in `order` first, then as they first come."""
        groups: dict[str, list[Decided]] = {}
        for one in self.decisions:
            groups.setdefault(key(one), []).append(one)
        names = [*(name for name in order if name in groups), *(name for name in groups if name not in order)]
        return tuple(Tally.of(name, groups[name]) for name in names)

    def by_model(self) -> tuple[Tally, ...]:
        """Return the decisions by the run that was shown, the one decided on last at the end."""
        last = {one.run: one.when for one in sorted(self.decisions, key=lambda one: one.when)}
        return self.by(lambda one: one.run, sorted(last, key=last.__getitem__))

    def by_rank(self) -> tuple[Tally, ...]:
        """Return the decisions by the band of the place that was shown."""
        return self.by(lambda one: one.band, [*RANKS, NO_RANK])

    def by_verdict(self) -> tuple[Tally, ...]:
        """Return the decisions by the verdict that was shown, `NO_VERDICT` where the rules said nothing."""
        return self.by(lambda one: one.verdict or NO_VERDICT, ["fits", "check", "does not fit", NO_VERDICT])

    def by_adviser(self) -> tuple[Tally, ...]:
        """Return the decisions by who took them, most first."""
        return tuple(sorted(self.by(lambda one: one.user), key=lambda one: (-one.decisions, one.name)))

    def by_month(self) -> tuple[Tally, ...]:
        """Return the decisions by month, as 2026-03, oldest first; months without any are left out."""
        return tuple(sorted(self.by(lambda one: f"{one.when:%Y-%m}"), key=lambda one: one.name))

    def by_week(self) -> dict[date, Tally]:
        """Return the decisions by week, by the day it begins on, without gaps from the first to the last."""
        if not self.decisions:
            return {}
        held = {one.name: one for one in self.by(lambda one: _monday(one.when).isoformat())}
        first, last = (date.fromisoformat(pick(held)) for pick in (min, max))
        weeks = [first + timedelta(days=7 * k) for k in range((last - first).days // 7 + 1)]
        return {day: held.get(day.isoformat(), Tally(day.isoformat())) for day in weeks}


def drift(tallies: Sequence[Tally]) -> Drift | None:
    """Return how the accept rate changed between the last two tallies that decided anything."""
    telling = [one for one in tallies if one.decided]
    if len(telling) < 2:
        return None
    before, after = telling[-2:]
    gap, low, high = share_difference(after.accepted, after.decided, before.accepted, before.decided)
    return Drift(before, after, gap, low, high)


def _led(lists: Sequence[ShownRow], acted: Iterable[tuple[str, str, datetime]]) -> int:
    """Return how many lists a decision followed, before the next list of that client by that model."""
    times: dict[tuple[str, str], list[datetime]] = {}
    for row in lists:
        times.setdefault((row.client, row.run), []).append(row.created)
    led = set()
    for client, run, when in acted:
        before = [place for place, shown in enumerate(times.get((client, run), ())) if shown <= when]
        if before:
            led.add((client, run, before[-1]))
    return len(led)


def _monday(when: datetime) -> date:
    return (when - timedelta(days=when.weekday())).date()
