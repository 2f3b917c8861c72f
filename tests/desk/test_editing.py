"""Entries made, changed, deleted, restored: one revision each, all or nothing, matched at once."""

import asyncio
from typing import Any

import pytest

from console.desk import Desk
from console.desk.editing import Alike
from console.events import ShelfChanged
from console.model.people import Agent
from console.model.refusal import Refused
from console.model.words import Role, ShopId, new_id, to_ms
from console.store import places
from knowledge import KnowledgeBase, matcher
from tests.desk.faq import FIRST, tables, take, yaml
from tests.desk.house import House, node
from tests.store.databases import Database

NEW: dict[str, Any] = {"question": "能刻字吗？", "answer": "亲，可以。"}


@pytest.fixture
async def desk(house: House) -> Desk:
    await take(house, FIRST)
    await house.desk.library.warm()
    house.heard.clear()
    return house.desk


@pytest.fixture
async def lead(house: House) -> Agent:
    return await house.agent("主管", role=Role.SUPERVISOR)


async def suggested(house: House, lead: Agent, text: str) -> list[tuple[str, float]]:
    found = await house.desk.prompter.ask(lead, await house.chat(), text)
    return [(one.entry, one.score) for one in found]


async def history(house: House, lead: Agent, entry: str) -> list[tuple[int, str, list[str]]]:
    steps, more = await house.desk.history.listed(lead, entry, before=2**53, limit=100)
    assert not more
    return [(one.revision.revision, one.revision.change, list(one.diff)) for one in steps]


async def refused(code: str, said: str, doing: Any) -> Refused:
    with pytest.raises(Refused, match=said) as no:
        await doing
    assert no.value.code == code
    return no.value


