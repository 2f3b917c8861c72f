"""Many answers to 公众号 while its servers fail in every way: each ends in a state that is told,
and nobody reads anything twice."""

import asyncio
import random

import pytest

from channels import wechat_api
from channels.base import Grant, Inbound
from console import outbox
from console.desk import Desk
from console.events import DeliveryChanged, Event
from console.model.words import Delivery, new_id
from console.outbox import Outbox
from console.tasks import spawn
from tests.channels.wechat_server import AES, APP, SECRET, TOKEN, wechat_server
from tests.desk.house import close_house, open_house
from tests.desk.outgoing import Outgoing
from tests.store.databases import Database, database, sqlite_database

__all__ = ["database", "sqlite_database"]

ENDS = {Delivery.SENT, Delivery.UNCONFIRMED, Delivery.DEAD}
MANY = 120
FAULTS: list[int | str] = [
    0, 0, 0, -1, 40001, 42001, 45011, 45015, 45047, 40003, 48001, 45002, 99999,
    "http 500", "http 502", "garbage", "cut", "silence",
]  # fmt: skip


class Ends:
    """How each letter ended, as it was told."""

    def __init__(self, desk: Desk) -> None:
        self.states: dict[tuple[str, int], Delivery] = {}
        desk.events.subscribe(self._hear, DeliveryChanged)

    def ended(self) -> int:
        return sum(one in ENDS for one in self.states.values())

    def _hear(self, event: Event) -> None:
        assert isinstance(event, DeliveryChanged)
        self.states[event.conversation.id, event.seq] = event.state


async def test_every_answer_ends_and_none_is_doubled(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wechat_api, "ANSWER_S", 0.3)
    monkeypatch.setattr(wechat_api, "CONNECT_S", 0.3)
    monkeypatch.setattr(outbox, "LOOK_S", 0.05)
    luck = random.Random(1)
    house = await open_house(await database.open())
    async with wechat_server() as server:
        values = {
            "app_id": APP, "app_secret": SECRET, "token": TOKEN, "encoding_aes_key": AES,
            "api_base": server.url,
        }  # fmt: skip
        inbox = await house.desk.inboxes.add(house.shop_id, "wechat", "公众号", values)
        out = Outgoing(house, inbox, await house.agent("王芳", capacity=500))
        ends = Ends(house.desk)
        for number in range(MANY):
            person = f"o{number % 40}"
            server.people.add(person)
            identity = await house.desk.entrance.person(inbox, person, None, greet_as="客户")
            asked = Inbound(
                identity, new_id(), "text", "在吗", grant=Grant("message", 5, 48 * 3600)
            )
            done = await house.desk.intake.accept(inbox, asked)
            await house.answer(out.agent, done.message.conversation_id, f"第 {number} 条")
        server.faults = [luck.choice(FAULTS) for _ in range(4 * MANY)]
        await house.desk.leases.keep()
        job = spawn("worker", Outbox(house.desk).run())
        async with asyncio.timeout(60):
            while ends.ended() < MANY:
                await asyncio.sleep(0.05)
                house.clock.forward(seconds=5)
        job.cancel()
        await asyncio.wait([job])
        rows = await house.rows("SELECT state, reason, attempts FROM outbox")
        assert {row[0] for row in rows} <= ENDS
        assert all((row[1] is None) == (row[0] == Delivery.SENT) for row in rows)
        read = server.texts()
        assert len(read) == len(set(read)), "an automatic double"
        sent = await house.rows(
            "SELECT m.text FROM outbox o JOIN message m ON m.conversation_id = o.conversation_id"
            " AND m.seq = o.seq WHERE o.state = 'sent'"
        )
        assert {row[0] for row in sent} <= set(read)
        assert {Delivery.SENT, Delivery.DEAD, Delivery.UNCONFIRMED} == {row[0] for row in rows}
    await close_house(house)
