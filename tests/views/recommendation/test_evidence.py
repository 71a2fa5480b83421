"""The tables: they add up, and they hold no more of other people than a view may."""

from dataclasses import replace

import pytest

from finrec_core.explain.points import shown
from finrec_core.views.recommendation import evidence
from finrec_core.views.recommendation.evidence import UNLISTED


@pytest.fixture
def client_view(explanation, scale):
    return shown(explanation.client_lens, scale)


@pytest.fixture
def product_view(explanation, scale):
    return shown(explanation.product_lens, scale)


def number(text):
    return float(text.replace("−", "-").replace(",", ""))


def test_the_reasons_add_up_as_printed(client_view, product_view, labels):
    for view in (client_view, product_view):
        table = evidence.reasons(view, labels)
        points = [number(text) for text in table["Points"]]
        assert table["Reason"].tolist()[0] == "Starting point"
        assert table["Reason"].tolist()[-1] == "Total"
        assert sum(points[:-1]) == points[-1] == 92


def test_the_smaller_reasons_add_up_as_printed(product_view, labels):
    table = evidence.smaller(product_view, labels)
    assert len(table) == 12
    assert sum(number(text) for text in table["Points"]) == pytest.approx(product_view.tail_points)


def test_what_the_client_has(client_view, labels):
    table = evidence.held(client_view, labels)
    assert table.head(3).to_dict("list") == {
        "Reason": ["Nordlys Green Savings Plan", "Alpine Short Bond Fund", "Household member"],
        "Kind": ["Product", "Product", "Connection"],
        "Points": ["+34", "+27", "+13"],
    }
    assert table["Points"].tolist()[-1] == "0.0", "a smaller reason has one decimal, as in the tail"


def test_similar_clients_have_numbers_and_shared_products_where_allowed(product_view, labels):
    table = evidence.similar(product_view, labels)
    assert table.to_dict("records")[:3] == [
        {
            "Similar client": "Client 1, private",
            "In common": "4",
            "Which": "Nordlys Green Savings Plan, Alpine Short Bond Fund",
            "Points": "+19",
        },
        {
            "Similar client": "Client 2, private",
            "In common": "2",
            "Which": "Nordlys Green Savings Plan, Meridian World Index Fund",
            "Points": "+14",
        },
        {"Similar client": "3 clients", "In common": "1 to 3", "Which": UNLISTED, "Points": "+11.6"},
    ]
    assert table["Similar client"].tolist()[-1] == "10 more clients"
    clients = [contribution.points for contribution in evidence.of_kind(product_view, "client")]
    assert sum(number(text) for text in table["Points"]) == pytest.approx(sum(clients))


def test_what_two_clients_share_is_counted_by_category_and_of_whom_nothing_can_be_said_are_one_row(
    product_view, labels
):
    kinds = (("Funds", 2), ("Cards", 1))
    others = labels.others | {"secret-c": replace(labels.others["secret-c"], kinds=kinds)}
    table = evidence.similar(product_view, replace(labels, others=others))
    assert table["Which"][2] == "Funds: 2, Cards: 1"
    bare = {key: replace(other, shared=()) for key, other in labels.others.items()}
    table = evidence.similar(product_view, replace(labels, others=bare))
    assert table["Which"].tolist().count(UNLISTED) == 1
    clients = [contribution.points for contribution in evidence.of_kind(product_view, "client")]
    assert sum(number(text) for text in table["Points"]) == pytest.approx(sum(clients))


def test_reviews_have_no_writer_month_or_stars(product_view, labels):
    table = evidence.reviews(product_view, labels)
    assert table.to_dict("records") == [
        {
            "Review": "Review 1",
            "Begins": "Steady income, low costs. The price swings in spring.",
            "Points": "+8",
        },
        {"Review": "Review 2", "Begins": "Too slow for me.", "Points": "−4"},
    ]


def test_reviews_show_what_the_setting_lets_through(product_view, hostile):
    table = evidence.reviews(product_view, hostile("Ilse"))
    assert table.columns.tolist() == ["Review", "Begins", "Stars", "When", "Points"]
    assert table["Review"].tolist() == ["Review by Ilse"] * 2


def test_a_long_review_is_cut_at_a_blank(product_view, hostile):
    (begins, _) = evidence.reviews(product_view, hostile("many words " * 40))["Begins"]
    assert begins.endswith(" words…") or begins.endswith(" many…")
    assert len(begins) <= evidence.BEGINNING + 1


def test_rows_stand_in_the_order_of_their_parts(product_view, labels):
    contributions = evidence.of_kind(product_view, "client")
    told = {key: replace(other, kinds=(("Funds", 1),)) for key, other in labels.others.items()}
    table = evidence.similar(product_view, replace(labels, others=told), most=len(contributions))
    titles = [name.partition(",")[0] for name in table["Similar client"]]
    assert titles == [labels.title(contribution.exact) for contribution in contributions]


@pytest.mark.parametrize("error", [0.0, 4e-16, -4e-16])
def test_what_floating_point_leaves_of_a_sum_stands_behind_its_table(error):
    said, digits = evidence.check(error, "start and reasons", "the score")
    assert said == "Checked: start and reasons add up to the score."
    whole = "Start and reasons add up to the score to the last digit."
    assert digits == ("Start and reasons miss the score by 4e-16." if error else whole)


def test_a_sum_that_is_wrong_says_so_beside_it():
    said, _ = evidence.check(0.25, "start and reasons", "the score")
    assert said == "Checked: start and reasons miss the score by 2e-01."


def test_no_table_holds_an_id_of_another_client(client_view, product_view, labels):
    for view in (client_view, product_view):
        for table in (
            evidence.reasons(view, labels),
            evidence.smaller(view, labels),
            evidence.held(view, labels),
            evidence.similar(view, labels),
            evidence.reviews(view, labels),
        ):
            assert "secret" not in table.to_csv()


def test_a_view_without_parts_has_empty_tables(scale, labels):
    from finrec_core.explain.explanation import Lens

    view = shown(Lens(1.0, (), 1.0), scale)
    for table in (
        evidence.held(view, labels),
        evidence.similar(view, labels),
        evidence.reviews(view, labels),
    ):
        assert len(table) == 0
    assert evidence.reasons(view, labels)["Points"].tolist() == ["1", "1"]
