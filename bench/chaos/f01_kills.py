"""F1: SIGKILL at random moments while links are cut and acknowledgements swallowed."""

from bench.chaos.fault import Result, Terms
from bench.chaos.report import p99, zero
from bench.chaos.trial import Plan
from bench.chaos.trials import runs

SEEDS = 5
ACCEPTS_WITHIN_S = 5.0
DELIVERS_WITHIN_S = 10.0


def run(terms: Terms) -> Result:
    reports = runs(plans(terms), terms.folder)
    kills = sum(len(one.outages) for one in reports)
    slowest = max(one.slowest_start() for one in reports)
    late = p99([seconds for one in reports for seconds in one.late_s()])
    return Result(
        "F1",
        "SIGKILL at random moments",
        f"{kills} kills in {sum(one.intended for one in reports)} messages, {len(reports)} seeds",
        f"zero; accepts again <= {ACCEPTS_WITHIN_S:g} s; delivery p99 <= {DELIVERS_WITHIN_S:g} s",
        f"{zero(reports)}; slowest start {slowest:.1f} s; p99 {late:.1f} s",
        passed=all(one.verdict.sound for one in reports)
        and kills == sum(one.kills for one in plans(terms))
        and slowest <= ACCEPTS_WITHIN_S
        and late <= DELIVERS_WITHIN_S,
    )


def plans(terms: Terms) -> list[Plan]:
    if terms.short:
        return [Plan(terms.seed, seconds=12, messages=300, kills=3, shoppers=15, agents=4)]
    seeds = range(terms.seed, terms.seed + SEEDS)
    return [Plan(seed, seconds=300, messages=20_000, kills=50) for seed in seeds]
