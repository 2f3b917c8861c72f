"""The shop's old files in: merged by row, all of it or nothing, while the shop goes on."""

import asyncio
import csv
import io
import time
from dataclasses import replace
from typing import Any

import pytest

from console.desk import Desk
from console.desk import planning as module
from console.desk.importing import Imported
from console.events import ShelfChanged
from console.model.people import Agent
from console.model.words import AgentId, Availability, Role
from console.store import places, staged
from knowledge import Context, Entry
from knowledge.formats import lhc, qianniu, workbook
from tests.desk.faq import FIRST, QUESTIONS, counts, edit, tables, take, yaml
from tests.desk.house import House

PHRASES = [
    ("fh", "48 小时内发货", "物流"),
    ("fh", "今天发", ""),
    ("", "在的", ""),
    ("th", "可退", ""),
]


LIKE = ("几天发货", "啥时候寄", "多久能发")


def csv_of(rows: list[tuple[str, str, str]]) -> bytes:
    into = io.StringIO()
    csv.writer(into).writerows([qianniu.HEADER, *rows])
    return into.getvalue().encode("gbk")


async def bring(house: House, data: bytes, file: str = "话术.csv", **more: Any) -> Imported:
    return await house.desk.importing.import_file(house.shop_id, data, file=file, by=None, **more)


def shelf(house: House) -> list[Entry]:
    return house.desk.library.entries(house.shop_id)


async def rewrite(house: House, entry_id: str, **values: Any) -> None:
    """An edit on the screen."""
    lead = Agent(AgentId("lead"), house.shop_id, "店长", Role.OWNER, 0, Availability.AWAY)
    await house.desk.editing.change(lead, entry_id, lambda one: replace(one, **values))


async def test_phrases_come_in_order_and_again_unchanged(house: House) -> None:
    would = await bring(house, csv_of(PHRASES), dry_run=True)
    assert shelf(house) == []
    house.heard.clear()
    done = await bring(house, csv_of(PHRASES))
    assert counts(done) == counts(would) == (4, 0, 0, [])
    assert [(one.shortcut or "", one.answer, one.category) for one in shelf(house)] == PHRASES
    assert house.told(ShelfChanged) == [ShelfChanged(house.shop_id)]
    assert counts(await bring(house, csv_of(PHRASES))) == (0, 0, 4, [])
    exported = await house.desk.exporting.export_as(house.shop_id, "qianniu")
    assert counts(await bring(house, exported)) == (0, 0, 4, [])
    assert counts(await bring(house, csv_of([*PHRASES, ("new", "新的", "")]))) == (1, 0, 4, [])


async def test_both_sides_of_a_phrase(house: House) -> None:
    await bring(house, csv_of(PHRASES))
    await rewrite(house, "qn.fh.1", answer="店里改的", tags=("急",))
    await rewrite(house, "qn.th.1", question="怎么退货")
    file = [
        ("fh", "文件改的", "物流"),
        ("fh", "今天发", ""),
        ("", "在的呢", ""),
        ("th", "不可退", ""),
    ]
    assert counts(await bring(house, csv_of(file))) == (0, 2, 1, ["qn.fh.1"])
    first, _, third, last = shelf(house)
    assert (first.answer, first.tags) == ("店里改的", ("急",))
    assert (third.question, third.answer) == ("在的呢", "在的呢"), "a guess follows its text"
    assert (last.question, last.answer) == ("怎么退货", "不可退"), "what a human wrote stays"
    again = await bring(house, csv_of(file))
    assert counts(again) == (0, 0, 3, ["qn.fh.1"])


async def test_a_code_that_another_entry_has_is_a_conflict(house: House) -> None:
    await take(house, FIRST)
    await rewrite(house, "fahuo", shortcut="fh")
    done = await bring(house, csv_of(PHRASES))
    assert counts(done) == (3, 0, 0, ["fahuo"]), (
        "the first row with the code; the second is its own"
    )
    assert house.desk.library.entry(house.shop_id, "fahuo").answer == FIRST["fahuo"]  # type: ignore[union-attr]


async def test_what_was_exported_comes_home(house: House, desk: Desk) -> None:
    """Into the same shop, from each format: nothing new, nothing doubled."""
    await take(house, FIRST)
    await bring(house, csv_of(PHRASES))
    before = shelf(house)
    for form, file in (("qianniu", "a.csv"), ("xlsx", "a.xlsx"), ("lhc", "a.csv")):
        data = await desk.exporting.export_as(house.shop_id, form)
        assert counts(await bring(house, data, file)) == (0, 0, len(before), []), form
    text = await desk.exporting.export(house.shop_id, None)
    assert counts(await bring(house, text.encode(), "a.yaml")) == (0, 0, len(before), [])
    assert shelf(house) == before


async def test_a_workbook_edited_elsewhere_changes_what_it_changed(house: House) -> None:
    await take(house, FIRST)
    await edit(house, "tuihuo", "亲，都可退。")
    data = workbook.write([
        Entry("", QUESTIONS["fahuo"], "亲，当天发。", LIKE, category="物流/发货"),
        Entry("", QUESTIONS["tuihuo"], "亲，十五天。"),
        Entry("", "开发票吗", "可以"),
    ])  # fmt: skip
    assert counts(await bring(house, data, "FAQ.xlsx")) == (1, 1, 0, ["tuihuo"])
    assert next(one for one in shelf(house) if one.id == "fahuo").hot
    assert counts(await take(house, FIRST)) == (0, 0, 3, []), "faq.yaml itself did not change"


