"""Tests that failed beside others are tried once more alone, and what fails then has failed."""

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
    ("text", "passes", "says"),
    [
        ("def test_one():\n    pass\n", True, []),
        (ONCE, True, ["1 failed, 1 passed", "== pytest, alone", "1 passed"]),
        ("def test_one():\n    assert 0\n", False, ["== pytest, alone", "1 failed"]),
        ("no python", False, []),
    ],
)
def test_what_counts(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], text: str, passes: bool, says: list[str]
) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (tmp_path / "test_tried.py").write_text(text)
    assert checks._tests_pass(tmp_path) is passes
    told = capfd.readouterr().out
    for one in says:
        assert one in told, told
