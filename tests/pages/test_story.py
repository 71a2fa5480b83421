"""The story without a browser: its number, its alternative and its decision, on banks that lack much."""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from finrec_core.access import Person
from finrec_core.views.recommendation.story import STEPS
from pages.frame import desk as desk_pages
from pages.frame import gate
from tests import desk
from tests.dataset.tables import interactions, read
from tests.desk import Open
from tests.pages.deciding import CLIENT, HOSTILE, decide, stored, texts

ALTERNATIVE, DECISION = STEPS.index("Why not that one") + 1, STEPS.index("Decision") + 1


def stage(app: AppTest) -> str:
    """Return what a step says, with its paragraph."""
    assert not app.exception
    said = re.sub(r"\\(?=[^\w\s])", "", texts(app))
    return "\n".join([said, *(re.sub(r"<[^>]+>", "", one.proto.body) for one in app.get("html"))])


def scores(told: Sequence[str]) -> set[str]:
    """Return the lines above the steps."""
    return {re.search(r"\*\* · (.+)", one)[1] for one in told}


def test_every_step_stands_under_the_same_score(open_page: Open) -> None:
    told = [stage(open_page("story", client=CLIENT, step=str(step))) for step in range(1, len(STEPS) + 1)]
    assert len(scores(told)) == 1
    assert "100 points, 1st of " in scores(told).pop()
    assert not any(HOSTILE in one for one in told)


def test_the_lens_of_the_desk_does_not_change_the_story(open_page: Open) -> None:
    one, other = (
        stage(open_page("story", client=CLIENT, step="2", lens=lens)) for lens in ("client", "product")
    )
    assert one == other


def test_the_alternative_is_of_the_same_category_and_passes_the_rules(open_page: Open) -> None:
    said = stage(open_page("story", client=CLIENT, step=str(ALTERNATIVE)))
    if "Why not " in said:
        assert "on this client's list." in said
        name = re.search(r"Why not (.+)\? It has", said)[1]
        run = stored().active_run().run
        dataset, suits = desk_pages.model(run).dataset, desk_pages.suitability(run, CLIENT)
        row = dataset.products["name"].to_pylist().index(name)
        assert suits.kinds[row] == "fits"
    else:
        assert "There is no alternative to compare it with." in said


def test_what_is_decided_stands_with_its_number_and_without_a_form(open_page: Open) -> None:
    open_step = str(DECISION)
    assert "Nothing is decided yet." in stage(open_page("story", client=CLIENT, step=open_step))
    decide(open_page(client=CLIENT), "reject", "cost", "between us")
    (row,) = stored().decisions()
    app = open_page("story", client=CLIENT, product=row.product, step=open_step)
    said = stage(app)
    assert "The product is rejected." in said
    assert re.search(r"No\. 1 in the log, of \d+ \w+ \d{4}\. Reason: Cost\.", said)
    assert "between us" not in said
    assert not app.text_area
    assert not [one for one in app.button if str(one.key).startswith(("decide", "record"))]


def test_who_may_not_read_the_log_is_told_so(open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_pages, "may", lambda action: action != "see decisions")
    said = stage(open_page("story", client=CLIENT, product="P0001", step=str(DECISION)))
    assert "The decision is not shown here." in said


def test_an_adviser_of_a_branch_is_told_the_story_too(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_page("story", client=CLIENT)
    data = desk_pages.model(stored().active_run().run).dataset.clients
    branch = dict(zip(data["client_id"].to_pylist(), data["branch"].to_pylist(), strict=True))[CLIENT]
    ana = Person("24", "Ana Lind", "https://id.bank.example", frozenset({"adviser"}), frozenset({branch}))
    monkeypatch.setattr(gate, "asking", lambda: lambda: ana)
    told = [stage(open_page("story", client=CLIENT, step=str(step))) for step in range(1, len(STEPS) + 1)]
    assert len(scores(told)) == 1


@pytest.mark.parametrize("client", ["c1", "c11", "c12"])
def test_a_bank_of_three_products_without_profiles_or_categories_has_a_story(
    open_desk: Open, tmp_path: Path, client: str
) -> None:
    rows = [f"c{number},{product},,," for number in range(12) for product in ("fund", "card", "loan")]
    kept = [row for row in rows if not row.startswith(("c1,loan", "c1,card", "c11,"))]
    bank = read(interactions(*kept, "c11,fund,,,")).dataset
    desk.trained(tmp_path / "data", bank)
    told = [
        stage(open_desk("pages/story/page.py", client=client, step=str(step)))
        for step in range(1, len(STEPS) + 1)
    ]
    assert len(scores(told)) == 1
    assert not any("None" in one or "nan" in one for one in told)
