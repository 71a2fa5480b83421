"""The recommendation record: one page of HTML that prints, opens without network and holds no script.

It is made of what was shown and nothing else, so it reads the same when run, data and client are gone.
Other people's evidence stands in it as one total, and no review is quoted.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from finrec_core.advice.decision import Decision
from finrec_core.advice.decision_log import DecisionLog
from finrec_core.advice.snapshot import Line, Snapshot
from finrec_core.advice.suitability import NO_FACTS, Check
from finrec_core.narrative import former
from finrec_core.narrative.holdings import amount
from finrec_core.store import LogRow
from finrec_core.store.log import START
from finrec_core.terms import wording
from finrec_core.views import printout
from finrec_core.views.charts import svg
from finrec_core.views.charts.bars import SCORE
from finrec_core.views.letterhead import letterhead

OTHERS = "What people close to the client have, together"
TITLE = 48  # characters of a reason's name, so that the page prints on two sheets
NAMED = 3  # reasons that the sentence names
CLASSES = (
    "the lowest",
    "a low",
    "a medium-low",
    "a medium",
    "a medium-high",
    "the second-highest",
    "the highest",
)
LOSSES = {
    "none": "Nothing of what is paid in is at risk of being lost, says the product file.",
    "limited": "A part of what is paid in can be lost.",
    "full": "All of what is paid in can be lost.",
    "beyond": "More than what is paid in can be lost.",
}
OUTCOMES = {
    "passed": "passed",
    "failed": "does not fit",
    "missing": "missing",
    "old": "too old",
    "assess": "to be assessed",
}
DECIDED = {
    "accept": "Accepted: the adviser will recommend it",
    "reject": "Rejected",
    "later": "Put off",
    "answer": "The client's answer",
    "withdraw": "Withdrawn",
}
MOST_HOLDINGS = 6  # that are printed one by one: two pages hold a record
_PLAIN = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True)
class Record:
    """What a record is made of: what was shown, who advises, and the newest hash of the decision log.

    `made` is when the record is printed, in the time zone in which its times are written; `decision` the
    row of the log, where there is one.
    """

    shown: Snapshot
    adviser: str
    newest: str
    made: datetime
    decision: LogRow | None = None

    @classmethod
    def of(
        cls,
        rows: Sequence[LogRow],
        now: Callable[[], Snapshot],
        *,
        adviser: str,
        newest: str,
        made: datetime,
    ) -> "Record":
        """Return the record of the decision that stands, as it was shown then; else of what is shown `now`.

        `rows` are the decisions on one client and product, newest first.
        """
        log = DecisionLog.of(reversed(rows))
        current = next(iter(log.last.values()), None)
        row = next((row for row in rows if current is not None and row.id == current.id), None)
        shown = None if current is None else current.decision.snapshot
        return cls(shown or now(), adviser, newest, made, row if shown or (row and row.lost) else None)

    @property
    def file_name(self) -> str:
        """A file name of client, product and date in plain letters."""
        return file_name(self.shown.client, self.shown.product_name, self.made)

    def html(self) -> str:
        """Return the page."""
        holdings = self.shown.holdings[:MOST_HOLDINGS]
        return printout.filled(
            "record.html.j2",
            {"amount": amount},
            bank=letterhead(),
            shown=self.shown,
            holdings=holdings,
            amounts=any(one.amount is not None for one in holdings),
            shares=any(one.share is not None for one in holdings),
            further=_further(len(self.shown.holdings) - MOST_HOLDINGS),
            former=former.sentence(self.shown.client_name, self.shown.former),
            gave_up=any(one.state == "formerly held" for one in self.shown.holdings),
            steps=self.steps,
            bars=svg.bars(self.steps, "The reasons as bars") if self.steps else "",
            order=self.order,
            why=self.why,
            people=self.people,
            checks=_checks(self.shown),
            verdict=NO_FACTS if self.shown.verdict is None else self.shown.verdict.sentence,
            profile=_profile(self.shown),
            risks=risks(self.shown),
            cost=cost(self.shown),
            alternatives=[(line, place(line)) for line in self.shown.alternatives],
            no_other=self.no_other,
            rules=_rules(self.shown),
            decided=None if self.decision is None else self._decided(self.decision),
            taken=self._moment(datetime.fromisoformat(self.shown.taken)),
            trained=self._moment(datetime.fromisoformat(self.shown.trained)),
            made=self._moment(self.made),
            adviser=wording.name(self.adviser, "not named"),
            newest="no entry yet" if self.newest == START else self.newest,
        )

    @property
    def steps(self) -> tuple[svg.Step, ...]:
        """The bars: start, the client's own reasons as on the screen, other people's as one, and total."""
        shown = self.shown
        if shown.start is None or shown.total is None:
            return ()
        own = [reason for reason in shown.reasons if reason.kind not in ("tie", "branches")]
        others = [reason.points for reason in shown.reasons if reason.kind in ("tie", "branches")]
        parts = [svg.Step(wording.name(reason.title, longest=TITLE), reason.points) for reason in own]
        parts += [svg.Step(OTHERS, sum(others))] if others else []
        parts.sort(key=lambda step: -abs(step.points))
        start = svg.Step(SCORE.start, shown.start, "start")
        return (start, *parts, svg.Step(SCORE.total, shown.total, "total"))

    @property
    def order(self) -> str:
        """Where the product stands on the client's list, and what points are."""
        shown = self.shown
        if any(line.held and line.product == shown.product for line in shown.lines) or shown.rank is None:
            stands = "The product has no rank: the client has it already, or it is not offered any more."
        else:
            offered = wording.counted(shown.offered, "product")
            stands = f"{wording.ordinal(shown.rank)} of {offered} offered to this client"
            stands += "." if shown.points is None else f", with {wording.plain(shown.points)} points."
        if shown.branch == "popularity":
            states = {one.state for one in shown.holdings}
            known = "Nothing was known of the client yet"
            if "rated low" in states:
                known = "The client had no product rated well"
            elif "formerly held" in states:
                known = "The client had nothing any more"
            return f"{stands} {known}: the most widespread products come first."
        if shown.points is None:
            if not shown.offered:
                return f"{stands} The client is offered nothing, so there are no points."
            return f"{stands} All products on the list score the same, so there are ranks and no points."
        return (
            f"{stands} 100 points are the client's strongest product, 0 the average one. Points order this "
            "client's list; they are no probability, return or risk."
        )

    @property
    def no_other(self) -> str:
        """What stands where no alternative was considered."""
        if said := self.shown.empty or self.shown.no_other:
            return said
        others = self.shown.offered - (self.shown.rank is not None)  # as records were before they said why
        return (
            "No other product on the list fits." if others else "No other product is offered to this client."
        )

    @property
    def why(self) -> str:
        """The largest reasons in a sentence, with the numbers of the bars."""
        parts = [step for step in self.steps if step.kind == "part"]
        raising = [f"{_inside(step.title)} ({step.value})" for step in parts if step.points > 0]
        lowering = [f"{_inside(step.title)} ({step.value})" for step in parts if step.points < 0]
        said = [f"What raised it most: {wording.joined(raising[:NAMED])}."] if raising else []
        said += [f"What lowered it most: {wording.joined(lowering[:1])}."] if lowering else []
        return " ".join(said) or "No single reason weighs a whole point."

    @property
    def people(self) -> str:
        """How many other people's evidence stands behind the product, as totals."""
        count = self.shown.evidence
        return (
            f"Behind the score stand {wording.counted(count.get('clients', 0), 'similar client')}, "
            f"{wording.counted(count.get('reviews', 0), 'review')} and "
            f"{wording.counted(count.get('ties', 0), 'connection')}. "
            "None of these people is named here, and no review is quoted."
        )

    def _decided(self, row: LogRow) -> dict[str, str]:
        """Return what the log holds of the decision, label and value."""
        decision = Decision.read(row.kind, row.client, row.product, row.run, row.content)
        found = {
            "Decision": DECIDED[decision.kind],
            "Override": "The product does not fit; it is recommended all the same"
            if decision.override
            else "",
            "Reason": decision.reason_text,
            "Note": decision.note or row.lost,
            "Put off until": "" if decision.due is None else wording.day(decision.due),
            "Decided": self._moment(row.created),
            "By": wording.name(row.user, "not named"),
            "Entry": f"{row.sequence}, {row.hash}",
        }
        return {title: value for title, value in found.items() if value}

    def _moment(self, when: datetime) -> str:
        """Return a time with its year, in the time zone of the record."""
        return wording.moment(when.astimezone(self.made.tzinfo))


