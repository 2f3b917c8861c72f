"""What a provider did not take: the sign in the bubble, the button in the bar, the screen of the
undelivered, sending again."""

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import NewPage, axe
from tests.browser.consoles import (
    BUBBLE,
    ROW,
    Wire,
    console,
    in_step,
    installation,
    open_talk,
    write,
)
from tests.program import Program
from tests.shopbot import ShopBot
from tests.web.test_hooks import told, wired

ITEM = ".letter"
BADGE = ".top-letters .badge"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    yield from installation(tmp_path_factory.mktemp("letters") / "data")


@asynccontextmanager
async def refusing(shop: Program, page: Page, *answers: str) -> AsyncIterator[ShopBot]:
    """A shopper asks through a shop's program; it refuses the first answer as gone, cuts the line
    on the second."""
    fates: dict[str, int | str] = dict(zip(answers, (410, "cut"), strict=False))
    async with wired(shop, lambda post: fates.get(post["text"], 200)) as (bot, hook):
        await told(bot, hook, person="u-1", text="接口来的顾客", name="张三")
        await open_talk(page, "接口来的顾客")
        yield bot
        await page.locator(".talk-head, .talk").first.wait_for()


async def end_talk(page: Page) -> None:
    """So that the next test's shopper is the only one."""
    await page.keyboard.press("Alt+e")
    await page.locator("dialog button[type=submit]").click()
    await expect(page.locator("dialog")).to_have_count(0)


async def test_a_refused_answer_says_why_and_goes_again(shop: Program, new_page: NewPage) -> None:
    page, _ = await console(shop, new_page)
    async with refusing(shop, page, "今天发货") as bot:
        bubble = await write(page, "今天发货")
        await expect(bubble.locator(".ticks-dead")).to_have_text("发送失败")
        await expect(bubble.locator(".bubble-reason")).to_contain_text("HTTP 410")
        await expect(page.locator(BADGE)).to_have_text("1")
        bot.behave = lambda _: 200
        await bubble.get_by_role("button", name="重发给张三").click()
        await bot.until(lambda far: far.texts() == ["今天发货"])
        await expect(bubble.locator(".ticks-sent")).to_be_visible()
        await expect(bubble.locator(".bubble-reason")).to_have_count(0)
        await expect(page.locator(".top-letters")).to_have_count(0)
        await end_talk(page)


async def test_what_may_have_arrived_asks_first(shop: Program, new_page: NewPage) -> None:
    page, _ = await console(shop, new_page)
    async with refusing(shop, page, "", "可能到了") as bot:
        bubble = await write(page, "可能到了")
        await expect(bubble.locator(".ticks-unconfirmed")).to_have_text("不确定是否送达")
        bot.behave = lambda _: 200
        again = bubble.get_by_role("button", name="重发给张三")
        await again.click()
        await expect(bubble.locator(".resend")).to_contain_text("可能已送达，再发可能重复")
        await expect(bubble.locator(".resend :focus")).to_be_visible()
        await page.keyboard.press("Enter")
        await expect(again).to_be_visible()
        assert bot.texts() == [], "the focus is on the careful choice"
        await again.click()
        await bubble.get_by_role("button", name="仍要重发").click()
        await bot.until(lambda far: far.texts() == ["可能到了"])
        await expect(bubble.locator(".ticks-sent")).to_be_visible()
        assert bot.tried[0]["id"] == bot.tried[1]["id"]
        await end_talk(page)


