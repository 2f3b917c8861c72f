"""`bench start`: from the command to the first 200 of /readyz, and memory with open chats.

The installation is set up and was started before. Nothing is pinned. Time is the wall clock's,
polled every 10 ms; processor time is that of the process at the moment it is ready.
"""

import argparse
from collections.abc import Sequence

from bench.contenders import Product
from bench.generator import Chats, load
from bench.machine import description
from bench.programs import workshop
from bench.table import markdown, spread
from bootstrap.places import ROOT

DOORS = {
    "the program": ("-m", "console.cli"),
    "python3 run.py": (str(ROOT / "run.py"),),
}
SETTLE_S = 8  # suggestions for the first words of all of them are being made


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bench start", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--chats", type=int, default=200)
    options = parser.parse_args(argv)
    print(description(), flush=True)
    with workshop() as folder:
        product = Product(folder, agents=20, capacity=options.chats)
        rows = [starts(product, name, rounds=options.rounds) for name in DOORS]
        print(markdown(("start by", "to ready s", "CPU s", "RSS MiB when ready"), rows), flush=True)
        chats = [talks(product, options.chats) for _ in range(3)]
    print(memory(chats))
    return 0 if not any(run.closed or run.errors for run in chats) else 1


def starts(product: Product, name: str, *, rounds: int) -> list[str]:
    seconds, processor, resident = [], [], []
    for _ in range(rounds):
        with (
            product.copied() as data,
            product.started(data, pinned=False, door=DOORS[name]) as server,
        ):
            seconds.append(server.ready_s)
            processor.append(server.processor_s())
            resident.append(server.resident_mib())
    return [name, spread(seconds, 2), spread(processor, 2), spread(resident)]


def talks(product: Product, chats: int) -> Chats:
    with product.serving() as server:
        return load(
            Chats,
            server,
            wire=product.wire,
            mode="chats",
            shoppers=chats,
            warmup=SETTLE_S,
            seconds=5,
        )


def memory(runs: Sequence[Chats]) -> str:
    head = ("open chats", "RSS MiB before", "RSS MiB", "share of a core, silent")
    cells = [
        str(runs[0].shoppers),
        spread(run.rss_before_kib / 1024 for run in runs),
        spread(run.rss_kib / 1024 for run in runs),
        spread((run.server_share for run in runs), 3),
    ]
    return markdown(head, [cells])
