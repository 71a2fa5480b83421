import pytest

from finrec_core.intake import IntakeError
from tests.dataset.tables import interactions, problems, read


def test_a_row_is_rejected_once_for_its_first_bad_required_cell():
    found = read(
        interactions("c1,p1,2024-01-31,5,x", ",p1,soon,abc,x", ",,soon,abc,x", "c1,,2024-01-31,abc,x")
    )
    assert problems(found.rejects) == [
        (3, "client_id", "", "Client is empty"),
        (4, "client_id", "", "Client is empty"),
        (5, "product_id", "", "Product is empty"),
    ]
    assert not [row for row in problems(found.repairs) if "left empty" in row[3]]


def test_an_optional_cell_that_cannot_be_read_is_left_empty_and_its_row_stays():
    found = read(
        interactions("c1,p1,2024-01-31,5,x", "c1,p2,soon,abc,x", "c1,p3,2024-01-31,4,x"),
        (
            "products.csv",
            "product_id,name,risk_class,min_horizon_years,ongoing_cost_pct,available,min_knowledge,valid_from\n"
            "p1,One,3.5,soon,cheap,perhaps,a bit,2024-02-30\np2,Two,0,-1,-0.1,TRUE,basic,2024-02-29\n",
        ),
    )
    assert not len(found.rejects)
    second = found.dataset.interactions.to_pylist()[1]
    assert (second["timestamp"], second["rating"], second["review"]) == (None, None, "x")
    one, two = found.dataset.products.to_pylist()[:2]
    assert {name: value for name, value in one.items() if value is not None} == {
        "product_id": "p1",
        "name": "One",
    }
    assert (two["available"], two["min_knowledge"], two["risk_class"]) == (True, "basic", None)
    assert {row for row in problems(found.repairs) if "left empty" in row[3]} == {
        (3, "timestamp", "soon", "Date not readable, left empty"),
        (3, "rating", "abc", "Rating is not a number, left empty"),
        (2, "risk_class", "3.5", "Risk class is not a whole number, left empty"),
        (2, "min_horizon_years", "soon", "Min horizon years is not a number, left empty"),
        (2, "ongoing_cost_pct", "cheap", "Ongoing cost pct is not a number, left empty"),
        (2, "available", "perhaps", "Available is not true or false, left empty"),
        (2, "min_knowledge", "a bit", "Min knowledge is none of basic, informed, advanced, left empty"),
        (2, "valid_from", "2024-02-30", "Date not readable, left empty: there is no 30 February"),
        (3, "risk_class", "0", "Risk class is not between 1 and 7, left empty"),
        (3, "min_horizon_years", "-1", "Min horizon years is below 0, left empty"),
        (3, "ongoing_cost_pct", "-0.1", "Ongoing cost pct is below 0, left empty"),
    }


def test_a_large_share_of_a_column_left_empty_is_said_at_the_top():
    rows = [f"c{number},p1,2024-01-31,{number % 5 + 1}," for number in range(18)]
    few = read(interactions(*rows, "c18,p1,,3,", "c19,p1,,abc,"))
    assert not [notice for notice in few.notices if "left empty" in notice]
    many = read(interactions(*rows, "c18,p1,,x,", "c19,p1,,abc,"))
    assert many.notices[0] == (
        'interactions.csv: "rating": 2 of 20 cells cannot be read as rating and are left empty, '
        'for example "x".'
    )


def test_reports_name_columns_as_the_file_does():
    found = read(interactions("c1,p1,five", "c1,p2,4", header="customer_no,isin,stars\n"))
    assert (2, "stars", "five", "Rating is not a number, left empty") in problems(found.repairs)


