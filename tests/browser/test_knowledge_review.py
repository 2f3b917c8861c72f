"""Review: phrasings and entries that agents propose, beside what is there, taken or declined."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import NewPage, axe
from tests.browser.owners import (
    AGENT,
    ask,
    fits,
    notice,
    proposed,
    section,
    shop_of,
    undo,
    written,
)
from tests.program import Program


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    yield from shop_of(tmp_path_factory.mktemp("review") / "data")


async def similar(page: Page, entry: str) -> list[str]:
    return list((await ask(page, "GET", f"/api/entries/{entry}"))["similar"])


async def drafted(shop: Program, new_page: NewPage, **draft: Any) -> Page:
    """The agent's own page, after they proposed something."""
    page = await section(shop, new_page, "review", AGENT)
    await ask(page, "POST", "/api/drafts", draft)
    await page.reload()
    return page


async def test_a_phrasing_is_accepted_and_taken_back(shop: Program, new_page: NewPage) -> None:
    page = await section(shop, new_page, "review")
    entry = await written(page, "可以开收据吗")
    await proposed(shop, "收据能开一张不", entry)
    await page.reload()
    card = page.locator(".proposal", has_text="收据能开一张不")
    await expect(card).to_contain_text("可以开收据吗")
    await expect(card).to_contain_text(AGENT)
    badge = page.locator(".section-link", has_text="待审核").locator(".badge")
    await expect(badge).to_be_visible()
    assert await axe(page) == []
    await card.get_by_role("button", name="采用“收据能开一张不”", exact=True).click()
    await expect(card).to_have_count(0)
    assert await similar(page, entry) == ["收据能开一张不"]
    await undo(page, "已加给")
    assert await similar(page, entry) == []


async def test_a_declined_phrasing_can_still_be_added(shop: Program, new_page: NewPage) -> None:
    page = await section(shop, new_page, "review")
    entry = await written(page, "有没有会员卡")
    await proposed(shop, "办个会员卡行不", entry)
    await page.reload()
    card = page.locator(".proposal", has_text="办个会员卡行不")
    await card.get_by_role("button", name="不采用").click()
    await expect(card).to_have_count(0)
    assert await similar(page, entry) == []
    await notice(page, "没有采用").get_by_role("button", name="还是加上").click()
    await expect(notice(page, "加 1 种问法")).to_be_visible()
    assert await similar(page, entry) == ["办个会员卡行不"]


async def test_a_change_is_read_beside_what_is_there_and_published(
    shop: Program, new_page: NewPage
) -> None:
    page = await section(shop, new_page, "review/drafts")
    entry = await written(page, "能刷信用卡吗", answer="亲，不能哦")
    fields = {"answer": "亲，可以哦", "similar": ["信用卡行不行"]}
    own = await drafted(shop, new_page, entry=entry, revision=1, fields=fields, note="顾客常问")
    await expect(own.locator(".draft", has_text="能刷信用卡吗")).to_contain_text("等待处理")
    await page.reload()
    card = page.locator(".draft", has_text="能刷信用卡吗")
    await expect(card.locator("del")).to_have_text("不能")
    await expect(card.locator("ins")).to_have_text(["信用卡行不行", "可以"])
    await expect(card.locator(".draft-note")).to_contain_text("顾客常问")
    assert await axe(page) == []
    await card.get_by_role("button", name="改了再发布").click()
    dialog = page.get_by_role("dialog", name="改了再发布")
    await dialog.get_by_label("答案").fill("亲，可以刷的")
    await dialog.get_by_role("button", name="发布").click()
    await expect(dialog).to_have_count(0)
    saved = await ask(page, "GET", f"/api/entries/{entry}")
    assert (saved["answer"], saved["similar"]) == ("亲，可以刷的", ["信用卡行不行"])
    await own.reload()
    await expect(own.locator(".draft", has_text="能刷信用卡吗")).to_contain_text("已采用")
    await undo(page, "已发布")
    assert (await ask(page, "GET", f"/api/entries/{entry}"))["answer"] == "亲，不能哦"


async def test_who_proposed_a_new_entry_hears_why_not(shop: Program, new_page: NewPage) -> None:
    fields = {"question": "有没有礼盒装", "answer": "亲，有的"}
    own = await drafted(shop, new_page, fields=fields)
    page = await section(shop, new_page, "review/drafts")
    card = page.locator(".draft", has_text="有没有礼盒装")
    await card.get_by_role("button", name="不采用").click()
    await page.get_by_role("dialog").get_by_label("原因").fill("已经有一条了")
    await page.get_by_role("dialog").get_by_role("button", name="不采用").click()
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await own.reload()
    told = own.locator(".draft", has_text="有没有礼盒装")
    await expect(told).to_contain_text("没有采用")
    await expect(told).to_contain_text("原因：已经有一条了")


async def test_an_agent_withdraws_what_nobody_decided(shop: Program, new_page: NewPage) -> None:
    fields = {"question": "能不能寄到海外", "answer": "亲，可以的"}
    own = await drafted(shop, new_page, fields=fields)
    await expect(own.locator(".pane-head h2")).to_have_text("我的提议")
    await expect(own.get_by_role("button", name="发布")).to_have_count(0)
    card = own.locator(".draft", has_text="能不能寄到海外")
    await card.get_by_role("button", name="撤回").click()
    await expect(card).to_have_count(0)
    await undo(own, "已撤回提议")
    await expect(card).to_be_visible()


@pytest.mark.parametrize(("size", "theme"), [("laptop", "dark"), ("phone", "light")])
async def test_in_english_on_smaller_screens(
    shop: Program, new_page: NewPage, size: str, theme: str
) -> None:
    page = await section(shop, new_page, "review", size=size, lang="en", color_scheme=theme)
    entry = await written(page, f"{size}英文界面")
    await proposed(shop, f"{size}英文的界面有没有", entry)
    await page.reload()
    await expect(page.get_by_role("button", name="Accept").first).to_be_visible()
    assert await axe(page) == []
    assert await fits(page)
