"""Public data sets go in as their authors publish them."""

import pytest

from finrec_core.intake import FormChoice, IntakeError
from tests.dataset.tables import read
from tests.intake import published, shops

LATIN = {"movielens_1m": "ml-1m.zip/ml-1m/movies.dat", "movielens_100k": "ml-100k.zip/ml-100k/u.item"}


MAPPED = {"far_trans": {"transactionType": ""}}  # what is bought and sold is no matter here
NAMELESS = ("amazon_ratings", "amazon_ratings_2018", "lastfm_360k", "olist", "stocktwits", "online_retail")
UNRATED = dict.fromkeys(("far_trans", "instacart", "olist", "stocktwits", "hm", "online_retail"), 3)
UNRATED |= {"yelp": 1, "movielens_latest": 1}  # a tip, a tag


def taken(shape: str):
    name = LATIN.get(shape)
    forms = {name: FormChoice(encoding="iso-8859-1")} if name else {}
    files = getattr(published, shape, None) or getattr(shops, shape)
    return read(*files(), forms=forms, mapping=MAPPED.get(shape))


@pytest.mark.parametrize(
    ("shape", "sizes", "limit"),
    [
        ("amazon_2014", (2, 2, 3, 0), 3.0),
        ("amazon_2018", (2, 2, 3, 0), 3.0),
        ("amazon_2023", (2, 2, 3, 0), 3.0),
        ("amazon_ratings", (2, 2, 3, 0), 3.0),
        ("amazon_ratings_2018", (2, 2, 3, 0), 3.0),
        ("yelp", (3, 2, 4, 3), 3.0),
        ("movielens_1m", (2, 2, 3, 0), 3.0),
        ("movielens_100k", (2, 2, 3, 0), 3.0),
        ("movielens_latest", (2, 2, 4, 0), 3.0),
        ("lastfm_hetrec", (2, 2, 3, 2), None),
        ("lastfm_360k", (2, 2, 3, 0), None),
        ("far_trans", (2, 2, 3, 0), None),
        ("recbole", (2, 2, 3, 1), 3.0),
        ("instacart", (2, 2, 3, 0), None),
        ("olist", (2, 2, 3, 0), None),
        ("stocktwits", (2, 2, 3, 0), None),
        ("book_crossing", (2, 2, 3, 0), 3.0),
        ("hm", (2, 2, 3, 0), None),
        ("online_retail", (2, 2, 3, 0), None),
    ],
)
def test_a_published_data_set_goes_in_whole(shape, sizes, limit):
    found = taken(shape)
    data = found.dataset
    assert (len(data.clients), len(data.products), len(data.interactions), len(data.ties)) == sizes
    assert data.rating_limit == limit
    assert found.rows_rejected == 0
    assert data.interactions["rating"].null_count == UNRATED.get(shape, 0)
    assert (data.products["name"].null_count == 0) == (shape not in NAMELESS)
    assert len(found.questions) <= 1


def test_lists_literals_and_friends_are_taken_apart():
    old = taken("amazon_2014")
    assert old.dataset.products["category"].to_pylist() == ["Books, Music"] * 2
    assert "meta_Books.json.gz holds Python literals in place of JSON, which are read too." in old.notices
    assert taken("amazon_2018").dataset.products["description"].to_pylist() == ["Old, and new"] * 2
    yelp = taken("yelp").dataset
    ties = {(row["client_id"], row["other_client_id"]) for row in yelp.ties.to_pylist()}
    assert ties == {("1", "2"), ("1", "3"), ("3", "1")}
    assert yelp.clients["name"].to_pylist() == ["Walker", "Daniel", "Eva"]


@pytest.mark.parametrize(
    ("shape", "left_out"),
    [
        ("yelp", ["yelp_academic_dataset_checkin.json"]),
        ("movielens_1m", ["/README"]),
        ("movielens_latest", ["/README.txt", "/links.csv"]),
        ("far_trans", ["close_prices.csv", "limit_prices.csv", "markets.csv"]),
        ("instacart", ["aisles.csv", "departments.csv", "sample_submission.csv"]),
        ("lastfm_hetrec", ["/readme.txt", "/tags.dat", "/user_taggedartists.dat"]),
    ],
)
def test_what_is_nothing_of_ours_is_left_out_with_a_sentence(shape, left_out):
    notices = taken(shape).notices
    for name in left_out:
        assert any(f"{name} is left out: " in notice for notice in notices), notices


def test_baskets_have_their_clients_and_what_is_known_of_assets_and_people_is_taken():
    rows = taken("instacart").dataset.interactions.select(["client_id", "product_id"]).to_pylist()
    assert sorted((row["client_id"], row["product_id"]) for row in rows) == [
        ("1", "4"),
        ("2", "4"),
        ("2", "6"),
    ]
    found = taken("far_trans").dataset
    assert found.products["category"].to_pylist() == ["Stock", "MTF"]
    assert found.clients["segment"].to_pylist() == ["Mass", "Premium"]
    assert found.interactions["amount"].to_pylist() == [100.0, 1.0, 2.0]
    assert taken("stocktwits").dataset.interactions["review"][0].as_py() == "Long $4"


@pytest.mark.parametrize("shape", list(LATIN))
def test_an_encoding_is_asked_for_and_not_guessed(shape):
    with pytest.raises(IntakeError, match="is not UTF-8") as caught:
        read(*getattr(published, shape)())
    assert caught.value.file == LATIN[shape]
    readings = caught.value.__cause__.readings
    assert "Misérables" in readings["cp1252"]
    assert "Misérables" not in readings["cp1251"]
    assert "Misérables" in taken(shape).dataset.products["name"].to_pylist()[0]


def test_utf_16_is_told_by_its_mark():
    for encoding in ("utf-16-le", "utf-16-be"):
        found = read(("has.csv", "\ufeffclient_id,product_id\nJürg,card\n".encode(encoding)))
        assert found.dataset.clients["client_id"].to_pylist() == ["Jürg"]
        assert "has.csv is read as UTF-16." in found.notices


def test_the_analyst_says_which_separator():
    found = read(
        ("x.csv", "kunde|produkt;neu\nann|card;x\n"),
        forms={"x.csv": FormChoice(delimiter="|")},
        mapping={"kunde": "client_id", "produkt;neu": "product_id"},
    )
    assert found.dataset.products["product_id"].to_pylist() == ["card;x"]
    with pytest.raises(IntakeError, match="separates no columns"):
        FormChoice(delimiter="^")
    with pytest.raises(IntakeError, match="is no encoding known here"):
        FormChoice(encoding="rot13")
