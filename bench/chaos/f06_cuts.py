"""F6: links cut at random bytes, slow and in slices; the server lives."""

from bench.chaos.fault import Result, Terms
from bench.chaos.proxy import Weather
from bench.chaos.report import zero
from bench.chaos.trial import Plan
from bench.chaos.trials import runs

CUTS = 2_000
STORM = Weather(life_s=3.0, fates=(("cut", 1),), sliced=0.5, latency_s=0.02)


def run(terms: Terms) -> Result:
    (report,) = runs([plan(terms)], terms.folder)
    wanted = 40 if terms.short else CUTS
    tally = report.tally
    return Result(
        "F6",
        "links cut at random bytes",
        f"{tally.cuts} cuts in {report.intended} messages, {tally.sliced} links in slices",
        f"zero; at least {wanted} cuts",
        zero([report]),
        passed=report.verdict.sound and tally.cuts >= wanted,
    )


def plan(terms: Terms) -> Plan:
    if terms.short:
        return Plan(terms.seed, seconds=12, messages=300, shoppers=15, agents=4, weather=STORM)
    return Plan(terms.seed, seconds=240, messages=10_000, weather=STORM)
