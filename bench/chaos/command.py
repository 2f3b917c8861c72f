"""`bench chaos`: what is acknowledged survives kills, cuts, lost acks, full disks, jumping clocks.

`--fault F9` (repeat it) or `--faults all` runs faults one by one and prints the table of them.
"""

import argparse
import secrets
from pathlib import Path

from bench.chaos import fault
from bench.chaos.trial import Plan, run
from bench.machine import description
from bench.programs import workshop


def main(argv: list[str]) -> int:
    options = parse(argv)
    print(f"{description()}\nseed {options.seed}", flush=True)
    with workshop() as folder:
        if not options.fault:
            return ledger_run(options, folder)
        return faults(options.fault, fault.Terms(folder, options.seed, options.short))


def ledger_run(options: argparse.Namespace, folder: Path) -> int:
    plan = Plan(
        options.seed,
        options.seconds,
        options.messages,
        kills=options.kills,
        shoppers=options.shoppers,
        agents=options.agents,
    )
    report = run(plan, folder)
    print("\n".join(report.lines()[1:]))
    return 0 if report.verdict.sound else 1


def parse(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench chaos", description=__doc__)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(2**31))
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--shoppers", type=int, default=40)
    parser.add_argument("--agents", type=int, default=10)
    parser.add_argument("--messages", type=int, default=4000, help="of shoppers, in all")
    parser.add_argument("--fault", action="append", default=[], choices=list(fault.FAULTS))
    parser.add_argument("--faults", choices=["all"])
    parser.add_argument("--short", action="store_true", help="the faults' forms of a few seconds")
    options = parser.parse_args(argv)
    if options.faults:
        options.fault = list(fault.FAULTS)
    return options


def faults(names: list[str], terms: fault.Terms) -> int:
    results = []
    for result in fault.strike(names, terms):
        results.append(result)
        print(f"{result.fault}: {result.seen}", flush=True)
    print(fault.table(results))
    return 0 if all(result.passed for result in results) else 1
