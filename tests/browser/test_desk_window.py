"""The window of a channel in the composer: both counters, short messages joined to save of it, and
after it the way to the customer's other channel; files that are still on their way."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass

import pytest
from playwright.async_api import Page, expect

from console.store import sqlite_file
from sandbox import Kind
from tests.browser.conftest import NewPage, axe
from tests.browser.consoles import (
    BUBBLE,
    COMPOSER,
    ROW,
    Wire,
    console,
    in_step,
    installation,
    open_talk,
)
from tests.console.stand_ins import Phone, phone
from tests.files import pictures
from tests.program import Program

OFFICIAL, MINI = Kind.OFFICIAL, Kind.MINI
ALLOWANCE, HELD = ".allowance", ".held"


@dataclass
class Shop:
    """An installation, and the phone of somebody who writes to it."""

    program: Program
    far: Phone

    async def talk(self, page: Page, words: str, kind: Kind = OFFICIAL) -> None:
        self.far.does(kind, "text", text=words)
        await open_talk(page, words)

    async def told(self, *texts: str) -> None:
        await self.far.until(lambda: self.far.shows(OFFICIAL) == [*texts])

    def make_one(self) -> None:
        """Whoever wrote is one customer, as if a verified id had said so."""
        with closing(sqlite3.connect(sqlite_file(self.program.data))) as database, database:
            database.execute(
                "INSERT INTO joined (identity_id, contact_id, at)"
                " SELECT id, contact_id, 0 FROM identity"
                " WHERE contact_id <> (SELECT min(id) FROM contact)"
            )
            for table in ("conversation", "identity"):
                database.execute(f"UPDATE {table} SET contact_id = (SELECT min(id) FROM contact)")


@pytest.fixture
async def shop(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Shop]:
    installed = installation(tmp_path_factory.mktemp("window") / "data")
    program = next(installed)
    async with phone(program) as far:
        yield Shop(program, far)
    next(installed, None)


async def send(page: Page, text: str) -> None:
    await page.locator(COMPOSER).fill(text)
    await page.locator(COMPOSER).press("Enter")


@pytest.mark.parametrize(
    ("size", "lang", "theme", "words"),
    [
        ("wide", "zh-CN", "light", ("还可回复 5 条 · 剩 47 小时", "还可回复 2 条", "合并成一条发送",
                                    "可回复的条数已用完", "图片接收中…", "已过期，无法接收")),
        ("phone", "en", "dark", ("5 replies left · 47 hours left", "2 replies left", "Send as one",
                                 "No replies left", "Receiving picture…", "Expired")),
    ],
)  # fmt: skip
async def test_both_counters_and_what_saves_of_them(
    shop: Shop, new_page: NewPage, size: str, lang: str, theme: str, words: tuple[str, ...]
) -> None:
    plenty, few, join, none, coming, gone = words
    page, _ = await console(shop.program, new_page, size=size, lang=lang, color_scheme=theme)
    await shop.talk(page, "在吗")
    allowance, held = page.locator(ALLOWANCE), page.locator(HELD)
    await expect(allowance).to_have_text(plenty)
    await expect(page.locator(f"{ALLOWANCE}-low")).to_have_count(0)
    assert await axe(page) == []
    for number in range(3):
        await send(page, f"第 {number} 句")
    await expect(allowance).to_contain_text(few)
    await expect(page.locator(f"{ALLOWANCE}-low")).to_have_count(1)
    await send(page, "今天发货")
    await expect(held).to_contain_text("今天发货")
    await send(page, "明天到")
    await expect(held).to_contain_text("今天发货 ⏎ 明天到")
    assert await axe(page) == []
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await held.get_by_role("button", name=join).click()
    await expect(held).to_have_count(0)
    await shop.told("第 0 句", "第 1 句", "第 2 句", "今天发货\n明天到")
    await send(page, "谢谢光临")
    await expect(held).to_contain_text("谢谢光临")
    await expect(held).to_have_count(0, timeout=9_000)
    await shop.far.until(lambda: shop.far.shows(OFFICIAL)[-1] == "谢谢光临")
    await expect(allowance).to_contain_text(none)
    shop.far.world.faults.change({"slow_s": 3.0})
    shop.far.does(OFFICIAL, "image", data=pictures.png())
    await expect(page.locator(".awaited")).to_have_text(coming)
    assert await axe(page) == []
    shop.far.world.faults.change({"slow_s": 0.0})
    await expect(page.locator(f"{BUBBLE} .picture img")).to_be_visible()
    await expect(page.locator(".awaited")).to_have_count(0)
    await expect(allowance).to_contain_text(plenty[:6])
    shop.far.does(OFFICIAL, "raw", fields={"MsgType": "image", "MediaId": "x", "PicUrl": ""})
    await expect(page.locator(".awaited-gone")).to_contain_text(gone)
    assert await axe(page) == []


async def test_what_is_held_outlives_a_reload_and_may_be_taken_back(
    shop: Shop, new_page: NewPage
) -> None:
    page, _ = await console(shop.program, new_page)
    await shop.talk(page, "在吗")
    for number in range(3):
        await send(page, f"第 {number} 句")
    await expect(page.locator(ALLOWANCE)).to_contain_text("还可回复 2 条")
    await send(page, "还没")
    await send(page, "想好")
    await page.locator(HELD).get_by_role("button", name="收回修改").click()
    await expect(page.locator(COMPOSER)).to_have_value("还没\n想好")
    await page.locator(COMPOSER).press("Enter")
    await expect(page.locator(HELD)).to_have_count(1)
    await page.reload()
    await in_step(page)
    await expect(page.locator(COMPOSER)).to_have_value("还没\n想好")
    await send(page, "一句")
    await send(page, "两句")
    await page.locator(HELD).get_by_role("button", name="分开发送").click()
    await shop.told("第 0 句", "第 1 句", "第 2 句", "一句", "两句")


async def test_after_the_window_the_other_channel_is_offered(shop: Shop, new_page: NewPage) -> None:
    page, _ = await console(shop.program, new_page)
    await shop.talk(page, "小程序里问", MINI)
    await shop.talk(page, "公众号里问")
    await expect(page.locator(ALLOWANCE)).to_be_visible()
    shop.make_one()
    shop.far.does(OFFICIAL, "unsubscribe")
    bar = page.locator(".composer-bar")
    await expect(bar).to_contain_text("已超过平台允许回复的时间")
    await expect(page.locator(COMPOSER)).to_have_count(0)
    shop.far.does(MINI, "text", text="还在小程序")
    await expect(page.locator(ROW, has_text="还在小程序")).to_have_count(1)
    assert await axe(page) == []
    await bar.get_by_role("button", name="到「微信沙盒·小程序」回复").click()
    await expect(page.locator(COMPOSER)).to_be_focused()
    await expect(page.locator(BUBBLE, has_text="还在小程序")).to_have_count(1)


async def test_a_picture_whose_news_was_lost_is_seen_after_the_cut(
    shop: Shop, new_page: NewPage
) -> None:
    page, _ = await console(shop.program, new_page)
    wire = Wire()
    await wire.lead(page)
    await page.reload()
    await in_step(page)
    await shop.talk(page, "在吗")
    wire.lost_to_page = ['"arrived"']
    shop.far.does(OFFICIAL, "image", data=pictures.png())
    await expect(page.locator(".awaited")).to_have_text("图片接收中…")
    await shop.far.until(lambda: len(shop.far.calls("/media/get")) == 1)
    shop.far.does(OFFICIAL, "text", text="看到了吗")
    await expect(page.locator(BUBBLE, has_text="看到了吗")).to_have_count(1)
    await wire.cut()
    wire.mend()
    await in_step(page)
    await expect(page.locator(f"{BUBBLE} .picture img")).to_be_visible()
    await expect(page.locator(BUBBLE)).to_have_count(3)


async def test_who_was_joined_by_mistake_is_taken_apart(shop: Shop, new_page: NewPage) -> None:
    page, _ = await console(shop.program, new_page)
    await shop.talk(page, "小程序里问", MINI)
    await shop.talk(page, "公众号里问")
    shop.make_one()
    await page.get_by_role("tab", name="客户").click()
    facts = page.locator(".facts li", has_text="微信沙盒")
    await page.reload()
    await in_step(page)
    await page.get_by_role("tab", name="客户").click()
    await expect(facts).to_have_count(2)
    assert await axe(page) == []
    await page.get_by_role("button", name="不是同一人，分开").click()
    await expect(facts).to_have_count(1)
    await expect(page.get_by_role("button", name="不是同一人，分开")).to_have_count(0)
