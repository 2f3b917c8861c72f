"""Files of entries on the page of the knowledge: looked at, ticked, imported, undone, taken out."""

import re
import uuid
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from playwright.async_api import FloatRect, Page, Route, expect

from knowledge import formats
from tests.browser.conftest import NewPage, axe
from tests.browser.consoles import SETTINGS, sign_in
from tests.browser.importing import (
    IMPORT,
    LEAD,
    LIST,
    NOW,
    ROW,
    bring,
    change,
    choose,
    entry,
    figures,
    look,
    phrases,
    section,
    workbook,
)
from tests.browser.owners import ask
from tests.program import Program
from tests.servers import stop

LATIN = re.compile(r"[A-Za-z]{2,}")
# What a Chinese screen shows in Latin letters: kinds of files, programs and keys.
KNOWN = {
    "csv",
    "xlsx",
    "yaml",
    "faq",
    "GBK",
    "UTF",
    "Excel",
    "WPS",
    "Live",
    "Helper",
    "Chat",
    "Ctrl",
}
HAND_OVER = """async ([how, name, text]) => {
    const data = new DataTransfer()
    data.items.add(new File([text], name))
    const where = document.querySelector('.imports')
    const carried = how === 'paste' ? 'clipboardData' : 'dataTransfer'
    const about = {bubbles: true, cancelable: true, [carried]: data}
    if (how === 'drop') {
        where.dispatchEvent(new DragEvent('dragover', about))
        await new Promise(requestAnimationFrame)
        if (!document.querySelector('.imports-over')) throw new Error('not where to let go')
    }
    const kind = how === 'paste' ? ClipboardEvent : DragEvent
    where.dispatchEvent(new kind(how, about))
}"""
BROKEN = {
    "旧表.xls": (b"\xd0\xcf\x11\xe0 an old workbook", "另存为"),
    "截断.csv": ('快捷短语编码,快捷短语,快捷短语分组\r\nfh,"没有写完'.encode("gbk"), "引号"),
    "乱码.csv": (b"\xff\xfe\x00", "UTF-8"),
    "空的.csv": (b"", "文件是空的"),
    "截图.png": (b"\x89PNG nothing", ".csv、.xlsx 和 .yaml"),
}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    one = Program(tmp_path_factory.mktemp("imports") / "data", environ=SETTINGS)
    one.start()
    one.hire(LEAD, role="supervisor")
    yield one
    if one.process is not None:
        stop(one.process)


@pytest.fixture
async def page(shop: Program, new_page: NewPage) -> Page:
    return await section(shop, new_page)


@pytest.fixture
def code() -> str:
    """A beginning of shortcuts and questions that no other test has."""
    return f"k{uuid.uuid4().hex[:6]}z"


async def test_a_file_of_qianniu_from_look_to_undo(page: Page, code: str) -> None:
    data = phrases(
        [
            (code, "亲，四点前付款当天发出"),
            (code, "大促期间，\n按付款顺序发出，\n请放心"),
            (f"{code}空", ""),
            (f"{code}b", "亲，您好"),
        ]
    )
    await look(page, "千牛.csv", data)
    assert await figures(page) == [4, 3, 0, 0, 1, 0]
    assert await axe(page) == []
    await expect(page.locator(IMPORT)).to_have_text("导入 3 条")
    faulty = page.locator(ROW).nth(2)
    await expect(faulty).to_contain_text("快捷短语")
    await faulty.locator(".look-number").click()
    await page.keyboard.press("Space")
    await expect(page.locator(IMPORT)).to_have_text("导入 3 条")
    await expect(page.locator(".look-detail")).to_contain_text("在文件里改好这一行")
    await page.locator(ROW).nth(1).click()
    await expect(page.locator(".look-detail dd").first).to_contain_text("大促期间")
    await page.locator(ROW).nth(3).locator("[data-box]").click()
    await expect(page.locator(IMPORT)).to_have_text("导入 2 条")
    card = await bring(page)
    await expect(card).to_contain_text("新增 2")
    record = page.locator(".record").first
    await expect(record).to_contain_text("千牛.csv")
    await expect(record).to_contain_text(LEAD)
    assert (await entry(page, code))["answer"].count("\n") in (0, 2)
    await card.get_by_role("button", name="撤销这次导入").click()
    await expect(card.locator(".undo")).to_contain_text("新增的 2 条会删除")
    await expect(card.get_by_role("button", name="撤销", exact=True)).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator(".notice")).to_contain_text("删除 2 条")
    await expect(record).to_contain_text("已撤销")
    await look(page, "千牛.csv", data)
    assert await figures(page) == [4, 3, 0, 0, 1, 0]


