"""Files that a provider keeps still: the message is there at once and its file later, or it says
why not; on both databases, with the worker that fetches them."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest

from channels.base import Content, Inbound, SendFailed, TakenBack
from console import collector
from console.collector import Collector
from console.desk.arrivals import Awaited
from console.desk.inboxes import Inbox
from console.desk.leases import ARRIVALS, LeaseLost
from console.events import FileArrived, MessageAdded
from console.files.keeping import Files
from console.model.conversation import Message
from console.model.words import Kind, new_id
from console.tasks import spawn
from tests.channels.wechat_server import AES, APP, SECRET, TOKEN, WechatServer, wechat_server
from tests.desk.house import House, close_house, open_house
from tests.files import pictures
from tests.store.databases import Database

AMR = b"#!AMR\n" + bytes(64)
FAILING = SendFailed("busy", retry=True, detail="-1")


@pytest.fixture
async def house(database: Database) -> AsyncIterator[House]:
    one = await open_house(await database.open(), files=Files(database.data))
    yield one
    await close_house(one)


async def account(house: House, url: str = "http://127.0.0.1:1") -> Inbox:
    values = {
        "app_id": APP, "app_secret": SECRET, "token": TOKEN, "encoding_aes_key": AES,
        "api_base": url,
    }  # fmt: skip
    return await house.desk.inboxes.add(house.shop_id, "wechat", "公众号", values)


async def sends(
    house: House, inbox: Inbox, kind: Any, media: dict[str, str], text: str = ""
) -> str:
    """Somebody sends a file; the conversation."""
    person = await house.desk.entrance.person(inbox, "o1", None, greet_as="客户")
    inbound = Inbound(person, new_id(), kind, text, {"media": media})
    return (await house.desk.intake.accept(inbox, inbound)).message.conversation_id


async def lease(house: House) -> int:
    await house.desk.leases.keep()
    epoch = house.desk.leases.held(ARRIVALS)
    assert epoch is not None
    return epoch


async def awaited(house: House) -> Awaited:
    (one,) = (await house.desk.arrivals.due(8)).awaited
    return one


async def last(house: House, chat: str) -> Message:
    return (await house.messages(chat))[-1]


@asynccontextmanager
async def collecting(house: House) -> AsyncIterator[Callable[[int], Any]]:
    """The worker at work; waits for so many files to have come or to be given up."""
    await house.desk.leases.keep()
    job = spawn("worker", Collector(house.desk).run())
    heard = asyncio.Event()
    house.desk.events.subscribe(lambda _: heard.set(), FileArrived)

    async def until(count: int) -> list[FileArrived]:
        async with asyncio.timeout(20):
            while len(house.told(FileArrived)) < count:
                heard.clear()
                await heard.wait()
        return house.told(FileArrived)

    yield until
    job.cancel()
    await asyncio.wait([job])


@asynccontextmanager
async def far(**files: bytes) -> AsyncIterator[WechatServer]:
    async with wechat_server() as server:
        server.files |= {name: ("application/octet-stream", body) for name, body in files.items()}
        yield server


async def test_a_picture_is_there_at_once_and_seen_soon(house: House) -> None:
    async with far(m1=pictures.jpeg(turned=6)) as server, collecting(house) as until:
        inbox = await account(house, server.url)
        chat = await sends(house, inbox, "image", {"id": "m1", "type": "image"})
        (added,) = house.told(MessageAdded)
        assert (added.message.kind, added.message.text) == (Kind.IMAGE, "")
        (arrived,) = await until(1)
        message = await last(house, chat)
        assert message == arrived.message
        assert message.data is not None
        file = message.data["file"]
        assert (file["name"], file["width"], file["height"]) == ("image.jpg", 400, 640)
        assert (await house.desk.uploads.shown(file["id"])).owner.inbox_id == inbox.id
        assert "media" not in message.data
        assert (await house.desk.arrivals.due(8)).awaited == []


async def test_a_voice_is_a_file_beside_its_words(house: House) -> None:
    async with far(m1=AMR) as server, collecting(house) as until:
        inbox = await account(house, server.url)
        media = {"id": "m1", "type": "voice", "format": "amr"}
        chat = await sends(house, inbox, "file", media, "什么时候发货")
        await until(1)
        message = await last(house, chat)
        assert (message.kind, message.text) == (Kind.FILE, "什么时候发货")
        assert message.data is not None
        assert (message.data["file"]["name"], message.data["file"]["type"]) == (
            "voice.amr", "audio/amr",
        )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "body", "state"),
    [
        ("image", b"no picture at all", "refused"),
        ("image", pictures.png()[:200], "refused"),
        ("voice", b"\x02#!SILK_V3" + bytes(64), "refused"),
        ("image", None, "expired"),
    ],
)
async def test_what_cannot_be_shown_says_so(
    house: House, kind: str, body: bytes | None, state: str
) -> None:
    files = {} if body is None else {"m1": body}
    async with far(**files) as server, collecting(house) as until:
        inbox = await account(house, server.url)
        said = "image" if kind == "image" else "file"
        chat = await sends(house, inbox, said, {"id": "m1", "type": kind})
        await until(1)
        message = await last(house, chat)
        assert message.data == {"media": {"id": "m1", "type": kind, "state": state}}
        assert (await house.desk.arrivals.due(8)).awaited == []


async def test_it_is_tried_again_until_the_provider_keeps_it_no_more(house: House) -> None:
    inbox, epoch = await account(house), await lease(house)
    chat = await sends(house, inbox, "image", {"id": "m1", "type": "image"})
    begun, pauses = house.clock(), []
    while not house.told(FileArrived):
        at = house.clock()
        await house.desk.arrivals.failed(await awaited(house), FAILING, epoch)
        due = (await house.desk.arrivals.due(8)).due_at
        if due is not None:
            assert (await house.desk.arrivals.due(8)).awaited == []
            pauses.append((due - at).total_seconds())
            house.clock.now = due
    assert [round(one) >= least for one, least in zip(pauses, (1, 5, 15, 60), strict=False)] == (
        [True] * 4
    )
    assert max(pauses) <= 3600 * 1.2
    assert timedelta(days=3) - timedelta(hours=1.3) < house.clock() - begun < timedelta(days=3)
    message = await last(house, chat)
    assert message.data == {"media": {"id": "m1", "type": "image", "state": "expired"}}


async def test_what_was_taken_back_meanwhile_is_not_shown(house: House) -> None:
    inbox, epoch = await account(house), await lease(house)
    chat = await sends(house, inbox, "image", {"id": "m1", "type": "image"})
    one = await awaited(house)
    key = (await last(house, chat)).client_id
    back = TakenBack("o1", key)
    await house.store.write(lambda tx: house.desk.intake.taken_back(tx, inbox, back))
    await house.desk.arrivals.came(one, Content("", "image/png", pictures.png()), epoch)
    assert house.told(FileArrived) == []
    assert (await house.desk.arrivals.due(8)).awaited == []
    house.clock.forward(hours=25)
    await house.desk.uploads.sweep()
    assert await house.rows("SELECT id FROM file") == []


async def test_who_lost_the_lease_changes_nothing(house: House) -> None:
    inbox, epoch = await account(house), await lease(house)
    await sends(house, inbox, "image", {"id": "m1", "type": "image"})
    one = await awaited(house)
    with pytest.raises(LeaseLost, match="is over"):
        await house.desk.arrivals.came(one, Content("", "", pictures.png()), epoch - 1)
    with pytest.raises(LeaseLost, match="is over"):
        await house.desk.arrivals.failed(one, FAILING, epoch - 1)
    assert await awaited(house) == one
    await house.desk.arrivals.came(one, Content("", "", pictures.png()), epoch)
    assert len(house.told(FileArrived)) == 1


async def test_a_fetch_that_breaks_is_made_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collector, "LOOK_S", 0.05)
    async with far(m1=pictures.png()) as server, collecting(house) as until:
        inbox = await account(house, server.url)
        fetcher = house.desk.inboxes.fetcher(inbox)
        assert fetcher is not None
        fetch, broken = fetcher.media, [True]

        async def failing(*given: Any) -> Content:
            if broken and broken.pop():
                raise RuntimeError("our own mistake")
            return await fetch(*given)

        note = house.desk.arrivals.broke

        async def noted(*given: Any) -> None:
            await note(*given)
            house.clock.forward(seconds=5)

        monkeypatch.setattr(fetcher, "media", staticmethod(failing))
        monkeypatch.setattr(house.desk.arrivals, "broke", noted)
        await sends(house, inbox, "image", {"id": "m1", "type": "image"})
        (arrived,) = await until(1)
        assert arrived.message.data is not None
        assert "file" in arrived.message.data
