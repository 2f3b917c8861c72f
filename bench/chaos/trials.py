"""Runs of the whole cast one after the other, for the faults that are made of them."""

from collections.abc import Sequence
from pathlib import Path

from bench.chaos.report import Report
from bench.chaos.trial import Fault, Plan, run


def runs(plans: Sequence[Plan], folder: Path, *, fault: Fault | None = None) -> list[Report]:
    """A server afresh for each; what a run was found guilty of is printed with its seed."""
    reports = []
    for number, plan in enumerate(plans, 1):
        place = folder / str(number)
        place.mkdir()
        report = run(plan, place, fault=fault)
        reports.append(report)
        if not report.verdict.sound:
            print("\n".join(report.lines()), flush=True)
    return reports
