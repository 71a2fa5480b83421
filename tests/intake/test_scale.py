"""Scales: what words, fractions, stars and units stand for."""

import pytest

from finrec_core.intake.scale import (
    CHOICES,
    TOPICS,
    certain,
    declared_top,
    plain,
    proposed,
    rescaled,
    shared_whole,
    words,
)


@pytest.mark.parametrize(
    ("text", "product", "client"),
    [
        ("4/7", 4, 4),
        ("4 / 7", 4, 4),
        ("4 of 7", 4, 4),
        ("4 von 7", 4, 4),
        ("SRRI 3", 3, 3),
        ("SRI: 5", 5, 5),
        ("SRRI3", 3, 3),
        ("3 (medium)", 3, 3),
        ("3 - moderate", 3, 3),
        ("IV", 4, 4),
        ("vii", 7, 7),
        ("Risk class II", 2, 2),
        ("low", 2, 2),
        ("Medium", 4, 4),
        ("HIGH", 6, 6),
        ("High risk", 6, 6),
        ("very high", 7, 7),
        ("Very Low", 1, 1),
        ("conservative", 2, 2),
        ("moderately conservative", 3, 3),
        ("Moderately Aggressive", 5, 5),
        ("balanced", 4, 4),
        ("growth", 5, 5),
        ("aggressive", 6, 6),
        ("speculative", 7, 7),
        ("low to moderate", 3, 3),
        ("Moderately High", 5, 5),
        ("medium-high", 5, 5),
        ("medium/low", 3, 3),
        ("niedrig", 2, 2),
        ("Gering", 2, 2),
        ("mittel", 4, 4),
        ("hoch", 6, 6),
        ("sehr hoch", 7, 7),
        ("mittel bis hoch", 5, 5),
        ("mittleres Risiko", 4, 4),
        ("sicherheitsorientiert", 1, 1),
        ("chancenorientiert", 6, 6),
        ("prudent", 2, 2),
        ("équilibré", 4, 4),
        ("Equilibre", 4, 4),
        ("dynamique", 6, 6),
        ("très élevé", 7, 7),
        ("basso", 2, 2),
        ("alto", 6, 6),
        ("conservador", 2, 2),
        ("gemiddeld", 4, 4),
        ("2/5", 3, 2),
        ("5/5", 7, 7),
        ("3/3", 6, 6),
        ("8/10", 6, 5),
        ("8/7", None, None),
        ("blue", None, None),
        ("4711", None, None),
    ],
)
def test_a_risk_is_proposed_in_words_fractions_and_numerals_rounded_to_the_cautious_side(
    text, product, client
):
    found = proposed("risk_class", text, 7), proposed("risk_tolerance", text, 7)
    assert found == tuple(None if place is None else str(place) for place in (product, client))


@pytest.mark.parametrize(
    ("text", "top", "product", "client"),
    [
        ("R1", 5, "1", "1"),
        ("R2", 5, "3", "2"),
        ("R3", 5, "4", "4"),
        ("R5", 5, "7", "7"),
        ("RK 5", 7, "5", "5"),
        ("A", 5, "1", "1"),
        ("E", 5, "7", "7"),
        ("C", 5, "4", "4"),
        ("G", 7, "7", "7"),
    ],
)
def test_letters_and_prefixed_numbers_are_stretched_from_where_their_scale_ends(text, top, product, client):
    assert (proposed("risk_class", text, top), proposed("risk_tolerance", text, top)) == (product, client)


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("5+ years", "5"),
        (">5 years", "5"),
        ("≥ 10 Jahre", "10"),
        ("mindestens 3 Jahre", "3"),
        ("ab 5 Jahren", "5"),
        ("over 7 years", "7"),
        ("10 years or more", "10"),
        ("3-5 Jahre", "3"),
        ("3 to 5 years", "3"),
        ("3–5", "3"),
        ("36-60 months", "3"),
        ("1 à 3 ans", "1"),
        ("less than 3 years", "1"),
        ("up to 5", "2"),
        ("bis 3 Jahre", "1"),
        ("< 1 year", "0"),
        ("long", "5"),
        ("long-term", "5"),
        ("short", "1"),
        ("mittelfristig", "3"),
        ("Medium (3-5 years)", "3"),
        ("court terme", "1"),
        ("someday", None),
    ],
)
def test_a_horizon_in_words_is_its_lower_end(text, years):
    assert proposed("horizon_years", text, 0) == years


