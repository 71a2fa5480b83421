"""The vocabulary of a column: asked where words stand for a value, and read as answered."""

import pytest

from finrec_core.intake import STOP, find_sources, read_files
from tests.conftest import real_case
from tests.dataset.tables import interactions, problems, read

HAS = interactions(*(f"c{i},p{i},,," for i in range(1, 9)))


def products(column: str, *cells: str) -> tuple[str, str]:
    """A file of products p1, p2, ... with one more column."""
    rows = "".join(f'p{number},"{cell}"\n' for number, cell in enumerate(cells, start=1))
    return "products.csv", f"product_id,{column}\n{rows}"


def clients(column: str, *cells: str) -> tuple[str, str]:
    rows = "".join(f'c{number},"{cell}"\n' for number, cell in enumerate(cells, start=1))
    return "clients.csv", f"client_id,{column}\n{rows}"


def column(found, table: str, name: str, count: int) -> list:
    return getattr(found.dataset, table)[name].to_pylist()[:count]


def test_risk_in_sevenths_keeps_the_catalogue_and_is_asked_about():
    files = find_sources([real_case("catalogue-lost-unasked")])
    found = read_files(files)
    assert found.rows_rejected == 0
    assert len(found.dataset.products) == 20
    first = found.dataset.products.to_pylist()[3]
    assert (first["name"], first["category"], first["description"], first["risk_class"]) == (
        "Fund F03",
        "Equity",
        "A broad fund number F03",
        4,
    )
    (asked,) = found.questions
    assert asked.id == "risk:products.csv:SRRI"
    assert asked.values == ("1/7", "2/7", "3/7", "4/7", "5/7", "6/7", "7/7")
    assert asked.proposal == {f"{place}/7": f"{place}" for place in range(1, 8)}
    assert asked.choices == (*"1234567", "empty")
    assert '20 cells of "SRRI" say in words of their own what the risk class is' in asked.sentence
    answered = read_files(files, answers={asked.id: dict(asked.proposal) | {"7/7": "empty"}})
    assert not answered.questions
    assert answered.dataset.products["risk_class"].to_pylist()[5:8] == [6, None, 1]
    assert [row[:3] for row in problems(answered.repairs) if "left empty" in row[3]] == [
        (8, "SRRI", "7/7"),
        (15, "SRRI", "7/7"),
    ]


@pytest.mark.parametrize(
    ("cells", "read_as"),
    [
        (("low", "medium", "high"), [2, 4, 6]),
        (("niedrig", "Mittel", "HOCH"), [2, 4, 6]),
        (("prudent", "équilibré", "dynamique"), [2, 4, 6]),
        (("SRRI 3", "SRRI 7", "SRRI 1"), [3, 7, 1]),
        (("R1", "R3", "R5"), [1, 4, 7]),
        (("I", "IV", "VII"), [1, 4, 7]),
        (("A", "C", "E"), [1, 4, 7]),
        (("3", "medium", "7"), [3, 4, 7]),
        (("low", "blue", "high"), [2, None, 6]),
        (("10", "1", "9"), [7, 1, 7]),
    ],
)
def test_risk_in_words_is_asked_about(cells, read_as):
    for given, table, name in (
        (products("risk", *cells), "products", "risk_class"),
        (clients("risk_profile", *cells), "clients", "risk_tolerance"),
    ):
        found = read(HAS, given)
        places = column(found, table, name, len(cells))
        wanted = read_as if table == "products" or "9" not in cells else [7, 1, 6]
        assert places == wanted
        assert [question.kind for question in found.questions] == ["risk"]
        assert found.rows_rejected == 0


@pytest.mark.parametrize(
    ("given", "name", "read_as"),
    [
        (
            clients("knowledge", "none", "Intermediate", "Experte"),
            "knowledge",
            ["basic", "informed", "advanced"],
        ),
        (clients("loss_capacity", "keine", "begrenzt", "full"), "loss_capacity", ["none", "limited", "full"]),
        (clients("horizon", "5+ years", "3-5 Jahre", "long"), "horizon_years", [5, 3, 5]),
        (clients("horizon", "8+ years", "lang", "2"), "horizon_years", [8, 5, 2]),
        (products("available", "aktiv", "geschlossen", "yes"), "available", [True, False, True]),
        (products("active", "open", "closed", "soft closed"), "available", [True, False, False]),
        (
            products("min_knowledge", "Expert", "None", "basic"),
            "min_knowledge",
            ["advanced", "basic", "basic"],
        ),
    ],
)
def test_words_of_other_columns_are_asked_about(given, name, read_as):
    found = read(HAS, given)
    assert column(found, given[0].removesuffix(".csv"), name, 3) == read_as
    assert [question.kind for question in found.questions] == ["words"]


