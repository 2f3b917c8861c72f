"""Agents' consoles in pages of their own, the shoppers who write to them, and a wire to cut."""

import re
import uuid
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.async_api import Locator, Page, WebSocketRoute, expect

from tests.browser.conftest import NewPage
from tests.clients import Client, shopper
from tests.program import PASSWORD, Program
from tests.servers import stop

COMPOSER = "#composer"
ROW = ".row"
BUBBLE = ".log .bubble"
SETTINGS = {"CONSOLE_RATE_LIMITS": "off", "CONSOLE_AGENT_GRACE_S": "3600"}


def installation(data: Path) -> Iterator[Program]:
    """For a fixture of a module: nobody is moved to another agent behind a test's back."""
    one = Program(data, environ=SETTINGS)
    one.start()
    yield one
    if one.process is not None:
        stop(one.process)


async def sign_in(page: Page, shop: Program, name: str) -> None:
    login = {"name": name, "password": PASSWORD}
    answer = await page.request.post(f"{shop.address}/api/login", data=login)
    assert answer.ok, await answer.text()


async def console(
    shop: Program, new_page: NewPage, *, quiet: bool = True, role: str = "agent", **how: Any
) -> tuple[Page, str]:
    """The console of a newly hired agent, in step with the server; and the agent's name.

    Earlier tests' agents have left, so whoever writes comes to this one."""
    name = f"客服{uuid.uuid4().hex[:6]}"
    shop.hire(name, role=role)
    page = await new_page(**how)
    if quiet:
        await page.add_init_script("localStorage.setItem('desk.sound', 'off')")
    await sign_in(page, shop, name)
    await page.goto(f"{shop.address}/desk")
    await in_step(page)
    return page, name


@dataclass
class Wire:
    """The page's socket, led through the test: frames can be lost, answered, or all cut off.

    A frame that contains one of the words is lost on its way, once for each word; `rewritten` words
    are others for the page."""

    lost_to_page: list[str] = field(default_factory=list)
    lost_to_server: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    rewritten: dict[str, str] = field(default_factory=dict)
    sent: list[str] = field(default_factory=list)
    is_cut: bool = False
    page_end: WebSocketRoute | None = None

    async def lead(self, page: Page) -> None:
        await page.route_web_socket(re.compile("/socket.io/"), self._open)

    async def cut(self) -> None:
        self.is_cut = True
        assert self.page_end is not None
        await self.page_end.close(code=1001, reason="cut by the test")

    def mend(self) -> None:
        self.is_cut = False

    async def tell(self, frame: str) -> None:
        """As if the server had said it."""
        assert self.page_end is not None
        self.page_end.send(frame)

    async def _open(self, page_end: WebSocketRoute) -> None:
        if self.is_cut:
            await page_end.close(code=1001, reason="cut by the test")
            return
        self.page_end = page_end
        server_end = page_end.connect_to_server()

        def to_server(frame: str | bytes) -> None:
            text = str(frame)
            self.sent.append(text)
            for word, other in self.rewritten.items():
                text = text.replace(other, word)
            refusal = _taken(self.refused, text)
            number = re.match(r"42/desk,(\d+)", text)
            if refusal and number:
                code = self.refused.pop(refusal)
                error = f'{{"ok":false,"error":{{"code":"{code}","message":""}}}}'
                page_end.send(f"43/desk,{number.group(1)}[{error}]")
            elif not _lost(self.lost_to_server, text):
                server_end.send(text)

        def to_page(frame: str | bytes) -> None:
            text = str(frame)
            for word, other in self.rewritten.items():
                text = text.replace(word, other)
            if not _lost(self.lost_to_page, text):
                page_end.send(text)

        page_end.on_message(to_server)
        server_end.on_message(to_page)


def _lost(words: list[str], frame: str) -> bool:
    found = _taken(words, frame)
    if found:
        words.remove(found)
    return bool(found)


def _taken(words: Iterable[str], frame: str) -> str | None:
    return next((word for word in words if word in frame), None)


async def in_step(page: Page) -> None:
    """Connected, and the first `sync` applied."""
    await expect(page.locator(".desk")).to_have_attribute("data-connected", "")


@asynccontextmanager
async def asking(shop: Program, *texts: str, **auth: Any) -> AsyncIterator[Client]:
    """A shopper who wants a person and says so."""
    async with shopper(shop, shop.inbox_key(), **auth) as client:
        await client.call("human")
        for text in texts:
            answer = await client.say(text)
            assert answer["ok"], answer
        yield client


async def open_talk(page: Page, words: str) -> Locator:
    """Open the talk whose row shows these words; the row."""
    row = page.locator(ROW, has_text=words)
    await row.click()
    await expect(page.locator(COMPOSER)).to_be_visible()
    return row


async def write(page: Page, text: str) -> Locator:
    """Send it from the composer; its bubble."""
    await page.locator(COMPOSER).fill(text)
    await page.locator(COMPOSER).press("Enter")
    bubble = page.locator(BUBBLE, has_text=text)
    await expect(bubble).to_have_count(1)
    return bubble
