"""An owner's day: the shop's 千牛 phrases come along, two that both sides changed are settled, ten
messages are tried and the misses repaired, a colleague's console follows, and one answer goes back
to what it was."""

from collections.abc import Iterator

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.consoles import asking, console, open_talk
from tests.browser.importing import ROW, bring, change, entry, figures, look, phrases, section
from tests.browser.owners import ask, notice, shop_of
from tests.program import Program

FIRST = [
    ("zz1", "亲，青瓷壶可以明火加热吗？不可以的哦，会炸裂。"),
    ("zz2", "亲，会员日是每月18号，全场九折。"),
    ("zz3", "亲，门店在龙泉市剑池街道，欢迎来喝茶。"),
]
SECOND = [
    ("zz1", "亲，青瓷壶不能上明火和电陶炉，请用温水。"),
    ("zz2", "亲，会员日是每月28号，全场八八折。"),
    ("zz3", "亲，门店在龙泉市剑池街道，欢迎来喝茶。"),
    ("zz4", "亲，满三百元送杯垫一对。"),
]
HERS = {"zz1": "亲，别用明火，壶会裂。", "zz2": "亲，会员日另行通知。"}
MISSED = "想去店里喝口茶坐坐"
MESSAGES = [
    "什么时候发货", "几天能到", "能便宜点吗", "可以开发票吗", "怎么退货", "包邮吗",
    "是手工做的吗", "摔坏了赔吗", "能刻字吗", MISSED,
]  # fmt: skip


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    yield from shop_of(tmp_path_factory.mktemp("day") / "data")


async def test_an_owners_day(shop: Program, new_page: NewPage) -> None:
    page = await section(shop, new_page)
    await _brings_the_phrases(page)
    await _settles_what_both_changed(page)
    place = (await entry(page, "zz3"))["id"]
    desk, _ = await console(shop, new_page)
    async with asking(shop, MISSED):
        await open_talk(desk, MISSED)
        suggested = desk.locator(".suggestion-text", has_text="剑池街道")
        await expect(suggested).to_have_count(0)
        await _tries_ten_messages(page)
        async with asking(shop, f"{MISSED}可以吗") as again:
            await open_talk(desk, f"{MISSED}可以吗")
            await expect(suggested.first).to_be_visible()
            await _corrects_the_answer(page, place)
            await again.say(f"{MISSED}行不行")
            await expect(
                desk.locator(".suggestion-text", has_text="周一店休").first
            ).to_be_visible()
            await _goes_back(page)
            await again.say(f"{MISSED}好不好")
            gone = desk.locator(".suggestion-text", has_text="周一店休")
            await expect(gone).to_have_count(0)
            await expect(suggested.first).to_be_visible()


async def _brings_the_phrases(page: Page) -> None:
    await look(page, "千牛.csv", phrases(FIRST))
    assert (await figures(page))[:2] == [3, 3]
    await expect(await bring(page)).to_contain_text("新增 3")


async def _settles_what_both_changed(page: Page) -> None:
    """One as the file has it, one as she has it."""
    for code, answer in HERS.items():
        await change(page, code, answer)
    await look(page, "千牛.csv", phrases(SECOND))
    assert await figures(page) == [4, 1, 0, 2, 0, 1]
    await page.locator(".figure.state-conflicting").click()
    await page.locator(ROW).first.locator("[data-side=file]").click()
    await expect(await bring(page)).to_contain_text("冲突未动 1")
    assert (await entry(page, "zz1"))["answer"] == SECOND[0][1]
    assert (await entry(page, "zz2"))["answer"] == HERS["zz2"]


async def _tries_ten_messages(page: Page) -> None:
    """And adds the phrasing that is missing, where it is missed."""
    await page.goto(f"{page.url.partition('#')[0]}#bench")
    await page.locator(".bench-text").fill("\n".join(MESSAGES))
    await page.keyboard.press("Control+Enter")
    cards = page.locator(".tried")
    await expect(cards).to_have_count(len(MESSAGES))
    missed = cards.filter(has_text=MISSED)
    await missed.get_by_role("button", name="加到别的条目").click()
    await page.keyboard.type("剑池街道")
    await expect(missed.locator(".offered .menu-item").first).to_contain_text("剑池街道")
    await page.keyboard.press("Enter")
    await expect(missed.locator(".tried-earlier")).to_contain_text("100%")


async def _corrects_the_answer(page: Page, place: str) -> None:
    await page.goto(f"{page.url.partition('#')[0]}#entries/{place}")
    answer = page.locator("#field-answer")
    await expect(answer).to_have_value(SECOND[2][1])
    await answer.fill("亲，门店在剑池街道，周一店休，其他日子欢迎来喝茶。")
    await page.keyboard.press("Control+s")
    await expect(notice(page, "已保存")).to_be_visible()


async def _goes_back(page: Page) -> None:
    """To the revision before the correction."""
    await page.get_by_role("button", name="更多").click()
    await page.get_by_role("menuitem", name="修改记录").click()
    dialog = page.get_by_role("dialog", name="修改记录")
    await expect(dialog.locator(".step").nth(2)).to_be_visible()
    await dialog.get_by_role("button", name="恢复成这样").first.click()
    await expect(notice(page, "已恢复")).to_be_visible()
    found = await ask(page, "GET", "/api/entries?q=zz3")
    assert found["items"][0]["answer"] == SECOND[2][1]
