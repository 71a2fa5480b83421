"""What files and the store leave open is asked on the command line; nothing is stored until it is told."""

import io
import json
from contextlib import redirect_stdout
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from finrec_core.cli import questions
from finrec_core.cli.terminal import Terminal
from finrec_core.intake import STOP, Question, Questions, Source, read_files
from finrec_core.store import Store
from tests.cli.conftest import Ended, run, write_files

GOOD = ("client_id,product_id", *(f"c{n},p{n % 5}" for n in range(200)))
LOST = ("product_id,name", *(f"{f'p{n}' if n < 5 else ''},Fund {n}" for n in range(10)))
KEY = "rejects:products.csv:"
WORDS = Question(
    "actions",
    "trades.csv",
    "side",
    "What do B and S mean?",
    ("takes", "gives_up"),
    {"B": "takes", "S": "gives_up"},
    values=("B", "S"),
)
BARE = Question("zeros", "held.csv", "units", "3 rows say 0. Held?", ("left out", "held"))


@pytest.fixture
def files(tmp_path: Path) -> Path:
    return write_files(tmp_path / "bank", interactions=GOOD, products=LOST)


def answered(tmp_path: Path, answers: object) -> Path:
    file = tmp_path / "answers.json"
    file.write_text(answers if isinstance(answers, str) else json.dumps(answers), encoding="utf-8")
    return file


def imported(files: Path, tmp_path: Path, *options: object) -> Ended:
    return run("import", files, "--store", tmp_path / "s.duckdb", *options)


def test_an_open_question_is_listed_and_nothing_is_stored(files: Path, tmp_path: Path) -> None:
    ended = imported(files, tmp_path, "--json")
    assert ended.code == 2
    (question,) = ended.document["questions"]
    assert question["sentence"].startswith("products.csv: 5 of 10 rows rejected (50.0 %).")
    assert question | {"sentence": ""} == {
        "id": KEY,
        "kind": "rejects",
        "file": "products.csv",
        "column": "",
        "sentence": "",
        "values": [],
        "choices": ["leave them out", STOP],
        "proposal": "leave them out",
    }
    assert ended.document["rejected_share"] < 0.05
    shares = {file["name"]: file["rejected_share"] for file in ended.document["files"]}
    assert shares == {"interactions.csv": 0.0, "products.csv": 0.5}
    assert ended.err.splitlines()[-1] == (
        f'Nothing was stored: question "{KEY}" is open; answer it with --answers FILE.json, or take what is '
        "proposed with --yes."
    )
    assert not (tmp_path / "s.duckdb").exists()


def test_a_person_reads_the_sentence_the_choices_and_how_to_answer(files: Path, tmp_path: Path) -> None:
    lines = imported(files, tmp_path).out.splitlines()
    assert "products.csv: 5 of 10 rows rejected (50.0 %)." in lines
    place = next(n for n, line in enumerate(lines) if line.startswith("? products.csv: 5 of 10 rows"))
    assert lines[place + 1 : place + 4] == [
        f"  Answers: leave them out, {STOP}.",
        "  Proposed: leave them out.",
        f'  Answer by {{"{KEY}": "leave them out"}}',
    ]


def test_an_answer_or_yes_lets_it_be_stored(files: Path, tmp_path: Path) -> None:
    file = answered(tmp_path, {KEY: "leave them out"})
    first = imported(files, tmp_path, "--answers", file, "--json")
    assert (first.code, first.document["dataset"]) == (0, "bank@1")
    assert first.document["answers"] == {KEY: "leave them out"}
    assert first.document["questions"] == []
    second = imported(files, tmp_path, "--yes", "--json")
    assert (second.code, second.document["dataset"]) == (0, "bank@2")


