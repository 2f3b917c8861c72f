"""A screen that failed beside other tests is tried once more alone; nothing else is."""

from pathlib import Path

import pytest

from bootstrap import checks

ONCE = """
import pathlib

def test_that_needs_to_be_alone():
    met = pathlib.Path(__file__).with_name("met")
    first = not met.exists()
    met.touch()
    assert not first

def test_that_passes():
    pass
"""


@pytest.mark.parametrize(
    ("folder", "text", "passes", "alone"),
    [
        ("browser", "def test_one():\n    pass\n", True, False),
        ("browser", ONCE, True, True),
        ("browser", "def test_one():\n    assert 0\n", False, True),
        ("browser", "no python", False, True),
        ("desk", ONCE, False, False),
    ],
)
def test_what_counts(
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    folder: str,
    text: str,
    passes: bool,
    alone: bool,
) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    where = tmp_path / "tests" / folder
    where.mkdir(parents=True)
    (where / "test_tried.py").write_text(text)
    assert checks._tests_pass(tmp_path) is passes
    assert ("== pytest, alone" in capfd.readouterr().out) is alone