async def test_changes_and_conflicts_are_chosen_row_by_row(page: Page, code: str) -> None:
    keys = [f"{code}{n}" for n in range(4)]
    await look(page, "话术.csv", phrases([(key, f"亲，{key}的第一版") for key in keys]))
    await bring(page)
    for key in keys[:2]:
        await change(page, key, f"店里改的{key}")
    await look(page, "话术.csv", phrases([(key, f"亲，{key}的第二版") for key in keys[:3]]))
    assert await figures(page) == [3, 0, 1, 2, 0, 0]
    await expect(page.locator(IMPORT)).to_have_text("导入 1 条")
    await page.locator(ROW).nth(2).click()
    detail = page.locator(".look-detail")
    await expect(detail.locator("del").last).to_have_text("一")
    await expect(detail.locator("ins").last).to_have_text("二")
    await page.locator(".figure.state-conflicting").click()
    assert await axe(page) == []
    sides = detail.get_by_role("radio")
    await expect(sides.first).to_be_checked()
    await page.locator(LIST).focus()
    await page.keyboard.press("ArrowRight")
    await expect(sides.last).to_be_checked()
    await expect(page.locator(IMPORT)).to_have_text("导入 2 条")
    await page.keyboard.press("ArrowLeft")
    await expect(page.locator(IMPORT)).to_have_text("导入 1 条")
    await page.locator(ROW).nth(1).locator("[data-side=file]").click()
    await expect(page.locator(IMPORT)).to_have_text("导入 2 条")
    card = await bring(page)
    await expect(card).to_contain_text("更新 2")
    await expect(card).to_contain_text("冲突未动 1")
    said = [(await entry(page, key))["answer"] for key in keys]
    assert said[0] == f"店里改的{keys[0]}"
    assert said[1:] == [
        *(f"亲，{key}的第二版" for key in keys[1:3]), f"亲，{keys[3]}的第一版",
    ]  # fmt: skip


async def test_an_undo_keeps_what_was_changed_since(page: Page, code: str) -> None:
    await look(page, "三条.csv", phrases([(f"{code}{n}", f"{code}第{n}条") for n in range(3)]))
    await bring(page)
    await change(page, f"{code}1", "后来改的")
    record = page.locator(".record").first
    await record.get_by_role("button", name="撤销这次导入").click()
    await record.get_by_role("button", name="撤销", exact=True).click()
    asked = record.locator(".undo")
    await expect(asked).to_contain_text("有 1 条导入后又改过")
    await expect(asked).to_contain_text(f"{code}第1条")
    assert await axe(page) == []
    await asked.get_by_role("button", name="保留改过的，撤销其余").click()
    await expect(record).to_contain_text("已撤销")
    left = (await ask(page, "GET", f"/api/entries?q={code}"))["items"]
    assert [one["answer"] for one in left] == ["后来改的"]


async def test_a_workbook_says_what_is_new(page: Page, code: str) -> None:
    await look(page, "常见问题.xlsx", workbook([(f"{code}几点下班", "六点"), (f"{code}在哪", "")]))
    assert await figures(page) == [2, 1, 0, 0, 1, 0]
    await expect(page.locator(".look-head .chip")).to_have_text("Excel 表格")
    await expect(page.locator(ROW).first).to_contain_text(f"{code}几点下班")
    await bring(page)
    await look(page, "常见问题.xlsx", workbook([(f"{code}几点下班", "六点")]))
    await expect(page.locator(".told")).to_contain_text("店里都有了")
    await expect(page.locator(IMPORT)).to_be_disabled()


@pytest.mark.parametrize("file", [*BROKEN])
async def test_a_file_that_cannot_be_read_says_what_to_do(page: Page, file: str) -> None:
    data, words = BROKEN[file]
    await choose(page, file, data)
    card = page.locator(".now-wrong")
    await expect(card).to_contain_text(f"“{file}”不能导入")
    await expect(card).to_contain_text(words)
    assert await axe(page) == []
    await card.get_by_role("button", name="关闭").click()
    await expect(page.locator(NOW)).to_contain_text("把文件拖到这里")


