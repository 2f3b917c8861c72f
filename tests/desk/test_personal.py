"""What is one agent's own is nobody else's: not listed, matched, counted, written, exported."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from console.desk import Desk
from console.events import Suggested
from console.model.people import Agent
from console.model.refusal import Refused
from console.model.words import Role
from tests.desk.faq import FIRST, take
from tests.desk.house import House

OWN = {"id": "mine", "question": "能便宜点吗", "answer": "亲，我帮您申请", "category": "砍价",
       "shortcut": "fh", "hot": True, "personal": True}  # fmt: skip


@pytest.fixture
async def desk(house: House) -> Desk:
    await take(house, FIRST)
    await house.desk.warm()
    return house.desk


@pytest.fixture
async def lead(house: House, desk: Desk) -> Agent:
    """Who has an entry of their own."""
    agent = await house.agent("店长", role=Role.OWNER)
    made = await desk.editing.create(agent, {**OWN, "owner": "别人"})
    assert (made.entry.owner, made.entry.personal) == ("店长", True), "it is its writer's"
    return agent


async def test_nobody_else_reads_it(house: House, desk: Desk, lead: Agent) -> None:
    other, shop, shelf = (
        await house.agent("主管", role=Role.SUPERVISOR),
        house.shop_id,
        desk.library,
    )
    assert "mine" in [one["id"] for one in shelf.search(shop, viewer="店长")]
    assert shelf.listed(shop, "mine", "店长")["personal"] is True
    for viewer in (None, "主管"):
        assert [one["id"] for one in shelf.search(shop, viewer=viewer)] == list(FIRST)
        with pytest.raises(Refused, match="no entry mine"):
            shelf.listed(shop, "mine", viewer)
    assert [one["id"] for one in shelf.hot(shop)] == ["fahuo"]
    assert "砍价" not in [one.name for one in shelf.categories(shop)]
    assert [one.id for one in shelf.entries(shop)] == list(FIRST)
    for form in ("faq", "qianniu", "xlsx", "lhc"):
        assert "申请".encode() not in await desk.exporting.export_as(shop, form)
    with pytest.raises(Refused, match="never was an entry mine"):
        await desk.history.listed(other, "mine", before=2**53, limit=10)
    with pytest.raises(Refused, match="no entry mine"):
        await desk.history.one(other, "mine", 1)
    assert len((await desk.history.listed(lead, "mine", before=2**53, limit=10))[0]) == 1


WRITES: dict[str, Callable[[Desk, Agent], Awaitable[Any]]] = {
    "patch": lambda desk, who: desk.editing.patch(who, "mine", {"answer": "x"}, revision=None),
    "delete": lambda desk, who: desk.editing.delete(who, "mine", revision=None),
    "restore": lambda desk, who: desk.editing.restore(who, "mine", 1),
    "bulk": lambda desk, who: desk.editing.bulk(who, ["mine"], lambda one: one),
    "rename": lambda desk, who: desk.editing.rename(who, "砍价", "x"),
    "similar": lambda desk, who: desk.teaching.add(who, "mine", "便宜些", None),
}


@pytest.mark.parametrize("verb", WRITES)
async def test_nobody_else_writes_it(house: House, desk: Desk, lead: Agent, verb: str) -> None:
    other = await house.agent("主管", role=Role.SUPERVISOR)
    before = desk.library.listed(house.shop_id, "mine", "店长")
    with pytest.raises(Refused) as no:
        await WRITES[verb](desk, other)
    assert no.value.code == "not_found"
    assert desk.library.listed(house.shop_id, "mine", "店长") == before


async def test_its_owner_writes_it(house: House, desk: Desk, lead: Agent) -> None:
    await desk.editing.patch(lead, "mine", {"answer": "亲，已经是底价"}, revision=1)
    await desk.editing.patch(lead, "mine", {"personal": False}, revision=2)
    assert "mine" in [one.id for one in desk.library.entries(house.shop_id)]
    other = await house.agent("主管", role=Role.SUPERVISOR)
    steps, _ = await desk.history.listed(other, "mine", before=2**53, limit=10)
    assert [one.revision.revision for one in steps] == [3], "what it was before stays its owner's"


async def test_its_shortcut_stands_in_nobodys_way(house: House, desk: Desk, lead: Agent) -> None:
    made = await desk.editing.create(lead, {"question": "q", "answer": "a", "shortcut": "fh"})
    assert made.entry.shortcut == "fh"
    with pytest.raises(Refused, match="`shortcut`: fh is taken"):
        await desk.editing.patch(lead, "mine", {"personal": False}, revision=None)
    await desk.editing.delete(lead, made.entry.id, revision=None)
    done = await desk.editing.patch(lead, "mine", {"personal": False}, revision=None)
    assert done.entry.shortcut == "fh"


async def test_it_is_found_by_its_owner_alone(house: House, desk: Desk, lead: Agent) -> None:
    chat = await house.chat("能便宜点吗")
    other = await house.agent("主管", role=Role.SUPERVISOR)
    mine = await desk.prompter.ask(lead, chat, "能便宜点吗")
    assert mine[0].entry == "mine"
    assert "mine" not in [one.entry for one in await desk.prompter.ask(other, chat, "能便宜点吗")]
    assert await desk.library.shows(house.shop_id, ["能便宜点吗"]) == [False]
    assert all(one.entry != "mine" for told in house.told(Suggested) for one in told.items)


async def test_files_know_nothing_of_it(house: House, desk: Desk, lead: Agent) -> None:
    before = desk.library.listed(house.shop_id, "mine", "店长")
    data = "快捷短语编码,快捷短语,快捷短语分组\nfh,换了答案,砍价\n".encode("utf-8-sig")
    done = await desk.importing.import_file(house.shop_id, data, file="a.csv", by=None)
    assert (done.new, done.changed, done.conflicts) == (1, 0, [])
    assert desk.library.listed(house.shop_id, "mine", "店长") == before