def file_name(client: str, product: str, made: date) -> str:
    """Return the name of a record's file: client, product and day in letters that every system takes."""
    parts = ["record", *(_plain(name)[:40].strip("-") for name in (client, product)), f"{made:%Y-%m-%d}"]
    return "-".join(filter(None, parts)) + ".html"


def risks(shown: Snapshot) -> list[str]:
    """Return what the product file says of risk, in plain words."""
    said = []
    if shown.risk_class is not None:
        word = CLASSES[shown.risk_class - 1]
        said.append(
            f"Risk class {shown.risk_class} of 7: {word} risk class, where 1 is the lowest and 7 the highest."
        )
    if shown.loss_potential is not None:
        said.append(LOSSES.get(shown.loss_potential, f"Loss potential: {shown.loss_potential}."))
    return said or ["The data holds no facts about the risks of this product."]


def cost(shown: Snapshot) -> str:
    """Return the ongoing cost as it stands in the product file, and what it leaves out."""
    if shown.cost_pct is None:
        return "The product file names no ongoing cost; other costs are not included."
    yearly = f"{wording.plain(shown.cost_pct, 2)} % a year"
    return f"Ongoing cost {yearly}, as in the product file; other costs not included."


def place(line: Line) -> str:
    """Return where a line stands on the client's list."""
    stands = "no rank" if line.rank is None else wording.ordinal(line.rank)
    return f"{stands}, {wording.inside(former.badge(line.former))}" if line.former else stands


def _checks(shown: Snapshot) -> Sequence[tuple[Check, str]]:
    checks = () if shown.verdict is None else shown.verdict.checks
    return [(check, OUTCOMES[check.outcome]) for check in checks]


def _profile(shown: Snapshot) -> str:
    if shown.profile_date is not None:
        return f"Profile of {wording.day(date.fromisoformat(shown.profile_date))}."
    return (
        "The data holds no date of these facts."
        if shown.client_facts
        else "The data holds no facts about this client."
    )


def _rules(shown: Snapshot) -> str:
    if shown.rules_version is None:
        return "none applied"
    proposed = "those proposed for this data; the bank has set none"
    return f"version {shown.rules_version}" if shown.rules_version else proposed


def _inside(title: str) -> str:
    """Return a reason's title inside a sentence."""
    return wording.inside(title) if title == OTHERS else title


def _plain(name: str) -> str:
    """Return a name in small letters and digits of ASCII, words parted by a hyphen."""
    bare = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return _PLAIN.sub("-", bare.lower()).strip("-")


def _further(count: int) -> str:
    """Say how many holdings are not printed, "" where none."""
    return f"And {wording.counted(count, 'more product')}." if count > 0 else ""