@pytest.mark.parametrize("how", ["drop", "paste"])
async def test_a_file_is_dropped_or_pasted(page: Page, code: str, how: str) -> None:
    text = phrases([(code, f"{how}进来的")], "utf-8-sig").decode()
    await page.evaluate(HAND_OVER, [how, f"{how}.csv", text])
    await expect(page.locator(".look-head h2")).to_have_text(f"{how}.csv")
    await expect(page.locator(IMPORT)).to_have_text("导入 1 条")


async def test_ten_thousand_rows_by_keys(page: Page, code: str) -> None:
    rows = [(f"{code}{n}", f"{code}，第{n}条，请放心") for n in range(10_000)]
    await look(page, "很多.csv", phrases(rows))
    await expect(page.locator(IMPORT)).to_have_text("导入 10,000 条")
    assert await page.locator(ROW).count() < 60
    listed = page.locator(LIST)
    await listed.focus()
    await page.keyboard.press("Control+a")
    await expect(page.locator(IMPORT)).to_be_disabled()
    await page.keyboard.press("Space")
    for _ in range(9):
        await page.keyboard.press("Shift+ArrowDown")
    await expect(page.locator(IMPORT)).to_have_text("导入 10 条")
    await page.locator(ROW).nth(9).locator("[data-box]").click()
    await page.locator(ROW).nth(5).click(modifiers=["Shift"])
    await expect(page.locator(IMPORT)).to_have_text("导入 5 条")
    await page.keyboard.press("End")
    await expect(page.locator(ROW).last).to_contain_text("第9999条")
    await page.get_by_role("checkbox", name="全选").check()
    await expect(page.locator(IMPORT)).to_have_text("导入 10,000 条")
    await page.keyboard.press("Control+Enter")
    await expect(page.get_by_role("progressbar")).to_have_attribute("max", "10000")
    await page.get_by_role("link", name="条目").click()
    await expect(page.locator(".entry").first).to_be_visible()
    notice = page.locator(".notice", has_text="导入完成")
    await notice.get_by_role("button", name="看看").click(timeout=60_000)
    await expect(page.locator(".now-done")).to_contain_text("新增 10,000")


async def test_what_was_ticked_is_there_when_one_comes_back(page: Page, code: str) -> None:
    await look(page, "两条.csv", phrases([(f"{code}{n}", f"{code}第{n}条") for n in range(2)]))
    await page.locator(ROW).first.locator("[data-box]").click()
    await page.get_by_role("link", name="条目").click()
    await expect(page.locator(".list-pane")).to_be_visible()
    await page.go_back()
    await expect(page.locator(IMPORT)).to_have_text("导入 1 条")
    await page.get_by_role("button", name="不导入了").click()
    await expect(page.locator(NOW)).to_contain_text("把文件拖到这里")


@pytest.mark.parametrize(
    ("heard", "known"),
    [("", "还没有收到服务器的回答"), ('{"done":6,"total":10}\n{"do', "已完成 6 / 10 行")],
)
async def test_a_lost_connection_says_what_is_known(
    page: Page, code: str, heard: str, known: str
) -> None:
    """The server has got the file and goes on; the page hears nothing more of it."""

    async def cut(route: Route) -> None:
        await route.fetch()
        await (route.fulfill(body=heard) if heard else route.abort())

    await look(page, f"{code}.csv", phrases([(code, "断线也要导入")]))
    await page.route("**/api/imports?name=*", cut)
    # Else a shelf that changes would tell that it is done before anybody asks.
    for path in ("imports", "entries"):
        before = await ask(page, "GET", f"/api/{path}")
        await page.route(f"**/api/{path}", partial(_stale, before))
    await page.locator(IMPORT).click()
    await expect(page.locator(".now-wrong")).to_contain_text("连接断了")
    await expect(page.locator(".now-wrong")).to_contain_text(known)
    assert await axe(page) == []
    await page.unroute("**/api/imports")
    await page.get_by_role("button", name="看看好了没有").click()
    await expect(page.locator(".now-done")).to_contain_text(f"{code}.csv")
    assert (await entry(page, code))["answer"] == "断线也要导入"


