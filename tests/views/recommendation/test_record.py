import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings

from finrec_core.advice.decision import decide
from finrec_core.advice.snapshot import ShownReason, Snapshot
from finrec_core.narrative.holdings import Holding, State
from finrec_core.store import LogRow
from finrec_core.store.log import START
from finrec_core.views.recommendation.record import CLASSES, LOSSES, OTHERS, Record, cost, risks
from tests.advice.made import NOW, TODAY, snapshot, snapshots, verdict
from tests.views.conftest import HOSTILE
from tests.views.markup import Page

MADE = datetime(2026, 3, 10, 16, 0, tzinfo=timezone(timedelta(hours=1)))


def record(shown: Snapshot | None = None, **changes: object) -> Record:
    made = Record(shown or snapshot(), "Ana Keller", "a" * 64, MADE)
    return replace(made, **changes)  # type: ignore[arg-type]


def row(kind: str = "accept", shown: Snapshot | None = None, note: str = "", **details: object) -> LogRow:
    reason = {"accept": "need", "reject": "cost", "later": "talk"}[kind]
    decision = decide(
        kind,  # type: ignore[arg-type]
        shown or snapshot(),
        reason=reason,
        note=note,
        today=TODAY,
        **details,  # type: ignore[arg-type]
    )
    return LogRow(7, "id7", NOW, "ana", kind, "c1", "p1", "r1", decision.content, "e" * 64, "f" * 64)


def test_it_says_what_was_shown_and_adds_up() -> None:
    text = Page(record().html()).text
    assert text.startswith("Recommendation record: Nordlys Climate Bond Fund for Marta Lindqvist")
    assert "suitability report" not in text.lower()
    for said in (
        "Profile of 5 Jan 2026.",
        "Fits: passes the bank's rules on rule 0.",
        "2nd of 64 products offered to this client, with 92 points.",
        f"Starting point 11 Savings Plan +86 {OTHERS} −5 Total 92",
        "What raised it most: Savings Plan (+86).",
        "Ongoing cost 0.85 % a year, as in the product file; other costs not included.",
        "Risk class 3 of 7: a medium-low risk class, where 1 is the lowest and 7 the highest.",
        "A part of what is paid in can be lost.",
        "r1, trained 1 Mar 2026, 10:12",
        "version 2",
        "10 Mar 2026, 16:00",
        "a" * 64,
        "Ana Keller",
        "Date, adviser",
    ):
        assert said in text
    assert "Product 3 Funds 3rd fits 98" in text


def test_without_a_decision_it_says_so_and_with_one_it_holds_all_of_it() -> None:
    assert "none is recorded here yet" in Page(record().html()).text
    text = Page(record(decision=row(note="She asked twice.")).html()).text
    assert "Prepared with the help of an AI model; the decision was taken by the adviser." in text
    for said in (
        "Accepted: the adviser will recommend it",
        "Meets a stated need",
        "She asked twice.",
        "f" * 64,
    ):
        assert said in text
    assert "10 Mar 2026, 15:30" in text  # the log's 14:30 UTC, an hour east of it
    assert "Override" not in text


def test_an_override_and_a_day_are_named() -> None:
    bad = snapshot(verdict=verdict("failed"))
    text = Page(record(bad, decision=row(shown=bad, note="He knows it well.")).html()).text
    assert "Override The product does not fit; it is recommended all the same" in text
    later = Page(record(decision=row("later", due=date(2026, 4, 2))).html()).text
    assert "Put off until 2 Apr 2026" in later


def test_other_peoples_evidence_is_one_total_and_nobody_is_named() -> None:
    reasons = (
        ShownReason("interaction", "Savings Plan", 60),
        ShownReason("tie", "Household member", 40),
        ShownReason("tie", "Erik, colleague", -9),
        ShownReason("tie", "3 other connections", -10, 3),
    )
    shown = snapshot(reasons=reasons, sentence="what a member of the household has (+40)")
    text = Page(record(shown).html()).text
    assert f"Savings Plan +60 {OTHERS} +21 Total 92" in text
    for word in ("Household member", "Erik", "member of the household", "+40"):
        assert word not in text


def test_the_bars_are_those_of_the_table() -> None:
    made = record()
    drawn = re.findall(r"fill=\"[^\"]+\">([+−]?\d+)</text>", made.html())
    assert drawn == [step.value for step in made.steps] == ["11", "+86", "−5", "92"]


@pytest.mark.parametrize("number", range(1, 8))
def test_every_risk_class_has_words(number: int) -> None:
    assert risks(snapshot(risk_class=number))[0].startswith(
        f"Risk class {number} of 7: {CLASSES[number - 1]}"
    )


def test_what_is_not_known_is_said() -> None:
    bare = snapshot(
        risk_class=None, loss_potential=None, cost_pct=None, verdict=None, rules_version=None,
        client_facts=(), profile_date=None, alternatives=(), verb="wrote about",
    )  # fmt: skip
    assert risks(bare) == ["The data holds no facts about the risks of this product."]
    assert cost(bare) == "The product file names no ongoing cost; other costs are not included."
    text = Page(record(bare, newest=START).html()).text
    assert "Suitability cannot be checked: this data set has no client profiles." in text
    assert "The data holds no facts about this client." in text
    assert "No other product on the list fits." in text
    assert "Rules none applied" in text
    assert "Decision log no entry yet" in text


