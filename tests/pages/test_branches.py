"""The desk of an adviser with a branch, of an auditor, and of somebody whose sign-in has run out."""

import json
from dataclasses import replace

import pytest

from finrec_core.access import AccessError, Person
from finrec_core.store import StoreError
from pages.frame import desk, gate, journal
from tests.pages.deciding import CLIENT, stored, texts

ANA = Person("24", "Ana Lind", "https://id.bank.example", frozenset({"adviser"}), frozenset())
AUDITOR = replace(ANA, subject="25", name="Otto", roles=frozenset({"auditor"}))
ANALYST = replace(ANA, subject="26", name="Iris", roles=frozenset({"analyst"}))


@pytest.fixture
def sign_in(monkeypatch):
    """Return a function that signs somebody in, in place of whoever was before."""

    def sign_in(person):
        monkeypatch.setattr(gate, "asking", lambda: lambda: person)
        return person

    return sign_in


def branches() -> tuple[str, list[str], list[str]]:
    """Return the branch of the client of the tests, the clients of it, and all others."""
    data = desk.model(stored().active_run().run).dataset.clients
    of = dict(zip(data["client_id"].to_pylist(), data["branch"].to_pylist(), strict=True))
    mine = of[CLIENT]
    return (
        mine,
        [key for key, one in of.items() if one == mine],
        [key for key, one in of.items() if one != mine],
    )


def record(client: str) -> None:
    """Record a decision on a client as whoever is signed in."""
    from finrec_core.advice.decision import decide

    run = stored().active_run().run
    row = int(desk.ranking(run, client).order[0])
    product = desk.model(run).dataset.products["product_id"][row].as_py()
    version, _ = desk.rules(run)
    shown = journal.snapshot(run, client, product, version, desk.today())
    made = decide("later", shown, reason="talk", today=desk.today(), due=desk.today())
    journal.record(made, journal.newest(client, product))


def test_an_adviser_sees_the_clients_of_the_branch_and_no_others(open_page, sign_in):
    sign_in(ANALYST)
    app = open_page("recommendations", client=CLIENT)  # everybody's caches are warm
    run = stored().active_run().run
    branch, mine, theirs = branches()
    sign_in(Person.local("Ada"))
    record(mine[0])
    record(theirs[0])
    for client in (mine[1], theirs[1]):
        stored().log_shown(client=client, run=run, content={}, user="somebody")
    product = next(iter(desk.ranking(run, theirs[0]).order))
    product = desk.model(run).dataset.products["product_id"][int(product)].as_py()
    desk.explanation(run, theirs[0], product, 0)

    ana = sign_in(replace(ANA, branches=frozenset({branch})))
    # Typed links: one of another branch is as one that there is not, and no near id is named.
    app = open_page_again(app, theirs[0])
    assert "There is no client" in texts(app)
    assert not any(key in texts(app) for key in theirs if key != theirs[0])
    assert not app.exception
    app = open_page_again(app, "no-such-client")
    assert "There is no client" in texts(app)
    # Search.
    found = desk.store().search_clients("", name=None, limit=1000)
    assert {match.client_id for match in found} == set(mine)
    assert desk.store().search_clients(theirs[0]) == [] or all(
        match.client_id in mine for match in desk.store().search_clients(theirs[0])
    )
    # Caches: what was worked out for others a moment ago.
    for ask in (
        lambda: desk.ranking(run, theirs[0]),
        lambda: desk.explanation(run, theirs[0], product, 0),
        lambda: desk.suitability(run, theirs[0]),
        lambda: journal.snapshot(run, theirs[0], product, 0, desk.today()),
    ):
        with pytest.raises(ValueError, match="no client"):
            ask()
    # Decisions, what was looked at, and the rows of the store.
    assert {entry.decision.client for entry in journal.decisions().entries} == {mine[0]}
    assert {row.client for row in desk.store().decisions()} == {mine[0]}
    assert {row.client for row in desk.store().last_shown(100)} <= set(mine)
    assert desk.store().last_shown(100)
    other = next(row for row in stored().decisions() if row.client == theirs[0])
    with pytest.raises(StoreError, match="finds none"):
        desk.store().decision(other.id)
    with pytest.raises(StoreError, match="finds none"):
        desk.store().add_decision(kind="later", client=theirs[0], product=product, run=run, content={})
    # The reverse lookup and Today.
    app.query_params.clear()
    app.query_params["product"] = product
    app.switch_page("pages/product/page.py").run()
    assert not app.exception
    names = desk.model(run).dataset.clients
    of = dict(zip(names["name"].to_pylist(), names["client_id"].to_pylist(), strict=True))
    (table,) = [frame.value for frame in app.dataframe if "Why" in frame.value.columns]
    assert len(table)
    assert {of.get(name.split(" (")[0], CLIENT) for name in table["Client"]} <= set(mine)
    app.query_params.clear()
    app.switch_page("pages/today/page.py").run()
    assert not app.exception
    # Who decided stands whole in the record.
    record(mine[2])
    row = stored().decisions()[0]
    assert row.user == ana.user
    assert row.content["person"] == {"subject": "24", "name": "Ana Lind", "issuer": ana.issuer}


