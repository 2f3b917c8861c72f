"""`bench idle`: what a connection costs that only stays.

KiB per connection = (resident memory with all of them - before) / connections, in a server started
afresh. A shopper of ours has joined and synced, as an open widget has; the anchor's has joined.
"""

import argparse
from collections.abc import Sequence

from bench.contenders import Anchor, Contender, Product
from bench.generator import Idle, load
from bench.machine import description
from bench.programs import workshop
from bench.table import markdown, ratios, spread

HEAD = ("server", "connections", "KiB/connection", "connect CPU us", "base RSS MiB", "closed")


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bench idle", description=__doc__)
    parser.add_argument("--connections", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--connect-rate", type=float, default=500, help="new connections/s")
    options = parser.parse_args(argv)
    print(description(), flush=True)
    with workshop() as folder:
        contenders: list[Contender] = [Anchor(folder), Product(folder, agents=1, capacity=1)]
        runs: dict[str, list[Idle]] = {contender.name: [] for contender in contenders}
        for _ in range(options.rounds):
            for contender in contenders:
                runs[contender.name].append(one(contender, options))
    print(markdown(HEAD, [row(name, each) for name, each in runs.items()]))
    theirs, ours = ([run.kib_per_connection for run in each] for each in runs.values())
    print(f"ratio to the anchor: {spread(ratios(ours, theirs), 2)} x memory per connection")
    return 0 if not any(run.closed or run.errors for each in runs.values() for run in each) else 1


def one(contender: Contender, options: argparse.Namespace) -> Idle:
    with contender.serving() as server:
        return load(
            Idle,
            server,
            wire=contender.wire,
            mode="idle",
            agents=1,
            connections=options.connections,
            connect_rate=options.connect_rate,
            seconds=3,
        )


def row(name: str, runs: Sequence[Idle]) -> list[str]:
    return [
        name,
        f"{runs[0].connections:,}",
        spread((run.kib_per_connection for run in runs), 1),
        spread(run.connect_us for run in runs),
        spread((run.rss_before_kib / 1024 for run in runs), 1),
        str(sum(run.closed for run in runs)),
    ]
