"""Suitability on the pages, without a browser: the list and its filters, the verdict line, and Rules."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

from finrec_core.advice import NO_FACTS, Rules, Suitability
from finrec_core.dataset import Dataset
from finrec_core.demo.bank import demo_bank
from pages.frame import desk as desk_pages
from tests import desk
from tests.desk import Open
from tests.pages.deciding import stored, texts

CLIENT = "C00002"
STRICT = Rules({}, "investment", checks=("risk class",))


def dataset() -> Dataset:
    """Return a small demo bank whose second client can bear the lowest risk alone."""
    bank = demo_bank(60, 30, 1).dataset
    rows = bank.clients.to_pylist()
    assert rows[1]["client_id"] == CLIENT
    rows[1] |= {"risk_tolerance": 1, "profile_date": date(2026, 11, 1)}
    return replace(bank, clients=pa.Table.from_pylist(rows, schema=bank.clients.schema))


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data folder with a trained model, not to be changed."""
    return desk.trained(tmp_path_factory.mktemp("trained"), dataset())


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data folder whose clients have no profiles."""
    bank = demo_bank(40, 20, 1).dataset
    ids = [{"client_id": key} for key in bank.clients["client_id"].to_pylist()]
    plain = replace(bank, clients=pa.Table.from_pylist(ids, schema=bank.clients.schema))
    return desk.trained(tmp_path_factory.mktemp("bare"), plain)


def ranked(app: AppTest) -> list[dict[str, object]]:
    """Return the rows of the list."""
    frame = next(one.value for one in app.dataframe if "rank" in one.value)
    return frame.to_dict("records")


def suits() -> Suitability:
    """Return what suits the client under the rules that finrec proposes."""
    bank = dataset()
    found = Suitability.of(bank, CLIENT, Rules.proposed(bank), desk_pages.today())
    assert found is not None
    return found


def test_what_does_not_fit_is_folded_away_with_its_rank(open_desk: Open, trained: Path) -> None:
    app = open_desk("", trained, client=CLIENT)
    shown = ranked(app)
    assert {str(row["verdict"][0]) for row in shown} <= {"Fits", "Check"}  # type: ignore[index]
    ranks = [row["rank"] for row in shown]
    missing = set(range(1, ranks[-1] + 1)) - set(ranks)  # type: ignore[operator]
    assert missing
    assert app.button(key="fold").label.startswith(f"{len(missing)} more rank")

    app.button(key="fold").click().run()
    rows = ranked(app)
    assert [row["rank"] for row in rows] == list(range(1, ranks[-1] + 1))  # type: ignore[operator]
    misfits = {row["rank"] for row in rows if list(row["verdict"]) == ["Does not fit"]}  # type: ignore[call-overload]
    assert misfits == missing
    app.button(key="fold").click().run()
    assert ranked(app) == shown


def test_filters_by_verdict_and_by_several_categories(open_desk: Open, trained: Path) -> None:
    app = open_desk("", trained, client=CLIENT)
    app.button_group(key="verdicts").set_value(["does not fit"]).run()
    assert {tuple(row["verdict"]) for row in ranked(app)} == {("Does not fit",)}  # type: ignore[call-overload]
    app.button_group(key="verdicts").set_value([]).run()
    app.button_group(key="shelves").set_value(["Cards", "Loans"]).run()
    assert {row["category"] for row in ranked(app)} == {"Cards", "Loans"}
    app.button_group(key="verdicts").set_value(["does not fit"]).run()
    assert re.search("Together the filters hide all [0-9,]+ products on this list", texts(app))
    assert not app.exception


def test_what_the_client_has_is_hidden_until_it_is_asked_for(open_desk: Open, trained: Path) -> None:
    app = open_desk("", trained, client=CLIENT)
    app.segmented_control(key="most").set_value(100).run()
    assert all(row["rank"] == row["rank"] for row in ranked(app))
    before = len(ranked(app))
    app.toggle(key="hide-held").set_value(False).run()
    has = dataset().interactions.filter(pa.compute.field("client_id") == CLIENT)
    assert len(ranked(app)) == before + len(has)
    assert "what the client has" not in texts(app).split("Not listed:")[1]


def test_without_profiles_one_notice_takes_the_place_of_verdicts(open_desk: Open, bare: Path) -> None:
    app = open_desk("", bare, client=CLIENT)
    assert "verdict" not in ranked(app)[0]
    assert texts(app).count(NO_FACTS) == 1
    assert not [one for one in app.button_group if one.key == "verdicts"]
    app.switch_page("pages/rules/page.py").run()
    assert not app.exception
    assert NO_FACTS in texts(app)


def line() -> None:
    """Show the verdict line alone; runs inside AppTest."""
    import streamlit as st

    from pages.frame import desk
    from pages.recommendations import card
    from pages.shared.choice import Choice

    query = st.query_params
    version, day = desk.rules(query["run"])[0], desk.today()
    card.show_verdict(Choice(query["run"], query["client"], query["product"], "client", version, day))


@pytest.mark.parametrize("kind", ["fits", "check", "does not fit"])
def test_the_verdict_line_says_what_the_rules_say(open_desk: Open, trained: Path, kind: str) -> None:
    open_desk("", trained)
    found = suits()
    row = found.kinds.tolist().index(kind)
    app = AppTest.from_function(line, default_timeout=60)
    key = found.dataset.products["product_id"][row].as_py()
    for name, value in (("run", desk.RUN), ("client", CLIENT), ("product", key)):
        app.query_params[name] = value
    app.run()
    assert not app.exception
    verdict = found.verdict(row)
    said = app.markdown[0].value.replace("\\", "")
    assert f" {kind.capitalize()}]" in said
    assert said.endswith(verdict.reason)
    assert app.dataframe[0].value["Rule"].str.lower().tolist() == [one.rule for one in verdict.checks]
    assert "the bank has set none yet" in texts(app)


def test_saving_rules_shows_whose_verdicts_flip_and_asks_for_a_reason(open_desk: Open, trained: Path) -> None:
    app = open_desk("pages/rules/page.py", trained)
    assert "No verdict changes" in texts(app)
    for name in ("horizon", "knowledge", "loss potential", "profile age"):
        app.checkbox(key=f"check-{name}-{desk.RUN}-0").uncheck().run()
    counts = next(one.value for one in app.dataframe if "Verdicts" in one.value)
    assert counts["Verdicts"].sum() > 0
    assert f"{counts['Verdicts'].sum():,} verdicts" in texts(app)
    assert len(next(one.value for one in app.dataframe if "Client" in one.value)) == min(
        50, counts["Verdicts"].sum()
    )

    app.button(key="save-rules").click().run()
    assert "Say why" in app.error[0].value
    assert stored().rules() is None

    app.text_input(key="reason").set_value("Risk alone, until profiles are renewed").run()
    app.button(key="save-rules").click().run()
    assert not app.error
    saved = stored().rules()
    assert saved is not None
    assert (saved.version, saved.reason) == (1, "Risk alone, until profiles are renewed")
    assert Rules.from_json(saved.content).checks == ("risk class",)
    assert "Nothing is changed yet" in texts(app)
    assert "Risk alone, until profiles are renewed" in texts(app)
    assert app.checkbox(key=f"check-horizon-{desk.RUN}-1").value is False
    assert desk_pages.rules(desk.RUN)[0] == 1


def test_rules_without_any_check_cannot_be_saved(open_desk: Open, trained: Path) -> None:
    app = open_desk("pages/rules/page.py", trained)
    for name in ("risk class", "horizon", "knowledge", "loss potential"):
        app.checkbox(key=f"check-{name}-{desk.RUN}-0").uncheck().run()
    assert "At least one of risk class" in app.error[0].value
    assert "These rules cannot be saved." in texts(app)
    assert not [one for one in app.button if one.key == "save-rules"]


def test_somebody_who_was_faster_is_not_overwritten(open_desk: Open, trained: Path) -> None:
    app = open_desk("pages/rules/page.py", trained)
    app.text_input(key="reason").set_value("mine").run()
    stored().add_rules(STRICT.to_json(), reason="theirs", user="ana")
    app.button(key="save-rules").click().run()
    assert "Version 1 was saved meanwhile" in app.error[0].value
    assert [one.reason for one in stored().rules_versions()] == ["theirs"]


def test_rules_of_a_newer_finrec_are_one_sentence(open_desk: Open, trained: Path) -> None:
    app = open_desk("", trained)
    stored().add_rules({"sets": {}, "scheme": 2}, reason="newer")
    app.switch_page("pages/rules/page.py").run()
    assert not app.exception
    assert "no rules that this version of finrec reads" in app.error[0].value
