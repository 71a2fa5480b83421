import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from finrec_core.cli.application import app, report_fault
from tests.cli.conftest import run

COMMANDS = {
    *("demo", "import", "datasets", "train", "evaluate", "recommend", "clients-for", "explain"),
    *("report", "decisions", "runs", "card", "backup", "restore", "verify", "anchor"),
}


def process(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, env=os.environ | environment, timeout=120, check=False
    )


def finrec(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return process("-m", "finrec_core", *arguments, **environment)


def python(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return process("-c", code, **environment)


def test_help_names_every_command_and_costs_less_than_a_second() -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    ended = finrec("--help")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert ended.returncode == 0
    assert set(get_command(app).commands) == COMMANDS  # type: ignore[attr-defined]
    assert all(f"\n  {command} " in ended.stdout for command in COMMANDS)
    # Processor time: on a machine that others use too, the wall clock measures them.
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 1.0


HEAVY = {
    *("torch", "dgl", "transformers", "pyarrow", "numpy", "pandas", "scipy", "duckdb", "rich"),
    *("finrec_core.dataset", "finrec_core.settings", "finrec_core.store", "finrec_core.recommender"),
}


def loaded(calls: list[list[str]], heavy: set[str]) -> subprocess.CompletedProcess[str]:
    """Make calls in a new process, whose last line says which of these modules they loaded."""
    code = (
        "import sys; from finrec_core.cli import main\n"
        f"for call in {calls}:\n"
        "    try: main(call)\n"
        "    except SystemExit: pass\n"
        f"print(sorted({heavy} & set(sys.modules)))"
    )
    return python(code)


def test_help_loads_nothing_heavy() -> None:
    ended = loaded([["--help"]], HEAVY | {"pydantic"})
    assert ended.stdout.splitlines()[-1] == "[]"


def test_the_help_of_a_command_and_a_wrong_call_load_nothing_heavy() -> None:
    ended = loaded([[name, word] for name in sorted(COMMANDS) for word in ("--help", "--nonsense")], HEAVY)
    assert ended.stdout.count("Usage: ") == len(COMMANDS)
    assert ended.stderr.count("No such option: --nonsense") == len(COMMANDS)
    assert ended.stdout.splitlines()[-1] == "[]"


def test_nothing_to_do_is_answered_with_the_help() -> None:
    ended = run()
    assert ended.code == 0
    assert "Commands:" in ended.out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("nonsense",), "No such command 'nonsense'. See python -m finrec_core --help."),
        (("recommend",), "Give the id of a CLIENT, or --all-clients"),
        (("recommend", "c1", "--colour"), "No such option: --colour. See python -m finrec_core --help."),
        (("recommend", "c1", "-k", "many"), "Invalid value for '-k': Input should be a valid integer"),
        (
            ("evaluate", "--keep", "2"),
            "Invalid value for '--keep': Input should be less than or equal to 1. See",
        ),
    ],
)
def test_a_wrong_call_is_one_sentence_and_2(arguments: tuple[str, ...], sentence: str) -> None:
    ended = run(*arguments, "--json")
    assert ended.code == 2
    assert ended.out == ""
    assert ended.err.startswith(sentence)
    assert ended.err.count("\n") == 1


def test_a_wrong_setting_is_one_sentence_and_2() -> None:
    ended = finrec("datasets", FINREC_SEED="first")
    assert ended.returncode == 2
    assert ended.stderr.startswith('FINREC_SEED "first": Input should be a valid integer')
    assert ended.stderr.count("\n") == 1


def test_a_fault_of_ours_is_one_sentence_1_and_a_log(tmp_path: Path) -> None:
    code = (
        "from finrec_core.cli import application, datasets\n"
        "def broken(*_, **__): raise KeyError('lost')\n"
        "datasets.open_store = broken\n"
        "application.main(['datasets'])"
    )
    ended = python(code, TMPDIR=str(tmp_path))
    (log,) = tmp_path.glob("finrec-*.log")
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert ended.stderr == f"finrec failed (KeyError); this is a fault of finrec, and {log} says where.\n"
    assert "KeyError: 'lost'" in log.read_text()


def test_an_error_of_another_library_is_no_sentence_for_the_caller(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ValueError("operands could not be broadcast together")

    monkeypatch.setattr("finrec_core.cli.session.open_store", broken)
    monkeypatch.setattr("finrec_core.cli.datasets.open_store", broken)
    with pytest.raises(ValueError, match="broadcast"):
        run("datasets")


def test_the_log_is_readable_by_its_owner_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    report_fault(KeyError, KeyError("x"), None)
    (log,) = tmp_path.iterdir()
    assert log.stat().st_mode & 0o077 == 0
    assert str(log) in capsys.readouterr().err


def test_json_documents_are_json_in_a_plain_locale(tmp_path: Path) -> None:
    ended = finrec("datasets", "--json", "--store", str(tmp_path), LC_ALL="C", PYTHONUTF8="0")
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert json.dumps(str(tmp_path))[1:-1] in ended.stderr