async def test_what_is_made_is_there_at_once_and_told(
    house: House, desk: Desk, lead: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    def rebuilt(*_: object, **__: object) -> None:
        pytest.fail("the matcher was built anew")

    monkeypatch.setattr(matcher, "SMALL", 0)
    monkeypatch.setattr(KnowledgeBase, "__init__", rebuilt)
    done = await desk.editing.create(lead, {**NEW, "shortcut": "kz", "tags": ["定制"]})
    assert (done.entry.id, done.revision, done.entry.tags) == ("nkzm", 1, ("定制",))
    assert (await suggested(house, lead, "能刻字吗"))[0] == ("nkzm", 1.0)
    assert house.told(ShelfChanged) == [ShelfChanged(house.shop_id, ("nkzm",))]
    assert [one["id"] for one in desk.library.search(house.shop_id)] == [*FIRST, "nkzm"]
    assert await house.logged("entry_created") == [
        {"conversation": None, "agent": lead.id, "seq": None, "entry": "nkzm", "revision": 1}
    ]
    before = desk.library.search(house.shop_id)
    await desk.load()
    assert desk.library.search(house.shop_id) == before, "memory was what the database is"


async def test_an_id_is_made_of_initials_and_is_never_anothers(desk: Desk, lead: Agent) -> None:
    made = [await desk.editing.create(lead, NEW) for _ in range(2)]
    assert [one.entry.id for one in made] == ["nkzm", "nkzm-2"]
    await desk.editing.delete(lead, "nkzm-2", revision=None)
    third = await desk.editing.create(lead, {**NEW, "id": None})
    assert third.entry.id == "nkzm-3", "the second may come back"
    signs = await desk.editing.create(lead, {**NEW, "question": "？！"})
    assert signs.entry.id == "entry"
    no = await refused("conflict", "`id`.*fahuo", desk.editing.create(lead, {**NEW, "id": "fahuo"}))
    assert no.now is not None
    assert (no.now["id"], no.now["revision"]) == ("fahuo", 1)
    again = await desk.editing.create(lead, {**NEW, "id": "nkzm-2"})
    assert again.revision == 3, "a deleted one goes on with its revisions"


async def test_any_fields_are_changed_and_others_stay(
    house: House, desk: Desk, lead: Agent
) -> None:
    fields = {
        "answer": " 亲，当天发。 ", "hot": False, "valid_from": "2026-01-06", "valid_to": None,
        "similar": ["几天发货", "幾天發貨？", "", "啥时候发"], "note": "双十二后改回",
    }  # fmt: skip
    done = await desk.editing.patch(lead, "fahuo", fields, revision=1)
    assert (done.revision, done.changed, done.entry.answer) == (2, True, "亲，当天发。")
    assert done.entry.similar == ("几天发货", "啥时候发")
    assert done.entry.category == "物流/发货"
    assert await history(house, lead, "fahuo") == [
        (2, "changed", ["answer", "similar", "hot", "valid_from", "note"]),
        (1, "imported", ["question", "answer", "similar", "category", "hot"]),
    ]
    assert "fahuo" not in [one for one, _ in await suggested(house, lead, "什么时候发货")]
    same = await desk.editing.patch(lead, "fahuo", {"note": "双十二后改回"}, revision=2)
    assert (same.revision, same.changed) == (2, False)


async def test_a_stale_revision_is_a_conflict_with_what_is_there(desk: Desk, lead: Agent) -> None:
    both = [
        desk.editing.patch(lead, "fahuo", {"answer": text}, revision=1) for text in ("甲", "乙")
    ]
    first, second = await asyncio.gather(*both, return_exceptions=True)
    assert not isinstance(first, BaseException)
    assert isinstance(second, Refused)
    assert (second.code, second.message) == ("conflict", "entry fahuo has revision 2, not 1")
    assert second.now is not None
    assert (second.now["answer"], second.now["revision"]) == ("甲", 2)
    last = await desk.editing.patch(lead, "fahuo", {"answer": "丙"}, revision=None)
    assert last.revision == 3, "who names none wins"
    await refused("conflict", "not 2", desk.editing.delete(lead, "fahuo", revision=2))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"question": ""}, "`question`"),
        ({"answer": "长" * 8001}, "`answer`.*8001"),
        ({"category": "长" * 51}, "`category`.*51"),
        ({"similar": ["好", "长" * 501]}, r"`similar\[1\]`.*501"),
        ({"valid_from": "2026-02-30"}, "`valid_from`.*2026-02-30"),
        ({"valid_from": "2026-02-02", "valid_to": "2026-02-01"}, "`valid_to`.*2026-02-01"),
        ({"id": "other"}, "`id`"),
        ({"question": "", "note": "长" * 2001}, "`question`.*; `note`"),
    ],
)
async def test_what_is_wrong_is_named_and_nothing_is_written(
    house: House, desk: Desk, lead: Agent, fields: dict[str, Any], said: str
) -> None:
    before = await tables(house)
    await refused("invalid", said, desk.editing.patch(lead, "fahuo", fields, revision=None))
    if "id" not in fields:
        await refused("invalid", said, desk.editing.create(lead, {**NEW, **fields}))
    assert (await tables(house), house.told(ShelfChanged)) == (before, [])


async def test_a_shortcut_is_one_entrys(house: House, desk: Desk, lead: Agent) -> None:
    await desk.editing.patch(lead, "fahuo", {"shortcut": "fh"}, revision=None)
    before = await tables(house)
    taken = "`shortcut`: fh is taken by entry fahuo"
    patch = desk.editing.patch(lead, "tuihuo", {"shortcut": "fh"}, revision=None)
    await refused("conflict", taken, patch)
    await refused("conflict", taken, desk.editing.create(lead, {**NEW, "shortcut": "fh"}))
    assert await tables(house) == before
    await desk.editing.delete(lead, "fahuo", revision=None)
    await desk.editing.patch(lead, "tuihuo", {"shortcut": "fh"}, revision=None)
    await refused("conflict", "taken by entry tuihuo", desk.editing.restore(lead, "fahuo", 2))
    assert (await desk.editing.restore(lead, "fahuo", 1)).revision == 4