def test_reasons_of_other_branches_are_one_total_and_the_sum_is_the_score(open_page, sign_in):
    sign_in(ANALYST)
    app = open_page("recommendations", client=CLIENT)
    run = stored().active_run().run
    branch, mine, _ = branches()
    sign_in(replace(ANA, branches=frozenset({branch})))
    app.query_params["lens"] = "product"
    app.switch_page("pages/recommendations/page.py").run()
    assert not app.exception
    told = 0
    for client in mine[:4]:
        for row in desk.ranking(run, client).order[:2]:
            product = desk.model(run).dataset.products["product_id"][int(row)].as_py()
            found = desk.explanation(run, client, product, 0)
            for lens in (found.client_lens, found.product_lens):
                assert abs(lens.error) < 1e-9
                others = {one.id for one in lens.contributions if one.kind in ("tie", "client")}
                assert others <= set(mine)
                told += any(one.kind == "branches" for one in lens.contributions)
    assert told
    assert "lients of other branches" in json.dumps(
        [frame.value.to_dict() for frame in app.dataframe], default=str
    )


def open_page_again(app, client):
    app.query_params.clear()
    app.query_params["client"] = client
    app.switch_page("pages/recommendations/page.py").run()
    return app


def test_an_auditor_reads_and_is_offered_nothing_that_changes(open_page, sign_in):
    sign_in(AUDITOR)
    app = open_page("recommendations", client=CLIENT)
    assert not any((button.key or "").startswith("decide-") for button in app.button)
    record_refused = pytest.raises(StoreError, match="Otto may not record decisions")
    with record_refused:
        record(CLIENT)
    for page, keys in {
        "decisions": {"follow-answer", "follow-withdraw"},
        "data": {"erase", "remove"},
        "models": {"roll-back", "compare-all", "write-lists"},
        "train": {"start"},
        "rules": {"save-rules"},
    }.items():
        app.query_params.clear()
        app.switch_page(f"pages/{page}/page.py").run()
        assert not app.exception, page
        assert not keys & {button.key for button in app.button}, page
        assert "Not for you" not in texts(app), page
    app.switch_page("pages/start/page.py").run()
    assert "Not for you" in texts(app)
    assert desk.store().verify() == ()
    with pytest.raises(StoreError, match="may not"):
        desk.store().publish(stored().active_run().run, reason="x")


def test_who_has_no_role_or_a_sign_in_that_ran_out_sees_no_page(open_page, sign_in, monkeypatch):
    sign_in(ANA)
    app = open_page("today")
    sign_in(replace(ANA, roles=frozenset()))
    monkeypatch.setattr(gate, "_ask", lambda error: gate.st.error(str(error)))
    app.run()
    assert "has no role on this desk" in texts(app)
    assert not app.button

    def ended():
        raise AccessError("This sign-in has run out. Sign in again.")

    sign_in(ANA)
    app.run()
    store = desk.store()
    monkeypatch.setattr(gate, "asking", lambda: ended)
    app.run()
    assert "run out" in texts(app)
    with pytest.raises(StoreError, match="run out"):
        desk.store().runs()
    assert store.runs()  # it was Ana's, whose sign-in counts as long as it says


def test_an_adviser_does_not_open_what_analysts_open(open_page, sign_in):
    sign_in(ANA)
    app = open_page("today")
    for page in ("data", "train", "models", "rules", "start"):
        app.switch_page(f"pages/{page}/page.py").run()
        assert "Not for you" in texts(app), page
        assert not app.dataframe
    for ask in ("read data", "train", "publish", "set rules", "erase", "verify"):
        assert not desk.may(ask)
    with pytest.raises(StoreError, match="may not"):
        desk.store().dataset()
    with pytest.raises(RuntimeError, match="may not train"):
        desk.commands().start("demo", 1)
    with pytest.raises(StoreError, match="may not erase"):
        desk.commands().erase(CLIENT, reason="x")
