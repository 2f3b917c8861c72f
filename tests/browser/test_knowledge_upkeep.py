"""Upkeep: entries that need a hand, each with its reason, a way to repair it, and the way back."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import NewPage, axe
from tests.browser.owners import ask, fits, section, shop_of, undo, written
from tests.program import Program

LISTS = {
    "broken": "有毛病",
    "few_phrases": "问法太少",
    "often_edited": "常被改",
    "never_taken": "推荐了没人用",
    "duplicates": "重复",
    "expiring": "快到期",
    "never_shown": "从没推荐",
}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    yield from shop_of(tmp_path_factory.mktemp("upkeep") / "data")


async def field(page: Page, entry: str, name: str) -> object:
    return (await ask(page, "GET", f"/api/entries/{entry}")).get(name)


async def test_each_list_is_a_tab(shop: Program, new_page: NewPage) -> None:
    page = await section(shop, new_page, "upkeep")
    tabs = page.get_by_role("tab")
    await expect(tabs).to_have_count(len(LISTS))
    await tabs.first.click()
    for name in list(LISTS)[1:]:
        await page.keyboard.press("ArrowRight")
        await expect(page.get_by_role("tab", selected=True)).to_contain_text(LISTS[name])
        await expect(page.get_by_role("tabpanel")).to_be_visible()
    assert page.url.endswith("#upkeep/never_shown")
    await expect(page.locator(".empty")).to_contain_text("这里都好")


async def test_phrasings_are_added_in_place(shop: Program, new_page: NewPage) -> None:
    page = await section(shop, new_page, "upkeep/few_phrases")
    entry = await written(page, "能不能帮我写贺卡")
    card = page.locator(".item", has_text="能不能帮我写贺卡")
    await expect(card).to_contain_text("只有 1 种问法")
    assert await axe(page) == []
    await card.get_by_role("textbox").fill("贺卡代写吗\n可以写张卡片不\n写祝福卡行吗")
    await card.get_by_role("button", name="加 3 种").click()
    await expect(card).to_have_count(0)
    assert await field(page, entry, "similar") == ["贺卡代写吗", "可以写张卡片不", "写祝福卡行吗"]
    await undo(page, "加 3 种问法")
    await expect(card).to_be_visible()


async def test_what_ends_soon_is_given_longer(shop: Program, new_page: NewPage) -> None:
    page = await section(shop, new_page, "upkeep/expiring")
    last = (date.today() + timedelta(3)).isoformat()
    entry = await written(page, "清明假期怎么发货", valid_to=last)
    card = page.locator(".item", has_text="清明假期怎么发货")
    await expect(card).to_contain_text("还有 3 天")
    await card.get_by_role("button", name="延长 30 天").click()
    await expect(card).to_have_count(0)
    assert await field(page, entry, "valid_to") == (date.today() + timedelta(33)).isoformat()
    await undo(page, "延长到")
    await card.get_by_role("button", name="取消期限").click()
    await expect(card).to_have_count(0)
    assert await field(page, entry, "valid_to") is None
    await undo(page, "不再有期限")
    await card.get_by_role("button", name="停用").click()
    await expect(card).to_have_count(0)
    assert await field(page, entry, "enabled") is False


async def test_a_doubled_phrasing_is_taken_from_one(shop: Program, new_page: NewPage) -> None:
    page = await section(shop, new_page, "upkeep/duplicates")
    await written(page, "茶宠能不能单买呀")
    entry = await written(page, "茶宠另外卖不卖的", similar=["茶宠能不能单买呀", "另配一只茶宠"])
    card = page.locator(".item", has_text="茶宠另外卖不卖的")
    await expect(card).to_contain_text("问法完全一样")
    await expect(card.locator("mark").first).to_have_text("茶宠能不能单买呀")
    assert await axe(page) == []
    await card.get_by_role("button", name="去掉").click()
    await expect(page.locator(".item", has_text="问法完全一样")).to_have_count(0)
    assert await field(page, entry, "similar") == ["另配一只茶宠"]
    await undo(page, "已从")
    await expect(card).to_contain_text("问法完全一样")


async def test_what_is_wrong_is_named_with_its_place(shop: Program, new_page: NewPage) -> None:
    page = await section(shop, new_page, "upkeep/broken")
    await written(page, "答案里有错字的一条", answer="亲，{昵成}稍等")
    card = page.locator(".item", has_text="答案里有错字的一条")
    await expect(card.locator(".findings")).to_contain_text("答案")
    await expect(card.locator(".findings")).to_contain_text("昵成")
    await card.get_by_role("button", name="打开").click()
    await expect(page.locator("#field-question")).to_have_value("答案里有错字的一条")


@pytest.mark.parametrize(("size", "theme"), [("laptop", "dark"), ("phone", "light")])
async def test_in_english_on_smaller_screens(
    shop: Program, new_page: NewPage, size: str, theme: str
) -> None:
    page = await section(
        shop, new_page, "upkeep/few_phrases", size=size, lang="en", color_scheme=theme
    )
    await written(page, f"{size}屏幕看得清吗")
    await expect(page.locator(".item", has_text=f"{size}屏幕")).to_contain_text("Only 1 phrasing")
    assert await axe(page) == []
    assert await fits(page)
