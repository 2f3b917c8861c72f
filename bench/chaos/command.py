"""`bench chaos`: what is acknowledged survives kills, cuts, lost acks, full disks, jumping clocks.

`--fault F9` (repeat it) or `--faults all` runs faults one by one and prints the table of them.
"""

import argparse
import secrets

from bench.chaos import fault
from bench.machine import description
from bench.programs import workshop


def main(argv: list[str]) -> int:
    options = parse(argv)
    print(f"{description()}\nseed {options.seed}", flush=True)
    with workshop() as folder:
        return faults(options.fault, fault.Terms(folder, options.seed, options.short))


def parse(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench chaos", description=__doc__)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(2**31))
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
