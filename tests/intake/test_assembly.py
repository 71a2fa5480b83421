from datetime import UTC, datetime

from tests.dataset.tables import interactions, problems, read


def merged(*rows):
    found = read(interactions(*rows), rating_limit=None)
    return list(found.dataset.interactions.to_pylist()[0].values())[2:], problems(found.repairs)


def test_of_a_pair_the_latest_time_and_rating_win_and_reviews_join():
    cells, repairs = merged(
        "c1,p1,2024-01-02,5,second", "c1,p2,,,", "c1,p1,2024-01-01,1,first", "c1,p1,2024-01-03,,second"
    )
    assert cells == [datetime(2024, 1, 3, tzinfo=UTC), 5.0, "first\nsecond"]
    assert [row for row in repairs if "merged" in row[3]] == [
        (4, "product_id", "p1", "Same client and product, merged: with line 2"),
        (5, "product_id", "p1", "Same client and product, merged: with line 2"),
    ]


def test_each_pair_gets_its_own_cells():
    """Pairs are found in the order of their ids, which is not the order of their rows."""
    rows = ["c1,p1,,1,a", "c2,p1,,2,b", "c1,p2,,3,c"]
    found = read(interactions(*rows, *(row.replace(",,", ",2024-01-01,") for row in rows)), rating_limit=None)
    assert [list(row.values())[3:] for row in found.dataset.interactions.to_pylist()] == [
        [1.0, "a"],
        [2.0, "b"],
        [3.0, "c"],
    ]


def test_where_times_do_not_tell_the_later_row_is_the_later_one():
    assert merged("c1,p1,2024-01-01,2,a", "c1,p1,2024-01-01,3,b")[0][1:] == [3.0, "a\nb"]
    assert merged("c1,p1,,2,a", "c1,p1,,3,")[0] == [None, 3.0, "a"]
    assert merged("c1,p1,2024-01-01,2,", "c1,p1,,3,")[0][1:] == [2.0, None]


def test_joined_reviews_are_cut_at_the_limit():
    one, other = "a" * 15_000, "b" * 15_000
    cells, repairs = merged(f"c1,p1,,,{one}", f"c1,p1,,,{other}")
    assert cells[2] == one + "\n" + other[:4_999]
    assert [
        row[0] for row in repairs if row[3] == "Text longer than 20,000 characters, cut: after merging"
    ] == [2]


def test_pairs_merge_across_files():
    found = read(interactions("c1,p1,,,a"), ("reviews.csv", interactions("c1,p1,,,b")[1]))
    assert found.dataset.interactions["review"].to_pylist() == ["a\nb"]
    assert (
        2,
        "product_id",
        "p1",
        "Same client and product, merged: with interactions.csv, line 2",
    ) in problems(found.repairs)


def test_clients_and_products_that_are_only_named_are_created_where_they_first_stand():
    found = read(
        interactions("c2,p9,,,", "c1,p1,,,", "c2,p8,,,"),
        ("products.csv", "product_id,name\np1,One\n"),
        ("ties.csv", "client_id,other_client_id\nc1,c5\nc6,c5\n"),
    )
    assert found.dataset.products.select(["product_id", "name"]).to_pylist() == [
        {"product_id": "p1", "name": "One"},
        {"product_id": "p9", "name": None},
        {"product_id": "p8", "name": None},
    ]
    assert found.dataset.clients["client_id"].to_pylist() == ["c2", "c1", "c6", "c5"]
    assert problems(found.repairs) == [
        (2, "product_id", "p9", "Product not in products.csv, created"),
        (2, "client_id", "c2", "Client created, no file of clients"),
        (3, "client_id", "c1", "Client created, no file of clients"),
        (4, "product_id", "p8", "Product not in products.csv, created"),
        (2, "other_client_id", "c5", "Client created, no file of clients"),
        (3, "client_id", "c6", "Client created, no file of clients"),
    ]


def test_rows_of_one_product_unite_where_they_agree_and_are_rejected_where_not():
    found = read(
        interactions("c1,p1,,,"),
        (
            "products.csv",
            "product_id,name,risk_class,category\np1,One,,\np2,Two,1,\np1,One,3,\np1,,4,\np1,,,fund\n",
        ),
    )
    one = found.dataset.products.to_pylist()[0]
    assert (one["name"], one["risk_class"], one["category"]) == ("One", 3, "fund")
    assert problems(found.rejects) == [(5, "risk_class", "4", "Product stands twice: line 4 says otherwise")]
    assert [row for row in problems(found.repairs) if "merged" in row[3]] == [
        (4, "product_id", "p1", "Same product, merged: with line 2"),
        (6, "product_id", "p1", "Same product, merged: with line 2"),
    ]


def test_ties():
    found = read(
        interactions("c1,p1,,,", "c2,p1,,,"),
        (
            "ties.csv",
            "client_id,other_client_id,kind\nc1,c2,friend\nc1,c1,friend\nc2,c1,friend\nc1,c2,\nc1,c2,friend\nc1,c2,\n",
        ),
    )
    assert [tuple(tie.values()) for tie in found.dataset.ties.to_pylist()] == [
        ("c1", "c2", "friend"),
        ("c2", "c1", "friend"),
        ("c1", "c2", None),
    ]
    assert problems(found.rejects) == [(3, "other_client_id", "c1", "Client is tied to itself")]
    assert [row for row in problems(found.repairs) if "merged" in row[3]] == [
        (6, "other_client_id", "c2", "Same tie, merged: with line 2"),
        (7, "other_client_id", "c2", "Same tie, merged: with line 5"),
    ]
