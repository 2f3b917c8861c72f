"""`bench latency`: from the moment a message was due until the agent's socket has it.

Open loop at two loads: a shop with 10 open chats, and 500 messages a second from 200 shoppers. They
ask what shoppers ask, in Chinese, so that the product looks for answers while it relays.
"""

import argparse
from collections.abc import Sequence
from typing import NamedTuple

from bench.contenders import Anchor, Contender, Product
from bench.generator import Talk, load
from bench.machine import description
from bench.programs import workshop
from bench.table import markdown, spread

HEAD = (
    "load",
    "server",
    "delivered/s",
    "ack p50 ms",
    "ack p99 ms",
    "delivery p50 ms",
    "delivery p99 ms",
    "suggestions behind p50 ms",
    "suggestions behind p99 ms",
    "CPU us/message",
    "lost",
    "doubled",
    "others",
)


class Load(NamedTuple):
    name: str
    shoppers: int
    agents: int
    rate: float
    seconds: float


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bench latency", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--seconds", type=float, default=4, help="of the fast load; the calm one x 4"
    )
    parser.add_argument("--calm", type=float, default=20, help="messages/s over the 10 chats")
    parser.add_argument("--fast", type=float, default=500, help="messages/s over 200 chats")
    parser.add_argument("--language", default="chinese", choices=["latin", "chinese"])
    options = parser.parse_args(argv)
    loads = [
        Load(f"10 chats, {options.calm:g}/s", 10, 2, options.calm, options.seconds * 4),
        Load(f"200 chats, {options.fast:g}/s", 200, 20, options.fast, options.seconds),
    ]
    print(description(), flush=True)
    rows: list[list[str]] = []
    sound = True
    with workshop() as folder:
        contenders: list[Contender] = [Anchor(folder), Product(folder, agents=20, capacity=200)]
        for each in loads:
            for name, runs in measure(contenders, each, options).items():
                rows.append(row(each.name, name, runs))
                sound = sound and all(run.sound for run in runs)
    print(markdown(HEAD, rows))
    return 0 if sound else 1


def measure(
    contenders: Sequence[Contender], each: Load, options: argparse.Namespace
) -> dict[str, list[Talk]]:
    runs: dict[str, list[Talk]] = {contender.name: [] for contender in contenders}
    for _ in range(options.rounds):
        for contender in contenders:
            with contender.serving() as server:
                run = load(
                    Talk,
                    server,
                    wire={**contender.wire, "language": options.language},
                    mode="open",
                    rate=each.rate,
                    seconds=each.seconds,
                    shoppers=each.shoppers,
                    agents=each.agents,
                )
            runs[contender.name].append(run)
            said = f"delivery p50 {run.delivery_ms.p50} p99 {run.delivery_ms.p99} ms"
            print(f"{each.name}, {contender.name}: {said}", flush=True)
    return runs


def row(name: str, contender: str, runs: Sequence[Talk]) -> list[str]:
    return [
        name,
        contender,
        spread(run.delivered_per_s for run in runs),
        spread((run.ack_ms.p50 for run in runs), 1),
        spread((run.ack_ms.p99 for run in runs), 1),
        spread((run.delivery_ms.p50 for run in runs), 1),
        spread((run.delivery_ms.p99 for run in runs), 1),
        spread((run.behind_ms.p50 for run in runs), 1),
        spread((run.behind_ms.p99 for run in runs), 1),
        spread(run.server_us for run in runs),
        str(sum(run.lost for run in runs)),
        str(sum(run.doubled for run in runs)),
        spread((run.others_share for run in runs), 2),
    ]
