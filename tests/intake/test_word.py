"""Words for what a row does are known in the languages and spellings in which files write them."""

import pytest

from finrec_core.dataset.schema import ACTIONS
from finrec_core.intake.names import plain
from finrec_core.intake.word import COUNTS, WORDS, WRITTEN, is_yes_or_no, meaning_of, proposed


def test_no_word_has_two_meanings() -> None:
    lists = {meaning: {plain(word) for word in WRITTEN[meaning].split()} for meaning in (*ACTIONS, COUNTS)}
    assert len(WORDS) == sum(map(len, lists.values()))


@pytest.mark.parametrize(
    ("meaning", "words"),
    {
        "takes": "Buy|BUY|bought|PURCHASE|Kauf|KÄUFE|Wertpapierkauf|Achat|achat comptant|Compra|Acquisto"
        "|Koop|köp|subscription|in|credit|deposit|open|hold|Buy to Open|Market Buy|YOU BOUGHT"
        "|Dividend Reinvestment|Kauf / Zeichnung|Closed Won|買い|Покупка",
        "gives_up": "Sell|SOLD|sale|S (full)|sale_full|Sale (Full)|Verkauf|Fondsverkauf"
        "|Rückkauf|Vente|Venta|Vendita"
        "|redemption|redeem|out|close|withdraw|terminated|SellToClose|You Sold"
        "|vollständiger Verkauf|Продажа",
        "neither": "view|click|impression|dividend|Coupon|fee|exchange|transfer|stock split"
        "|Reverse Split|add_to_cart|cash deposit|Cash Withdrawal|Sell Short|Sales fee"
        "|Ausschüttung|Gebühr|Einzahlung",
        "no_fact": "cancelled|CANCELED|rejected|pending|storniert|Storno Kauf|failed|draft|expired"
        "|annulé|ANNULEE|Rechazado|In Progress|on-hold|Auftrag storniert|Closed Lost|Buy cancelled",
        "part": "sale (partial)|sale_partial|S (partial)|Teilverkauf|Teilrückgabe|vente partielle"
        "|venta parcial|Partial Redemption|Verkauf (teilweise)",
        "counts": "executed|Complete|FILLED|partially filled|settled|ausgeführt|exécuté|ejecutado",
    }.items(),
)
def test_words_of_many_files(meaning: str, words: str) -> None:
    assert {word: meaning_of(word) for word in words.split("|")} == dict.fromkeys(words.split("|"), meaning)


@pytest.mark.parametrize("word", ["1", "-1", "2", "C", "D", "CNC", "NC", "stock", "", "M", "Republican"])
def test_what_is_no_word_for_it_is_not_known(word: str) -> None:
    assert meaning_of(word) is None


@pytest.mark.parametrize(
    ("letters", "known"),
    [
        ("B S", {"B": "takes", "S": "gives_up"}),
        ("s", {"s": "gives_up"}),
        ("K V", {"K": "takes", "V": "gives_up"}),
        ("A V", {"A": "takes", "V": "gives_up"}),
        ("C V", {"C": "takes", "V": "gives_up"}),
        ("P S E", {"P": "takes", "S": "gives_up", "E": "neither"}),
        ("+ -", {"+": "takes", "-": "gives_up"}),
        ("S H", {}),
        ("C D", {}),
        ("A", {}),
        ("1 2", {}),
    ],
)
def test_letters_mean_what_those_beside_them_tell(letters: str, known: dict[str, str]) -> None:
    assert proposed(letters.split(), "side") == known


def test_open_waits_beside_the_words_of_an_order_and_takes_beside_others() -> None:
    assert proposed(["open", "filled", "new"], "status") == {
        "open": "no_fact",
        "filled": "takes",
        "new": "no_fact",
    }
    assert proposed(["open", "close"], "status") == {"open": "takes", "close": "gives_up"}


def test_a_yes_says_what_its_column_is_called() -> None:
    assert proposed(["true", "FALSE"], "is_cancelled") == {"true": "no_fact", "FALSE": "takes"}
    assert proposed(["Y", "N"], "Executed") == {"Y": "takes", "N": "no_fact"}


def test_a_sale_of_a_part_counts_where_amounts_tell_what_is_left() -> None:
    assert proposed(["Teilverkauf"], "Vorgang") == {"Teilverkauf": "neither"}
    assert proposed(["Teilverkauf"], "Vorgang", netted=True) == {"Teilverkauf": "gives_up"}


@pytest.mark.parametrize(
    ("cells", "so"),
    [("x", True), ("Y N", True), ("TRUE FALSE", True), ("0 1", False), ("yes 2", False), ("", False)],
)
def test_yes_or_no(cells: str, so: bool) -> None:
    assert is_yes_or_no(cells.split()) is so
