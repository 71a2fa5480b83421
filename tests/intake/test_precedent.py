"""What was said of files once is kept, and counts for the files that are appended later."""

import json

from finrec_core.intake import FormChoice, Questions, Source, read_files
from finrec_core.intake.error import ColumnUse
from finrec_core.intake.precedent import kept_uses, precedent
from tests.intake.test_question import WORDS, ZEROS
from tests.intake.workbooks import xlsx

MAY = Source("may.csv", b"who,what,booked\nann,card,03/04/2026\nbob,loan,05/04/2026\n")
JUNE = Source("june.csv", b"who,what,booked\nann,loan,03/06/2026\n")
GIVEN = {"who": "client_id", "what": "product_id", "booked": "timestamp"}


def said(**given):
    return {"mapping": {}, "kinds": {}, "day_first": None} | given


def columns(file, *names):
    return [ColumnUse(file, name, "", "interactions", "") for name in names]


def test_a_file_with_the_same_columns_asks_nothing_again() -> None:
    first = read_files([MAY], mapping=GIVEN, kinds={"may.csv": "interactions"}, day_first=True)
    kept = json.loads(json.dumps(first.kept))  # as a store holds it
    second = read_files([JUNE], kept=kept)
    assert second.dataset is not None
    assert second.dataset.interactions["timestamp"][0].as_py().isoformat() == "2026-06-03T00:00:00+00:00"
    assert not second.questions
    assert read_files([MAY], kept=second.kept).kept == second.kept == kept


def test_what_is_said_now_goes_before_what_was_said_then() -> None:
    first = read_files([MAY], mapping=GIVEN, kinds={"may.csv": "interactions"}, day_first=True)
    second = read_files([JUNE], kept=first.kept, mapping={"booked": ""}, day_first=False)
    assert second.dataset is not None
    assert second.dataset.interactions["timestamp"].null_count == 1
    assert second.kept["day_first"] is False
    again = read_files([JUNE], kept=second.kept)
    assert again.dataset is not None
    assert again.dataset.interactions["timestamp"].null_count == 1


def test_a_column_counts_only_in_a_file_like_the_one_it_was_said_of() -> None:
    kept = precedent(
        Questions(), columns("may.csv", "id", "what", "when"), **said(mapping={"may.csv:id": "client_id"})
    )
    assert kept == {
        "files": [{"columns": ["id", "what", "when"], "table": None, "uses": {"id": "client_id"}}]
    }
    like = columns("june.csv", "when", "id", "what", "branch")
    assert kept_uses(like, kept, {}, {}) == ({"june.csv:id": "client_id"}, {})
    for other in (("id", "name", "risk", "fee", "class"), ("what", "when")):
        assert kept_uses(columns("other.csv", *other), kept, {}, {}) == ({}, {})
    nearer = {"files": [*kept["files"], {"columns": ["id", "what"], "table": "ties", "uses": {"id": ""}}]}
    assert kept_uses(like, nearer, {}, {})[0] == {"june.csv:id": "client_id"}
    assert kept_uses(columns("x.csv", "id", "what"), nearer, {}, {}) == ({"x.csv:id": ""}, {"x.csv": "ties"})


def test_a_file_that_was_left_out_is_left_out_again() -> None:
    prices = Source("prices.csv", b"isin,day,close\nA1,2024-05-06,1\n")
    first = read_files(
        [MAY, prices], mapping=GIVEN, kinds={"prices.csv": "", "may.csv": "interactions"}, day_first=True
    )
    found = read_files([JUNE, Source("new prices.csv", prices.content)], kept=first.kept)
    assert [(file.name, file.table) for file in found.files] == [
        ("june.csv", "interactions"),
        ("new prices.csv", ""),
    ]


def test_answers_and_proposals_that_were_taken_are_kept() -> None:
    asking = Questions({WORDS.id: {"S": "takes"}})
    asking.ask(WORDS)
    asking.ask(ZEROS)
    assert precedent(asking, (), **said()) == {WORDS.id: {"B": "takes", "S": "takes"}, ZEROS.id: "left out"}


def test_words_of_earlier_months_stay_known_under_the_newest_file() -> None:
    asking = Questions(kept={"actions:march.csv:side": {"X": "takes", "S": "takes"}, "day_first": True})
    assert asking.ask(WORDS) == {"B": "takes", "S": "takes"}
    kept = precedent(asking, (), **said())
    assert kept == {WORDS.id: {"X": "takes", "S": "takes", "B": "takes"}, "day_first": True}


def test_how_files_were_said_to_be_written_is_known_again() -> None:
    def month(client: str, encoding: str = "cp1252") -> bytes:
        return f"exported today\nclient|product;isin\n{client}|card;A1\n".encode(encoding)

    form = FormChoice(encoding="cp1252", delimiter="|", header_line=2)
    given = {"product;isin": "product_id"}
    first = read_files([Source("may.csv", month("Jürg"))], forms={"may.csv": form}, mapping=given)
    kept = json.loads(json.dumps(first.kept))
    (entry,) = kept["files"]
    assert entry["form"] == {"encoding": "cp1252", "delimiter": "|", "header_line": 2}
    for encoding in ("cp1252", "utf-8", "utf-16"):  # what says its encoding itself is read in that
        second = read_files([Source("june.csv", month("Zoë", encoding))], kept=kept)
        assert second.dataset is not None
        assert second.dataset.clients["client_id"].to_pylist() == ["Zoë"], encoding
        assert second.kept == kept
    said = read_files(
        [Source("june.csv", month("Zoë"))],
        kept=kept,
        forms={"june.csv": FormChoice(encoding="mac_roman", delimiter="|", header_line=2)},
    )
    assert said.dataset is not None
    assert said.dataset.clients["client_id"].to_pylist() == ["ZoÎ"]
    other = Source("other.csv", b"client,product\nann,card\n")  # of other columns, so written in its own way
    assert read_files([other], kept=kept).previews[0].delimiter == ","


def test_the_header_of_a_sheet_is_looked_for_where_it_was_said_to_be() -> None:
    rows = [["client", "product"], ["as of", "May"], ["who", "what"], ["ann", "card"]]
    given = {"who": "client_id", "what": "product_id"}
    may, june = (Source(f"{month}.xlsx", xlsx({"Sheet1": rows})) for month in ("may", "june"))
    first = read_files([may], forms={"may.xlsx/Sheet1": FormChoice(header_line=3)}, mapping=given)
    assert first.dataset is not None
    second = read_files([june], kept=json.loads(json.dumps(first.kept)))
    assert second.dataset is not None
    assert second.dataset.content_hash == first.dataset.content_hash