async def test_what_is_deleted_is_gone_until_it_is_restored(
    house: House, desk: Desk, lead: Agent
) -> None:
    await desk.editing.delete(lead, "fahuo", revision=1)
    assert desk.library.entry(house.shop_id, "fahuo") is None
    assert "fahuo" not in [one for one, _ in await suggested(house, lead, "什么时候发货")]
    assert desk.library.hot(house.shop_id) == []
    for again in (
        desk.editing.delete(lead, "fahuo", revision=None),
        desk.editing.patch(lead, "fahuo", {"answer": "x"}, revision=None),
        desk.editing.restore(lead, "fahuo", 7),
        desk.editing.restore(lead, "made-up", 1),
        desk.history.one(lead, "fahuo", 7),
        desk.history.listed(lead, "made-up", before=9, limit=9),
    ):
        await refused("not_found", "fahuo|made-up", again)
    back = await desk.editing.restore(lead, "fahuo", 1)
    assert (back.revision, back.entry.answer) == (3, FIRST["fahuo"])
    assert [one["id"] for one in desk.library.search(house.shop_id)] == list(FIRST)
    assert (await suggested(house, lead, "什么时候发货"))[0] == ("fahuo", 1.0)
    steps = await history(house, lead, "fahuo")
    assert [one[:2] for one in steps] == [(3, "restored"), (2, "deleted"), (1, "imported")]
    assert [one[2] for one in steps[:2]] == [[], []]
    older, more = await desk.history.listed(lead, "fahuo", before=3, limit=1)
    assert ([one.revision.revision for one in older], more) == ([2], True)


async def test_what_is_proposed_waits_for_a_deleted_entry(
    house: House, desk: Desk, lead: Agent
) -> None:
    agent = await house.agent("王芳")
    await desk.teaching.teach(agent, await house.chat("啥时辰动身"), 1, "fahuo")
    await desk.editing.delete(lead, "fahuo", revision=None)
    assert await desk.teaching.proposed(lead) == ([], 0)
    await desk.editing.restore(lead, "fahuo", 1)
    found, total = await desk.teaching.proposed(lead)
    assert ([one.text for one, _ in found], total) == (["啥时辰动身"], 1)


async def test_a_step_says_what_was_and_who_it_was(desk: Desk, lead: Agent) -> None:
    await desk.editing.patch(lead, "tuihuo", {"answer": "亲，都可退。"}, revision=None)
    step = await desk.history.one(lead, "tuihuo", 2)
    assert step.diff == {"answer": (FIRST["tuihuo"], "亲，都可退。")}
    assert step.revision.by == (lead.id, "主管")
    assert (await desk.history.one(lead, "tuihuo", 1)).revision.by is None


async def test_several_are_changed_together_and_taken_back(
    house: House, desk: Desk, lead: Agent
) -> None:
    shelf = desk.library.search(house.shop_id)
    change = Alike(category="大促", enabled=False, add_tags=("双十二",))
    ids = ["fahuo", "tuihuo", "fahuo"]
    done = await desk.editing.alike(lead, ids, change)
    assert done.revisions == {"fahuo": 2, "tuihuo": 2}
    assert house.told(ShelfChanged) == [ShelfChanged(house.shop_id, ("fahuo", "tuihuo"))]
    assert {one for one, _ in await suggested(house, lead, "什么时候发货")} <= {"baoyou"}
    assert desk.library.hot(house.shop_id) == []
    off = desk.library.search(house.shop_id, state="disabled")
    assert [(one["id"], one["category"], one["tags"]) for one in off] == [
        ("fahuo", "大促", ("双十二",)), ("tuihuo", "大促", ("双十二",)),
    ]  # fmt: skip
    assert (await desk.editing.alike(lead, ids, change)).undo is None, "they are so already"
    assert done.undo is not None
    undone = await desk.editing.undo(lead, done.undo)
    assert undone.revisions == {"fahuo": 3, "tuihuo": 3}
    now = desk.library.search(house.shop_id)
    assert [{**one, "revision": 1} for one in now] == shelf
    assert (await suggested(house, lead, "什么时候发货"))[0] == ("fahuo", 1.0)
    await refused("conflict", "revision 3, not 2", desk.editing.undo(lead, done.undo))
    assert undone.undo is not None
    await desk.editing.undo(lead, undone.undo)
    assert len(desk.library.search(house.shop_id, state="disabled")) == 2, "done again"


async def test_together_is_all_or_nothing(house: House, desk: Desk, lead: Agent) -> None:
    before = await tables(house)
    for ids, change, code, said in (
        (["fahuo", "made-up"], Alike(enabled=False), "not_found", "made-up"),
        (["fahuo"], Alike(category="长" * 51), "invalid", "`category`"),
        (["fahuo"], Alike(), "invalid", "change"),
    ):
        await refused(code, said, desk.editing.alike(lead, ids, change))
    await refused("not_found", "token", desk.editing.undo(lead, "made-up"))
    assert (await tables(house), house.told(ShelfChanged)) == (before, [])


