"""`bench relay`: what one core carries, ours beside the bare anchor, round by round.

Closed loop: every shopper keeps one message unacknowledged, so the server is always busy and
groups its commits as it can. `--rate R` makes it an open loop at R messages a second instead.
"""

import argparse
from collections.abc import Sequence
from statistics import median

from bench.contenders import Anchor, Contender, Product
from bench.generator import Talk, load
from bench.machine import description
from bench.programs import workshop
from bench.table import markdown, ratios, spread

HEAD = (
    "server",
    "CPU us/message",
    "messages/s a core",
    "messages/s seen",
    "ack p50 ms",
    "ack p99 ms",
    "delivery p99 ms",
    "lost",
    "doubled",
    "RSS MiB",
    "generator",
    "others",
)


def main(argv: list[str]) -> int:
    options = parse(argv)
    print(description(), flush=True)
    with workshop() as folder:
        anchors = [Anchor(folder, store=store) for store in options.store]
        product = Product(folder, agents=options.agents, capacity=options.shoppers)
        contenders: list[Contender] = [*anchors, product]
        runs = rounds(contenders, options)
    print(markdown(HEAD, [row(contender.name, runs[contender.name]) for contender in contenders]))
    for anchor in anchors:
        print(verdict(anchor.name, runs[product.name], runs[anchor.name]))
    return 0 if all(run.sound for each in runs.values() for run in each) else 1


def parse(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench relay", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3, help="measured, after the warm-up")
    parser.add_argument("--warmup", type=float, default=1)
    parser.add_argument("--shoppers", type=int, default=200)
    parser.add_argument("--agents", type=int, default=20)
    parser.add_argument("--rate", type=float, default=0, help="messages/s; 0 is the closed loop")
    parser.add_argument("--language", default="latin", choices=["latin", "chinese"])
    parser.add_argument(
        "--store",
        action="append",
        choices=["task:FULL", "thread:FULL"],
        help="the anchor's store, task:FULL unless told; may be repeated",
    )
    options = parser.parse_args(argv)
    options.store = options.store or ["task:FULL"]
    return options


def rounds(contenders: Sequence[Contender], options: argparse.Namespace) -> dict[str, list[Talk]]:
    runs: dict[str, list[Talk]] = {contender.name: [] for contender in contenders}
    for number in range(1, options.rounds + 1):
        for contender in contenders:
            run = one(contender, options)
            runs[contender.name].append(run)
            said = f"{run.server_us:.0f} us/message, {run.delivered_per_s:.0f}/s"
            print(f"round {number}, {contender.name}: {said}", flush=True)
    return runs


def one(contender: Contender, options: argparse.Namespace) -> Talk:
    with contender.serving() as server:
        return load(
            Talk,
            server,
            wire={**contender.wire, "language": options.language},
            mode="open" if options.rate else "closed",
            rate=options.rate,
            seconds=options.seconds,
            warmup=options.warmup,
            shoppers=options.shoppers,
            agents=options.agents,
        )


def row(name: str, runs: Sequence[Talk]) -> list[str]:
    return [
        name,
        spread(run.server_us for run in runs),
        f"{1e6 / median(run.server_us for run in runs):,.0f}",
        spread(run.delivered_per_s for run in runs),
        spread((run.ack_ms.p50 for run in runs), 1),
        spread((run.ack_ms.p99 for run in runs), 1),
        spread((run.delivery_ms.p99 for run in runs), 1),
        str(sum(run.lost for run in runs)),
        str(sum(run.doubled for run in runs)),
        spread(run.rss_kib / 1024 for run in runs),
        spread((run.generator_share for run in runs), 2),
        spread((run.others_share for run in runs), 2),
    ]


def verdict(anchor: str, ours: Sequence[Talk], theirs: Sequence[Talk]) -> str:
    cpu = ratios([run.server_us for run in ours], [run.server_us for run in theirs])
    rate = ratios([run.delivered_per_s for run in ours], [run.delivered_per_s for run in theirs])
    return (
        f"ratio to {anchor}: {spread(cpu, 2)} x CPU per durable message, "
        f"{spread(rate, 2)} x messages/s"
    )
