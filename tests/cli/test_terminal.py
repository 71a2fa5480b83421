import json

import pytest

from finrec_core.cli.terminal import Terminal, as_json, plain

HOSTILE = "[red]x[/red] :bomb: \x1b[2J\u202e"


def test_a_cell_is_neither_markup_nor_an_emoji_nor_a_command_to_the_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Terminal(as_json=False).table(("name",), [(HOSTILE,)], title=HOSTILE)
    out = capsys.readouterr().out
    assert out.count("[red]x[/red] :bomb:") == 2
    assert "\x1b" not in out
    assert "\u202e" not in out


def test_a_sentence_is_plain_on_both_streams(capsys: pytest.CaptureFixture[str]) -> None:
    terminal = Terminal(as_json=False)
    terminal.line(HOSTILE)
    terminal.remark(HOSTILE)
    spoken = capsys.readouterr()
    assert "\x1b" not in spoken.out + spoken.err
    assert spoken.out == spoken.err


def test_json_is_the_only_word_on_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    terminal = Terminal(as_json=True)
    terminal.line("a line")
    terminal.table(("a",), [(1,)])
    with terminal.progress() as progress:
        print("a library talks")  # noqa: T201
        progress("reading", 0.5)
    terminal.document({"name": HOSTILE, "none": None})
    spoken = capsys.readouterr()
    assert json.loads(spoken.out) == {"name": HOSTILE, "none": None}
    assert spoken.out.isascii()
    assert spoken.err == "a library talks\n 50%  reading\n"


def test_without_json_no_document_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    Terminal(as_json=False).document({"a": 1})
    assert capsys.readouterr().out == ""


def test_a_stage_is_said_once_where_nobody_watches(capsys: pytest.CaptureFixture[str]) -> None:
    with Terminal(as_json=False).progress() as progress:
        for share in (0.0, 0.1, 0.2):
            progress("first", share)
        progress("second", 0.25)
    assert capsys.readouterr().err == "  0%  first\n 25%  second\n"


@pytest.mark.parametrize(
    ("value", "shown"),
    [(None, "–"), (True, "yes"), (False, "no"), (12345, "12,345"), (0.123456, "0.1235"), ("x", "x")],
)
def test_cells(value: object, shown: str, capsys: pytest.CaptureFixture[str]) -> None:
    Terminal(as_json=False).table(("column",), [(value,)])
    assert capsys.readouterr().out.split()[-1] == shown


def test_numbers_that_json_does_not_have_are_refused() -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        as_json({"x": float("nan")})


def test_plain_keeps_letters_of_every_script() -> None:
    assert plain("Jørgen 東京 −5") == "Jørgen 東京 −5"
    assert plain("a\nb\tc") == "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}c"
