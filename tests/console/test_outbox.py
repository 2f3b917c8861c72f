"""The worker against a far end that fails, falls silent or is not there; killed and taken over."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from channels import REGISTRY, webhook
from console.desk import Desk
from console.desk.leases import OUTBOX
from console.events import DeliveryChanged, Event
from console.model.refusal import Refused
from console.model.words import Delivery
from console.outbox import AT_ONCE_EACH, Outbox
from console.seal import Seal
from console.tasks import spawn
from tests.clients import Client, agent
from tests.desk.house import close_house, open_house
from tests.desk.outgoing import Outgoing, outgoing_from
from tests.program import Program
from tests.servers import free_port, stop
from tests.shopbot import SECRET, Post, ShopBot, shop_bot
from tests.store.databases import Database, database, postgres_database, sqlite_database

__all__ = ["database", "postgres_database", "sqlite_database"]

WITHIN_S = 20.0
INTERRUPTED = "发送途中服务中断：可能收到，也可能没有"


@asynccontextmanager
async def working(*desks: Desk) -> AsyncIterator[list[asyncio.Task[None]]]:
    """A worker for each desk, which keeps its leases."""
    jobs = [spawn("worker", Outbox(one).run()) for one in desks]
    for one in desks:
        await one.leases.keep()
    try:
        yield jobs
    finally:
        for job in jobs:
            job.cancel()
        await asyncio.wait(jobs)


@asynccontextmanager
async def house_of(database: Database, bot: ShopBot) -> AsyncIterator[Outgoing]:
    house = await open_house(await database.open())
    out = await outgoing_from(house)
    values = {"secret": SECRET, "url": bot.url}
    out.bot = await house.desk.inboxes.add(house.shop_id, "webhook", "far", values)
    try:
        yield out
    finally:
        await close_house(house)


class Ticks:
    """Lets a test wait for a tick."""

    def __init__(self, desk: Desk) -> None:
        self.seen: list[tuple[str, int, Delivery]] = []
        self.more = asyncio.Event()
        desk.events.subscribe(self._hear)

    def _hear(self, event: Event) -> None:
        if isinstance(event, DeliveryChanged):
            self.seen.append((event.conversation.id, event.seq, event.state))
            self.more.set()

    async def until(self, fits: Callable[["Ticks"], bool]) -> None:
        async with asyncio.timeout(WITHIN_S):
            while not fits(self):
                self.more.clear()
                await self.more.wait()

    def count(self, state: Delivery) -> int:
        return sum(one[2] is state for one in self.seen)


async def test_order_is_kept_while_every_second_try_fails(database: Database) -> None:
    """Twelve talks of three answers; the far end refuses each the first time."""
    tried: set[str] = set()

    def stumbling(post: Post) -> int:
        known = post["id"] in tried
        tried.add(post["id"])
        return 200 if known else 503

    async with shop_bot(stumbling) as bot, house_of(database, bot) as out:
        ticks = Ticks(out.desk)
        chats = [await out.chat(f"u-{number}") for number in range(12)]
        async with working(out.desk):
            for text in "一二三":
                for chat in chats:
                    await out.house.answer(out.agent, chat, text)
            for sent in (12, 24, 36):
                await ticks.until(partial(_ticked, Delivery.RETRY, sent))
                out.house.clock.forward(seconds=2)
                await bot.until(partial(_took, sent))
        assert bot.wrong == []
        for number in range(12):
            mine = [one["text"] for one in bot.taken if one["person"] == f"u-{number}"]
            assert mine == ["一", "二", "三"]


async def test_a_silent_inbox_holds_up_no_other(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with (
        shop_bot(lambda _: "silence") as deaf,
        shop_bot() as bot,
        house_of(sqlite_database, bot) as out,
    ):
        values = {"secret": SECRET, "url": deaf.url}
        silent = await out.desk.inboxes.add(out.house.shop_id, "webhook", "deaf", values)
        async with working(out.desk) as jobs:
            for number in range(AT_ONCE_EACH + 4):
                chat = await out.chat(f"u-{number}", silent)
                await out.house.answer(out.agent, chat, "在")
            await deaf.until(lambda one: len(one.tried) == AT_ONCE_EACH)
            chat = await out.chat("u-1")
            await out.house.answer(out.agent, chat, "在")
            await bot.until(lambda one: len(one.taken) == 1)
            assert len(deaf.tried) == AT_ONCE_EACH, "bounded"
            jobs[0].cancel()
            await asyncio.wait(jobs)
        rows = await out.house.rows("SELECT state, count(*) FROM outbox GROUP BY state")
        assert {row[0]: row[1] for row in rows} == {
            "unconfirmed": AT_ONCE_EACH,  # a stop marks what is in flight
            "queued": 4,
            "sent": 1,
        }


async def test_a_channel_that_breaks_is_no_success(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with shop_bot() as bot, house_of(sqlite_database, bot) as out:
        ticks = Ticks(out.desk)
        monkeypatch.setattr(webhook, "_receipt", lambda status: 1 // 0)
        async with working(out.desk):
            chat = await out.chat()
            await out.house.answer(out.agent, chat, "在")
            await ticks.until(lambda one: one.count(Delivery.UNCONFIRMED) == 1)


@pytest.mark.parametrize("turns", range(5))
async def test_a_stop_is_heard_while_it_wakes(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch, turns: int
) -> None:
    """Woken, it is on its way back to its work for a few turns of the loop; told to end in any."""
    async with shop_bot() as bot, house_of(sqlite_database, bot) as out:
        looked, claim = asyncio.Event(), out.desk.dispatch.claim

        async def look(epoch: int, room: Any, most: int) -> Any:
            claimed = await claim(epoch, room, most)
            looked.set()
            return claimed

        monkeypatch.setattr(out.desk.dispatch, "claim", look)
        held = await out.house.conversation(await out.chat())
        async with working(out.desk) as jobs:
            await asyncio.wait_for(looked.wait(), WITHIN_S)
            for _ in range(3):  # it goes to sleep
                await asyncio.sleep(0)
            out.desk.events.publish(DeliveryChanged(held, 1, Delivery.QUEUED, None))
            for _ in range(turns):
                await asyncio.sleep(0)
            jobs[0].cancel()
            ended, _ = await asyncio.wait(jobs, timeout=WITHIN_S / 4)
            assert ended, "the stop was swallowed"


async def test_how_a_call_ended_is_not_forgotten_while_the_database_is_away(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It took the message; the disk is full when that is to be written down, and then it is not."""
    full, refused = asyncio.Event(), asyncio.Event()

    def take(post: Post) -> int:
        full.set()
        return 200

    async with shop_bot(take) as bot, house_of(sqlite_database, bot) as out:
        ticks, write = Ticks(out.desk), out.house.store.write

        async def away(work: Any) -> Any:
            if not full.is_set():
                return await write(work)
            refused.set()
            raise Refused("unavailable", "store: cannot commit: disk is full")

        monkeypatch.setattr(out.house.store, "write", away)
        async with working(out.desk):
            await out.house.answer(out.agent, await out.chat(), "在")
            await asyncio.wait_for(refused.wait(), WITHIN_S)
            with pytest.raises(Refused):
                await out.desk.leases.keep()
            full.clear()
            await ticks.until(lambda one: one.count(Delivery.SENT) == 1)
        assert len(bot.tried) == len(bot.taken) == 1