async def test_a_change_since_is_not_undone(house: House, desk: Desk, lead: Agent) -> None:
    done = await desk.editing.alike(lead, ["fahuo", "tuihuo"], Alike(enabled=False))
    await desk.editing.patch(lead, "tuihuo", {"answer": "改了"}, revision=None)
    before = await tables(house)
    assert done.undo is not None
    no = await refused("conflict", "tuihuo", desk.editing.undo(lead, done.undo))
    assert no.now is not None
    assert no.now["answer"] == "改了"
    assert await tables(house) == before


async def test_a_category_moves_with_all_below_it(house: House, desk: Desk, lead: Agent) -> None:
    for entry, category in (("tuihuo", "物流"), ("baoyou", "物流费/包邮")):
        await desk.editing.patch(lead, entry, {"category": category}, revision=None)
    done = await desk.editing.rename(lead, "物流", " 售后/快递 ")
    assert sorted(done.revisions) == ["fahuo", "tuihuo"]
    tree = [
        (one.path, one.count, [(each.path, each.count) for each in one.under.values()])
        for one in desk.library.categories(house.shop_id)
    ]
    assert tree == [("售后", 2, [("售后/快递", 2)]), ("物流费", 1, [("物流费/包邮", 1)])]
    assert desk.library.listed(house.shop_id, "fahuo")["category"] == "售后/快递/发货"
    assert done.undo is not None
    await desk.editing.undo(lead, done.undo)
    assert [one.path for one in desk.library.categories(house.shop_id)] == ["物流", "物流费"]
    await refused("not_found", "没有", desk.editing.rename(lead, "没有", "物流"))
    await refused("invalid", "`category`", desk.editing.rename(lead, "物流", "长" * 50))


async def test_another_shop_has_its_own(house: House, desk: Desk, lead: Agent) -> None:
    other = ShopId(new_id())
    await house.store.write(lambda tx: places.add_shop(tx, other, "别家", to_ms(house.clock())))
    await desk.load()
    await desk.importing.import_file(other, yaml({"fapiao": "可以"}), file="f", by=None)
    for doing in (
        desk.editing.patch(lead, "fapiao", {"answer": "x"}, revision=None),
        desk.editing.delete(lead, "fapiao", revision=None),
        desk.editing.restore(lead, "fapiao", 1),
        desk.editing.alike(lead, ["fapiao"], Alike(enabled=False)),
        desk.history.one(lead, "fapiao", 1),
        desk.history.listed(lead, "fapiao", before=9, limit=9),
    ):
        await refused("not_found", "fapiao", doing)


async def test_a_matcher_that_fails_undoes_nothing(
    house: House,
    desk: Desk,
    lead: Agent,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def failing(*_: object) -> None:
        raise RuntimeError("out of order")

    with monkeypatch.context() as patch:
        patch.setattr(KnowledgeBase, "with_entry", failing)
        assert (await desk.editing.create(lead, NEW)).revision == 1
    assert "did not take 1 entries" in caplog.text
    for _ in range(100):
        if (await suggested(house, lead, "能刻字吗"))[:1] == [("nkzm", 1.0)]:
            break
        await asyncio.sleep(0.02)
    else:
        pytest.fail("it was not built anew")


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
async def test_two_processes_make_one_entry_and_one_shortcut(
    database: Database, house: House, lead: Agent
) -> None:
    """What one process does not know yet the transaction does."""
    away = node(house, await database.open())
    await away.desk.load()
    both = [one.desk.editing.create(lead, {**NEW, "shortcut": "kz"}) for one in (house, away)]
    done = await asyncio.gather(*both, return_exceptions=True)
    assert sorted(type(one).__name__ for one in done) == ["Changed", "Refused"]
    both = [one.desk.editing.create(lead, {**NEW, "id": "one"}) for one in (house, away)]
    done = await asyncio.gather(*both, return_exceptions=True)
    assert sorted(type(one).__name__ for one in done) == ["Changed", "Refused"]
    await away.store.close()
    away.desk.library.close()
