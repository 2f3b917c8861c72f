"""One customer over several inboxes: joined by a union id of one open platform, taken apart again
by an agent, and never joined a second time; on both databases, with the worker that asks."""

import asyncio
from typing import Any

import pytest

from channels.base import Grant, Inbound, Portrait
from console.desk.inboxes import Inbox
from console.events import ConversationChanged
from console.model.refusal import Refused
from console.model.words import IdentityId, new_id
from console.profiler import Profiler
from console.store import Tx, talk
from console.tasks import spawn
from tests.channels.wechat_server import AES, APP, SECRET, TOKEN, wechat_server
from tests.desk.house import House

UNION = "o6_bmjrPTlm6_2sgVt7hMZOPfL2M"


async def account(house: House, name: str, platform: str = "主体", **more: str) -> Inbox:
    values = {
        "app_id": APP, "app_secret": SECRET, "token": TOKEN, "encoding_aes_key": AES,
        "api_base": "http://127.0.0.1:1", "open_platform": platform, **more,
    }  # fmt: skip
    return await house.desk.inboxes.add(house.shop_id, "wechat", name, values)


async def writes(house: House, inbox: Inbox, person: str) -> tuple[IdentityId, str]:
    """Somebody new writes; who they are there, and the conversation."""
    identity = await house.desk.entrance.person(inbox, person, None, greet_as="客户")
    asked = Inbound(identity, new_id(), "text", "在吗", grant=Grant("message", 5, 3600))
    chat = (await house.desk.intake.accept(inbox, asked)).message.conversation_id
    house.clock.forward(seconds=1)
    return identity, chat


async def contact_of(house: House, chat: str) -> str:
    return str((await house.conversation(chat)).contact_id)


async def joined(house: House, *platforms: str, group: str = "") -> list[tuple[IdentityId, str]]:
    """The same person writes to inboxes of these platforms, and each tells who they are."""
    found = []
    for number, platform in enumerate(platforms):
        inbox = await account(house, f"号{number}", platform, group=group)
        identity, chat = await writes(house, inbox, f"o{number}")
        await house.desk.joining.told(inbox, identity, Portrait(None, UNION))
        found.append((identity, chat))
    return found


async def test_one_union_id_is_one_customer(house: House) -> None:
    agent = await house.agent("王芳")
    (_, first), (second, other) = await joined(house, "主体", "主体")
    assert await contact_of(house, first) == await contact_of(house, other)
    assert house.told(ConversationChanged)[-1].overview.conversation.id == other
    card = await house.desk.views.card(agent, first)
    assert [(one[1], one[7]) for one in card.identities] == [("号0", 0), ("号1", 1)]
    (logged,) = [one for one in await house.logged("joined")]
    assert logged["identity"] == second
    third = await account(house, "号2", "主体")
    identity, chat = await writes(house, third, "o2")
    await house.desk.joining.told(third, identity, Portrait(None, UNION))
    assert await contact_of(house, chat) == await contact_of(house, first)


@pytest.mark.parametrize("platforms", [("主体", "另一个"), ("", ""), ("主体", "")])
async def test_other_platforms_are_other_people(house: House, platforms: tuple[str, str]) -> None:
    (_, first), (_, other) = await joined(house, *platforms)
    assert await contact_of(house, first) != await contact_of(house, other)
    assert await house.logged("joined") == []


async def test_other_kinds_and_no_union_id_join_nobody(house: House) -> None:
    (_, first), _ = await joined(house, "主体", "另一个")
    inbox = await account(house, "号9")
    nameless, chat = await writes(house, inbox, "o9")
    await house.desk.joining.told(inbox, nameless, Portrait())
    assert await house.desk.joining.unknown(inbox, nameless) is None, "asked once"
    person = await house.desk.entrance.person(
        house.inbox, "w1", None, greet_as="客户", portrait=Portrait(None, UNION)
    )
    await house.desk.joining.told(house.inbox, person, Portrait(None, UNION))
    elsewhere = await house.chat()
    contacts = {await contact_of(house, one) for one in (first, chat, elsewhere)}
    assert len(contacts) == 3


async def test_taken_apart_it_stays_apart(house: House) -> None:
    agent = await house.agent("王芳", "售后")
    stranger = await house.agent("李雷", "售前", here=False)
    (one, first), (two, other) = await joined(house, "主体", "主体", group="售后")
    for who, identity in ((stranger, two), (agent, one), (agent, "made-up")):
        with pytest.raises(Refused, match=r"no (joined identity|conversation)"):
            await house.desk.joining.separate(who, identity)
    await house.desk.joining.separate(agent, two)
    assert await contact_of(house, first) != await contact_of(house, other)
    assert [row["identity"] for row in await house.logged("separated")] == [two]
    with pytest.raises(Refused, match="no joined identity"):
        await house.desk.joining.separate(agent, two)
    inbox = house.desk.inboxes.by_id((await house.conversation(other)).inbox_id)
    assert inbox is not None
    await house.desk.joining.told(inbox, two, Portrait(None, UNION))
    assert await contact_of(house, first) != await contact_of(house, other)
    card = await house.desk.views.card(agent, first)
    assert [one[7] for one in card.identities] == [0]

    async def newest(tx: Tx) -> Any:
        return await talk.latest(tx, two)

    assert (await house.store.read(newest)).id == other


async def test_the_worker_asks_once(house: House) -> None:
    async with wechat_server() as server:
        server.unions = {"o1": UNION, "o2": UNION}
        inboxes = [await account(house, name, api_base=server.url) for name in ("甲", "乙")]
        job = spawn("worker", Profiler(house.desk).run())
        heard = asyncio.Event()
        house.desk.events.subscribe(lambda _: heard.set(), ConversationChanged)
        _, first = await writes(house, inboxes[0], "o1")
        _, other = await writes(house, inboxes[1], "o2")
        async with asyncio.timeout(10):
            while await contact_of(house, first) != await contact_of(house, other):
                heard.clear()
                await heard.wait()
        for _ in range(3):
            await writes(house, inboxes[0], "o1")
        assert server.asked_about == ["o1", "o2"]
        job.cancel()
        await asyncio.wait([job])