async def test_two_workers_send_nothing_twice_and_one_takes_over(
    postgres_database: Database,
) -> None:
    """Two processes' worth of desks on one PostgreSQL; the first is paused in the middle."""
    async with shop_bot() as bot, house_of(postgres_database, bot) as out:
        second = Desk(
            await postgres_database.open(), out.house.clock, Seal("a secret of the tests"),
            REGISTRY, grace_s=60.0,
        )  # fmt: skip
        await second.load()
        chats = [await out.chat(f"u-{number}") for number in range(20)]
        async with working(out.desk, second):
            assert (out.desk.leases.held(OUTBOX), second.leases.held(OUTBOX)) == (1, None)
            first = Ticks(out.desk)
            for chat in chats:
                await out.house.answer(out.agent, chat, "一")
            await first.until(lambda one: one.count(Delivery.SENT) == 20)
            out.house.clock.forward(seconds=20)
            await second.leases.keep()
            assert second.leases.held(OUTBOX) == 2
            ticks = Ticks(second)
            for chat in chats:
                await out.house.answer(out.agent, chat, "二")
            await bot.until(lambda one: len(one.taken) == 40)
            await ticks.until(lambda one: one.count(Delivery.SENT) == 20)
        assert len({one["id"] for one in bot.tried}) == len(bot.tried) == 40
        rows = await out.house.rows("SELECT DISTINCT state, attempts FROM outbox")
        assert [tuple(row) for row in rows] == [("sent", 1)]
        second.library.close()
        await second.store.close()


