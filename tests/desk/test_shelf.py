"""What lies on the shelf: safe from broken files, searched, written back as it was."""

from time import process_time, thread_time

import pytest

from console.desk import Desk
from console.shipped import FAQ
from tests.desk.faq import FIRST, counts, edit, tables, take, yaml
from tests.desk.house import House
from tests.store.databases import Database


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    return sqlite_database


@pytest.mark.parametrize(
    "data",
    [
        b"entries: [",
        b"\xff\xfe\x00",
        b"",
        b"entries: 7\n",
        yaml({"fahuo": "ok"}) + "  - id: fahuo\n    question: 又来\n    answer: 重\n".encode(),
        yaml({"fahuo": "ok"}) + "  - id: other\n    answer: 没有问题\n".encode(),
        yaml({"fahuo": "ok"}) + "  - id: other\n    question: 问\n    anwser: 答\n".encode(),
    ],
)
async def test_a_broken_file_changes_nothing(house: House, data: bytes) -> None:
    await take(house, FIRST)
    before = await tables(house)
    house.heard.clear()
    done = await house.desk.importing.import_file(house.shop_id, data, file="faq.yaml", by=None)
    assert done.failed
    assert counts(done) == (0, 0, 0, [])
    errors = [one for one in done.findings if one.severity == "error"]
    assert errors
    assert all(one.file == "faq.yaml" and one.message("zh-CN") for one in errors)
    assert await tables(house) == before
    assert house.heard == []


async def test_an_untouched_file_is_written_back_byte_for_byte(house: House, desk: Desk) -> None:
    await take(house, FIRST)
    original = yaml(FIRST).decode()
    assert await desk.exporting.export(house.shop_id, original) == original
    await edit(house, "tuihuo", "亲，都可退。")
    edited = await desk.exporting.export(house.shop_id, original)
    assert edited == original.replace(FIRST["tuihuo"], "亲，都可退。"), "one line differs"
    fresh = await desk.exporting.export(house.shop_id, None)
    for entry in list(FIRST):
        assert f"id: {entry}" in fresh
    done = await house.desk.importing.import_file(
        house.shop_id, fresh.encode(), file="new.yaml", by=None, dry_run=True
    )
    assert counts(done) == (0, 0, 3, []), "what was written is what is there"


async def test_reading_and_writing_a_file_leave_the_event_loop_alone(house: House) -> None:
    """The shipped file takes over a tenth of a second each way, all of it in another thread."""
    data = FAQ.read_bytes()
    begun = thread_time(), process_time()
    importing, shop = house.desk.importing, house.shop_id
    read = await importing.import_file(shop, data, file="faq.yaml", by=None, dry_run=True)
    written = await house.desk.exporting.export(shop, data.decode())
    busy, all_threads = thread_time() - begun[0], process_time() - begun[1]
    assert (read.failed, read.new > 200, "version: 1" in written) == (False, True, True)
    assert all_threads > 0.1
    assert busy < all_threads / 2


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["fahuo", "tuihuo", "baoyou"]),
        ({"q": "fh"}, ["fahuo"]),
        ({"q": "FH"}, ["fahuo"]),
        ({"q": "smshfh"}, ["fahuo"]),
        ({"q": "th"}, ["tuihuo"]),
        ({"q": "啥时候寄"}, ["fahuo"]),
        ({"q": "七天"}, ["tuihuo"]),
        ({"q": " 包邮 "}, ["baoyou"]),
        ({"q": "没有的"}, []),
        ({"category": "物流"}, ["fahuo"]),
        ({"category": "物流/发货"}, ["fahuo"]),
        ({"category": "物"}, []),
        ({"category": "物流", "q": "th"}, []),
        ({"state": "valid"}, ["fahuo", "tuihuo", "baoyou"]),
        ({"state": "expired"}, []),
    ],
)
async def test_search(house: House, desk: Desk, asked: dict[str, str], found: list[str]) -> None:
    await take(house, FIRST)
    rows = desk.library.search(house.shop_id, **asked)
    assert [one["id"] for one in rows] == found
    assert all(one["revision"] == 1 and one["initials"] for one in rows)


async def test_an_entry_is_valid_from_day_to_day(house: House, desk: Desk) -> None:
    text = yaml({"fahuo": "亲，当天发。"}).decode()
    text += "    valid_from: 2026-01-06\n    valid_to: 2026-01-07\n"
    await desk.importing.import_file(house.shop_id, text.encode(), file="faq.yaml", by=None)
    seen = []
    for _ in range(4):
        valid = bool(desk.library.search(house.shop_id, state="valid"))
        hot = [one["id"] for one in desk.library.hot(house.shop_id)]
        assert hot == (["fahuo"] if valid else [])
        seen.append(valid)
        house.clock.forward(days=1)
    assert seen == [False, True, True, False]


async def test_the_file_names_the_shop(house: House, desk: Desk) -> None:
    data = yaml(FIRST, head="version: 1\nshop: 白瓷大店\n")
    await desk.importing.import_file(house.shop_id, data, file="faq.yaml", by=None)
    assert desk.library.shop_name(house.shop_id) == "白瓷大店"
    assert await house.rows("SELECT name FROM shop") == [("白瓷大店",)]
