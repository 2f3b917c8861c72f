"""The table of faults: every name leads to a module, and what fails is a row that says so."""

from pathlib import Path

import pytest

from bench.chaos import command, fault
from bench.chaos.fault import Result, Terms
from bench.programs import BenchFailed


def test_every_fault_can_be_run() -> None:
    for name in fault.FAULTS:
        assert callable(fault.of(name))


def test_the_table_shows_what_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def well(terms: Terms) -> Result:
        assert terms.folder.is_dir()
        return Result("F98", "a", "1", "0", f"seed {terms.seed}", passed=True)

    def broken(terms: Terms) -> Result:
        raise BenchFailed("the server ended:\nno | disk")

    ways = {"F98": well, "F99": broken}
    monkeypatch.setattr(fault, "of", ways.__getitem__)
    assert command.faults(["F98", "F99"], Terms(tmp_path, seed=5)) == 1
    rows = capsys.readouterr().out.splitlines()
    assert "| F98 | a | 1 | 0 | seed 5 | yes |" in rows
    assert "| F99 | not measured | - | - | the server ended: / no / disk | NO |" in rows
    assert command.faults(["F98"], Terms(tmp_path / "again", seed=5)) == 0


def test_all_means_all() -> None:
    assert command.parse(["--faults", "all"]).fault == list(fault.FAULTS)
    with pytest.raises(SystemExit):
        command.parse(["--fault", "F0"])
