"""What no entry answers: read, answered by a new entry or one that is there, put away, undone."""

from collections.abc import Iterator

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.conftest import NewPage, axe
from tests.browser.owners import AGENT, ask, asked, fits, notice, section, shop_of, undo
from tests.program import Program

ANSWER = "亲，火星基地暂时不开放哦"
LISTED = """async (place) => {
    const answer = await fetch('/api/unmatched?askers=3')
    return (await answer.json()).items.some(({text}) => text.includes(place))
}"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    yield from shop_of(tmp_path_factory.mktemp("unmatched") / "data")


async def gap(page: Page, shop: Program, place: str, what: str) -> Locator:
    """A question that three asked about a place of its own, on the page."""
    texts = [f"{place}{what}", f"请问{place}{what}呢", f"{place}{what}呀"]
    await asked(shop, *texts, answer=ANSWER)
    await page.wait_for_function(LISTED, arg=place)
    await page.reload()
    card = page.locator(".gap", has_text=place)
    await expect(card).to_be_visible()
    return card


async def test_a_new_entry_begins_with_all_that_is_known(shop: Program, new_page: NewPage) -> None:
    page = await section(shop, new_page, "unmatched")
    card = await gap(page, shop, "火星基地", "几点开门")
    await expect(card).to_contain_text("3 人问过 3 次")
    await expect(card.locator(".said")).to_have_text(ANSWER)
    await expect(
        page.locator(".section-link", has_text="没答上的").locator(".badge")
    ).to_be_visible()
    assert await axe(page) == []
    await card.get_by_role("checkbox").last.uncheck()
    await card.get_by_role("button", name="新建条目", exact=True).click()
    await expect(page.locator("#field-question")).to_have_value("火星基地几点开门")
    await expect(page.locator("#field-answer")).to_have_value(ANSWER)
    await expect(page.locator(".texts").first.locator("input")).to_have_count(1)
    await page.keyboard.press("Control+s")
    await expect(notice(page, "已保存")).to_be_visible()
    await page.get_by_role("link", name="没答上的").click()
    await expect(page.locator(".gap", has_text="火星基地")).to_have_count(0, timeout=20_000)


async def test_what_is_put_away_comes_back(shop: Program, new_page: NewPage) -> None:
    page = await section(shop, new_page, "unmatched")
    card = await gap(page, shop, "月球邮局", "收不收包裹")
    await card.get_by_role("button", name="不用管").click()
    await expect(card).to_have_count(0)
    await undo(page, "已收起")
    await expect(card).to_be_visible()
    await page.get_by_label("至少多少人问过").select_option("10")
    await expect(page.locator(".empty")).to_contain_text("没有没答上的问题")
    await page.get_by_label("至少多少人问过").select_option("1")
    await expect(card).to_be_visible()


async def test_wordings_are_given_to_an_entry_that_is_found(
    shop: Program, new_page: NewPage
) -> None:
    page = await section(shop, new_page, "unmatched")
    card = await gap(page, shop, "水星码头", "能不能停船")
    await card.get_by_role("button", name="加到已有条目").click()
    await expect(card.get_by_role("searchbox")).to_be_focused()
    await page.keyboard.type("什么时候发货")
    await expect(card.locator(".offered .menu-item").first).to_contain_text("什么时候发货")
    await page.keyboard.press("Enter")
    await expect(notice(page, "加 3 种问法")).to_be_visible()
    (entry,) = (await ask(page, "GET", "/api/entries?q=smshfh"))["items"][:1]
    assert [one for one in entry["similar"] if "水星码头" in one] != []
    await undo(page, "加 3 种问法")
    (entry,) = (await ask(page, "GET", "/api/entries?q=smshfh"))["items"][:1]
    assert [one for one in entry["similar"] if "水星码头" in one] == []


async def test_an_agent_only_reads(shop: Program, new_page: NewPage) -> None:
    page = await section(shop, new_page, "unmatched", AGENT)
    card = await gap(page, shop, "土星环", "怎么走")
    await expect(card).to_contain_text(ANSWER)
    await expect(card.get_by_role("button")).to_have_count(0)
    await expect(card.get_by_role("checkbox")).to_have_count(0)


async def test_a_list_that_does_not_come_is_asked_again(shop: Program, new_page: NewPage) -> None:
    page = await section(shop, new_page, "limits")
    await page.context.set_offline(True)
    await page.get_by_role("link", name="没答上的").click()
    await page.get_by_label("多少天内").select_option("90")
    await expect(page.get_by_role("button", name="重试")).to_be_visible()
    await page.context.set_offline(False)
    await page.get_by_role("button", name="重试").click()
    await expect(page.get_by_role("button", name="重试")).to_have_count(0)


@pytest.mark.parametrize(("size", "theme"), [("laptop", "dark"), ("phone", "light")])
async def test_in_english_on_smaller_screens(
    shop: Program, new_page: NewPage, size: str, theme: str
) -> None:
    page = await section(shop, new_page, "unmatched", size=size, lang="en", color_scheme=theme)
    await gap(page, shop, f"{size}星站台", "在哪里上车")
    await expect(page.get_by_role("button", name="Add to an entry").first).to_be_visible()
    assert await axe(page) == []
    assert await fits(page)
