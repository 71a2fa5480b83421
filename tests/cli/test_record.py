from datetime import date
from pathlib import Path

import pytest

from finrec_core.advice.decision import decide
from finrec_core.advice.rules import Rules
from finrec_core.advice.snapshot import Snapshot
from finrec_core.advice.suitability import Suitability
from finrec_core.recommender import FusedRecommender
from finrec_core.store import Store
from tests.cli.conftest import Desk, done, run


def test_the_record_is_written_with_what_recommend_says(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "record.html"
    first = done("recommend", "C00001", "-k", 1, "--run", desk.run)["items"][0]
    answer = done("report", "C00001", first["product"], "--run", desk.run, "--output", file)
    assert (answer["rank"], answer["decision"], answer["file"]) == (1, None, str(file))
    page = file.read_text("utf-8")
    assert "<h1>Recommendation record</h1>" in page
    assert first["name"] in page
    assert "100 points" in page
    assert "without the store" in page


def test_a_decision_that_stands_is_shown_as_it_was_taken(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "record.html"
    model, today = FusedRecommender.load(desk.run), date(2026, 3, 1)
    with Store(desk.store) as store:
        row = store.run(model.run)
        product = model.recommend("C00002", 1)[0].product
        shown = Snapshot.of(
            model.dataset,
            row,
            model.explain("C00002", product),
            model.ranking("C00002"),
            suitability=Suitability.of(model.dataset, "C00002", Rules.proposed(model.dataset), today),
            rules_version=0,
            taken=row.created,
        )
        decision = decide("reject", shown, reason="cost", note="Too dear for now.", today=today)
        entry = store.add_decision(
            kind="reject",
            client="C00002",
            product=product,
            run=model.run,
            content=decision.content,
            user="ana",
        )
    answer = done("report", "C00002", product, "--store", desk.store, "--output", file)
    assert answer["decision"] == entry.id
    page = file.read_text("utf-8")
    assert "Too dear for now." in page
    assert page.count(entry.hash) == 2  # of the entry, and the newest of the log
    other = done("report", "C00003", product, "--store", desk.store, "--output", file)
    assert other["decision"] is None
    assert "Too dear for now." not in file.read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("C00001", "P001", "--output", "a.pdf"), "a.pdf: the record is an .html file."),
        (("C0000X", "P001", "--output", "a.html"), 'There is no client "C0000X"; the nearest are'),
        (("C00001", "P00", "--output", "a.html"), 'There is no product "P00"; the nearest are'),
        (("C00001", "P001", "--output", "nowhere/a.html"), "nowhere/a.html cannot be written (No such file"),
    ],
)
def test_what_cannot_be_written_is_one_sentence(
    desk: Desk, arguments: tuple[str, ...], sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ended = run("report", *arguments, "--run", desk.run, "--json")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.splitlines()[-1].startswith(sentence)
    assert list(tmp_path.iterdir()) == []