@pytest.mark.parametrize("yes", [(), ("--yes",)])
def test_an_answer_can_stop_the_import(files: Path, tmp_path: Path, yes: tuple[str, ...]) -> None:
    ended = imported(files, tmp_path, "--answers", answered(tmp_path, {KEY: STOP}), *yes)
    assert ended.code == 2
    assert ended.err.splitlines()[-1] == f'Nothing was stored: "{KEY}" is answered with "{STOP}".'
    assert not (tmp_path / "s.duckdb").exists()


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ("{", "answers.json, line 1: this is no JSON ("),
        ('{"a": 1,\n "b" 2}', "answers.json, line 2: this is no JSON ("),
        ("", "answers.json, line 1: this is no JSON ("),
        ("[1]", 'answers.json: write one JSON object, {"id of a question": answer}.'),
        ('{"a": 1, "a": 2}', 'answers.json: "a" stands twice; which answer counts?'),
        ("[" * 200_000, "answers.json: this is nested too deep"),
        ({"zeros:held.csv:units": "held"}, f'nobody asks "zeros:held.csv:units"; asked is "{KEY}".'),
        ({KEY: "yes"}, f'"yes" is no answer to "{KEY}"; there are "leave them out", "{STOP}".'),
        ({KEY: ["leave them out"]}, f'"[\'leave them out\']" is no answer to "{KEY}"; there are '),
        ({"replace:bank@1:": "replace"}, 'nobody asks "replace:bank@1:"; asked is nothing.'),
    ],
)
def test_what_is_no_answer_is_one_sentence(
    answers: object, sentence: str, files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    answered(tmp_path, answers)
    ended = imported(files, tmp_path, "--answers", "answers.json", "--json")
    assert ended.code == 2
    assert ended.out == ""
    assert ended.err.splitlines()[-1].startswith(sentence)
    assert not (tmp_path / "s.duckdb").exists()


def test_a_file_of_answers_that_is_not_there_or_no_text_is_one_sentence(tmp_path: Path, files: Path) -> None:
    missing = imported(files, tmp_path, "--answers", tmp_path / "none.json")
    assert missing.err.splitlines()[-1].endswith("none.json cannot be read (No such file or directory).")
    (tmp_path / "picture.json").write_bytes(b"\x89PNG\r\n\x1a\n\xff\xfe")
    ended = imported(files, tmp_path, "--answers", tmp_path / "picture.json")
    assert (missing.code, ended.code) == (2, 2)
    assert "picture.json: this is no JSON" in ended.err.splitlines()[-1]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_answers_are_read_as_editors_write_them(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "answers.json"
    file.write_bytes('{"zeros:größe.csv:x": "held"}'.encode(encoding))
    assert questions.read_answers(file) == {"zeros:größe.csv:x": "held"}


def open_with(*asked: Question, answers: dict[str, Any] | None = None, kept: Any = None) -> Any:
    intake = read_files([Source("has.csv", b"client,product\nann,card\n")])
    return replace(intake, questions=asked, answers=answers or {}, kept=kept or {})


@pytest.mark.parametrize(
    ("asked", "kept", "yes", "sentence"),
    [
        ((), {}, False, ""),
        ((WORDS,), {}, False, 'question "actions:trades.csv:side" is open; answer it with --answers'),
        ((WORDS,), {}, True, ""),
        ((WORDS, BARE), {}, False, 'question "zeros:held.csv:units" has no proposal, so answer it with'),
        ((WORDS, BARE), {}, True, 'question "zeros:held.csv:units" has no proposal, so answer it with'),
        ((BARE, replace(BARE, column="price")), {}, True, "2 questions have no proposal, so answer them"),
        ((replace(WORDS, proposal={"B": "takes"}),), {}, True, 'question "actions:trades.csv:side" has no'),
        ((replace(WORDS, proposal=None),), {WORDS.id: {"B": "takes"}}, True, "question"),
        ((replace(WORDS, proposal={"B": "takes"}),), {WORDS.id: {"B": "takes", "S": "takes"}}, True, ""),
    ],
)
def test_proposals_are_taken_with_yes_and_what_has_none_still_stops(
    asked: tuple[Question, ...], kept: Any, yes: bool, sentence: str
) -> None:
    found, why = questions.unsettled(open_with(*asked, kept=kept), Questions(), yes=yes)
    assert found == list(asked)
    assert why.startswith(sentence)
    assert bool(why) is bool(sentence)


def test_values_are_shown_with_what_is_proposed_for_each() -> None:
    shown = io.StringIO()
    with redirect_stdout(shown):
        questions.show(Terminal(as_json=False), [WORDS, BARE, replace(WORDS, proposal=None)])
    assert shown.getvalue().splitlines() == [
        "",
        "? What do B and S mean?",
        "  Answers: takes, gives_up.",
        '  "B": takes',
        '  "S": gives_up',
        '  Answer by {"actions:trades.csv:side": {"B": "takes", "S": "gives_up"}}',
        "",
        "? 3 rows say 0. Held?",
        "  Answers: left out, held.",
        "  Proposed: nothing, so it has to be answered.",
        '  Answer by {"zeros:held.csv:units": "left out"}',
        "",
        "? What do B and S mean?",
        "  Answers: takes, gives_up.",
        '  For each of "B", "S".',
        "  Proposed: nothing, so it has to be answered.",
        '  Answer by {"actions:trades.csv:side": {"B": "takes", "S": "takes"}}',
    ]


def test_a_next_version_that_removes_much_is_asked_about(tmp_path: Path) -> None:
    files = write_files(tmp_path / "bank", interactions=GOOD)
    assert imported(files, tmp_path).code == 0
    write_files(files, interactions=GOOD[:150])
    ended = imported(files, tmp_path, "--json")
    assert ended.code == 2
    (question,) = ended.document["questions"]
    assert question["id"] == "replace:bank@1:"
    assert question["sentence"].endswith(
        "in bank@1: its next version, without 51 of 200 clients and 51 of 200 pairs of today. "
        "Replace, removing 51 clients?"
    )
    assert ended.document["placement"]["removes_clients"] == 51
    stopped = imported(files, tmp_path, "--answers", answered(tmp_path, {"replace:bank@1:": STOP}))
    assert stopped.code == 2
    with Store(tmp_path / "s.duckdb") as store:
        assert [version.label for version in store.datasets()] == ["bank@1"]
    file = answered(tmp_path, {"replace:bank@1:": "replace"})
    assert imported(files, tmp_path, "--answers", file).code == 0
    write_files(files, interactions=GOOD[:50])
    assert imported(files, tmp_path, "--yes").code == 0
    write_files(files, interactions=GOOD)
    assert imported(files, tmp_path).code == 0  # one that only adds is not asked about


def test_an_append_to_a_dataset_that_shares_nothing_is_asked_about(tmp_path: Path) -> None:
    assert imported(write_files(tmp_path / "bank", interactions=GOOD), tmp_path).code == 0
    other = write_files(tmp_path / "other", interactions=("client_id,product_id", "x,y", "z,y"))
    ended = imported(other, tmp_path, "--append", "bank", "--json")
    assert ended.code == 2
    assert ended.document["questions"][0]["id"] == "append:bank@1:"
    assert imported(other, tmp_path, "--append", "bank", "--yes").code == 0


def test_an_append_that_contradicts_what_is_there_is_asked_about(tmp_path: Path) -> None:
    head = "client_id,risk_tolerance"
    assert (
        imported(write_files(tmp_path / "bank", interactions=GOOD, clients=(head, "c1,2")), tmp_path).code
        == 0
    )
    may = write_files(tmp_path / "may", interactions=GOOD[:3], clients=(head, "c1,6"))
    ended = imported(may, tmp_path, "--append", "bank", "--json")
    assert ended.code == 2
    (question,) = ended.document["questions"]
    assert question["id"] == "standing:bank@1:"
    assert '"c1", whose risk_tolerance was 2 and would be 6' in question["sentence"]
    answers = tmp_path / "answers.json"
    for answer, risk in (("that are there", 2), ("that are appended", 6)):
        answers.write_text(json.dumps({question["id"]: answer}))
        assert imported(may, tmp_path, "--append", "bank@1", "--answers", str(answers)).code == 0
        with Store(tmp_path / "s.duckdb") as store:
            clients = {row["client_id"]: row for row in store.dataset().clients.to_pylist()}
            assert clients["c1"]["risk_tolerance"] == risk


def test_a_part_of_a_dataset_under_a_new_name_is_said_to_belong_to_it(tmp_path: Path) -> None:
    assert imported(write_files(tmp_path / "bank", interactions=GOOD), tmp_path).code == 0
    may = write_files(tmp_path / "may", interactions=GOOD[:20])
    ended = imported(may, tmp_path)
    assert ended.code == 0
    assert "All 19 clients and all 5 products are in bank@1: `--append bank` would add it there." in ended.out


def test_what_was_said_of_one_month_counts_for_the_next(tmp_path: Path) -> None:
    may = write_files(
        tmp_path / "may", trades=("who,what,booked", *(f"c{n},p{n % 3},03/04/2026" for n in range(9)))
    )
    told = ("--map", "client_id=who", "--map", "product_id=what", "--map", "timestamp=booked", "--day-first")
    assert imported(may, tmp_path, "--name", "bank", *told).code == 0
    june = write_files(tmp_path / "june", traded=("who,what,booked", "c1,p2,03/06/2026"))
    ended = imported(june, tmp_path, "--append", "bank", "--json")
    assert ended.code == 0, ended.err
    july = write_files(tmp_path / "july", more=("who,what,booked", "c2,p1,03/07/2026"))
    assert imported(july, tmp_path, "--append", "bank").code == 0  # from version to version
    with Store(tmp_path / "s.duckdb") as store:
        times = store.dataset().interactions["timestamp"].to_pylist()
        assert {time.month for time in times} == {4, 6, 7}
        assert store.version().answers == store.version("bank", 1).answers


def test_evaluating_a_folder_that_leaves_something_open_says_what(files: Path) -> None:
    ended = run("evaluate", files)
    assert ended.code == 2
    assert (
        "leaves something open, which `python -m finrec_core import` can be told: products.csv: 5 of"
        in ended.err
    )


def test_who_is_asked_of_the_store_is_no_question_of_the_files() -> None:
    placement: Any = SimpleNamespace(version=None)
    assert questions.of_placement(placement, {"zeros:a:b": "held"}).open == ()
    assert questions.of_files({"zeros:a:b": "held", "replace:bank@1:": STOP}) == {"zeros:a:b": "held"}