@pytest.mark.parametrize(
    ("size", "lang", "theme"),
    [
        ("wide", "zh-CN", "light"),
        ("laptop", "en", "dark"),
        ("phone", "zh-CN", "dark"),
    ],
)
async def test_the_screen_of_the_undelivered(
    shop: Program, new_page: NewPage, size: str, lang: str, theme: str
) -> None:
    page, name = await console(shop, new_page, size=size, lang=lang, color_scheme=theme)
    async with refusing(shop, page, "第一句没到", "第二句没到") as bot:
        for text in ("第一句没到", "第二句没到"):
            await write(page, text)
        await expect(page.locator(BADGE)).to_have_text("2")
        assert await axe(page) == []
        if size == "phone":
            await page.go_back()
        assert await page.evaluate("document.querySelector('.top').scrollWidth <= innerWidth")
        await expect(page.locator(".top-agent")).to_be_in_viewport(ratio=0.9)
        await page.locator(".top-letters").click()
        await expect(page.locator(ITEM)).to_have_count(2)
        refused = page.locator(ITEM, has_text="第一句没到")
        for words in ("张三", name, "HTTP 410", "1"):
            await expect(refused).to_contain_text(words)
        assert await axe(page) == []
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        off = re.compile("移出列表|off the list")
        await refused.get_by_role("button", name=off).click()
        await expect(page.locator(ITEM)).to_have_count(1)
        await page.get_by_role("button", name=re.compile("^(撤销|Undo)$")).click()
        await expect(page.locator(ITEM)).to_have_count(2)
        bot.behave = lambda _: 200
        await refused.get_by_role("button", name=re.compile("^(重发|Resend)")).click()
        await expect(page.locator(ITEM)).to_have_count(1)
        await page.locator(ITEM).get_by_role("button", name=off).click()
        empty = page.locator(".dialog-letters .empty")
        await expect(empty).to_contain_text(re.compile("消息都已送达|Everything was delivered"))
        assert await axe(page) == []
        await expect(page.locator(".top-letters")).to_have_count(0, timeout=15_000)
        assert bot.texts() == ["第一句没到"]
        await page.keyboard.press("Escape")
        if size == "phone":
            await page.locator(ROW).first.click()
        await end_talk(page)


async def test_keys_and_the_palette_lead_there(shop: Program, new_page: NewPage) -> None:
    page, _ = await console(shop, new_page)
    dialog = page.locator(".dialog-letters")
    await page.keyboard.press("Alt+x")
    await expect(dialog).to_contain_text("消息都已送达")
    await page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)
    await page.keyboard.press("Control+k")
    field = page.get_by_role("combobox", name="搜索或命令")
    await field.fill("未送达")
    await field.press("Enter")
    await expect(dialog).to_be_visible()


async def test_the_undelivered_leads_to_its_talk(shop: Program, new_page: NewPage) -> None:
    page, _ = await console(shop, new_page)
    async with refusing(shop, page, "没到的一句"):
        await write(page, "没到的一句")
        await expect(page.locator(BADGE)).to_have_text("1")
        await page.reload()
        await in_step(page)
        await expect(page.locator(BADGE)).to_have_text("1")
        await page.keyboard.press("Alt+x")
        await page.get_by_role("button", name="打开与张三的会话").click()
        bubble = page.locator(BUBBLE, has_text="没到的一句")
        await expect(bubble.locator(".bubble-reason")).to_contain_text("HTTP 410")
        await end_talk(page)


async def test_every_state_has_its_word_and_sign(shop: Program, new_page: NewPage) -> None:
    page, _ = await console(shop, new_page)
    wire = Wire()
    await wire.lead(page)
    await page.reload()
    await in_step(page)
    async with refusing(shop, page, ""):
        bubble = await write(page, "一句话")
        await expect(bubble.locator(".ticks-sent")).to_be_visible()
        talk = (await page.evaluate("location.hash")).lstrip("#")
        shown = {}
        for state in "queued sending retry unconfirmed failed dead delivered read".split():
            frame = f'{{"conversation":"{talk}","seq":2,"state":"{state}"}}'
            await wire.tell(f'42/desk,["delivery",{frame}]')
            sign = bubble.locator(f".ticks-{state}")
            await expect(sign).to_be_visible()
            shown[state] = await sign.inner_text()
            assert await sign.locator("svg").count() == 1
        assert shown["retry"] == "正在重试"
        assert shown["failed"] != shown["dead"]
        assert len(set(shown.values())) == len(shown)
        assert await axe(page) == []
        await end_talk(page)
