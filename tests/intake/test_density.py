"""Nothing lands in which nearly everybody has nearly everything, unless that is said to be so."""

from tests.dataset.tables import read


def everything(*, clients: int = 12, products: int = 7, without: int = 0) -> tuple[str, str]:
    pairs = [f"c{client},p{product}\n" for client in range(clients) for product in range(products)]
    return "held.csv", "client_id,product_id\n" + "".join(pairs[without:])


def test_all_of_all_asks_without_a_proposal() -> None:
    (question,) = read(everything()).questions
    assert (question.id, question.proposal) == ("density:held.csv:", None)
    assert "84 of the 84 pairs" in question.sentence
    assert "12 of 12 clients would have all 7 products" in question.sentence


def test_the_whole_catalogue_for_some_asks_too() -> None:
    few = "".join(f"c{client},p0\n" for client in range(20, 60))
    name, text = everything(clients=6)
    assert [one.kind for one in read((name, text + few)).questions] == ["density"]
    name, text = everything(clients=4)
    assert not read((name, text + few)).questions


def test_an_answer_lets_it_in_or_stops_it() -> None:
    assert not read(everything(), answers={"density:held.csv:": "that is so"}).questions
    stopped = read(everything(), answers={"density:held.csv:": "do not import"})
    assert stopped.answers == {"density:held.csv:": "do not import"}


def test_a_bank_of_four_products_may_well_be_so() -> None:
    assert not read(everything(products=4)).questions


def test_what_is_not_taken_is_not_counted() -> None:
    name, text = everything()
    lines = text.splitlines()
    rows = [f"{line},{'buy' if row % 2 else 'view'}" for row, line in enumerate(lines[1:])]
    found = read((name, "\n".join([lines[0] + ",action", *rows])))
    assert [one.kind for one in found.questions] == ["actions"]
