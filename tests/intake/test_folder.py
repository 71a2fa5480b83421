"""An intake in a folder comes back as it was, whatever it holds, and so does an error with its cause."""

from dataclasses import fields

import pyarrow as pa
import pytest

from finrec_core.intake import IntakeError, Question, Source, load_intake, read_files, save_intake
from finrec_core.intake import folder as folders
from finrec_core.intake.encoding import UnknownEncodingError
from finrec_core.intake.folder import FolderError, load_error, save_error
from finrec_core.intake.intake import Intake
from finrec_core.intake.times import AmbiguousDatesError
from tests.conftest import real_case
from tests.intake import published

ROWS = b"user_id,isin,stars,text\nann,A1,5,good\nbob,A1,2,\nbob,B2,five,x\nann,A1,5,good\n"
ASKED = (
    Question("zeros", "a.csv", "units", "3 rows say 0. Held?", ("no", "yes"), "no"),
    Question("actions", "a.csv", "side", "What is it?", ("takes", "gives up"), {"B": "takes"}, ("B", "S")),
    Question("codes", "b.csv", "", "Which?", ("one", "two")),
)


def same(one: object, other: object) -> None:
    """Compare every field of two intakes; datasets by their content."""
    for field in fields(Intake):
        mine, theirs = getattr(one, field.name), getattr(other, field.name)
        if field.name == "dataset":
            assert (mine and mine.content_hash) == (theirs and theirs.content_hash)
            assert (mine and (mine.name, mine.verb)) == (theirs and (theirs.name, theirs.verb))
        elif field.name == "previews":
            assert [(p.file, p.encoding, p.delimiter, p.header) for p in mine] == [
                (p.file, p.encoding, p.delimiter, p.header) for p in theirs
            ]
            assert all(p.rows.equals(q.rows) for p, q in zip(mine, theirs, strict=True))
        elif isinstance(mine, pa.Table):
            assert mine.equals(theirs), field.name
        else:
            assert mine == theirs, field.name
            assert type(mine) is type(theirs), field.name


@pytest.mark.parametrize(
    "files",
    [
        [("stars.csv", ROWS)],
        [("has.csv", b"client,product\nann,\n")],  # without a dataset
        [("odd \u202e<b>.csv", b"client,product\nann,card\n")],
        list(published.lastfm_hetrec()),
        list(published.yelp()),
    ],
    ids=["ratings", "nothing", "odd name", "lastfm", "yelp"],
)
def test_what_was_read_comes_back_as_it_was(files, tmp_path) -> None:
    intake = read_files([Source(*file) for file in files], name="bank", verb="bought")
    save_intake(intake, tmp_path)
    same(load_intake(tmp_path), intake)


def test_questions_and_answers_come_back_in_their_types(tmp_path) -> None:
    intake = read_files([Source("stars.csv", ROWS)])
    answers = {"side:a.csv:s": {"B": "takes"}, "zeros:a.csv:u": "no"}
    object.__setattr__(intake, "questions", ASKED)
    object.__setattr__(intake, "answers", answers)
    save_intake(intake, tmp_path)
    loaded = load_intake(tmp_path)
    same(loaded, intake)
    assert loaded.questions == ASKED
    assert loaded.answers == answers


@pytest.mark.parametrize("case", ["sold-counts-as-held", "melted-matrix-quantity", "isin-against-ticker"])
def test_a_real_case_comes_back_as_it_was(case, tmp_path) -> None:
    files = [Source(file.name, file) for file in sorted(real_case(case).glob("*.csv"))]
    intake = read_files(files)
    save_intake(intake, tmp_path)
    same(load_intake(tmp_path), intake)


def test_an_error_keeps_its_place_its_columns_and_the_kind_of_its_cause(tmp_path) -> None:
    latin = "client,product\nJürg,card\n".encode("cp1252")
    with pytest.raises(IntakeError) as unknown:
        read_files([Source("has.csv", latin)])
    save_error(unknown.value, tmp_path / "a")
    error = load_error(tmp_path / "a")
    assert (str(error), error.file, error.line) == (str(unknown.value), "has.csv", unknown.value.line)
    assert isinstance(error.__cause__, UnknownEncodingError)
    assert error.__cause__.readings == unknown.value.__cause__.readings != {}

    with pytest.raises(IntakeError) as missing:
        read_files([Source("interactions.csv", b"client_id,rating\nc1,5\n")])
    save_error(missing.value, tmp_path / "b")
    error = load_error(tmp_path / "b")
    assert error.columns == missing.value.columns != ()
    assert [one.rows.to_pylist() for one in error.previews] == [[{"client_id": "c1", "rating": "5"}]]
    assert error.__cause__ is None

    made = IntakeError("which stands first?", file="x.csv")
    made.__cause__ = AmbiguousDatesError("both ways", 3)
    save_error(made, tmp_path / "c")
    assert isinstance(load_error(tmp_path / "c").__cause__, AmbiguousDatesError)


def test_a_harmed_folder_is_one_sentence(tmp_path) -> None:
    with pytest.raises(FolderError, match="readable import"):
        load_intake(tmp_path)
    save_intake(read_files([Source("stars.csv", ROWS)]), tmp_path)
    (tmp_path / "dataset" / "clients.parquet").write_bytes(b"PAR1")
    with pytest.raises(FolderError, match="readable import"):
        load_intake(tmp_path)
    (tmp_path / folders.INTAKE).write_text('{"files": 3}', "ascii")
    with pytest.raises(FolderError, match="readable import"):
        load_intake(tmp_path)