def test_short_texts_lose_the_blanks_around_them_and_long_ones_keep_them():
    found = read(
        interactions("c1 ,\u00a0p1,,, as written ", "c1,p2,,,\t "),
        ("products.csv", "product_id,name,description\np1, Fund , text\n"),
    )
    assert found.dataset.interactions["client_id"].to_pylist() == ["c1", "c1"]
    assert found.dataset.interactions["review"].to_pylist() == [" as written ", None]
    assert found.dataset.products.slice(0, 1).select(["product_id", "name", "description"]).to_pylist() == [
        {"product_id": "p1", "name": "Fund", "description": " text"}
    ]
    assert [notice for notice in found.notices if "blanks" in notice] == [
        'interactions.csv: "client_id" had blanks around it in 1 rows, which are removed.',
        'interactions.csv: "product_id" had blanks around it in 1 rows, which are removed.',
    ]


def test_a_text_above_the_limit_is_cut_and_reported():
    long, fits = "é" * 20_001, "é" * 20_000
    found = read(interactions(f"c1,p1,,,{long}", f"c1,p2,,,{fits}", f",p3,,x,{long}"))
    assert [len(text) for text in found.dataset.interactions["review"].to_pylist()] == [20_000, 20_000]
    cut = [row for row in problems(found.repairs) if row[1] == "review"]
    assert cut == [(2, "review", "é" * 199 + "…", "Text longer than 20,000 characters, cut")]
    assert found.rows_rejected == 1


def test_every_type_of_column():
    found = read(
        interactions("c1,p1,,,"),
        (
            "products.csv",
            "product_id,risk_class,min_horizon_years,ongoing_cost_pct,available,min_knowledge,loss_potential\n"
            "p1,3,2.5,.1,Yes,Basic,NONE\np2,,NA,,,,\n",
        ),
        ("clients.csv", "client_id,profile_date,horizon_years\nc1,31/01/2024,7\n"),
    )
    one, other = found.dataset.products.to_pylist()
    assert list(one.values())[4:-1] == [3, 2.5, 0.1, True, "basic", "none"]
    assert set(list(other.values())[1:]) == {None}
    assert found.dataset.clients["profile_date"][0].as_py().isoformat() == "2024-01-31"


def test_dates_whose_order_is_open_stop_the_import_until_it_is_told():
    file = interactions("c1,p1,2024-01-31,,", "c1,p2,05/05/2024,,", "c1,p3,04/03/2024,,")
    with pytest.raises(IntakeError) as caught:
        read(file)
    assert str(caught.value) == (
        'interactions.csv, line 4: "timestamp": 04/03/2024 can be read day-first or month-first; '
        "say which it is."
    )
    assert [use.column for use in caught.value.columns][:2] == ["client_id", "product_id"]
    for day_first, month in ((True, 3), (False, 4)):
        times = read(file, day_first=day_first).dataset.interactions["timestamp"]
        assert times[2].as_py().month == month


def test_a_column_that_decides_its_order_says_so():
    found = read(interactions("c1,p1,04/03/2024,,", "c1,p2,31/01/2024,,", "c1,p3,31/02/2024,,"))
    assert found.dataset.interactions["timestamp"][0].as_py().month == 3
    reason = "Date not readable, left empty: there is no 31 February"
    assert (4, "timestamp", "31/02/2024", reason) in problems(found.repairs)
    assert 'interactions.csv: dates in "timestamp" are read day-first, as 31/01/2024 on line 3 must be.' in (
        found.notices
    )


def test_small_unix_times_are_read_and_noticed():
    found = read(interactions("c1,p1,2014,,", "c1,p2,1388534400,,"))
    assert [time.as_py().year for time in found.dataset.interactions["timestamp"]] == [1970, 2014]
    assert any('"timestamp" holds numbers such as 2014, read as unix seconds' in n for n in found.notices)


def test_a_decimal_comma_in_a_file_with_semicolons():
    header = "client_id;product_id;rating\n"
    found = read(interactions("c1;p1;4,5", "c1;p2;1,234", header=header))
    assert found.dataset.interactions["rating"].to_pylist() == [4.5, 1.234]
    found = read(interactions("c1;p1;4", "c1;p2;1,234", header=header))
    assert found.dataset.interactions["rating"].to_pylist() == [4, None]
    told = (3, "rating", "1,234", "Rating is ambiguous, left empty: 1.234 or 1234")
    assert told in problems(found.repairs)
