"""A server that is stopped and started again: the widget comes back and nothing is lost."""

from collections.abc import Iterator

import pytest
from playwright.async_api import expect

from tests.browser.conftest import NewPage
from tests.browser.shopping import demo_shop, opened, write
from tests.program import Program

BACK_WITHIN_MS = 40_000


@pytest.fixture
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    yield from demo_shop(tmp_path_factory.mktemp("farewell") / "data")


async def test_words_go_on_after_a_restart(shop: Program, new_page: NewPage) -> None:
    page = await new_page()
    goodbyes: list[str] = []
    page.on(
        "websocket",
        lambda socket: socket.on(
            "framereceived",
            lambda frame: goodbyes.append(str(frame)) if "goodbye" in str(frame) else None,
        ),
    )
    await opened(page, shop)
    await expect((await write(page, "重启之前")).locator(".foot.sent")).to_be_visible()
    assert shop.stop() == 0
    row = await write(page, "重启当中")
    await expect(row.locator(".foot.sending")).to_be_visible()
    assert [frame for frame in goodbyes if "within_s" in frame]
    shop.start()
    await expect(row.locator(".foot.sent")).to_be_visible(timeout=BACK_WITHIN_MS)
    rows = await page.locator(".row:not(.system) .bubble").all_inner_texts()
    assert [text for text in rows if text.startswith("重启")] == ["重启之前", "重启当中"]
