"""Which benches there are, and the way into each."""

import signal
import sys
from collections.abc import Callable
from types import FrameType
from typing import NamedTuple, NoReturn

from bench import herd, idle, knowledge, latency, relay, start
from bench.chaos import command as chaos
from bench.programs import BenchFailed


class Bench(NamedTuple):
    run: Callable[[list[str]], int]
    summary: str


def match(argv: list[str]) -> int:
    # Deferred: dictionaries and search engines that no other bench needs.
    from bench.matching import command

    return command.main(argv)


def learn(argv: list[str]) -> int:
    # Deferred for the same reason.
    from bench import learn

    return learn.main(argv)


def wechat(argv: list[str]) -> int:
    # Deferred: brings all of cryptography, which seals what WeChat would.
    from bench.wechat import command

    return command.main(argv)


BENCHES = {
    "relay": Bench(relay.main, "durable messages per core, beside the bare anchor"),
    "latency": Bench(latency.main, "message to agent at 10 open chats and at 500 messages/s"),
    "idle": Bench(idle.main, "memory of an idle connection, beside the bare anchor"),
    "herd": Bench(herd.main, "everybody cut at once and coming back, beside the bare anchor"),
    "chaos": Bench(chaos.main, "lost, doubled, disordered, leaked, stuck under faults: all zero"),
    "start": Bench(start.main, "cold start to ready, and memory with 200 open chats"),
    "knowledge": Bench(
        knowledge.main, "imports beside talks; lists, searches and changes of 10,000"
    ),
    "wechat": Bench(wechat, "callbacks in beside a bare handler; answers against bad servers"),
    "match": Bench(match, "messages to entries, beside the usual searches; --scale: by size"),
    "learn": Bench(learn, "what a day of adding similar questions brings, and what carries over"),
}


def main(argv: list[str]) -> int:
    """Run the bench that `argv` names: 0 done, 1 failed or found wrong, 2 wrong usage."""
    if not argv or argv[0] in ("-h", "--help"):
        print(listing())
        return 0
    name, *options = argv
    if name not in BENCHES:
        print(f"bench: no bench {name!r}\n{listing()}", file=sys.stderr)
        return 2
    before = signal.signal(signal.SIGTERM, terminated)
    try:
        return BENCHES[name].run(options)
    except BenchFailed as failure:
        print(f"bench {name}: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        signal.signal(signal.SIGTERM, before)


def listing() -> str:
    width = max(map(len, BENCHES))
    return "\n".join(f"{name:<{width}}  {bench.summary}" for name, bench in BENCHES.items())


def terminated(_: int, __: FrameType | None) -> NoReturn:
    """Leave by the ordinary way, so that every server started is ended."""
    raise SystemExit(143)
