"""Two real windows: a shopper on a phone and an agent at the desk, and the line cut in mid-talk."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.consoles import BUBBLE, COMPOSER, ROW
from tests.browser.network import Wire
from tests.browser.shopping import demo_shop, opened, write
from tests.program import Program

HEARD = ".row.other .bubble"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Program]:
    yield from demo_shop(tmp_path / "data")


async def at_the_desk(page: Page, shop: Program) -> Page:
    await page.goto(f"{shop.address}/login")
    await page.get_by_label("账号", exact=True).fill("小青")
    await page.get_by_label("密码", exact=True).fill(shop.demo_password)
    await page.get_by_role("button", name="登录").click()
    await expect(page.locator(ROW).first).to_be_visible()
    return page


async def test_two_windows_talk_and_a_cut_line_loses_nothing(
    shop: Program, new_page: NewPage
) -> None:
    desk = await at_the_desk(await new_page(), shop)
    phone = await new_page(size="phone", has_touch=True, is_mobile=True)
    line = await Wire().install(phone)
    await opened(phone, shop, "/demo/p/qingci-hu")

    asked = await write(phone, "什么时候发货？")
    await desk.locator(ROW, has_text="什么时候发货").click()
    await expect(desk.locator(".suggestion").first).to_contain_text("48小时内发货")
    await desk.keyboard.press("Alt+Enter")
    await expect(phone.locator(HEARD, has_text="48小时内发货")).to_have_count(1)
    await expect(asked.locator(".foot.read")).to_be_visible()

    await line.cut()
    await expect(phone.locator(".banner")).to_contain_text("网络已断开")
    offline = await write(phone, "那周末能到成都吗")
    await expect(offline.locator(".foot.sent")).to_have_count(0)
    await desk.locator(COMPOSER).fill("您在哪个城市？")
    await desk.locator(COMPOSER).press("Enter")
    await expect(desk.locator(BUBBLE, has_text="您在哪个城市")).to_have_count(1)

    line.mend()
    await expect(desk.locator(BUBBLE, has_text="那周末能到成都吗")).to_have_count(1, timeout=40_000)
    await expect(phone.locator(HEARD, has_text="您在哪个城市")).to_have_count(1)
    await expect(phone.locator(".row.own")).to_have_count(2)
    await expect(phone.locator(".banner")).to_be_hidden()
    shown = "\n".join(await desk.locator(BUBBLE).all_inner_texts())
    places = [shown.index(text) for text in ("什么时候发货", "您在哪个城市", "那周末能到成都吗")]
    assert places == sorted(places)
