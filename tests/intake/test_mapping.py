import pytest

from finrec_core.intake import IntakeError
from finrec_core.intake.mapping import FileMapping, check_overrides, check_tables, propose


def mapping(names, overrides=None, *, file="x.csv", table=None, header=True):
    stem = file.split(".")[0]
    return FileMapping(file, stem, dict.fromkeys(names.split(), ""), overrides or {}, table, header=header)


@pytest.mark.parametrize(
    ("table", "names", "uses"),
    [
        ("interactions", "user_id item_id", ("client_id", "product_id")),
        (
            "interactions",
            "reviewerID asin overall reviewText unixReviewTime",
            ("client_id", "product_id", "rating", "review", "timestamp"),
        ),
        ("interactions", "customer_id parent_asin asin", ("client_id", "product_id", "")),
        (
            "interactions",
            "account_id business_id stars text date",
            ("client_id", "product_id", "rating", "review", "timestamp"),
        ),
        ("interactions", "user isin score comment", ("client_id", "product_id", "rating", "review")),
        ("interactions", "user ticker score body", ("client_id", "product_id", "rating", "review")),
        ("interactions", "user symbol text review", ("client_id", "product_id", "", "review")),
        ("ties", "user_id friend_id", ("client_id", "other_client_id")),
        ("ties", "user_id follower", ("client_id", "other_client_id")),
        ("ties", "follower followee", ("client_id", "other_client_id")),
        ("products", "id title genres text", ("product_id", "name", "category", "description")),
        ("clients", "id name office", ("client_id", "name", "branch")),
    ],
)
def test_names_of_other_data_sets_are_recognised(table, names, uses):
    found = propose(table, names.split())
    assert tuple(found.get(name, "") for name in names.split()) == uses


@pytest.mark.parametrize(
    ("file", "names", "table"),
    [
        ("export.csv", "user_id item_id rating", "interactions"),
        ("export.csv", "user_id friend_id", "ties"),
        ("export.csv", "isin name", "products"),
        ("export.csv", "customer_no segment", "clients"),
        ("artists.dat", "id name url", "products"),
        ("users.dat", "id name", "clients"),
        ("movies.csv", "user_id item_id", "products"),
        ("movies.csv", "user_id item_id rating", "interactions"),
        ("customers.csv", "customer_id isin", "clients"),
        ("products.csv", "user_id friend_id", "ties"),
        ("interactions.csv", "client_id foo", "interactions"),
        ("export.csv", "foo bar", None),
    ],
)
def test_the_table_is_guessed_from_columns_and_name(file, names, table):
    assert mapping(names, file=file).table == table


def test_the_analyst_has_the_last_word():
    one = mapping("user_id item_id text note", {"note": "review", "item_id": ""}, file="reviews.csv")
    assert one.uses == {"user_id": "client_id", "item_id": "", "text": "", "note": "review"}
    assert one.missing() == ["product_id"]
    one = mapping("a b", {"x.csv:a": "client_id", "a": "product_id", "b": "product_id", "y.csv:b": ""})
    assert one.uses == {"a": "client_id", "b": "product_id"}
    assert one.table == "interactions"


def test_an_entry_for_another_table_does_not_concern_a_file():
    assert mapping("client_id rating", {"rating": "review"}, table="clients").uses["rating"] == ""
    assert mapping("id name", {"id": "client_id"}, table="products").uses["id"] == "product_id"


def test_a_file_without_header_is_used_by_position():
    names = "column_1 column_2 column_3 column_4 column_5"
    one = mapping(names, file="ratings.dat", header=False)
    assert list(one.uses.values()) == ["client_id", "product_id", "rating", "timestamp", ""]
    one = mapping(names, {"column_3": "", "column_5": "rating"}, file="ratings.dat", header=False)
    assert list(one.uses.values()) == ["client_id", "product_id", "", "timestamp", "rating"]
    assert mapping(names, file="export.dat", header=False).table is None


def test_a_name_found_later_takes_a_free_place_only():
    one = mapping("user_id item_id text", file="reviews.jsonl")
    assert one.wants("stars")
    assert not one.wants("review")
    assert not one.wants("colour")
    assert [use.used_as for use in one.columns()] == ["client_id", "product_id", "review", "rating", "", ""]


def test_notices_name_what_is_read_otherwise_and_what_is_left_out():
    assert mapping("client_id isin foo", file="interactions.csv").notices() == [
        'interactions.csv is read as interactions, "isin" as product_id.',
        'interactions.csv: left out "foo", used as nothing in interactions.',
    ]
    assert mapping("client_id product_id").notices() == []
    assert mapping("client_id product_id", table="").notices() == ["x.csv is left out."]


@pytest.mark.parametrize(
    ("overrides", "kinds", "sentence"),
    [
        (
            {"userId": "client_id"},
            {},
            'no file has a column "userId" to be used as client_id; there are "a", "b"',
        ),
        ({"y.csv:a": "client_id"}, {}, 'no file has a column "y.csv:a"'),
        ({"a": "person"}, {}, '"a" cannot be used as "person", which is no column of a dataset.'),
        ({}, {"y.csv": "ties"}, 'no file is called "y.csv"; there are x.csv.'),
        ({}, {"x.csv": "people"}, 'x.csv: "people" is no table; there are interactions, products'),
    ],
)
def test_a_mapping_that_does_not_fit_the_files(overrides, kinds, sentence):
    with pytest.raises(IntakeError) as caught:
        check_overrides(overrides, kinds, [mapping("a b")])
    assert str(caught.value).startswith(sentence)


@pytest.mark.parametrize(
    ("one", "sentence"),
    [
        (
            mapping("a b"),
            'x.csv, line 1: neither the file\'s name nor its columns, "a", "b", tell which table',
        ),
        (
            mapping("client_id b", file="ties.csv"),
            'ties.csv, line 1: no column is used as other_client_id of ties; there are "client_id", "b".',
        ),
        (
            mapping("client_id name"),
            "none of the files holds interactions, which need a client and a product column; "
            "x.csv is read as clients.",
        ),
        (
            mapping("a b c", {"a": "client_id", "b": "client_id", "c": "product_id"}),
            'x.csv, line 1: both "a" and "b" are used as client_id; leave one out.',
        ),
    ],
)
def test_files_that_do_not_make_a_dataset(one, sentence):
    with pytest.raises(IntakeError) as caught:
        check_tables([one])
    assert str(caught.value).startswith(sentence)
