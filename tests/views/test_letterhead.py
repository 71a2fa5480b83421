"""The letterhead: what is a logo, what is none, and that a record carries it or does without."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from finrec_core.settings import settings
from finrec_core.views.letterhead import MOST, SIGNATURES, Letterhead, letterhead
from finrec_core.views.recommendation.record import Record
from tests.advice.made import snapshot

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><use href="#a"/><path d="M0 0h9v9z"/></svg>'


def made(tmp_path: Path, content: bytes) -> Letterhead:
    file = tmp_path / "logo"
    file.write_bytes(content)
    return Letterhead.of("Nordlys Bank", file)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (SIGNATURES["image/png"] + b"rest", "image/png"),
        (SIGNATURES["image/jpeg"] + b"rest", "image/jpeg"),
        (SVG, "image/svg+xml"),
    ],
)
def test_a_picture_is_embedded(tmp_path: Path, content: bytes, kind: str) -> None:
    found = made(tmp_path, content)
    assert found.logo.startswith(f"data:{kind};base64,")
    assert (found.name, found.fault) == ("Nordlys Bank", "")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"GIF89a", "no PNG, JPEG or SVG"),
        (b"", "no PNG, JPEG or SVG"),
        (SIGNATURES["image/png"] + b"x" * MOST, "larger than 500 kB"),
        (SVG.replace(b"<path", b"<script>x</script><path"), "holds a script"),
        (SVG.replace(b"<path", b"<path onload='x'"), "holds a script"),
        (SVG.replace(b'href="#a"', b'href="https://bank.example/a.svg"'), "fetches something from outside"),
        (SVG.replace(b"<svg", b'<!DOCTYPE s [<!ENTITY x "y">]><svg'), "holds a script"),
    ],
)
def test_what_is_no_picture_is_left_out_with_a_sentence(tmp_path: Path, content: bytes, why: str) -> None:
    found = made(tmp_path, content)
    assert found.logo == ""
    assert why in found.fault
    assert found.fault.endswith("until FINREC_BANK_LOGO names another.")


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    assert "cannot be read" in Letterhead.of("", tmp_path / "none.png").fault
    assert Letterhead.of("", None) == Letterhead()


def record() -> str:
    return Record(snapshot(), "Ana Keller", "a" * 64, datetime(2026, 3, 10, 16, tzinfo=UTC)).html()


def test_a_record_bears_the_banks_name_and_logo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "<img" not in record()
    file = tmp_path / "logo.svg"
    file.write_bytes(SVG)
    monkeypatch.setenv("FINREC_BANK_NAME", "Nordlys & <b>Sons</b>")
    monkeypatch.setenv("FINREC_BANK_LOGO", str(file))
    settings.cache_clear()
    try:
        html = record()
        assert "Nordlys &amp; &lt;b&gt;Sons&lt;/b&gt;" in html
        assert html.count('<img src="data:image/svg+xml;base64,') == 1
        assert "img-src data:" in html
        file.write_bytes(b"rubbish")
        assert "<img" not in record()
        assert "no PNG, JPEG or SVG" in letterhead().fault
    finally:
        monkeypatch.undo()
        settings.cache_clear()
