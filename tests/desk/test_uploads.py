"""Files at the desk, over both databases: kept whole or not at all, said by whom they belong to,
gone with what showed them."""

import asyncio
import errno
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from channels.base import Inbound
from console.backup import restore, save
from console.desk import uploads
from console.desk.floor import Said
from console.desk.leases import OUTBOX
from console.desk.uploads import Uploads
from console.files.keeping import FORGOTTEN_S, Files
from console.model.files import File, Owner
from console.model.people import Agent
from console.model.refusal import Refused
from console.model.words import Availability, IdentityId, Kind, new_id
from tests.backup.rows import settings
from tests.desk.house import House, close_house, open_house
from tests.files import pictures
from tests.store.databases import Database

TEXT = "茶杯尺寸".encode()


@pytest.fixture
async def house(database: Database) -> AsyncIterator[House]:
    one = await open_house(await database.open(), files=Files(database.data))
    yield one
    await close_house(one)


async def stream(content: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(content), 5000):
        yield content[start : start + 5000]


async def keep(house: House, owner: Owner, content: bytes = TEXT, name: str = "a.txt") -> File:
    return await house.desk.uploads.keep(owner, name, stream(content), len(content))


def of_agent(agent: Agent) -> Owner:
    return Owner(shop_id=agent.shop_id, agent_id=agent.id)


def of_shopper(house: House, person: str) -> Owner:
    return Owner(shop_id=house.shop_id, identity_id=IdentityId(person), inbox_id=house.inbox.id)


async def say(house: House, agent: Agent, chat: str, file: File, **more: Any) -> Said:
    more = {"client_id": new_id(), "text": "", "kind": file.kind, **more}
    return await house.desk.floor.say(agent, chat, file=file.id, **more)


async def send(house: House, person: str, file: str, kind: Any = "file", key: str = "") -> Any:
    inbound = Inbound(person, key or new_id(), kind, "", {"file": {"id": file}})
    return await house.desk.intake.accept(house.inbox, inbound)


def on_disk(database: Database) -> list[str]:
    found = [one for one in (database.data / "uploads").rglob("*") if one.is_file()]
    drafts = list((database.data / "uploading").glob("*"))
    return sorted(one.name for one in [*found, *drafts])


async def test_a_file_is_kept_as_it_came(house: House, database: Database) -> None:
    agent = await house.agent("小王")
    file = await keep(house, of_agent(agent))
    assert (file.name, file.type, file.size, file.kind) == ("a.txt", "text/plain", 12, Kind.FILE)
    assert house.desk.uploads.where(file.id).read_bytes() == TEXT
    assert file.sha256 == hashlib.sha256(TEXT).hexdigest()
    assert await house.desk.uploads.shown(file.id) == file
    assert on_disk(database) == [file.id]
    assert house.desk.uploads.where(file.id).parent.parent.name == file.id[:2]


