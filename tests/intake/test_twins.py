import pyarrow as pa
import pytest

from finrec_core.intake import Questions, find_sources, read_files
from finrec_core.intake.twins import Place, unify, without_marks, without_thousands, without_zeros
from tests.conftest import real_case
from tests.dataset.tables import read


def held(*clients):
    return ("has.csv", "client_id,product_id\n" + "".join(f'"{client}",card\n' for client in clients))


def listed(*clients):
    return ("clients.csv", "client_id,segment\n" + "".join(f'"{client}",retail\n' for client in clients))


def clients(found):
    return found.dataset.clients["client_id"].to_pylist()


@pytest.mark.parametrize(
    ("fold", "text", "folded"),
    [
        (without_zeros, "00123", "123"),
        (without_zeros, "C00123", "C123"),
        (without_zeros, "000", "0"),
        (without_zeros, "1.05", "1.05"),
        (without_thousands, "10,000", "10000"),
        (without_thousands, "1'234.567", "1234567"),
        (without_thousands, "1,23", "1,23"),
        (without_marks, "BRK.B", "BRK-B"),
        (without_marks, "US 0378331005", "US0378331005"),
        (without_marks, "AB", "AB"),
    ],
)
def test_folds(fold, text, folded):
    assert fold(pa.array([text])).to_pylist() == [folded]


@pytest.mark.parametrize(
    ("kind", "there", "here"),
    [
        ("leading_zeros", ("00123", "00456"), ("123", "456")),
        ("leading_zeros", ("123", "456"), ("00123", "00456")),
        ("leading_zeros", ("C00123", "C00456"), ("C123", "C456")),
        ("case_twins", ("ABC1", "ABC2"), ("abc1", "abc2")),
        ("case_twins", ("ann@b.ch", "bob@b.ch"), ("Ann@b.ch", "Bob@b.ch")),
        ("thousands", ("10000", "10001"), ("10,000", "10,001")),
        ("thousands", ("10000", "10001"), ("10'000", "10'001")),
        ("float_ids", ("10000", "A1"), ("10000.0", "A1")),
        ("separators", ("CH93 0076 2011", "CH93 0076 2012"), ("CH9300762011", "CH9300762012")),
        ("separators", ("BRK.B", "BF.B"), ("BRK-B", "BF-B")),
    ],
)
def test_twins_in_two_files_are_asked_about_and_joined_as_the_file_that_lists_them_writes(kind, there, here):
    found = read(held(*here), listed(*there))
    (question,) = [one for one in found.questions if one.kind != "duplicates"]
    assert (question.kind, question.proposal) == (kind, "join")
    assert clients(found) == list(there)
    assert found.joins[0].found == found.joins[0].of == 2
    apart = read(held(*here), listed(*there), answers={question.id: "keep apart", **_going_on(here, there)})
    assert set(clients(apart)) == {*here, *there}
    assert any("kept apart" in notice for notice in apart.notices)


def _going_on(here, there):
    """The join that fails where twins stay apart is asked about too."""
    return {} if set(here) & set(there) else {"join:has.csv:client_id": "go on"}


@pytest.mark.parametrize(
    ("kind", "ids", "proposal"),
    [
        ("case_twins", ("DE000A", "de000a"), "join"),
        ("case_twins", ("Anna", "anna"), "join"),
        ("case_twins", ("aB3xQ", "Ab3xQ", "zZ9yW", "pQ7rT"), "keep apart"),
        ("leading_zeros", ("00123", "123"), None),
        ("leading_zeros", ("A-007", "A-7"), None),
        ("thousands", ("10,000", "10000"), "join"),
        ("float_ids", ("10000.0", "10000", "x"), "join"),
    ],
)
def test_twins_in_one_column_are_joined_where_their_spelling_leans_to_it(kind, ids, proposal):
    found = read(held(*ids))
    (question,) = [one for one in found.questions if one.kind != "duplicates"]
    assert (question.id, question.proposal) == (f"{kind}:has.csv:client_id", proposal)
    assert question.choices == ("join", "keep apart")
    assert len(clients(found)) == len(ids) - (proposal == "join")
    assert len(clients(read(held(*ids), answers={question.id: "join"}))) == len(ids) - 1
    assert len(clients(read(held(*ids), answers={question.id: "keep apart"}))) == len(ids)


@pytest.mark.parametrize("ids", [("A-1", "A 1"), ("1-23", "12-3"), ("C1", "C11"), ("10", "100")])
def test_what_one_column_tells_apart_stays_apart(ids):
    found = read(held(*ids))
    assert not found.questions
    assert set(clients(found)) == set(ids)


def test_a_question_counts_and_shows_an_example():
    asked = read(held("abc", "ABC", "ABC", "XY", "xy")).questions
    (question,) = [one for one in asked if one.kind != "duplicates"]
    assert question.sentence == (
        'has.csv: "client_id": 2 clients stand in several spellings that differ in upper and lower case '
        "only, such as ABC and abc (2 and 1 rows). Are these the same?"
    )


def test_ties_and_events_take_the_same_spelling_in_any_order_of_files():
    files = [
        held("ANN", "BOB"),
        ("ties.csv", "client_id,other_client_id\nann,bob\n"),
        listed("Ann", "Bob"),
    ]
    hashes = {read(*order).dataset.content_hash for order in (files, files[::-1], files[1:] + files[:1])}
    assert len(hashes) == 1
    found = read(*files).dataset
    assert found.clients["client_id"].to_pylist() == ["Ann", "Bob"]
    assert [tuple(tie.values())[:2] for tie in found.ties.to_pylist()] == [("Ann", "Bob")]


def test_one_kind_of_twin_after_the_other():
    places = [
        Place("a.csv", "id", home, pa.array(sorted(ids)), pa.array([1] * len(ids)).to_numpy())
        for home, ids in ((True, ["C00123"]), (False, ["c123"]), (False, ["C123"]))
    ]
    names, notices = unify("client", places, Questions())
    assert names == {"C123": "C00123", "c123": "C00123"}
    assert notices


def test_securities_in_two_spellings_are_one():
    files = [one for one in find_sources(real_case("case-twins-recommended")) if one.name.endswith(".csv")]
    found = read_files(files)
    assert len(found.dataset.products) == 12
    (question,) = [one for one in found.questions if one.kind != "duplicates"]
    assert (question.id, question.proposal) == ("case_twins:holdings.csv:isin", "join")
    assert "12 products stand in several spellings" in question.sentence
    apart = read_files(files, answers={question.id: "keep apart"})
    assert len(apart.dataset.products) == 24
