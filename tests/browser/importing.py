"""Files of entries made for a test, and what is done with them on the page of the knowledge."""

import csv
import io
from typing import Any

from openpyxl import Workbook
from playwright.async_api import Locator, Page, expect

from knowledge.formats import qianniu
from tests.browser.conftest import NewPage
from tests.browser.consoles import sign_in
from tests.browser.owners import ask
from tests.program import Program

LEAD = "主管甲"
PICK = "input[type=file]"
IMPORT = ".look-import"
LIST = "#import-list"
ROW = ".look-row"
NOW = ".now"


async def section(shop: Program, new_page: NewPage, **how: Any) -> Page:
    page = await new_page(**how)
    await sign_in(page, shop, LEAD)
    await page.goto(f"{shop.address}/knowledge#imports")
    await expect(page.locator(".owner")).to_have_attribute("data-connected", "")
    await expect(page.locator(".record").first).to_be_visible()
    return page


def phrases(rows: list[tuple[str, str]], encoding: str = "gbk") -> bytes:
    into = io.StringIO()
    csv.writer(into).writerows([qianniu.HEADER, *((key, text, "试") for key, text in rows)])
    return into.getvalue().encode(encoding)


def workbook(rows: list[tuple[str, str]]) -> bytes:
    book, into = Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    for row in (("问题", "答案", "分类", "相似问法"), *((*one, "表格", "") for one in rows)):
        sheet.append(row)
    book.save(into)
    return into.getvalue()


async def choose(page: Page, file: str, data: bytes) -> None:
    one = {"name": file, "mimeType": "application/octet-stream", "buffer": data}
    await page.locator(PICK).first.set_input_files(one)  # type: ignore[arg-type]


async def look(page: Page, file: str, data: bytes) -> None:
    await choose(page, file, data)
    await expect(page.locator(".look-head h2")).to_have_text(file)


async def figures(page: Page) -> list[int]:
    """All, new, changed, at odds, faulty, unchanged."""
    return [int(one) for one in await page.locator(".figure b").all_inner_texts()]


async def bring(page: Page) -> Locator:
    """Import what is ticked; the card that says how it went."""
    await page.locator(IMPORT).click()
    card = page.locator(".now-done")
    await expect(card).to_contain_text("导入完成")
    return card


async def entry(page: Page, shortcut: str) -> Any:
    found = (await ask(page, "GET", f"/api/entries?q={shortcut}"))["items"]
    return next(one for one in found if one["shortcut"] == shortcut)


async def change(page: Page, shortcut: str, answer: str) -> None:
    there = await entry(page, shortcut)
    await ask(page, "PATCH", f"/api/entries/{there['id']}", {"answer": answer})