async def test_a_picture_is_kept_anew_with_a_smaller_one(house: House, database: Database) -> None:
    agent = await house.agent("小王")
    file = await keep(house, of_agent(agent), pictures.jpeg(turned=6), "茶杯.png")
    assert (file.name, file.kind, file.width, file.height) == ("茶杯.jpg", Kind.IMAGE, 400, 640)
    content = house.desk.uploads.where(file.id).read_bytes()
    assert (file.size, file.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert on_disk(database) == [file.id, f"{file.id}.small"]


async def test_an_agent_says_what_any_agent_uploaded(house: House) -> None:
    one, other = await house.agent("小王"), await house.agent("小李", here=False)
    chat = await house.chat()
    file = await keep(house, of_agent(other), pictures.png(), "a.png")
    said = await say(house, one, chat, file, text="就是这只")
    again = await say(house, one, chat, file)
    assert said.message.kind is Kind.IMAGE
    assert said.message.text == "就是这只"
    assert said.message.data == {"file": file.described}
    assert again.message.seq == said.message.seq + 1
    assert (await house.conversation(chat)).last_kind is Kind.IMAGE
    stored = (await house.messages(chat))[-1]
    assert (stored.kind, stored.data) == (Kind.IMAGE, {"file": file.described})


async def test_a_shopper_says_their_own_once(house: House) -> None:
    await house.agent("小王")
    person, stranger = await house.shopper(), await house.shopper()
    file = await keep(house, of_shopper(house, person))
    with pytest.raises(Refused) as no:
        await send(house, stranger, file.id)
    assert no.value.code == "not_found"
    first = await send(house, person, file.id, key="the-first")
    repeat = await send(house, person, file.id, key="the-first")
    assert (repeat.duplicate, repeat.message.id) == (True, first.message.id)
    assert first.message.data == {"file": file.described}
    with pytest.raises(Refused) as no:
        await send(house, person, file.id)
    assert no.value.code == "not_found"
    another = await keep(house, of_shopper(house, person))
    with pytest.raises(Refused) as no:
        await send(house, person, another.id, key="the-first")
    assert no.value.code == "conflict"


async def test_what_may_not_be_said(house: House) -> None:
    agent = await house.agent("小王")
    chat, person = await house.chat(), await house.shopper()
    theirs = await keep(house, of_shopper(house, person))
    mine = await keep(house, of_agent(agent))
    before = await house.messages(chat)
    wrong: list[tuple[Any, str]] = [
        (say(house, agent, chat, theirs), "not_found"),
        (say(house, agent, chat, mine, kind=Kind.IMAGE), "invalid"),
        (house.desk.floor.say(
            agent, chat, client_id=new_id(), text="", kind=Kind.FILE, file="made-up"
        ), "not_found"),
        (send(house, person, mine.id), "not_found"),
        (send(house, person, theirs.id, kind="image"), "invalid"),
        (send(house, person, "made-up"), "not_found"),
    ]  # fmt: skip
    for deed, code in wrong:
        with pytest.raises(Refused) as no:
            await deed
        assert no.value.code == code
    assert await house.messages(chat) == before
    assert not (await send(house, person, theirs.id)).duplicate, "a refusal has not used it up"


async def test_the_same_client_id_with_another_file(house: House) -> None:
    agent = await house.agent("小王")
    chat = await house.chat()
    one, other = await keep(house, of_agent(agent)), await keep(house, of_agent(agent))
    first = await say(house, agent, chat, one, client_id="the-first")
    repeat = await say(house, agent, chat, one, client_id="the-first")
    assert (repeat.duplicate, repeat.message.id) == (True, first.message.id)
    with pytest.raises(Refused) as no:
        await say(house, agent, chat, other, client_id="the-first")
    assert no.value.code == "conflict"


async def test_what_is_taken_back_is_shown_no_more(house: House, database: Database) -> None:
    agent = await house.agent("小王")
    chat = await house.chat()
    file = await keep(house, of_agent(agent))
    first = await say(house, agent, chat, file)
    second = await say(house, agent, chat, file)
    await house.desk.floor.recall(agent, chat, first.message.seq)
    assert await house.desk.uploads.shown(file.id) == file, "another message shows it still"
    await house.desk.floor.recall(agent, chat, second.message.seq)
    await house.desk.floor.recall(agent, chat, second.message.seq)
    with pytest.raises(Refused) as no:
        await house.desk.uploads.shown(file.id)
    assert no.value.code == "not_found"
    assert (await house.conversation(chat)).last_kind is Kind.TEXT, "lists say nothing of it"
    await house.desk.uploads.sweep()
    assert on_disk(database) == []


async def test_what_nobody_says_is_removed_after_a_day(house: House, database: Database) -> None:
    agent, person = await house.agent("小王"), await house.shopper()
    chat = await house.chat()
    said = await keep(house, of_agent(agent))
    await say(house, agent, chat, said)
    unsaid = await keep(house, of_shopper(house, person))
    held = await keep(house, of_agent(agent))
    entry = f'{{"pictures": ["{held.id}"]}}'
    await house.store.write(
        lambda tx: tx.run(
            "INSERT INTO entry (shop_id, id, body, position, revision, updated_at)"
            " VALUES ($1, 'e', $2, 0, 1, 1)",
            house.shop_id, entry,
        )
    )  # fmt: skip
    house.clock.forward(hours=23)
    await house.desk.uploads.sweep()
    assert on_disk(database) == sorted([said.id, unsaid.id, held.id])
    house.clock.forward(hours=2)
    await house.desk.uploads.sweep()
    assert on_disk(database) == sorted([said.id, held.id])
    await house.store.write(lambda tx: tx.run("DELETE FROM entry"))
    house.clock.forward(days=8)
    await house.desk.uploads.sweep()
    assert on_disk(database) == [said.id]
    assert [one[0] for one in await house.rows("SELECT id FROM file")] == [said.id]


async def test_what_a_crash_left_is_found(
    house: House, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    agent = await house.agent("小王")
    file = await keep(house, of_agent(agent))
    kept = Files(database.data)
    with kept.draft() as folder:
        (folder / "x").write_bytes(b"x")
        kept.put("00" + "a" * 18, folder / "x", None)
    (database.data / "uploading/old").mkdir()
    for _ in range(uploads.PARTS):
        await house.desk.uploads.sweep()
    assert len(on_disk(database)) == 3, "what is young may be on its way"
    monkeypatch.setattr("console.files.keeping.FORGOTTEN_S", -FORGOTTEN_S)
    for _ in range(uploads.PARTS):
        await house.desk.uploads.sweep()
    assert on_disk(database) == [file.id]


@pytest.mark.parametrize("where", ["received", "put", "no space left"])
async def test_a_full_disk_leaves_nothing_half(
    where: str, house: House, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    agent = await house.agent("小王")

    def full(*_: Any) -> Any:
        raise OSError(errno.ENOSPC, "No space left on device")

    if where == "received":
        monkeypatch.setattr(Path, "open", full)
    elif where == "put":
        monkeypatch.setattr("console.files.keeping._sync", full)
    else:
        monkeypatch.setattr("console.files.keeping.KEPT_FREE", 2**60)
    with pytest.raises(Refused, match="no room") as no:
        await keep(house, of_agent(agent))
    monkeypatch.undo()
    assert no.value.code == "unavailable"
    assert on_disk(database) == []
    assert not await house.rows("SELECT id FROM file")


async def test_limits(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    agent, person = await house.agent("小王"), await house.shopper()
    monkeypatch.setattr(uploads, "MOST_PICTURE", 20_000)
    monkeypatch.setattr(uploads, "MOST_FILE", 30_000)
    monkeypatch.setattr(uploads, "MOST_A_DAY", 2)

    async def refused(owner: Owner, content: bytes, name: str, size: int) -> str:
        with pytest.raises(Refused) as no:
            await house.desk.uploads.keep(owner, name, stream(content), size)
        return no.value.code

    mine, theirs = of_agent(agent), of_shopper(house, person)
    assert await refused(mine, pictures.png(), "a.png", 0) == "too_large"
    assert await refused(mine, b"%PDF-" + bytes(40_000), "a.pdf", 0) == "too_large"
    assert await refused(mine, TEXT, "a.txt", 30_001) == "too_large"
    assert await refused(mine, TEXT, "\x00", 12) == "invalid"
    for _ in range(2):
        await keep(house, theirs)
    assert await refused(theirs, TEXT, "a.txt", 12) == "rate_limited"
    await keep(house, mine)
    house.clock.forward(days=1, seconds=1)
    await keep(house, theirs)


async def test_not_too_many_at_once(house: House) -> None:
    agent, other = await house.agent("小王"), await house.agent("小李")
    go = asyncio.Event()

    async def slow() -> AsyncIterator[bytes]:
        await go.wait()
        yield TEXT

    busy = [
        asyncio.create_task(house.desk.uploads.keep(of_agent(agent), "a.txt", slow(), 0))
        for _ in range(uploads.AT_ONCE_EACH)
    ]
    await asyncio.sleep(0)
    with pytest.raises(Refused) as no:
        await keep(house, of_agent(agent))
    assert no.value.code == "rate_limited"
    await keep(house, of_agent(other))
    go.set()
    assert len(await asyncio.gather(*busy)) == uploads.AT_ONCE_EACH
    await keep(house, of_agent(agent))


async def test_a_provider_gets_the_address_and_the_bytes(house: House) -> None:
    agent = await house.agent("小王")
    settings = {"secret": "s", "url": "https://shop.example/in"}
    bot = await house.desk.inboxes.add(house.shop_id, "webhook", "bot", settings)
    person = await house.desk.entrance.person(bot, "u-1", "张三", greet_as="访客")
    chat = (await house.ask(person, inbox=bot)).message.conversation_id
    file = await keep(house, of_agent(agent), pictures.png(), "a.png")
    await say(house, agent, chat, file)
    await house.desk.leases.keep()
    epoch = house.desk.leases.held(OUTBOX)
    assert epoch is not None
    (errand,) = (await house.desk.dispatch.claim(epoch, {bot.id: 5}, 5)).errands
    out = errand.outbound
    assert (out.kind, out.text) == ("image", "")
    assert out.data == {
        "file": {
            "id": file.id, "name": "a.png", "type": "image/png", "size": file.size, "width": 640,
            "height": 400, "url": f"https://desk.example/files/{file.id}",
        }
    }  # fmt: skip
    assert out.content is not None
    assert len(out.content.read_bytes()) == file.size


async def test_a_backup_takes_files_along(house: House, database: Database, tmp_path: Path) -> None:
    agent = await house.agent("小王", state=Availability.AVAILABLE)
    chat = await house.chat()
    file = await keep(house, of_agent(agent), pictures.png(), "a.png")
    await say(house, agent, chat, file)
    content = house.desk.uploads.where(file.id).read_bytes()
    path, at = tmp_path / "b.zip", house.clock()
    (database.data / "uploading/half").mkdir(parents=True)
    await save(settings(database), path, force=False, at=at)
    await close_house(house)
    await restore(settings(database), path, force=True, at=at)
    store = await database.open()
    again = Uploads(store, house.clock, Files(database.data))
    shown = await again.shown(file.id)
    assert shown == file
    assert again.where(file.id).read_bytes() == content
    assert again.where(file.id, small=True).is_file()
    await store.close()