def test_each_loss_potential_has_words_of_its_own() -> None:
    said = {risks(snapshot(loss_potential=loss))[1] for loss in LOSSES}
    assert len(said) == 4


def test_a_list_without_points_and_one_of_popularity_say_so() -> None:
    flat = snapshot(start=None, total=None, points=None, reasons=())
    page = Page(record(flat).html())
    assert "All products on the list score the same, so there are ranks and no points." in page.text
    assert "svg" not in page.tags
    popular = snapshot(branch="popularity", reasons=(), start=92)
    assert "the most widespread products come first" in Page(record(popular).html()).text
    assert "has no rank" in Page(record(snapshot(rank=None)).html()).text


@pytest.mark.parametrize(
    ("states", "said"),
    [
        ((), "Nothing was known of the client yet:"),
        (("formerly held",), "The client had nothing any more:"),
        (("rated low",), "The client had no product rated well:"),
        (("rated low", "formerly held"), "The client had no product rated well:"),
    ],
)
def test_a_list_of_popularity_says_what_the_client_had(states: tuple[State, ...], said: str) -> None:
    had = tuple(Holding("p", "Fund", state, None, None, 1, None, None) for state in states)
    page = Page(record(snapshot(branch="popularity", reasons=(), start=92, holdings=had)).html())
    assert f"{said} the most widespread products come first." in page.text


@pytest.mark.parametrize(("amount", "share"), [(None, None), (50.0, None), (50.0, 1.0)])
def test_amounts_and_shares_have_a_column_where_any_is_known(
    amount: float | None, share: float | None
) -> None:
    had = (Holding("p", "Fund", "held", None, None, 1, amount, share),)
    text = Page(record(snapshot(holdings=had)).html()).text
    assert ("Amount" in text, "Share" in text) == (amount is not None, share is not None)


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_from_the_data_is_markup_and_nothing_is_asked_of_the_network(text: str) -> None:
    shown = snapshot(
        client=text, client_name=text, product=text, product_name=text, category=text, dataset=text, run=text,
        client_facts=((text, text),), reasons=(ShownReason("interaction", text, 81),), verb=text,
    )  # fmt: skip
    page = Page(record(shown, adviser=text, decision=row(shown=shown, note=text)).html())
    assert page.tags.isdisjoint({"script", "img", "a", "iframe", "link", "object", "base", "form"})
    assert not {name for name in page.attributes if name.startswith("on")}
    assert page.attributes.keys().isdisjoint({"src", "href", "srcset", "style"})
    assert page.attributes["lang"] == ["en"]
    assert page.headings == [1] + [2] * (len(page.headings) - 1)
    assert page.headings.count(1) == 1
    assert len(page.attributes["id"]) == len(set(page.attributes["id"]))
    assert page.attributes["aria-labelledby"] == page.attributes["id"]


@settings(max_examples=60, deadline=None)
@given(snapshots())
def test_any_snapshot_makes_a_whole_page_whose_bars_add_up(shown: Snapshot) -> None:
    made = record(shown)
    Page(made.html())
    if made.steps:
        assert sum(step.points for step in made.steps[:-1]) == made.steps[-1].points == shown.total


@pytest.mark.parametrize(
    ("client", "product", "name"),
    [
        ("c1", "Nordlys Climate Bond Fund", "record-c1-nordlys-climate-bond-fund-2026-03-10.html"),
        ("../../etc", "Süd & <b>Fonds</b>", "record-etc-sud-b-fonds-b-2026-03-10.html"),
        ("成長", "صندوق", "record-2026-03-10.html"),
        ("x" * 300, "y" * 300, f"record-{'x' * 40}-{'y' * 40}-2026-03-10.html"),
    ],
)
def test_the_file_name_is_plain_whatever_the_names_hold(client: str, product: str, name: str) -> None:
    assert record(snapshot(client=client, product_name=product)).file_name == name


def test_times_are_those_of_the_place_it_is_made_in() -> None:
    assert "10 Mar 2026, 15:00" in record(made=datetime(2026, 3, 10, 15, tzinfo=UTC)).html()


def test_a_decision_whose_key_is_destroyed_is_a_sentence_beside_what_is_shown_now() -> None:
    decided = row("reject", note="in debt")
    gone = replace(decided, content={"decision": {"reason": "cost"}}, lost="It can no longer be read.")
    made = Record.of([gone], snapshot, adviser="Ana Keller", newest="a" * 64, made=MADE)
    text = Page(made.html()).text
    assert "It can no longer be read." in text
    assert "in debt" not in text
    assert "Rejected" in text


def test_why_there_is_no_alternative_is_said_as_it_was_found() -> None:
    none = "No other product of the category <b>Funds</b> is on this client's list."
    shown = snapshot(alternatives=(), no_other=none)
    html = Record(shown, "Ana Keller", "a" * 64, NOW).html()
    assert "No other product of the category &lt;b&gt;Funds&lt;/b&gt; is on this client" in html
    assert "No other product on the list fits." not in html
    assert Snapshot.from_json({k: v for k, v in shown.to_json().items() if k != "no_other"}).no_other == ""