@pytest.mark.parametrize(
    ("given", "name", "read_as"),
    [
        (products("ter", "1.25 %", "125 bps", "0.5"), "ongoing_cost_pct", [1.25, 1.25, 0.5]),
        (clients("horizon", "5 years", "60 months", "5"), "horizon_years", [5, 5, 5]),
        (products("available", "ja", "nein", "wahr"), "available", [True, False, True]),
        (products("srri", "3", "4.0", "7"), "risk_class", [3, 4, 7]),
        (products("srri", "3,0", "-", "7"), "risk_class", [3, None, 7]),
        (products("ter", "1,25%", "n.a.", "12,5 %"), "ongoing_cost_pct", [1.25, None, 12.5]),
        (clients("risk_profile", "unbekannt", "K.A.", "7"), "risk_tolerance", [None, None, 7]),
    ],
)
def test_what_is_certain_is_not_asked_about(given, name, read_as):
    found = read(HAS, given)
    assert column(found, given[0].removesuffix(".csv"), name, 3) == read_as
    assert not found.questions
    assert not found.rows_rejected


def test_what_is_asked_about_though_it_could_be_read():
    """A year is no horizon, a volatility no risk class."""
    target = read(HAS, clients("horizon", "2030", "2045", "10"))
    assert column(target, "clients", "horizon_years", 3) == [None, None, 10]
    assert [dict(question.proposal) for question in target.questions] == [{"2030": "empty", "2045": "empty"}]
    volatility = read(HAS, products("risk", "5%", "12 %", "25%"))
    assert column(volatility, "products", "risk_class", 3) == [None] * 3
    assert volatility.questions


def test_ratings_in_words_stars_and_fractions():
    stars = read(interactions("c1,p1,,★★★,", "c1,p2,,★★★★★,", "c2,p1,,☆,"))
    assert stars.dataset.interactions["rating"].to_pylist() == [3, 5, None]
    parts = read(interactions("c1,p1,,4/5,", "c1,p2,,2 of 5,"))
    assert parts.dataset.interactions["rating"].to_pylist() == [4, 2]
    assert not stars.questions
    assert not parts.questions
    words = read(interactions("c1,p1,,gut,", "c1,p2,,thumbs down,", "c2,p1,,8/10,", "c2,p2,,1/5,"))
    assert words.dataset.interactions["rating"].to_pylist() == [4, 1, 4, 1]
    (asked,) = words.questions
    assert (asked.kind, asked.values) == ("words", ("1/5", "8/10", "gut", "thumbs down"))


def test_numbers_on_a_scale_of_ten_or_a_declared_one_are_asked_about_as_a_whole():
    found = read(HAS, products("risk", "1", "5", "8", "10"))
    (asked,) = found.questions
    assert dict(asked.proposal) == {"1": "1", "5": "4", "8": "6", "10": "7"}
    declared = read(
        HAS, products("risk (1-5)", "1", "3", "5"), mapping={"products.csv:risk (1-5)": "risk_class"}
    )
    assert column(declared, "products", "risk_class", 3) == [1, 4, 7]
    assert declared.questions


def test_a_scale_that_cannot_be_stretched_is_left_empty_with_a_notice():
    found = read(HAS, products("risk", *map(str, (3, 40, 75, 100))))
    assert column(found, "products", "risk_class", 4) == [None] * 4
    assert found.notices[0] == (
        'products.csv: "risk" holds numbers up to 100, on another scale than 1 to 7, and is left empty.'
    )
    stray = read(HAS, products("risk", "3", "99", "4", "-1", "99"))
    assert column(stray, "products", "risk_class", 5) == [3, None, 4, None, None]
    assert [dict(question.proposal) for question in stray.questions] == [{"-1": "empty", "99": "empty"}]


