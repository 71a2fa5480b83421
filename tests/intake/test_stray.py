"""Stray files: left out with a notice where other files hold what a dataset needs."""

import pytest

from finrec_core.intake import IntakeError, Source, find_sources, propose, read_files
from tests.conftest import real_case
from tests.dataset.tables import read

TRADES = ("transactions.csv", "client_id,product_id\nann,card\n")


def test_prose_under_a_blank_line_does_not_block_its_folder():
    found = read_files(find_sources([real_case("stray-file-blocks-folder")]))
    assert (len(found.dataset.clients), len(found.dataset.products)) == (40, 12)
    assert found.rows_read == 186
    (told,) = [notice for notice in found.notices if notice.startswith("questionnaires.csv is left out")]
    assert told.endswith(".")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("questionnaire.csv", "\n\nDemographics\n\nHow old are you? Choose one.\n"),
        ("notes.csv", "These are the trades of 2024.\n\nAsk Ann where something is missing.\n"),
        ("empty.csv", ""),
        ("products.csv", ""),
        ("blank.csv", "\n\n  \n"),
        ("picture.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(256))),
        ("dump.dat", b"\0\1\2\3" * 100),
        ("checksums.csv", "d41d8cd98f00b204e9800998ecf8427e *transactions.csv\n"),
        ("SHA256SUMS.csv", "ab12  transactions.csv\n"),
        ("readme.csv", "Read this first\nThen the rest\n"),
        ("data_dictionary.csv", "column,description\nclient_id,the client\nproduct_id,the product\n"),
        ("products_dictionary.csv", "field,type\nisin,text\n"),
        ("codebook.csv", "name;meaning\nSRRI;risk\n"),
        ("package.json", '{\n"name": "x"\n}\n'),
    ],
)
def test_what_is_no_table_is_left_out_with_a_notice(name, content):
    found = read(TRADES, (name, content))
    assert len(found.dataset.interactions) == 1
    assert any(notice.startswith(f"{name} is left out: ") for notice in found.notices)
    assert found.rows_read == 1


@pytest.mark.parametrize("name", ["Thumbs.db", ".~lock.clients.csv#", "._products.csv", "desktop.ini"])
def test_what_systems_leave_behind_is_not_read(name, tmp_path):
    (tmp_path / TRADES[0]).write_text(TRADES[1])
    (tmp_path / name).write_bytes(b"\0\5\x16\7")
    assert len(read_files(find_sources([tmp_path])).dataset.interactions) == 1
    assert len(read(TRADES, (name, b"\0\5\x16\7")).dataset.interactions) == 1


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("products.csv", b"Our funds\nare these\n", "found one column"),
        ("clients.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "PNG"),
        ("kunden.csv", b"client_id,name\n1,J\xfcrg\n", "say which encoding"),
        ("katalog.csv", b"isin,name,name\nx,y,z\n", '"name" names columns 2 and 3'),
        ("books.csv.gz", b"\x1f\x8b broken", ""),
    ],
)
def test_a_file_that_seems_to_be_a_table_is_never_left_out_for_being_unreadable(name, content, sentence):
    with pytest.raises(IntakeError, match=f"{name}.*{sentence}"):
        read(TRADES, (name, content))


def test_a_file_that_the_analyst_speaks_of_is_not_left_out():
    prose = ("about.csv", "Just words\nand more\n")
    with pytest.raises(IntakeError, match="about"):
        read(TRADES, prose, kinds={"about.csv": "products"})
    with pytest.raises(IntakeError, match="about"):
        read(TRADES, prose, mapping={"about.csv:Just words": "product_id"})


def test_alone_a_file_fails_with_its_sentence_and_several_each_with_theirs():
    with pytest.raises(IntakeError, match=r"^notes\.csv, line 1: the file is empty\.$"):
        propose([Source("notes.csv", b"")])
    with pytest.raises(IntakeError) as caught:
        read(("notes.csv", ""), ("about.csv", "Just words\nand more\n"))
    assert "notes.csv, line 1: the file is empty; about.csv, line 1: found one column" in str(caught.value)
    with pytest.raises(IntakeError, match=r"notes\.csv, line 1: the file is empty"):
        read(("products.csv", "product_id,name\np1,x\n"), ("notes.csv", ""))
