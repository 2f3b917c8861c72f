"""Trying out: what messages find and why, repaired in place, and asked again."""

from collections.abc import Iterator

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.conftest import NewPage, axe
from tests.browser.owners import AGENT, ask, fits, section, shop_of, undo, written
from tests.program import Program

FINDS, FINDS_NOTHING = "什么时候发货", "火星基地几点开门"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    yield from shop_of(tmp_path_factory.mktemp("bench") / "data")


async def tried(page: Page, *texts: str) -> Locator:
    """The cards of the messages that were just tried."""
    await page.locator(".bench-text").fill("\n".join(texts))
    await page.keyboard.press("Control+Enter")
    cards = page.locator(".tried")
    await expect(cards).to_have_count(len(texts))
    return cards


async def test_a_ranking_says_why(shop: Program, new_page: NewPage) -> None:
    page = await section(shop, new_page, "bench")
    cards = await tried(page, FINDS, FINDS_NOTHING)
    first = cards.first.locator(".rank").first
    await expect(first.locator(".entry-link")).to_have_text("什么时候发货？")
    await expect(first.locator(".gate")).to_have_text("有把握")
    await expect(first.locator("mark")).not_to_have_count(0)
    await expect(cards.first.locator(".tried-text mark")).to_have_text(FINDS)
    await expect(cards.nth(1).locator(".item-head .gate")).to_have_text("不推荐")
    await expect(page.locator(".bench-limits")).to_contain_text("32% 以上会推荐")
    assert await axe(page) == []
    await page.reload()
    await expect(page.locator(".bench-text")).to_have_value(f"{FINDS}\n{FINDS_NOTHING}")


async def test_a_repair_shows_before_and_after(shop: Program, new_page: NewPage) -> None:
    page = await section(shop, new_page, "bench")
    entry = await written(page, "礼品卡怎么兑换")
    cards = await tried(page, FINDS_NOTHING)
    await cards.first.get_by_role("button", name="加到别的条目").click()
    await page.keyboard.type("礼品卡怎么兑换")
    await expect(cards.first.locator(".offered .menu-item").first).to_have_text(
        "礼品卡怎么兑换试写"
    )
    await page.keyboard.press("Enter")
    await expect(cards.first.locator(".tried-earlier")).to_contain_text(
        "现在：「礼品卡怎么兑换」100%"
    )
    await expect(page.locator(".bench-score")).to_have_text("1 条里 1 条首位正确")
    assert (await ask(page, "GET", f"/api/entries/{entry}"))["similar"] == [FINDS_NOTHING]
    await undo(page, "加 1 种问法")
    await expect(cards.first.locator(".tried-earlier")).to_have_count(0)
    await expect(page.locator(".bench-score")).to_have_text("1 条里 0 条首位正确")
    assert (await ask(page, "GET", f"/api/entries/{entry}"))["similar"] == []


async def test_the_owner_counts_what_is_right(shop: Program, new_page: NewPage) -> None:
    page = await section(shop, new_page, "bench")
    cards = await tried(page, FINDS, "能开发票吗")
    await cards.first.get_by_label("首位正确").check()
    await expect(page.locator(".bench-score")).to_have_text("2 条里 1 条首位正确")


async def test_a_message_begins_a_new_entry(shop: Program, new_page: NewPage) -> None:
    page = await section(shop, new_page, "bench")
    cards = await tried(page, FINDS_NOTHING)
    await cards.first.get_by_role("button", name="新建条目").click()
    await expect(page.locator("#field-question")).to_have_value(FINDS_NOTHING)
    await page.go_back()
    await expect(cards).to_have_count(1)


async def test_more_than_fifty_are_not_asked(shop: Program, new_page: NewPage) -> None:
    page = await section(shop, new_page, "bench")
    await page.locator(".bench-text").fill("\n".join(f"第{n}条能发货吗" for n in range(51)))
    await expect(page.locator(".bench-form")).to_contain_text("一次最多试 50 条")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator(".tried")).to_have_count(50)


async def test_a_lost_connection_is_told(shop: Program, new_page: NewPage) -> None:
    page = await section(shop, new_page, "bench")
    await page.locator(".bench-text").fill(FINDS)
    await page.context.set_offline(True)
    await page.keyboard.press("Control+Enter")
    await expect(page.get_by_role("alert")).to_contain_text("暂时连不上服务器")
    await page.context.set_offline(False)
    await page.get_by_role("button", name="重试").click()
    await expect(page.locator(".tried")).to_have_count(1)


async def test_an_agent_tries_and_changes_nothing(shop: Program, new_page: NewPage) -> None:
    page = await section(shop, new_page, "bench", AGENT)
    cards = await tried(page, FINDS)
    await expect(cards.get_by_role("button")).to_have_count(0)


@pytest.mark.parametrize(("size", "theme"), [("laptop", "dark"), ("phone", "light")])
async def test_in_english_on_smaller_screens(
    shop: Program, new_page: NewPage, size: str, theme: str
) -> None:
    page = await section(shop, new_page, "bench", size=size, lang="en", color_scheme=theme)
    cards = await tried(page, FINDS, FINDS_NOTHING)
    await expect(cards.first.locator(".gate").first).to_have_text("Sure")
    assert await axe(page) == []
    assert await fits(page)