async def test_what_the_shop_deleted_stays_deleted(house: House) -> None:
    await bring(house, csv_of(PHRASES))
    await house.store.write(
        lambda tx: tx.run("UPDATE entry SET deleted_at = 1 WHERE id = $1", "qn.th.1")
    )
    await house.desk.load()
    assert counts(await bring(house, csv_of(PHRASES))) == (0, 0, 3, [])
    file = [*PHRASES[:3], ("th", "另一句", "")]
    assert counts(await bring(house, csv_of(file))) == (0, 0, 3, ["qn.th.1"])


@pytest.mark.parametrize(
    "data", [csv_of(PHRASES)[:-3] + b"\xff", csv_of([*PHRASES, ("x", "", "")])]
)
async def test_a_damaged_table_changes_nothing(house: House, data: bytes) -> None:
    await take(house, FIRST)
    before = await tables(house)
    done = await bring(house, data)
    assert (done.failed, counts(done)) == (True, (0, 0, 0, []))
    assert await tables(house) == before


def many(count: int) -> bytes:
    return qianniu.write([Entry("", "", f"第{n}条回答", shortcut=f"c{n}") for n in range(count)])


async def test_parts_are_put_in_place_once_all_are_there(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A crash before that leaves nothing, a crash after it leaves nothing undone."""
    monkeypatch.setattr(module, "PART_ROWS", 10)

    async def crash(*_: object) -> None:
        raise RuntimeError("pulled the plug")

    with monkeypatch.context() as before:
        before.setattr(staged, "ready", crash)
        with pytest.raises(RuntimeError):
            await bring(house, many(45))
    await house.desk.load()
    assert shelf(house) == []
    assert await house.rows("SELECT key FROM meta WHERE key LIKE 'import/%'") == []

    taken = staged.take

    async def some(tx: Any, name: str, number: int) -> Any:
        if number == 2:
            raise RuntimeError("pulled the plug")
        return await taken(tx, name, number)

    with monkeypatch.context() as after:
        after.setattr(staged, "take", some)
        with pytest.raises(RuntimeError):
            await bring(house, many(45))
    assert shelf(house) == []
    await house.desk.load()
    assert [one.shortcut for one in shelf(house)] == [f"c{n}" for n in range(45)]
    assert await house.rows("SELECT key FROM meta WHERE key LIKE 'import/%'") == []
    assert counts(await bring(house, many(45))) == (0, 0, 45, [])


async def test_few_changes_go_into_the_matcher_one_by_one(
    house: House, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await bring(house, many(100))
    await desk.warm()

    async def build(*_: object) -> None:
        pytest.fail("built anew")

    monkeypatch.setattr(desk.library._matchers, "build", build)
    await bring(house, csv_of([("kp", "可以开发票", "")]))
    found = await desk.library.suggest(house.shop_id, "可以开发票", Context())
    assert found[0].entry == "qn.kp.1"
    monkeypatch.undo()
    await bring(house, csv_of([(f"z{n}", f"刻字第{n}种", "") for n in range(20)]))
    found = await desk.library.suggest(house.shop_id, "刻字第7种", Context())
    assert found[0].entry == "qn.z7.1"


async def test_ten_thousand_rows_do_not_hold_the_loop(house: House) -> None:
    """Its thread computes for milliseconds at a time; how long it waits is the machine's."""
    done, computed = asyncio.Event(), []

    async def look() -> None:
        while not done.is_set():
            begun = time.thread_time()
            await asyncio.sleep(0)
            computed.append(time.thread_time() - begun)

    data = many(10_000)
    async with asyncio.TaskGroup() as group:
        group.create_task(look())
        begun = time.monotonic()
        imported = await bring(house, data)
        took = time.monotonic() - begun
        again = await bring(house, data)
        done.set()
    assert (counts(imported), counts(again)) == ((10_000, 0, 0, []), (0, 0, 10_000, []))
    assert took < 30
    assert max(computed) < 0.05, sorted(computed)[-5:]


async def test_the_file_the_shop_named_is_its_own(house: House, desk: Desk) -> None:
    await bring(house, csv_of(PHRASES))
    data = yaml(FIRST)
    assert await desk.importing.seed(house.shop_id, data, file="faq.yaml") is None
    done = await desk.importing.seed(house.shop_id, data, file="faq.yaml", own=True)
    assert done is not None
    assert counts(done) == (3, 0, 0, [])
    assert await house.store.read(lambda tx: places.note(tx, "seed_sha256"))
    assert [one.id for one in shelf(house)][:4] == ["qn.fh.1", "qn.fh.2", "qn..1", "qn.th.1"]


async def test_a_row_is_the_entry_of_which_it_says_the_same(house: House) -> None:
    await bring(house, csv_of(PHRASES))
    moved = [("", "您好", ""), *reversed(PHRASES)]
    assert counts(await bring(house, csv_of(moved))) == (1, 0, 4, [])
    assert counts(await bring(house, csv_of(moved))) == (0, 0, 5, [])


async def test_canned_messages_come_in(house: House) -> None:
    data = lhc.write([Entry("u1", "发货", "当天", tags=("物流",))])
    assert counts(await bring(house, data)) == (1, 0, 0, [])
    assert [(one.id, one.tags) for one in shelf(house)] == [("u1", ("物流",))]
