"""`bench wechat`: callbacks of a 公众号 in, beside a handler that only verifies; answers out.

Three parts, each against a server started afresh with its storage on: callbacks at an even pace,
open loop; each callback one to four times, all mixed; answers against servers that fail in every
way, each followed to its end. What was read twice, stored twice or not at all must be zero.
"""

import argparse
import asyncio
import contextlib
import secrets
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec

from bench.machine import description
from bench.programs import BenchFailed, Running, free_port, serving, told, workshop
from bench.table import markdown
from bench.wechat import callbacks, sends
from bench.wechat.account import Keys
from bench.wechat.callbacks import Answers
from bench.wechat.far import Far, bad_day

AGENT = "load-0"
PRODUCT = (sys.executable, "-m", "console.cli")
PACE_HEAD = ("server", "callbacks/s", "answer p50 ms", "p99 ms", "slowest ms", "failed", "CPU us")
SENT_HEAD = (
    "answers", "calls", "sent", "unconfirmed", "dead", "still waiting", "sent but not read",
    "read twice",
)  # fmt: skip
NUMBERS = 7_000_000_000_000_000_000  # as large as WeChat's own, beyond 2^53


class Listed(msgspec.Struct, frozen=True):
    id: str
    hook: str


class Shop:
    """An installation with one account and one agent who is good for everybody."""

    def __init__(self, folder: Path, name: str, api_base: str) -> None:
        self.keys, self.password = Keys(), f"Aa7-{secrets.token_hex(12)}"
        self._data, self._log = folder / name, folder / f"{name}.log"
        words = ["agent", "add", AGENT, "--role", "agent", "--capacity", "1000"]
        told([*PRODUCT, *words, "--password-stdin"], data=self._data, typed=f"{self.password}\n")
        keys = self.keys
        settings = [
            f"app_id={keys.app_id}", f"app_secret={keys.secret}", f"token={keys.token}",
            f"encoding_aes_key={keys.aes_key}", f"api_base={api_base}", "quota=100",
        ]  # fmt: skip
        said = told(
            [*PRODUCT, "inbox", "add", "wechat", "公众号", "--json", "--set", *settings],
            data=self._data,
        )
        self.hook = msgspec.json.decode(said, type=Listed).hook

    @contextlib.contextmanager
    def serving(self) -> Iterator[Running]:
        port = free_port()
        words = ["serve", "--data", str(self._data), "--host", "127.0.0.1", "--port", str(port)]
        environment = {"CONSOLE_RATE_LIMITS": "off"}
        with serving(
            [*PRODUCT, *words], port=port, log=self._log, environment=environment, pinned=True
        ) as running:
            yield running

    def url(self, running: Running) -> str:
        return f"http://127.0.0.1:{running.port}{self.hook}"

    def stored(self, words: str) -> tuple[int, int]:
        """Messages of shoppers that begin so: how many, and how many under names of their own."""
        file = next(self._data.glob("*.db"))
        with contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
            row = database.execute(
                "SELECT count(*), count(DISTINCT client_id) FROM message"
                " WHERE author_kind = 'shopper' AND text LIKE ?",
                (f"{words}%",),
            ).fetchone()
        return int(row[0]), int(row[1])


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bench wechat", description=__doc__)
    parser.add_argument("--rate", type=float, default=200, help="callbacks/s of the first part")
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--callbacks", type=int, default=10_000, help="of the second part")
    parser.add_argument("--answers", type=int, default=2_000, help="of the third part")
    parser.add_argument("--within", type=float, default=240, help="seconds for them to end")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(argv)
    print(description(), flush=True)
    with workshop() as folder:
        sound = [
            asyncio.run(_pace(folder, options)),
            asyncio.run(_repeats(folder, options)),
            asyncio.run(_answers(folder, options)),
        ]
    return 0 if all(sound) else 1


async def _pace(folder: Path, options: argparse.Namespace) -> bool:
    shop, port = Shop(folder, "pace", "http://127.0.0.1:9"), free_port()
    words = ["--port", str(port), "--token", shop.keys.token, "--key", shop.keys.aes_key]
    command = [sys.executable, "-m", "bench.wechat.anchor", *words]
    rows = []
    with serving(
        command, port=port, log=folder / "anchor.log", environment={}, pinned=True
    ) as bare:
        rows.append(
            await _paced("only verifies", f"http://127.0.0.1:{port}/hook", shop, bare, options)
        )
    with shop.serving() as running:
        ours = await _paced("product", shop.url(running), shop, running, options)
    rows.append(ours)
    print(markdown(PACE_HEAD, [cells for cells, _ in rows]), flush=True)
    count = int(options.rate * options.seconds)
    print(f"stored: {shop.stored('第 ')[0]} of {count}", flush=True)
    return all(answers.failed == 0 for _, answers in rows) and shop.stored("第 ")[0] == count


async def _paced(
    name: str, url: str, shop: Shop, running: Running, options: argparse.Namespace
) -> tuple[list[str], Answers]:
    before = running.processor_s()
    told = await callbacks.paced(
        url, shop.keys, rate=options.rate, seconds=options.seconds, number=NUMBERS
    )
    used = (running.processor_s() - before) / (options.rate * options.seconds) * 1e6
    times = (told.p50, told.p99, told.slowest)
    cells = [name, f"{options.rate:g}", *(f"{one:.1f}" for one in times), str(told.failed)]
    return [*cells, f"{used:,.0f}"], told


async def _repeats(folder: Path, options: argparse.Namespace) -> bool:
    shop = Shop(folder, "repeats", "http://127.0.0.1:9")
    with shop.serving() as running:
        posts, missed = await callbacks.repeated(
            shop.url(running), shop.keys,
            count=options.callbacks, seed=options.seed, number=NUMBERS,
        )  # fmt: skip
    count, names = shop.stored("重复 ")
    head = ("callbacks", "requests", "stored", "stored twice", "never taken")
    row = [options.callbacks, posts, count, count - names, missed]
    print(markdown(head, [[f"{one:,}" for one in row]]), flush=True)
    return (count, names, missed) == (options.callbacks, options.callbacks, 0)


async def _answers(folder: Path, options: argparse.Namespace) -> bool:
    each = 5
    people = [f"p{one}" for one in range(options.answers // each)]
    async with bad_day(options.seed) as far:
        shop = Shop(folder, "answers", far.url)
        with shop.serving() as running:
            async with sends.at_the_desk(running.port, AGENT, shop.password) as (desk, line):
                await callbacks.first_words(shop.url(running), shop.keys, people, number=NUMBERS)
                if not await desk.until(lambda: len(desk.talks) == len(people), 30):
                    raise BenchFailed(f"{len(desk.talks)} of {len(people)} talks came")
                await sends.answer_all(desk, line, each=each)
                await desk.until(lambda: desk.ended() == len(desk.words), options.within)
        return _told(desk, far)


def _told(desk: sends.Desk, far: Far) -> bool:
    ends = desk.by_end()
    waiting = sum(count for state, count in ends.items() if state not in sends.ENDS)
    twice = sum(count > 1 for count in far.read.values())
    unread = len(desk.saying("sent") - far.read.keys())
    row = [
        len(desk.words), far.fates.total(), ends["sent"], ends["unconfirmed"], ends["dead"],
        waiting, unread, twice,
    ]  # fmt: skip
    print(markdown(SENT_HEAD, [[f"{one:,}" for one in row]]))
    print(
        "calls by what became of them: "
        + ", ".join(f"{k} {n}" for k, n in sorted(far.fates.items()))
    )
    return (waiting, unread, twice) == (0, 0, 0)
