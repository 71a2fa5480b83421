"""Values of the advice package made up for tests: verdicts, snapshots, decisions and rows of a log."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

from hypothesis import strategies as st

from finrec_core.advice.decision import decide
from finrec_core.advice.snapshot import Line, ShownReason, Snapshot
from finrec_core.advice.suitability import Check, Verdict

TODAY = date(2026, 3, 10)
NOW = datetime(2026, 3, 10, 14, 30, tzinfo=UTC)


def verdict(*outcomes, rule_set="investment"):
    """Return a verdict whose checks came out so."""
    checks = [
        Check(f"rule {k}", outcome, "3 of 7", "", f"Fact {k} is {outcome}.")
        for k, outcome in enumerate(outcomes)
    ]
    return Verdict.of(rule_set, tuple(checks))


def snapshot(**changes):
    """Return a snapshot of Marta and a fund that fits."""
    values = {
        "run": "r1", "trained": "2026-03-01T09:12:00+00:00", "dataset": "bank", "version": 3,
        "content_hash": "ab", "rules_version": 2, "taken": NOW.isoformat(), "verb": "has", "client": "c1",
        "client_name": "Marta Lindqvist", "client_facts": (("Segment", "Private"),),
        "profile_date": "2026-01-05", "product": "p1", "product_name": "Nordlys Climate Bond Fund",
        "category": "Funds", "product_facts": (("Risk class", "3 of 7"),), "cost_pct": 0.85, "risk_class": 3,
        "loss_potential": "limited", "rank": 2, "offered": 64, "points": 92, "branch": "fused", "start": 11,
        "reasons": (ShownReason("interaction", "Savings Plan", 86), ShownReason("tie", "2 friends", -5, 2)),
        "total": 92, "sentence": "Marta has Savings Plan (+86).", "evidence": {"interactions": 1},
        "verdict": verdict("passed"), "lines": (line(1), line(2)), "alternatives": (line(3),),
    }  # fmt: skip
    return Snapshot(**values | changes)


def line(rank, **changes):
    """Return the line of a list with this rank, of product p<rank>."""
    return replace(Line(rank, f"p{rank}", f"Product {rank}", "Funds", 101 - rank, "fits"), **changes)


@dataclass(frozen=True)
class Row:
    """A row as the store's log has it."""

    sequence: int
    kind: str
    content: Any
    client: str = "c1"
    product: str = "p1"
    run: str = "r1"
    user: str = "ana"
    created: datetime = NOW
    hash: str = field(default="f" * 64, repr=False)
    lost: str = ""

    @property
    def id(self):
        return f"row-{self.sequence}"


def row(sequence, decision, **changes):
    """Return the row of a decision; its id is row-<sequence>."""
    values = {"client": decision.client, "product": decision.product, "run": decision.run}
    return Row(sequence, decision.kind, decision.content, **values | changes)


def decided(kind, client="c1", product="p1", reason=None, **details):
    """Return a decision that can be recorded."""
    reason = reason or {"accept": "need", "reject": "cost", "later": "talk"}[kind]
    details = ({"due": TODAY} if kind == "later" else {}) | details
    return decide(kind, snapshot(client=client, product=product), reason=reason, today=TODAY, **details)


text = st.text(max_size=12)
whole = st.integers(-500, 500)
lines = st.builds(
    Line,
    rank=st.none() | st.integers(1, 5000),
    product=text,
    name=text,
    category=text,
    points=st.none() | whole,
    verdict=st.sampled_from([None, "fits", "check", "does not fit"]),
    held=st.booleans(),
)
checks = st.builds(
    Check,
    rule=text,
    outcome=st.sampled_from(["passed", "failed", "missing", "old", "assess"]),
    product=text,
    client=text,
    sentence=text,
)
verdicts = st.builds(
    Verdict.of,
    st.sampled_from(["investment", "insurance", "credit", "everyday"]),
    st.lists(checks, max_size=3).map(tuple),
)
facts = st.lists(st.tuples(text, text), max_size=3).map(tuple)
reasons = st.lists(st.builds(ShownReason, text, text, whole, st.integers(1, 40)), max_size=5).map(tuple)


@st.composite
def snapshots(draw):
    """Draw snapshots, some of flat lists."""
    found, start = draw(reasons), draw(st.none() | whole)
    total = None if start is None else start + sum(reason.points for reason in found)
    return snapshot(
        client_name=draw(text),
        client_facts=draw(facts),
        product_facts=draw(facts),
        profile_date=draw(st.none() | st.dates().map(date.isoformat)),
        cost_pct=draw(st.none() | st.floats(0, 5)),
        rank=draw(st.none() | st.integers(1, 900)),
        rules_version=draw(st.none() | st.integers(0, 9)),
        start=start,
        reasons=() if start is None else found,
        total=total,
        points=total,
        evidence=draw(st.dictionaries(text, st.integers(0, 99), max_size=3)),
        verdict=draw(st.none() | verdicts),
        lines=tuple(draw(st.lists(lines, max_size=4))),
        alternatives=tuple(draw(st.lists(lines, max_size=2))),
    )
