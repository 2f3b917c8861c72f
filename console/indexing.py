"""Builds the index of a large knowledge base, in a process of its own: the server's interpreter
goes on serving meanwhile.

python -m console.indexing FILE: a `Stock` as MessagePack comes in, FILE is written, and the number
of entries read goes out, a line now and then.
"""

import sys
from pathlib import Path

import msgspec

from console import process
from console.desk.matchers import Stock, built, keep


def main(arguments: list[str]) -> int:
    process.tune()
    stock = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Stock)
    keep(built(stock, None, _say), Path(arguments[0]))
    return 0


def _say(count: int) -> None:
    sys.stdout.write(f"{count}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