async def test_a_refused_import_keeps_the_ticks(page: Page, code: str) -> None:
    refusal = {"error": {"code": "conflict", "message": "another import is under way"}}
    await look(page, "两条.csv", phrases([(f"{code}{n}", f"{code}第{n}条") for n in range(2)]))
    await page.locator(ROW).first.locator("[data-box]").click()
    await page.route("**/api/imports?name=*", lambda route: route.fulfill(status=409, json=refusal))
    await page.locator(IMPORT).click()
    await expect(page.get_by_role("alert")).to_contain_text("另一次导入正在进行")
    await expect(page.locator(IMPORT)).to_have_text("导入 1 条")
    await page.unroute("**/api/imports?name=*")
    await bring(page)


@pytest.mark.parametrize(
    "form", ["千牛快捷短语 GBK", "千牛快捷短语 UTF-8", "Excel 表格", "店小二文件"]
)
async def test_what_goes_out_can_come_in(page: Page, form: str) -> None:
    async with page.expect_download() as waited:
        await page.get_by_role("link", name=f"下载 {form}").click()
    download = await waited.value
    assert download.suggested_filename.startswith("知识库-")
    data = (await download.path()).read_bytes()
    sheet = formats.read(data, file=download.suggested_filename)
    assert (sheet.failed, len(sheet.rows) > 100) == (False, True)


async def test_an_empty_shelf_leads_here(shop: Program, new_page: NewPage) -> None:
    page = await new_page()
    await sign_in(page, shop, LEAD)
    empty = {"items": [], "total": 0}
    await page.route("**/api/entries?*", lambda route: route.fulfill(json=empty))
    await page.goto(f"{shop.address}/knowledge")
    await page.get_by_role("link", name="从千牛或 Excel 导入").click()
    await expect(page.locator(NOW)).to_contain_text("把文件拖到这里")


async def test_who_may_not_import_sees_no_such_section(shop: Program, new_page: NewPage) -> None:
    shop.hire("客服乙")
    page = await new_page()
    await sign_in(page, shop, "客服乙")
    await page.goto(f"{shop.address}/knowledge#imports")
    await expect(page.locator(".list-pane")).to_be_visible()
    await expect(page.get_by_role("link", name="导入导出")).to_have_count(0)


async def test_a_list_that_does_not_load_can_be_asked_for_again(
    shop: Program, new_page: NewPage
) -> None:
    page = await new_page()
    await sign_in(page, shop, LEAD)
    await page.route("**/api/imports", lambda route: route.abort())
    await page.goto(f"{shop.address}/knowledge#imports")
    records = page.locator(".records")
    await expect(records).to_contain_text("没有载入成功")
    await page.unroute("**/api/imports")
    await page.route("**/api/imports", lambda route: route.fulfill(json={"items": []}))
    await records.get_by_role("button", name="重试").click()
    await expect(records).to_contain_text("还没有导入过")
    assert await axe(page) == []


@pytest.mark.parametrize(
    ("size", "lang", "theme"),
    [
        ("wide", "zh-CN", "light"),
        ("wide", "en", "dark"),
        ("laptop", "zh-CN", "dark"),
        ("laptop", "en", "light"),
        ("phone", "zh-CN", "light"),
        ("phone", "en", "dark"),
    ],
)
async def test_every_screen_is_readable(
    shop: Program, new_page: NewPage, code: str, size: str, lang: str, theme: str
) -> None:
    page = await section(shop, new_page, size=size, lang=lang, color_scheme=theme)
    assert await axe(page) == []
    await fits(page)
    await look(page, "话术.csv", phrases([(code, f"{code}，亲，您好"), (f"{code}b", "")]))
    assert await axe(page) == []
    await fits(page)
    for place in (0, 1):
        await page.locator(ROW).nth(place).click()
        await expect(page.locator(".detail-body")).to_be_visible()
        assert await axe(page) == []
        await fits(page)
        if size == "phone":
            await page.locator(".detail-back").click()


async def test_a_chinese_screen_holds_no_english(page: Page) -> None:
    for part in (NOW, ".export"):
        assert {*LATIN.findall(await page.locator(part).inner_text())} <= KNOWN, part


async def _stale(shape: Any, route: Route) -> None:
    await route.fulfill(json=shape)


async def fits(page: Page) -> None:
    """Nothing scrolls sideways, and no button leaves the screen."""
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    wide = await page.evaluate("innerWidth")
    for button in await page.locator(".imports .button").all():
        box: FloatRect | None = await button.bounding_box()
        assert box is None or (box["x"] >= 0 and box["x"] + box["width"] <= wide + 0.5)
