import pytest

from finrec_core.dataset.schema import TABLES
from finrec_core.intake.names import ALIASES, is_header, is_other, is_unbounded, plain, table_of_name


def test_every_column_has_its_own_name_first():
    for table, columns in TABLES.items():
        for column in columns:
            assert ALIASES[table][column.name][0] == plain(column.name)
        beside = ["friends"] if table == "clients" else []  # a list of ids, which becomes ties
        assert sorted(ALIASES[table]) == sorted([*(column.name for column in columns), *beside])


def test_plain_ignores_case_and_marks():
    assert {plain(name) for name in ("User ID", "userId", "user_id", "USER-ID")} == {"userid"}


@pytest.mark.parametrize(
    ("stem", "table"),
    [
        ("ratings", "interactions"),
        ("user_friends", "ties"),
        ("user_reviews", "interactions"),
        ("fund-holdings 2024", "interactions"),
        ("meta_Gift_Cards", "products"),
        ("yelp_academic_dataset_business", "products"),
        ("Customers", "clients"),
        ("export", None),
        ("mooring", None),
    ],
)
def test_table_of_name(stem, table):
    assert table_of_name(stem) == table


def test_is_header():
    assert is_header(["client_id", "2020"])
    assert is_header(["kunde", "produkt"])
    assert not is_header(["1", "1193", "5"])
    assert not is_header(["17", "4", "friend"])


def test_is_unbounded():
    assert is_unbounded("playCount")
    assert is_unbounded("Quantity")
    assert not is_unbounded("stars")


@pytest.mark.parametrize(
    ("stem", "other"),
    [
        ("links", True),
        ("genome-scores", True),
        ("yelp_academic_dataset_checkin", True),
        ("user_taggedartists-timestamps", True),
        ("blinks", False),
        ("photosynthesis", False),
        ("genomes_bought", False),
    ],
)
def test_files_beside_a_published_data_set_are_known_by_whole_words(stem, other):
    assert is_other(stem) is other
