"""Figures as they are printed, and the way into the benches."""

from pathlib import Path

import pytest

import bench
from bench.machine import description, filesystem
from bench.registry import BENCHES
from bench.table import markdown, ratios, spread


@pytest.mark.parametrize(
    ("values", "digits", "shown"),
    [
        ([230.4], 0, "230"),
        ([3, 1, 2], 0, "2 [1-3]"),
        ([0.5, 0.75], 2, "0.62 [0.50-0.75]"),
        ([12000.0, 13000.0, 11000.0], 0, "12,000 [11,000-13,000]"),
        ([None, 4.0], 1, "4.0"),
        ([None], 1, "-"),
    ],
)
def test_spread(values: list[float | None], digits: int, shown: str) -> None:
    assert spread(values, digits) == shown


def test_ratios_are_taken_round_by_round() -> None:
    assert ratios([100, 300], [200, 200]) == [0.5, 1.5]


def test_markdown() -> None:
    assert markdown(("a", "b"), [["1", "2"]]) == "| a | b |\n| --- | --- |\n| 1 | 2 |"


def test_the_list_names_every_bench(capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.main([]) == 0
    listed = capsys.readouterr().out
    assert [line.split()[0] for line in listed.splitlines()] == list(BENCHES)


def test_an_unknown_bench_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.main(["sprint"]) == 2
    assert "sprint" in capsys.readouterr().err


def test_every_bench_explains_its_options() -> None:
    for name in BENCHES:
        with pytest.raises(SystemExit) as left:
            bench.main([name, "--help"])
        assert left.value.code == 0


def test_the_machine_is_described() -> None:
    said = description()
    assert "Python 3." in said
    assert "python-socketio" in said


def test_the_file_system_is_the_innermost_mount(tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    root = Path(__file__).resolve().parents[2]
    mounts.write_text(f"disk / ext4 rw 0 0\nmem /elsewhere tmpfs rw 0 0\nx {root} btrfs rw 0 0\n")
    assert filesystem(mounts) == "btrfs"
