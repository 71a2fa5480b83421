import pytest

from finrec_core.intake import IntakeError
from finrec_core.intake.catalogue import Entry, chosen

TRADES = Entry("trades", ("client_id", "isin", "at"))
VIEW = Entry("v_trades", ("client_id", "isin"), is_view=True)
OTHER = Entry("core_x1", ("a", "b"))
CLIENTS = Entry("v_clients", ("client_id", "name"), is_view=True)


def names(entries: list[Entry]) -> list[str]:
    return [entry.name for entry in entries]


def test_a_table_is_known_by_its_columns() -> None:
    assert [entry.kind for entry in (TRADES, VIEW, OTHER, CLIENTS)] == [
        "interactions",
        "interactions",
        "",
        "clients",
    ]


@pytest.mark.parametrize(
    ("every", "taken", "said"),
    [(True, ["trades", "core_x1", "v_clients"], 1), (False, ["trades", "v_clients"], 2)],
)
def test_a_view_is_taken_where_no_table_holds_the_same(every: bool, taken: list[str], said: int) -> None:
    found, notices = chosen([TRADES, VIEW, OTHER, CLIENTS], (), "bank", every=every)
    assert (names(found), len(notices)) == (taken, said)


def test_views_alone_are_taken() -> None:
    assert names(chosen([VIEW], (), "bank", every=False)[0]) == ["v_trades"]


def test_what_is_named_is_taken_once_whatever_it_is() -> None:
    found, notices = chosen([TRADES, VIEW, OTHER], ("core_x1", "v_trades", "core_x1"), "bank", every=False)
    assert (names(found), notices) == (["core_x1", "v_trades"], [])


@pytest.mark.parametrize(
    ("entries", "only", "sentence"),
    [
        ([], (), "bank: the database holds no table."),
        (
            [OTHER],
            (),
            'bank: no table of it has the columns that a dataset needs; there are "core_x1"; name one.',
        ),
        ([OTHER], ("x",), 'bank: there is no table "x"; there are "core_x1".'),
        ([], ("x",), 'bank: there is no table "x"; there is none.'),
    ],
)
def test_where_nothing_is_left_it_is_said(entries: list[Entry], only: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(IntakeError) as caught:
        chosen(entries, only, "bank", every=False)
    assert str(caught.value) == sentence
