"""Settings of the suggestions: limits set, reset and taken back; what use has taught, forgotten."""

from collections.abc import Iterator

import pytest
from playwright.async_api import expect

from tests.browser.conftest import NewPage, axe
from tests.browser.owners import (
    AGENT,
    LEAD,
    OWNER,
    ask,
    asked,
    fits,
    notice,
    section,
    shop_of,
    undo,
)
from tests.program import Program

SHIPPED = {"show": "32", "sure": "40", "lead": "20"}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    yield from shop_of(tmp_path_factory.mktemp("limits") / "data")


async def test_limits_are_set_and_taken_back(shop: Program, new_page: NewPage) -> None:
    page = await section(shop, new_page, "limits")
    show, sure = page.locator("#limit-show"), page.locator("#limit-sure")
    save = page.get_by_role("button", name="保存")
    await expect(show).to_have_value(SHIPPED["show"])
    await expect(save).to_be_disabled()
    await show.fill("45")
    await expect(page.get_by_role("alert")).to_contain_text("不能低于")
    await expect(save).to_be_disabled()
    await show.fill("28.5")
    await sure.press("Enter")
    await expect(notice(page, "门槛已更新")).to_be_visible()
    assert (await ask(page, "GET", "/api/gates"))["gates"]["show"] == 0.285
    await page.get_by_role("button", name="恢复出厂").click()
    await expect(show).to_have_value(SHIPPED["show"])
    await undo(page, "恢复出厂的门槛")
    await expect(show).to_have_value("28.5")
    await undo(page, "门槛已更新")
    await expect(show).to_have_value(SHIPPED["show"])
    state = await ask(page, "GET", "/api/gates")
    assert state["gates"] == state["shipped"]


async def test_what_is_missing_for_a_proposal_is_told(shop: Program, new_page: NewPage) -> None:
    page = await section(shop, new_page, "limits")
    await expect(page.locator(".proposal-line")).to_contain_text("有 200 次答复以后")
    await expect(page.locator(".evidence")).to_contain_text("还看不出")


async def test_what_was_learnt_is_forgotten_by_the_owner_only(
    shop: Program, new_page: NewPage
) -> None:
    await asked(shop, "周末会发货吗亲", "壶摔坏了能赔吗", answer="好的")
    lead = await section(shop, new_page, "limits", LEAD)
    await expect(lead.locator(".learnt tbody tr").first).to_be_visible()
    await expect(lead.get_by_role("button", name="清除使用经验")).to_have_count(0)
    page = await section(shop, new_page, "limits", OWNER)
    rows = page.locator(".learnt tbody tr")
    await expect(rows.first).to_be_visible()
    await page.get_by_label("排序").select_option("shown")
    assert await axe(page) == []
    await page.get_by_role("button", name="清除使用经验").click()
    await expect(rows).to_have_count(0)
    await expect(page.locator(".settings .empty")).to_contain_text("还没有学到什么")
    await undo(page, "使用经验已清除")
    await expect(rows.first).to_be_visible()


async def test_an_agent_has_no_settings(shop: Program, new_page: NewPage) -> None:
    page = await section(shop, new_page, "unmatched", AGENT)
    await expect(page.get_by_role("link", name="没答上的")).to_be_visible()
    for name in ("设置", "待整理"):
        await expect(page.get_by_role("link", name=name)).to_have_count(0)


@pytest.mark.parametrize(("size", "theme"), [("laptop", "dark"), ("phone", "light")])
async def test_in_english_on_smaller_screens(
    shop: Program, new_page: NewPage, size: str, theme: str
) -> None:
    page = await section(shop, new_page, "limits", size=size, lang="en", color_scheme=theme)
    await expect(page.get_by_text("What the present limits do")).to_be_visible()
    assert await axe(page) == []
    assert await fits(page)
