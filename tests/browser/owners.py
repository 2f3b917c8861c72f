"""The page of the knowledge as its sections are tried: signed in, in step, things to decide."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from playwright.async_api import Locator, Page, expect

from tests.browser.conftest import NewPage
from tests.browser.consoles import installation, sign_in
from tests.clients import Client, agent, shopper
from tests.program import Program

LEAD, OTHER_LEAD, AGENT, OWNER = "主管甲", "主管乙", "客服丙", "店主丁"
ROLES = {LEAD: "supervisor", OTHER_LEAD: "supervisor", AGENT: "agent", OWNER: "owner"}
CHINESE = r"[\u4e00-\u9fff]"
FETCH = """async ([method, path, body]) => {
    const {csrf} = JSON.parse(document.getElementById('boot').textContent)
    const headers = {'content-type': 'application/json', 'X-CSRF-Token': csrf}
    const answer = await fetch(path, {method, headers, body: body && JSON.stringify(body)})
    if (!answer.ok) throw new Error(await answer.text())
    return answer.status === 204 ? null : answer.json()
}"""


def shop_of(data: Path) -> Iterator[Program]:
    """For a fixture of a module: a shop with people of each role."""
    for one in installation(data):
        for name, role in ROLES.items():
            one.hire(name, role=role, capacity=100)
        yield one


async def section(
    shop: Program, new_page: NewPage, place: str, name: str = LEAD, **how: Any
) -> Page:
    """One section of the page, open; `place` is its address: `bench`, or `upkeep/duplicates`."""
    page = await new_page(**how)
    await sign_in(page, shop, name)
    await page.goto(f"{shop.address}/knowledge#{place}")
    await expect(page.locator(".owner")).to_have_attribute("data-connected", "")
    await expect(page.locator(".pane-head h2")).to_be_visible()
    return page


async def ask(page: Page, method: str, path: str, body: Any = None) -> Any:
    """As another program of the same person would."""
    return await page.evaluate(FETCH, [method, path, body])


async def written(page: Page, question: str, **more: Any) -> str:
    """A new entry; its id."""
    fields = {"question": question, "answer": "亲，稍等哦", "category": "试写", **more}
    return str((await ask(page, "POST", "/api/entries", fields))["id"])


def notice(page: Page, text: str) -> Locator:
    return page.locator(".notice", has_text=text)


async def undo(page: Page, text: str) -> None:
    """Take back what the notice tells."""
    await notice(page, text).get_by_role("button", name="撤销").click()
    await notice(page, "已撤销").get_by_role("button", name="关闭").click()


async def fits(page: Page) -> bool:
    """Whether nothing sticks out at the side."""
    return bool(await page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


async def asked(shop: Program, *texts: str, answer: str = "") -> None:
    """Each by a shopper of its own; the agent answers each alike."""
    key = shop.inbox_key()
    async with agent(shop, AGENT) as desk:
        for text in texts:
            async with shopper(shop, key) as one:
                await one.say(text)
                chat = await _came(desk, text)
                if answer:
                    await desk.say(answer, conversation=chat["conversation"])


async def proposed(shop: Program, text: str, entry: str) -> None:
    """An agent proposes a shopper's words as a phrasing of an entry."""
    async with agent(shop, AGENT) as desk, shopper(shop, shop.inbox_key()) as one:
        await one.say(text)
        chat = await _came(desk, text)
        about = {"conversation": chat["conversation"], "seq": chat["seq"], "entry": entry}
        assert (await desk.call("teach", **about))["state"] == "proposed"


async def _came(desk: Client, text: str) -> dict[str, Any]:
    message = await desk.event("message", partial(_has_text, text))
    await desk.event("suggestions", partial(_is_of, message["conversation"]))
    return message


def _has_text(text: str, event: dict[str, Any]) -> bool:
    return bool(event["text"] == text)


def _is_of(conversation: str, event: dict[str, Any]) -> bool:
    return bool(event["conversation"] == conversation)
