import pytest

from finrec_core.intake import STOP, Join, find_sources, read_files
from tests.conftest import real_case
from tests.dataset.tables import read


def held(*clients, name="client_id"):
    return ("has.csv", f"{name},product_id\n" + "".join(f'"{client}",card\n' for client in clients))


def listed(*clients, name="client_id"):
    return ("clients.csv", f"{name},segment\n" + "".join(f'"{client}",retail\n' for client in clients))


def case(name, **options):
    return read_files([one for one in find_sources(real_case(name)) if one.name.endswith(".csv")], **options)


def test_what_joins_is_counted():
    found = read(
        held("ann", "bob", "cem"),
        listed("ann", "bob", "dan"),
        ("products.csv", "isin,name\ncard,Card\n"),
        ("ties.csv", "user_id,friend_id\nann,bob\nann,eva\n"),
    )
    assert found.joins == (
        Join("has.csv", "client_id", "clients.csv", 2, 3),
        Join("ties.csv", "user_id", "clients.csv", 1, 1),
        Join("ties.csv", "friend_id", "clients.csv", 1, 2),
        Join("has.csv", "product_id", "products.csv", 1, 1),
    )
    assert not found.questions


def test_a_join_finds_no_more_than_there_is():
    with pytest.raises(ValueError, match="finds some of the ids"):
        Join("a", "b", "c", 2, 1)


def test_none_is_said_first_and_asked_about():
    found = read(held("1", "2"), listed("x", "y"))
    sentence = (
        "None of the 2 clients of has.csv is in clients.csv: "
        '"client_id" says 1 here, "client_id" says x there.'
    )
    assert found.notices[0] == sentence
    (question,) = found.questions
    assert (question.id, question.choices, question.proposal) == (
        "join:has.csv:client_id",
        ("go on", STOP),
        None,
    )
    gone_on = read(held("1", "2"), listed("x", "y"), answers={question.id: "go on"})
    assert not gone_on.questions
    assert gone_on.notices[0] == sentence
    stopped = read(held("1", "2"), listed("x", "y"), answers={question.id: STOP})
    assert stopped.stopped == (question.id,)
    assert stopped.notices[0] == sentence


def test_fewer_than_half_is_said_first_and_not_asked():
    found = read(held("1", "2", "3"), listed("1", "y"))
    assert found.notices[0].startswith("Only 1 of the 3 clients of has.csv is in clients.csv: ")
    assert not found.questions
    assert not read(held("1", "2"), listed("1", "y")).notices


@pytest.mark.parametrize(
    ("here", "there", "cause"),
    [
        (("1001", "1002"), ("CUST-1001", "CUST-1002"), "the ids differ in what they begin with"),
        (("C1001", "C1002"), ("1001", "1002"), "the ids differ in what they begin with"),
        (("1001", "1002"), ("C0001001", "C0001002"), "the ids differ in what they begin with"),
        (("acc/17", "acc/18"), ("17", "18"), "the ids differ in what they begin with"),
        (("BHP.AX", "CBA.AX"), ("BHP", "CBA"), "the ids differ in what they end with"),
        (("AAPL US Equity", "MSFT US Equity"), ("AAPL", "MSFT"), "the ids differ in what they end with"),
        (("NASDAQ:AAPL", "NYSE:T"), ("AAPL", "T"), "the ids differ in what they end with"),
    ],
)
def test_a_likely_cause_is_named_and_a_join_offered(here, there, cause):
    found = read(held(*here), listed(*there))
    assert cause in found.notices[0]
    assert found.joins[0].cause.startswith(cause)
    (question,) = found.questions
    assert (question.choices, question.proposal) == (("join", "go on"), None)
    assert set(found.dataset.clients["client_id"].to_pylist()) == {*here, *there}
    joined = read(held(*here), listed(*there), answers={question.id: "join"})
    assert joined.dataset.clients["client_id"].to_pylist() == list(there)
    assert joined.joins[0] == Join("has.csv", "client_id", "clients.csv", 2, 2)
    assert not joined.questions


@pytest.mark.parametrize(
    ("here", "there"),
    [
        (("10000.0", "10001.0"), ("10000", "10001")),
        (("10000", "10001"), ("10000.0", "10001.0")),
        ((" 7", "8 "), ("7", "8")),
        (("\uff17", "8"), ("7", "\u200b8")),
        (('=""00123""', "4"), ("00123", "4")),
        (("Ju\u0308rg", "a"), ("J\u00fcrg", "a")),
    ],
)
def test_what_is_certain_joins_without_a_question(here, there):
    found = read(held(*here), listed(*there))
    assert (found.joins[0].found, found.joins[0].of) == (2, 2)
    assert len(found.dataset.clients) == 2
    assert not found.questions


def test_ties_are_held_to_the_events_where_nothing_lists_clients():
    found = read(held("1", "2"), ("ties.csv", "client_id,other_client_id\nx,1\ny,2\nz,1\n"))
    assert found.joins == (
        Join("ties.csv", "client_id", "has.csv", 0, 3),
        Join("ties.csv", "other_client_id", "has.csv", 2, 2),
    )
    assert found.notices[0].startswith("None of the 3 clients of ties.csv is in has.csv: ")


def test_a_list_of_which_no_row_is_taken_is_named():
    found = read(held("1", "2"), listed("nan", "nan"))
    assert found.notices[0] == (
        'None of the 2 clients of has.csv is in clients.csv: "client_id" says 1 here, '
        '"client_id" says nothing there.'
    )


def test_ids_of_pandas_join_with_whole_numbers():
    found = case("float-ids-do-not-join")
    assert len(found.dataset.clients) == 40
    assert found.dataset.clients["segment"].null_count == 0
    assert set(found.dataset.interactions["client_id"].to_pylist()) == set(
        found.dataset.clients["client_id"].to_pylist()
    )
    assert found.joins == (Join("interactions.csv", "customer_id", "customers.csv", 40, 40),)


def test_isins_that_meet_tickers_are_said():
    found = case("isin-against-ticker")
    assert found.notices[0].startswith(
        "None of the 12 products of interactions.csv is in products.csv, likely "
    )
    assert '"isin" stands against "ticker"' in found.notices[0]
    assert [(one.id, one.proposal) for one in found.questions] == [("join:interactions.csv:isin", None)]
    assert (found.joins[0].found, found.joins[0].of) == (0, 12)
