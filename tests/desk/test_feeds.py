"""Pages are stored whole with the place after them, once, whoever comes and goes meanwhile; on both
databases, with the worker that fetches them."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from channels.base import Bounced, Grant, Inbound, Page, Ring, TakenBack
from console import puller
from console.desk.inboxes import Inbox
from console.desk.leases import PULL, LeaseLost
from console.events import MessageAdded, Recalled
from console.model.words import Delivery, Stage
from console.puller import Puller
from console.store.feeds import Feed
from tests.channels.wechat_server import AES, CORP, KF, SECRET, TOKEN, WechatServer, wechat_server
from tests.desk.house import House, node
from tests.desk.outgoing import Outgoing

USER = "wmUser"
MESSAGE = Grant("message", 5, 48 * 3600)


async def wecom(house: House, url: str = "http://127.0.0.1:1", kf: str = KF) -> Inbox:
    values = {
        "corp_id": CORP, "secret": SECRET, "token": TOKEN, "encoding_aes_key": AES,
        "open_kfid": kf, "api_base": url,
    }  # fmt: skip
    return await house.desk.inboxes.add(house.shop_id, "wecom", kf, values)


async def lease(house: House) -> int:
    await house.desk.leases.keep()
    epoch = house.desk.leases.held(PULL)
    assert epoch is not None
    return epoch


def words(number: int, person: str = USER) -> Inbound:
    return Inbound(person, f"m{number}", "text", f"第 {number} 条", grant=MESSAGE)


async def texts(house: House) -> list[str]:
    rows = await house.rows("SELECT text FROM message ORDER BY conversation_id, seq")
    return [row[0] for row in rows]


async def test_a_page_and_its_place_are_one(house: House) -> None:
    inbox, epoch = await wecom(house), await lease(house)
    agent = await house.agent("王芳", capacity=50)
    page = Page((words(1), words(2), words(3, "wmOther")), "c1", more=True)
    await house.desk.feeds.take(inbox, page, "", epoch)
    assert await house.desk.feeds.of(inbox) == Feed("c1")
    assert sorted(await texts(house)) == ["第 1 条", "第 2 条", "第 3 条"]
    assert {one.conversation.agent_id for one in house.told(MessageAdded)} == {agent.id}
    with pytest.raises(LeaseLost, match="somebody else"):
        await house.desk.feeds.take(inbox, Page((words(4),), "c1b", more=False), "", epoch)
    house.clock.forward(seconds=1)
    await house.desk.feeds.take(inbox, Page((words(2), words(5)), "c2", more=False), "c1", epoch)
    assert len(await texts(house)) == 4, "what is here already is known by its id"


async def test_a_page_that_cannot_be_stored_leaves_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox, epoch = await wecom(house), await lease(house)
    take, full = house.desk.intake.take, [True]

    async def failing(tx: Any, inbox: Any, inbound: Inbound, **more: Any) -> Any:
        if full and inbound.key == "m2":
            raise RuntimeError("the disk is full")
        return await take(tx, inbox, inbound, **more)

    monkeypatch.setattr(house.desk.intake, "take", failing)
    page = Page(tuple(words(one) for one in range(4)), "c1", more=False)
    with pytest.raises(RuntimeError):
        await house.desk.feeds.take(inbox, page, "", epoch)
    assert (await texts(house), await house.desk.feeds.of(inbox)) == ([], Feed())
    full.clear()
    await house.desk.feeds.take(inbox, page, "", epoch)
    assert len(await texts(house)) == 4


async def test_who_lost_the_lease_stores_nothing(house: House) -> None:
    inbox, epoch = await wecom(house), await lease(house)
    with pytest.raises(LeaseLost, match="is over"):
        await house.desk.feeds.take(inbox, Page((words(1),), "c1", more=False), "", epoch - 1)
    assert await texts(house) == []


async def test_what_failed_and_what_was_taken_back(house: House) -> None:
    inbox, epoch = await wecom(house), await lease(house)
    agent = await house.agent("王芳")
    await house.desk.feeds.take(inbox, Page((words(1), words(2)), "c1", more=False), "", epoch)
    (chat,) = await house.conversations()
    said = (await house.answer(agent, chat, "在的")).message
    out = Outgoing(house, inbox, agent)
    errand = (await out.claim(await out.lease()))[0]
    await house.desk.dispatch.sent(errand, "x")
    told = (
        Bounced(errand.letter.id, "fail_10", "10"), TakenBack(USER, "m1"), TakenBack(USER, "m9"),
        TakenBack("wmNobody", "m2"), Bounced("made up", "fail_0"),
    )  # fmt: skip
    await house.desk.feeds.take(inbox, Page(told, "c2", more=False), "c1", epoch)
    messages = await house.messages(chat)
    assert [one.recalled_at is not None for one in messages] == [True, False, False]
    assert messages[said.seq - 1].delivery is Delivery.DEAD
    assert [one.message.text for one in house.told(Recalled)] == ["第 1 条"]
    listed = (await house.desk.undelivered.listed(agent, None, 10))[0]
    sentence = house.desk.undelivered.sentence(listed[0].letter.reason, "zh-CN")
    assert sentence == "对方拒收客服消息，没有送达"


async def test_a_ring_reaches_the_inbox_it_is_for(house: House) -> None:
    here, other = await wecom(house), await wecom(house, kf="wkOther")
    for account in ("wkOther", "wkOther", "wkNobodys"):
        await house.desk.feeds.ring(here, Ring(account, "word"))
    assert await house.desk.feeds.rung() == {other.id: 2}
    assert await house.desk.feeds.of(other) == Feed("", "word", 2)


async def test_what_is_older_than_the_time_to_answer_queues_nobody(house: House) -> None:
    inbox, epoch = await wecom(house), await lease(house)
    old = replace(words(1), asks=False)
    await house.desk.feeds.take(inbox, Page((old,), "c1", more=False), "", epoch)
    (chat,) = await house.conversations()
    assert (await house.conversation(chat)).stage is Stage.ROBOT


def item(number: int, house: House, person: str = USER) -> dict[str, Any]:
    return {
        "msgid": f"m{number}", "open_kfid": KF, "external_userid": person, "origin": 3,
        "send_time": int(house.clock().timestamp()), "msgtype": "text",
        "text": {"content": f"第 {number} 条"},
    }  # fmt: skip


@asynccontextmanager
async def pulling(house: House) -> AsyncIterator[None]:
    """The worker at work, with leases of its own."""
    await house.desk.leases.keep()
    task = asyncio.create_task(Puller(house.desk).run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until(fits: Callable[[], Any]) -> None:
    async with asyncio.timeout(20):
        while not await fits():  # noqa: ASYNC110 - a database tells nobody
            await asyncio.sleep(0.02)


def pages(house: House, many: int) -> list[list[dict[str, Any]]]:
    """Three messages a page of two people, an empty page among them."""
    made = [
        [item(3 * page + one, house, f"wm{one % 2}") for one in range(3)] for page in range(many)
    ]
    return [*made[:2], [], *made[2:]]


async def test_it_fetches_unasked_and_when_it_rings(house: House) -> None:
    async with wechat_server() as server:
        inbox = await wecom(house, server.url)
        server.pages = pages(house, 5)
        async with pulling(house):
            await until(lambda: _stored(house, 15))
            server.pages.append([item(99, house)])
            await house.desk.feeds.ring(inbox, Ring(KF, server.bell))
            await until(lambda: _stored(house, 16))
        assert server.synced[-1]["token"] == server.bell
        assert (await house.desk.feeds.of(inbox)).place == "c7"


async def _stored(house: House, many: int) -> bool:
    return len(await texts(house)) >= many


async def test_it_goes_on_where_it_was_stopped(house: House) -> None:
    """Cut off again and again in the middle, by another process each time: nothing twice, nothing
    lost, in order."""
    async with wechat_server() as server:
        await wecom(house, server.url)
        server.pages = pages(house, 20)
        for stop_at in (4, 9, 10, 17, 61):
            other = node(house, house.store)
            await other.desk.inboxes.load()
            house.clock.forward(seconds=30)
            async with pulling(other):
                await until(lambda at=stop_at: _stored(house, min(at, 60)))  # type: ignore[misc]
        for one in range(2):
            person = f"wm{one}"
            rows = await house.rows(
                "SELECT m.text FROM message m JOIN conversation c ON c.id = m.conversation_id"
                " JOIN identity i ON i.id = c.identity_id WHERE i.external_id = $1 ORDER BY m.seq",
                person,
            )
            expected = [
                f"第 {3 * page + of} 条" for page in range(20) for of in range(3) if of % 2 == one
            ]
            assert [row[0] for row in rows] == expected


async def test_a_failing_provider_is_asked_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(puller, "FIRST_PAUSE_S", 0.1)
    monkeypatch.setattr(puller, "LOOK_S", 0.05)
    async with wechat_server() as server:
        await wecom(house, server.url)
        server.pages = pages(house, 1)
        server.blocked = 60020
        async with pulling(house):
            await until(lambda: _refused(server, 2))
            server.blocked = 0
            await until(lambda: _stored(house, 3))


async def _refused(server: WechatServer, many: int) -> bool:
    return len(server.refused) >= many


async def test_two_processes_fetch_once(house: House) -> None:
    async with wechat_server() as server:
        await wecom(house, server.url)
        server.pages = pages(house, 10)
        other = node(house, house.store)
        await other.desk.inboxes.load()
        async with pulling(house), pulling(other):
            await until(lambda: _stored(house, 30))
        assert len(server.synced) == 11
        assert len(await texts(house)) == 30
