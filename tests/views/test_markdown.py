import pytest

from finrec_core.narrative.phrases import Piece
from finrec_core.views.markdown import JOINER, escaped, in_markdown, sentence


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Harbour Home Loan", "Harbour Home Loan"),
        ("**bold** _x_ `y`", r"\*\*bold\*\* \_x\_ \`y\`"),
        ("![a](http://b.c/d)", rf"\!\[a\]\(http:{JOINER}//b\.c/d\)"),
        ("<b>", r"\<b\>"),
        ("A & B", r"A \& B"),
        (":material/delete: :smile:", rf":{JOINER}material/delete: :{JOINER}smile:"),
        (":red[x]", rf":{JOINER}red\[x\]"),
        ("www.a.b", rf"www{JOINER}\.a\.b"),
        ("me@home.org", rf"me@{JOINER}home\.org"),
        ("5 $ and 6 $", r"5 \$ and 6 \$"),
        ("two\nlines", "two lines"),
    ],
)
def test_a_name_is_shown_and_not_read(text: str, shown: str) -> None:
    assert in_markdown(text) == shown


def test_blanks_at_the_ends_stay_where_they_part_pieces() -> None:
    assert escaped(" has (+3), ") == r" has \(+3\), ".replace("+", r"\+")
    pieces = [Piece("Ann has "), Piece("A*B", strong=True), Piece(" (+34). ")]
    assert sentence(pieces) == r"Ann has **A\*B** \(\+34\)\. "


def test_a_long_name_is_cut_before_it_is_escaped() -> None:
    cut = in_markdown("*" * 100, 20)
    assert cut.count(r"\*") == 19
    assert "…" in cut
