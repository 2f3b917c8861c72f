"""What people see while limits work: a hurried shopper's words all arrive, and agents see one line
about somebody who floods."""

import asyncio
from collections.abc import Iterator

import pytest
from playwright.async_api import expect

from tests.browser.conftest import NewPage
from tests.browser.consoles import sign_in
from tests.browser.shopping import opened
from tests.clients import shopper
from tests.program import Program
from tests.servers import stop

HURRY = 13


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    one = Program(tmp_path_factory.mktemp("flood") / "data", demo=True)
    one.start()
    yield one
    assert one.process is not None
    stop(one.process)


async def test_a_hurried_shopper_loses_no_word(shop: Program, new_page: NewPage) -> None:
    page = await opened(await new_page(), shop)
    for number in range(HURRY):
        await page.locator(".composer .input").fill(f"第 {number} 句")
        await page.locator(".composer .input").press("Enter")
    own = page.locator(".row.own")
    await expect(own).to_have_count(HURRY)
    await expect(own.locator(".foot.sent")).to_have_count(HURRY, timeout=30_000)
    await expect(own.locator(".foot.failed, .foot.late")).to_have_count(0)
    assert [text.split("句")[0] for text in await own.locator(".bubble").all_inner_texts()] == [
        f"第 {number} " for number in range(HURRY)
    ]


async def test_agents_see_one_line_about_a_flood(shop: Program, new_page: NewPage) -> None:
    shop.hire("客服甲")
    page = await new_page()
    await sign_in(page, shop, "客服甲")
    await page.goto(f"{shop.address}/desk")
    banner = page.locator(".banner-flood")
    await expect(banner).to_be_hidden()
    key = shop.inbox_key()
    async with shopper(shop, key) as flooder:
        for wave in (60, 30):
            answers = await asyncio.gather(*(flooder.say("刷屏") for _ in range(wave)))
            turned_away = sum(not one["ok"] for one in answers)
            assert turned_away >= 20
            await expect(banner).to_be_visible()
            await expect(banner).to_contain_text("1 个来源")
    await expect(page.locator(".banner-flood")).to_have_count(1)