def _ticked(state: Delivery, count: int, ticks: Ticks) -> bool:
    return ticks.count(state) >= count


def _took(count: int, bot: ShopBot) -> bool:
    return len(bot.taken) == count


def wire(program: Program, bot: ShopBot) -> str:
    """An inbox for the far end; returns the address of its hook."""
    inbox = {"kind": "webhook", "name": "bot", "set": {"secret": SECRET, "url": bot.url}}
    made = json.loads(program.ask("inbox add", inbox)["out"])
    return f"{program.address}{made['hook']}"


async def states(desk: Client, conversation: str) -> list[tuple[str, Any]]:
    state = await desk.call("sync", cursors={conversation: 0})
    return [(one["delivery"], one.get("reason")) for one in state["messages"] if "delivery" in one]


@pytest.mark.parametrize("point", ["after_sending", "after_call"])
async def test_killed_around_the_call_it_is_unconfirmed_until_a_person_decides(
    tmp_path: Path, point: str
) -> None:
    """The far end has it in one case and not in the other: nobody here can know."""
    program = Program(tmp_path / "data", demo=True, environ={"CONSOLE_FAILPOINTS": f"{point}=kill"})
    program.start()
    try:
        async with shop_bot() as bot:
            hook = wire(program, bot)
            password = program.demo_password
            async with agent(program, "小青", password) as desk:
                await desk.call("available", state="available")
                assert (await bot.post(hook, person="u-1", text="在吗"))[0] == 200
                heard = await desk.event("message", lambda one: one["text"] == "在吗")
                held = heard["conversation"]
                said = await desk.say("今天", conversation=held)
                assert said["ok"]
                await asyncio.wait_for(desk.cut.wait(), WITHIN_S)
            assert program.process is not None
            program.process.wait(timeout=WITHIN_S)
            assert bot.texts() == ([] if point == "after_sending" else ["今天"])
            program.environ.clear()
            program.start()
            async with agent(program, "小青", password) as desk:
                await desk.call("sync", cursors={held: 0})
                if await states(desk, held) != [("unconfirmed", INTERRUPTED)]:
                    await desk.event("delivery", lambda one: one["state"] == "unconfirmed")
                assert await states(desk, held) == [("unconfirmed", INTERRUPTED)]
                await desk.say("还在吗？", conversation=held)
                await bot.until(lambda one: "还在吗？" in one.texts())
            assert len(bot.tried) == (1 if point == "after_sending" else 2)
    finally:
        assert program.process is not None
        stop(program.process)


async def test_killed_with_a_full_outbox_it_goes_on_in_order(tmp_path: Path) -> None:
    """The far end is not there; killed and started again, the letters leave once it is."""
    program, port = Program(tmp_path / "data"), free_port()
    program.start()
    try:
        program.hire("王芳")
        async with shop_bot(port=free_port()) as asking:
            asking.url = f"http://127.0.0.1:{port}/in"
            hook = wire(program, asking)
            async with agent(program, "王芳") as desk:
                assert (await asking.post(hook, person="u-1", text="在吗"))[0] == 200
                held = (await desk.event("message"))["conversation"]
                for text in "一二三":
                    await desk.say(text, conversation=held)
                await desk.event("delivery", lambda one: one["state"] == "retry")
                program.kill()
        program.start()
        async with shop_bot(port=port) as bot:
            await bot.until(lambda one: len(one.taken) == 3)
            assert (bot.texts(), bot.wrong) == (["一", "二", "三"], [])
        assert program.stop() == 0
    finally:
        assert program.process is not None
        stop(program.process)
