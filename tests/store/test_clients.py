"""The search for a client: what is found, and in which order."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from finrec_core.dataset import Dataset
from finrec_core.store import ClientMatch, StoreError, clients
from finrec_core.store.clients import ClientIndex, fold, haystack, haystacks
from tests.store.conftest import HOSTILE, make_bank, table


def add(store, people, name="people"):
    rows = [{"client_id": key, "name": text, "segment": "private"} for key, text in people]
    empty = {kind: table(kind, []) for kind in ("products", "interactions", "ties")}
    store.add_dataset(Dataset(clients=table("clients", rows), **empty, name=name))


def found(store, text, **options):
    return [match.client_id for match in store.search_clients(text, **options)]


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Zoë MÜLLER", "zoe muller"),
        ("Łukasz Sørensen", "lukasz sorensen"),
        ("  Jean-Luc\tO'Neil ", "jean luc o neil"),
        ("STRASSE Straße", "strasse strasse"),
        ("C-00_12", "c 00 12"),
        ("e\u0301a", "ea"),  # a mark of its own
        ("ﬁne Ⅷ", "fine viii"),
        ("李小龙", "李小龙"),
        ("Дмитрий", "дмитрии"),
        ("שָׁלוֹם", "שלום"),
        ("--", "--"),
        ("", ""),
    ],
)
def test_fold(text, folded):
    assert fold(text) == folded
    assert fold(folded) == folded


@pytest.mark.parametrize("few", [1000, 0])
def test_exact_before_beginning_before_beginning_of_a_word_before_the_middle(store, few, monkeypatch):
    monkeypatch.setattr(clients, "FEW", few)  # 0: as if there were too many to rank one by one
    add(
        store,
        [
            ("c1", "Johanna Ann"),
            ("c2", "Adrianne Frei"),
            ("c3", "Anneliese Berg"),
            ("c4", "Ann"),
            ("c5", "Ann Abel"),
            ("ann", "Zoe Zink"),
            ("c7", "Bert"),
        ],
    )
    assert found(store, "ann") == ["ann", "c4", "c5", "c3", "c1", "c2"]
    assert found(store, "ANN") == ["c4", "ann", "c5", "c3", "c1", "c2"]  # no longer this very id


@pytest.mark.parametrize("few", [1000, 0])
def test_by_id_or_by_name_without_case_and_accents(store, few, monkeypatch):
    monkeypatch.setattr(clients, "FEW", few)
    add(store, [("C-0007", "Zoë Müller"), ("C-0070", "Łukasz Nowak"), ("X-7", None)])
    assert found(store, "c-0007") == ["C-0007"]
    assert found(store, "C-0") == ["C-0070", "C-0007"]  # equals by name: Lukasz before Zoe
    assert found(store, "0070") == ["C-0070"]
    assert found(store, "zoe") == found(store, "MÜLLER") == found(store, "muller, zoë") == ["C-0007"]
    assert found(store, "lukasz") == ["C-0070"]
    assert found(store, "zoe 0007") == ["C-0007"]  # words may lie in name and id
    assert found(store, "zoe nowak") == []
    assert store.search_clients("x-7") == [ClientMatch("X-7", "", "private")]


@pytest.mark.parametrize("typed", ["jrgensen", "jorgenssen", "jorgemsen", "jogrensen", "Anna Jorgemsen"])
def test_a_slip_of_the_keys_is_forgiven(store, typed):
    add(store, [("c1", "Anna Jørgensen"), ("c2", "Anna Kay"), ("c3", "Jørg Sens")])
    (match,) = store.search_clients(typed)
    assert (match.client_id, match.near) == ("c1", True)


def test_a_slip_is_looked_for_only_where_nothing_is_spelled_so_and_never_in_a_number(store):
    add(store, [("c1234", "Marta"), ("c1235", "Martin")])
    assert found(store, "mart") == ["c1234", "c1235"]
    assert [match.near for match in store.search_clients("marta")] == [False]
    assert found(store, "c1236") == found(store, "mat") == []
    assert found(store, "marat c1235") == []  # each word must fit the same client


def test_a_match_does_not_run_from_the_name_into_the_id(store):
    add(store, [("34", "Flat 12")])
    assert found(store, "1234") == []
    assert found(store, "12 34") == ["34"]


def test_signs_of_the_search_language_are_plain_letters(store):
    add(store, [("a%b", "Percent"), ("axb", "None"), ("a_b", "Line"), ("--", HOSTILE)])
    assert found(store, "a%b")[0] == "a%b"
    assert found(store, "%") == []
    assert found(store, "--") == ["--"]
    assert found(store, HOSTILE) == ["--"]
    assert found(store, "' OR 1=1; --") == []
    assert found(store, "x" * 10_000) == []
    assert found(store, "a " * 1_000) != []


def test_at_most_fifty_or_as_many_as_asked(store):
    add(store, [(f"c{row:03d}", f"Client {row}") for row in range(120)])
    assert len(found(store, "client")) == 50
    assert len(found(store, "client", limit=7)) == 7
    assert len(found(store, "")) == 50
    assert len(found(store, "client", limit=500)) == 120


def test_only_the_version_that_is_meant_is_searched(store):
    store.add_dataset(make_bank(clients=2))
    store.add_dataset(make_bank(clients=5))
    assert len(found(store, "client")) == 5  # the hostile name has the word, too
    assert len(found(store, "client", name="demo", version=1)) == 2
    with pytest.raises(StoreError, match="no dataset"):
        found(store, "client", name="demo", version=3)


def test_searching_two_versions_in_turn_does_not_mix_them_up(store):
    # Guards: the index in memory belongs to one version.
    for count in (2, 5, 7):
        store.add_dataset(make_bank(clients=count))
    for version, count in ((1, 2), (3, 7), (2, 5), (1, 2)):
        assert len(found(store, "", name="demo", version=version)) == count
    store.remove_dataset("demo", 2)
    with pytest.raises(StoreError, match="no dataset"):
        found(store, "", name="demo", version=2)


def test_no_clients_no_match(store):
    add(store, [])
    assert found(store, "") == found(store, "ann") == []


def test_clients_of_no_version_are_found_as_those_of_one_are(store):
    people = [("c2", "Zoë Ann"), ("c1", "Ann Abel"), ("c3", None)]
    add(store, people)
    rows = [{"client_id": key, "name": text, "segment": None} for key, text in people]
    index = ClientIndex.of(table("clients", rows))
    for text in ("", "ann", "ZOE", "c3", "nobody"):
        assert [match.client_id for match in index.search(text, 9)] == found(store, text)
    assert index.search("c3", 1) == [ClientMatch("c3", "", "")]


@given(st.lists(st.tuples(st.text(), st.none() | st.text(alphabet="aZ9 _-.łÉ\u0301\t")), max_size=8))
def test_clients_by_columns_are_found_as_one_by_one(pairs):
    ids, names = (
        pa.chunked_array([pa.array([pair[place] for pair in pairs], pa.string())]) for place in (0, 1)
    )
    assert haystacks(ids, names).to_pylist() == [haystack(*pair) for pair in pairs]


def test_clients_of_ones_own_stand_first(store):
    people = [("c1", "Ana Berg"), ("c2", "Ana Costa"), ("c3", "Ana Dahl"), ("c4", "Bo"), ("c5", "Anna")]
    rows = [
        {"client_id": key, "name": name, "adviser": "Lind" if key in ("c3", "c5") else "Holm"}
        for key, name in people
    ]
    empty = {kind: table(kind, []) for kind in ("products", "interactions", "ties")}
    store.add_dataset(Dataset(clients=table("clients", rows), **empty, name="people"))
    mine = {"mine": lambda adviser: adviser == "Lind"}
    assert found(store, "Ana") == ["c1", "c2", "c3"]
    assert found(store, "Ana", **mine) == ["c3", "c1", "c2"], "Anna is only spelled alike"
    assert found(store, "Ana", limit=1, **mine) == ["c3"]
    assert found(store, "c1", **mine) == ["c1"]
    assert found(store, "", limit=3, **mine) == ["c3", "c5", "c1"]
    assert found(store, "Ana", mine=lambda adviser: adviser == "Nobody") == ["c1", "c2", "c3"]
    assert found(store, "Ana", within=lambda key: key != "c3", **mine) == ["c1", "c2"]
    assert store.search_clients("c4")[0].adviser == "Holm"
