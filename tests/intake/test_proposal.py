"""The proposal: how files are to be read, told from their first lines alone."""

import pytest

from finrec_core.intake import FormChoice, IntakeError, Source, propose, read_files

HOLDINGS = Source("holdings.csv", b"customer;isin;stars\n" + b"ann;A1;5\n" * 12)
PEOPLE = Source("people.tsv", "user_id\tname\nann\tÄnn\n".encode("utf-16"))


def test_each_file_is_proposed_with_its_form_its_uses_and_ten_rows():
    found = propose([HOLDINGS, PEOPLE])
    assert [(use.file, use.column, use.used_as) for use in found.columns] == [
        ("holdings.csv", "customer", "client_id"),
        ("holdings.csv", "isin", "product_id"),
        ("holdings.csv", "stars", "rating"),
        ("people.tsv", "user_id", "client_id"),
        ("people.tsv", "name", "name"),
    ]
    assert [mapping.table for mapping in found.mappings] == ["interactions", "clients"]
    holdings, people = found.previews
    assert (holdings.delimiter, holdings.rows.num_rows) == (";", 10)
    assert (people.encoding, people.rows.to_pylist()) == ("utf-16", [{"user_id": "ann", "name": "Änn"}])
    assert repr(found) == "Proposal(2 files, 5 columns)"


def test_what_is_read_is_what_was_proposed():
    proposed, read = propose([HOLDINGS, PEOPLE]), read_files([HOLDINGS, PEOPLE])
    assert read.columns == proposed.columns
    assert [one.rows for one in read.previews] == [one.rows for one in proposed.previews]
    assert set(proposed.notices) <= set(read.notices)


def test_the_analyst_is_taken_at_his_word():
    found = propose(
        [HOLDINGS, PEOPLE],
        mapping={"stars": ""},
        kinds={"people.tsv": ""},
        forms={"holdings.csv": FormChoice(header=False)},
    )
    assert found.mappings[1].table == ""
    assert found.previews[0].rows.num_rows == 10
    assert found.previews[0].rows.column_names == ["column 1", "column 2", "column 3"]


def test_files_that_hold_none_of_our_tables_are_left_out():
    links = Source("links.csv", b"movieId,imdbId,tmdbId\n1,2,3\n")
    found = propose([Source("ratings.csv", b"userId,movieId,rating\n1,1,4\n"), links])
    assert [mapping.table or "" for mapping in found.mappings] == ["interactions", ""]


def test_a_first_line_that_cannot_be_read_is_told():
    with pytest.raises(IntakeError, match=r"none\.csv, line 1: the file is empty"):
        propose([Source("none.csv", b"")])
    beside = propose([HOLDINGS, Source("none.csv", b"")])
    assert beside.notices == ("none.csv is left out: line 1: the file is empty.",)
    assert [text.name for text in beside.texts] == ["holdings.csv"]


def test_a_later_line_that_cannot_be_read_is_told_when_all_is_read():
    late = Source("late.csv", b"client,product\n" + b"ann,card\n" * 200_000 + b"J\xfcrg,card\n")
    assert len(propose([late]).columns) == 2
    with pytest.raises(IntakeError, match=r"late\.csv, line 200002: byte 2 of the line"):
        read_files([late])


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("questionnaires.csv", "\nDemographics\n\nHow old are you? Choose one.\n"),
        ("readme.csv", "These data come from a bank.\n"),
        ("settings.json", '{\n"a": 1\n}'),
        ("notes.json", "not json at all"),
        ("codes.csv", "code,meaning\n1,one\n"),
        ("prose.tsv", "Es war einmal\nein Fonds\n"),
    ],
)
def test_a_stray_file_is_left_out_where_another_holds_interactions(name, content):
    found = read_files([HOLDINGS, Source(name, content.encode())])
    assert found.dataset is not None
    (notice,) = (notice for notice in found.notices if "is left out" in notice)
    assert notice.startswith(f"{name} is left out: ")
    with pytest.raises(IntakeError):
        read_files([Source(name, content.encode())])


def test_a_file_that_should_hold_a_part_of_the_dataset_is_not_left_out_by_itself():
    broken = Source("products.csv", b"one column\nof text\n")
    with pytest.raises(IntakeError, match=r"products\.csv, line 1: found one column"):
        read_files([HOLDINGS, broken])
    found = read_files([HOLDINGS, broken], kinds={"products.csv": ""})
    assert "products.csv is left out." in found.notices
    for content in (b"\xff\xe9a,b\n1,2\n", b"\0\1a,b\n", b"a,b\n1,J\xfcrg\n"):
        found = read_files([HOLDINGS, Source("products.csv", content)], kinds={"products.csv": ""})
        assert found.rows_read == 12
    found = read_files([HOLDINGS, Source("none.csv", b"")], kinds={"none.csv": ""})
    assert found.dataset is not None