@pytest.mark.parametrize(
    ("column", "text", "value"),
    [
        ("knowledge", "Expert", "advanced"),
        ("knowledge", "intermediate", "informed"),
        ("knowledge", "Grundkenntnisse", "basic"),
        ("knowledge", "keine Kenntnisse", "basic"),
        ("min_knowledge", "Informed investor", "informed"),
        ("knowledge", "débutant", "basic"),
        ("knowledge", "avancé", "advanced"),
        ("loss_potential", "no capital loss", "none"),
        ("loss_potential", "Totalverlust", "full"),
        ("loss_capacity", "begrenzt", "limited"),
        ("loss_capacity", "20 %", "limited"),
        ("loss_capacity", "100%", "full"),
        ("loss_capacity", "up to 20%", "limited"),
        ("knowledge", "2", "informed"),
        ("available", "x", "yes"),
        ("loss_potential", "Nachschusspflicht", "beyond"),
        ("available", "aktiv", "yes"),
        ("available", "geschlossen", "no"),
        ("available", "Soft closed", "no"),
        ("available", "open", "yes"),
        ("rating", "gut", "4"),
        ("rating", "sehr gut", "5"),
        ("rating", "thumbs up", "5"),
        ("rating", "👎", "1"),
        ("rating", "👍🏽", "5"),
        ("rating", "neutral", "3"),
        ("rating", "8/10", "4"),
        ("rating", "AAA", None),
    ],
)
def test_words_of_other_columns(column, text, value):
    assert proposed(column, text, 0) == value


@pytest.mark.parametrize(
    ("column", "text", "read"),
    [
        ("ongoing_cost_pct", "1.25 %", "1.25"),
        ("ongoing_cost_pct", "1.25%", "1.25"),
        ("ongoing_cost_pct", "1,25 % p.a.", "1.25"),
        ("ongoing_cost_pct", "125 bps", "1.25"),
        ("ongoing_cost_pct", "125bp", "1.25"),
        ("ongoing_cost_pct", "0.5 Prozent", "0.5"),
        ("ongoing_cost_pct", "free", "free"),
        ("horizon_years", "5 years", "5"),
        ("horizon_years", "5Y", "5"),
        ("horizon_years", "5 Jahre", "5"),
        ("horizon_years", "60 months", "5"),
        ("min_horizon_years", "18 Monate", "1.5"),
        ("horizon_years", "730 days", "2"),
        ("horizon_years", "5+ years", "5+ years"),
        ("rating", "★★★", "3"),
        ("rating", "★★★☆☆", "3"),
        ("rating", "★★½", "2.5"),
        ("rating", "****", "4"),
        ("rating", "4 stars", "4"),
        ("rating", "4,5 Sterne", "4,5"),
        ("available", "Ja", "yes"),
        ("available", "nein", "no"),
        ("available", "FALSCH", "no"),
        ("available", "oui", "yes"),
        ("available", "aktiv", "aktiv"),
        ("risk_class", "4/7", "4/7"),
    ],
)
def test_what_is_certain_is_read_at_once_and_nothing_of_risk_is(column, text, read):
    assert certain(column, text) == read


def test_ratings_of_one_whole_are_shared():
    assert shared_whole(["4/5", "3 of 5", "5 out of 5", "x"]) == "5"
    assert shared_whole(["4/5", "8/10"]) is None
    assert shared_whole(["4"]) is None


@pytest.mark.parametrize(
    ("name", "top"),
    [
        ("risk (1-5)", 5),
        ("Risk profile 1 to 10", 10),
        ("Risikoklasse (1 bis 5)", 5),
        ("risk_1_5", 5),
        ("SRRI [1–7]", 7),
        ("risk", None),
        ("risk_2024", None),
    ],
)
def test_a_scale_that_a_name_declares(name, top):
    assert declared_top(name) == top


def test_a_scale_keeps_its_ends_and_what_lies_beyond_is_no_place_on_it():
    for top in range(3, 11):
        places = [int(rescaled(number, top, up=True)) for number in range(1, top + 1)]
        assert places == sorted(places)
        assert (places[0], places[-1]) == ((2, 6) if top == 3 else (1, 7))
        assert rescaled(0, top, up=True) is rescaled(top + 1, top, up=True) is None


def test_every_word_stands_for_a_value_that_its_column_takes():
    for topic in set(TOPICS.values()):
        assert set(words(topic).values()) <= set(CHOICES[topic])
        assert all(word == plain(word) and word for word in words(topic))
