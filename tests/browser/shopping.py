"""Shoppers on the demo shop's pages, and the agent who answers them."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from playwright.async_api import Locator, Page, expect

from tests.clients import Client, agent
from tests.program import Program
from tests.servers import stop

PANEL = ".panel"
INPUT = ".composer .input"


def demo_shop(data: Path) -> Iterator[Program]:
    """For a fixture of a module: each shopper is a visitor of their own."""
    one = Program(data, demo=True, environ={"CONSOLE_RATE_LIMITS": "off"})
    one.start()
    yield one
    if one.process is not None:
        stop(one.process)


async def ready_agent(shop: Program) -> AsyncIterator[Client]:
    """小青, ready to answer; the talks they heard are closed afterwards."""
    async with agent(shop, "小青", shop.demo_password) as client:
        answer = await client.call("available", state="available")
        assert answer["ok"], answer
        yield client
        for talk in {str(data["conversation"]) for one, data in client.events if one == "message"}:
            await client.call("close", conversation=talk)


async def opened(page: Page, shop: Program, path: str = "/demo") -> Page:
    await page.goto(shop.address + path)
    await page.locator(".launch").click()
    await expect(page.locator(INPUT)).to_be_visible()
    return page


async def write(page: Page, text: str) -> Locator:
    """Send it; the bubble that shows it."""
    await page.locator(INPUT).fill(text)
    await page.locator(INPUT).press("Enter")
    bubble = page.locator(".row.own", has_text=text)
    await expect(bubble).to_have_count(1)
    return bubble


async def heard(desk: Client, text: str) -> dict[str, object]:
    return await desk.event("message", lambda message: message["text"] == text)
