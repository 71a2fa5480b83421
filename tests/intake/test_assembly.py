import pytest

from finrec_core.intake import find_sources, read_files
from tests.conftest import real_case
from tests.dataset.tables import interactions, problems, read


def test_every_interaction_is_an_event_of_its_own():
    found = read(
        interactions("c1,p1,2024-01-02,5,second", "c1,p1,2024-01-01,1,first"),
        ("reviews.csv", interactions("c1,p1,,,b")[1]),
    )
    assert found.dataset.interactions["review"].to_pylist() == ["second", "first", "b"]
    assert not [row for row in problems(found.repairs) if "merged" in row[3]]


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


def test_the_newest_profile_decides():
    found = read_files(find_sources([real_case("newest-profile-rejected")]))
    clients = {row["client_id"]: row for row in found.dataset.clients.to_pylist()}
    assert len(clients) == 200
    for client in ("10000", "10001", "10002"):
        row = clients[client]
        assert (row["risk_tolerance"], row["horizon_years"], str(row["profile_date"])) == (1, 2, "2024-05-01")
    assert (clients["10003"]["risk_tolerance"], clients["10003"]["horizon_years"]) == (4, 10)
    assert not found.questions
    assert not found.rows_rejected
    older = "Older profile: of 2019-05-01, replaced by line 3"
    assert (2, "profile_date", "2019-05-01", older) in problems(found.repairs)
    assert (
        "clients.csv: 3 clients stand in rows of different profile_date; the newest counts." in found.notices
    )


HAS = interactions("c1,p1,,,")
HEADER = "client_id,profile_date,risk_tolerance,horizon_years\n"


@pytest.mark.parametrize(
    "files",
    [
        [("clients.csv", HEADER + "c1,2024-05-01,1,2\nc1,2019-05-01,6,10\n")],
        [("clients.csv", HEADER + "c1,2019-05-01,6,10\nc1,2021-05-01,3,5\nc1,2024-05-01,1,2\n")],
        [
            ("clients_2019.csv", HEADER + "c1,2019-05-01,6,10\n"),
            ("clients_2024.csv", HEADER + "c1,2024-05-01,1,2\n"),
        ],
        [
            ("clients_a.csv", HEADER + "c1,2024-05-01,1,2\n"),
            ("clients_b.csv", HEADER + "c1,2019-05-01,6,10\n"),
        ],
        [("clients.csv", HEADER.replace(",", ";") + "c1;01.05.2019;6;10\nc1;31.05.2024;1;2\n")],
        [("clients.csv", "customer_no,kyc_date,risk_profile,horizon\nc1,20240501,1,2\nc1,20190501,6,10\n")],
        [("clients.csv", HEADER + "c1,2019-05-01,6,10\nc1,2024-05-01,1,2\nc1,,,\n")],
        [("clients.csv", HEADER + "c1,2019-05-01,,10\nc1,2024-05-01,1,2\nc1,2018-01-01,7,\n")],
    ],
)
def test_a_history_of_profiles_is_read_in_any_form(files):
    found = read(HAS, *files)
    row = found.dataset.clients.to_pylist()[0]
    assert (row["risk_tolerance"], row["horizon_years"], row["profile_date"].year) == (1, 2, 2024)
    assert not found.questions
    assert not found.rows_rejected


def test_products_stand_by_valid_from():
    rows = "isin,valid_from,srri,name\np1,2020-01-01,6,Old\np1,2024-01-01,2,\n"
    found = read(HAS, ("products.csv", rows))
    one = found.dataset.products.to_pylist()[0]
    assert (one["risk_class"], one["name"]) == (2, "Old")
    told = (2, "valid_from", "2020-01-01", "Older row: of 2020-01-01, replaced by line 3")
    assert told in problems(found.repairs)


TWICE = "client_id,risk_tolerance,horizon_years\nc1,6,10\nc1,1,2\nc2,3,\nc2,,5\n"


@pytest.mark.parametrize(
    ("answer", "risk"),
    [(None, 1), ("the first when sorted", 1), ("the last line", 1), ("none where they differ", None)],
)
def test_rows_that_differ_without_a_newer_date_are_asked_about(answer, risk):
    answers = {"history:clients.csv:client_id": answer} if answer else {}
    found = read(HAS, ("clients.csv", TWICE), answers=answers)
    one, two = found.dataset.clients.to_pylist()
    assert (one["risk_tolerance"], two["risk_tolerance"], two["horizon_years"]) == (risk, 3, 5)
    assert "Client stands twice, left out: line 3 is kept" in [row[3] for row in problems(found.repairs)]
    if answer is None:
        (asked,) = found.questions
        assert asked.proposal == "the first when sorted"
        assert asked.sentence == (
            "1 of the clients stands in several rows that contradict each other, and no profile_date says "
            'which is the newest, for example "c1": risk_tolerance is "1" and "6". Which row counts?'
        )


def test_the_order_of_rows_and_files_decides_nothing_but_where_the_analyst_says_so():
    lines = TWICE.splitlines(keepends=True)
    turned = "".join([lines[0], *reversed(lines[1:])])
    hashes = {read(HAS, ("clients.csv", text)).dataset.content_hash for text in (TWICE, turned)}
    assert len(hashes) == 1
    assert read(HAS, ("clients.csv", TWICE)).questions == read(HAS, ("clients.csv", turned)).questions
    said = {"history:clients.csv:client_id": "the last line"}
    last = [
        read(HAS, ("clients.csv", text), answers=said).dataset.clients["risk_tolerance"][0].as_py()
        for text in (TWICE, turned)
    ]
    assert sorted(last) == [1, 3] or last == [1, 6]


def test_rows_of_one_product_that_agree_unite():
    found = read(
        interactions("c1,p1,,,"),
        ("products.csv", "product_id,name,risk_class,category\np1,One,,\np2,Two,1,\np1,One,3,\np1,,,fund\n"),
    )
    one = next(row for row in found.dataset.products.to_pylist() if row["product_id"] == "p1")
    assert (one["name"], one["risk_class"], one["category"]) == ("One", 3, "fund")
    assert not found.questions
    assert [row[3] for row in problems(found.repairs) if "merged" in row[3]] == [
        "Same product, merged: with line 4",
        "Same product, merged: with line 4",
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
