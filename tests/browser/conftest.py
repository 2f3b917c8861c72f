"""A real Chromium for the tests of what people see."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from bootstrap import chromium

AXE = Path(__file__).resolve().parents[2] / "static/node_modules/axe-core/axe.min.js"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SIZES = {"wide": (1440, 900), "laptop": (1280, 720), "phone": (390, 844)}
NewPage = Callable[..., Awaitable[Page]]


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    program = chromium.find()
    assert program is not None, "no Chromium: `python3 run.py test` brings it"
    async with async_playwright() as playwright:
        one = await playwright.chromium.launch(executable_path=str(program), args=FLAGS)
        yield one
        await one.close()


@pytest.fixture
async def new_page(browser: Browser) -> AsyncIterator[NewPage]:
    """Open a page in a context of its own; a script error in any of them fails the test."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    async def open_page(*, size: str = "wide", lang: str = "zh-CN", **more: Any) -> Page:
        width, height = SIZES[size]
        context = await browser.new_context(
            viewport={"width": width, "height": height}, locale=lang, **more
        )
        contexts.append(context)
        page = await context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        return page

    yield open_page
    for context in contexts:
        await context.close()
    assert not errors, errors


async def axe(page: Page) -> list[str]:
    """What axe-core finds serious or critical on a page, as short lines."""
    await page.evaluate(AXE.read_text("utf-8"))
    found = await page.evaluate(
        """() => axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'best-practice']})
            .then(r => r.violations.filter(v => ['serious', 'critical'].includes(v.impact))
                .map(v => v.id + ': ' + v.nodes.map(n => n.target.join(' ')).join(' | ')))"""
    )
    return list(found)