@pytest.mark.parametrize(
    ("given", "name", "cell"),
    [
        (products("risk", *map(str, (3, 40, 75, 100))), "risk", "3"),
        (products("risk", *(f"AB{n}X" for n in range(70))), "risk", "AB0X"),
        (clients("risk_profile", *map(str, (300, 250, 7))), "risk_profile", "300"),
        (clients("horizon", *(f"bucket {n}b" for n in range(70))), "horizon", "bucket 0b"),
        (clients("knowledge", *(f"K-{n}" for n in range(70))), "knowledge", "K-0"),
        (products("loss_potential", *(f"L-{n}" for n in range(70))), "loss_potential", "L-0"),
        (products("available", *(f"A-{n}" for n in range(70))), "available", "A-0"),
    ],
)
def test_what_decides_suitability_is_never_emptied_unasked(given, name, cell):
    found = read(HAS, given)
    (asked,) = [one for one in found.questions if one.kind == "emptied"]
    assert (asked.id, asked.proposal) == (f"emptied:{given[0]}:{name}", "leave empty")
    assert asked.choices == ("leave empty", STOP)
    assert f'for example "{cell}"' in asked.sentence
    told = {one.id: one.choices[0] for one in found.questions}
    assert read(HAS, given, answers=told | {asked.id: STOP}).stopped == (asked.id,)
    assert not read(HAS, given, answers=told).questions


def test_a_cost_or_a_rating_that_is_emptied_is_a_notice():
    costs = read(HAS, products("ter", *(f"T{n}X" for n in range(70))))
    assert "emptied" not in {one.kind for one in costs.questions}
    words = read(interactions(*(f"c{n},p{n},,abc{n}," for n in range(70))))
    assert "emptied" not in {one.kind for one in words.questions}


def test_a_unit_makes_no_risk_class_and_no_horizon():
    for cell in ("5%", "5 $", "3k", "4 pcs"):
        assert [one.kind for one in read(HAS, products("risk", cell, cell, "3")).questions] == ["risk"]
    months = read(HAS, clients("horizon", "60m", "12 m", "5"))
    assert column(months, "clients", "horizon_years", 3) == [5, 1, 5]


def test_a_column_in_which_no_word_is_known_is_left_empty_and_asked_about_where_it_is_much():
    found = read(HAS, products("risk", "blue", "green", "3"))
    assert column(found, "products", "risk_class", 3) == [None, None, 3]
    (asked,) = found.questions
    assert asked.sentence == (
        '2 cells of "risk" say in words of their own what the risk class is, such as "blue", "green". '
        "What does each stand for?"
    )
    assert found.notices[1] == (  # below that few products are listed
        'products.csv: "risk": 2 of 3 cells cannot be read as risk_class and are left empty, '
        'for example "blue".'
    )
    said = {asked.id: {"blue": "1", "green": "6"}}
    told = read(HAS, products("risk", "blue", "green", "3"), answers=said)
    assert column(told, "products", "risk_class", 3) == [1, 6, 3]
    slip = read(HAS, products("risk", *"34" * 15, "blue"))
    assert not slip.questions
    assert slip.dataset.products["risk_class"].null_count == 1
    assert not read(interactions("c1,p1,,abc,", "c1,p2,,4,")).questions


def test_an_answer_is_used_again_for_the_same_column_of_another_file():
    first = read(
        HAS, products("risk", "low", "high"), answers={"risk:products.csv:risk": {"low": "1", "high": "5"}}
    )
    again = ("products_2025.csv", products("risk", "high", "low", "medium")[1])
    found = read(HAS, again, kept=first.answers)
    assert column(found, "products", "risk_class", 3) == [5, 1, 4]
    assert [question.id for question in found.questions] == ["risk:products_2025.csv:risk"]


def test_the_order_of_rows_changes_neither_question_nor_reading():
    cells = ["High", "low", "HIGH", "medium", "3/7"]
    one, other = (read(HAS, products("risk", *order)) for order in (cells, cells[::-1]))
    assert one.questions == other.questions
    assert column(one, "products", "risk_class", 5) == column(other, "products", "risk_class", 5)[::-1]
