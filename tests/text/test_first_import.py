import subprocess
import sys

from tests.conftest import REPOSITORY


def test_the_room_is_imported_without_its_heavy_libraries() -> None:
    code = (
        "import sys, finrec_core.text as text\n"
        "assert text.words('a b', __import__('numpy').array([[0, 1], [2, 3]]))\n"
        "print([name for name in ('torch', 'transformers', 'pyarrow') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
