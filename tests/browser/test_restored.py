"""The shop restores a backup while shoppers and agents have newer messages on their screens: both
programs show the restored history, keep what was unsent, and send it once (R13)."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.browser import consoles, shopping
from tests.browser.conftest import NewPage
from tests.browser.network import Wire
from tests.program import Program

OWN = ".row.own .bubble"
STORED = ".foot.sent, .foot.read"
LATE = 40_000


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Program]:
    yield from shopping.demo_shop(tmp_path / "data")


async def at_the_desk(page: Page, shop: Program) -> Page:
    login = {"name": "小青", "password": shop.demo_password}
    answer = await page.request.post(f"{shop.address}/api/login", data=login)
    assert answer.ok, await answer.text()
    await page.goto(f"{shop.address}/desk")
    await consoles.in_step(page)
    return page


def go_back(shop: Program, backup: Path) -> None:
    """Stop, restore, start: on the same port."""
    assert shop.stop() == 0
    shop.cli("restore", str(backup), "--force")
    shop.start()


async def test_both_screens_come_to_the_restored_history(
    shop: Program, new_page: NewPage, tmp_path: Path
) -> None:
    backup = tmp_path / "shop.backup"
    widget, desk = await new_page(), await at_the_desk(await new_page(), shop)
    wire = await Wire().install(widget)
    await shopping.opened(widget, shop)
    await (await shopping.write(widget, "备份前问的")).locator(STORED).wait_for()
    await consoles.open_talk(desk, "备份前问的")
    await consoles.write(desk, "备份前答的")
    await expect(widget.locator(".row.other", has_text="备份前答的")).to_be_visible()
    shop.cli("backup", str(backup))
    for text in ("备份后一", "备份后二"):
        await (await shopping.write(widget, text)).locator(STORED).wait_for()
    await consoles.write(desk, "备份后答的")
    await expect(widget.locator(".row.other", has_text="备份后答的")).to_be_visible()
    await wire.cut()
    await shopping.write(widget, "没发出的")
    await widget.locator(shopping.INPUT).fill("没写完的")
    await desk.locator(consoles.COMPOSER).fill("客服没写完的")
    go_back(shop, backup)
    wire.mend()
    await widget.evaluate("dispatchEvent(new Event('online'))")
    await expect(widget.locator(".row.own .foot.sending")).to_have_count(0, timeout=LATE)
    await expect(widget.locator(OWN)).to_have_text(["备份前问的", "没发出的"], timeout=LATE)
    await expect(widget.locator(".row.other", has_text="备份后答的")).to_have_count(0)
    await expect(widget.locator(shopping.INPUT)).to_have_value("没写完的")
    await expect(desk).to_have_url(re.compile("/login"), timeout=LATE)
    await at_the_desk(desk, shop)
    await consoles.open_talk(desk, "客服没写完的")
    bodies = desk.locator(f"{consoles.BUBBLE} .bubble-body")
    await expect(bodies).to_have_text(["备份前问的", "备份前答的", "没发出的"])
    await expect(desk.locator(consoles.COMPOSER)).to_have_value("客服没写完的")
    await consoles.write(desk, "恢复后答的")
    await expect(widget.locator(".row.other", has_text="恢复后答的")).to_be_visible()
    await expect(widget.locator(".rows .row:not(.system) .bubble")).to_have_count(4)
