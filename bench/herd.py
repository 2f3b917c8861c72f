"""`bench herd`: everybody is cut at once and comes back as the browser programs do.

Back means caught up: a shopper has synced after its last message, an agent has the list. The probe
is a request on a connection of its own every 25 ms: how late the answer is tells how late the event
loop is. The product keeps its limits on; each client has a loopback address of its own.
"""

import argparse
from collections.abc import Sequence

from bench.contenders import Anchor, Contender, Product
from bench.generator import Herd, load
from bench.machine import description
from bench.programs import workshop
from bench.table import markdown, spread

AGENTS = 10
WITHIN_S = 60
PROBE_MS = 500
RSS_MIB = 1536
HEAD = (
    "server", "clients", "all back s", "p50 s", "tries/client", "never back", "talks moved",
    "probe p99 ms", "probe max ms", "CPU s", "RSS MiB",
)  # fmt: skip


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bench herd", description=__doc__)
    parser.add_argument("--clients", type=int, default=10_000)
    parser.add_argument("--chats", type=int, default=100, help="talks open with 10 agents")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--connect-rate", type=float, default=400, help="before the cut, per s")
    options = parser.parse_args(argv)
    print(description(), flush=True)
    with workshop() as folder:
        product = Product(folder, agents=AGENTS, capacity=options.chats, limited=True)
        contenders: list[Contender] = [Anchor(folder), product]
        runs: dict[str, list[Herd]] = {contender.name: [] for contender in contenders}
        for _ in range(options.rounds):
            for contender in contenders:
                runs[contender.name].append(
                    drive(
                        contender,
                        clients=options.clients,
                        chats=options.chats,
                        connect_rate=options.connect_rate,
                    )
                )
    print(markdown(HEAD, [row(name, each) for name, each in runs.items()]))
    return 0 if all(map(passed, runs[product.name])) else 1


def drive(contender: Contender, *, clients: int, chats: int, connect_rate: float) -> Herd:
    with contender.serving() as server:
        return load(
            Herd,
            server,
            wire=contender.wire,
            mode="herd",
            agents=AGENTS,
            shoppers=chats,
            connections=clients,
            connect_rate=connect_rate,
            seconds=WITHIN_S,
        )


def passed(run: Herd) -> bool:
    """The pass figures of F10."""
    late = run.probe_ms.p99
    return (
        run.never_back == 0
        and run.moved == 0
        and late is not None
        and late <= PROBE_MS
        and run.rss_kib <= RSS_MIB * 1024
    )


def row(name: str, runs: Sequence[Herd]) -> list[str]:
    return [
        name,
        f"{runs[0].clients:,}",
        spread((run.back_ms.max / 1000 for run in runs if run.back_ms.max is not None), 1),
        spread((run.back_ms.p50 / 1000 for run in runs if run.back_ms.p50 is not None), 1),
        spread((run.tries / run.clients for run in runs), 2),
        str(sum(run.never_back for run in runs)),
        str(sum(run.moved for run in runs)),
        spread(run.probe_ms.p99 for run in runs),
        spread(run.probe_ms.max for run in runs),
        spread((run.server_s for run in runs), 1),
        spread(run.rss_kib / 1024 for run in runs),
    ]
