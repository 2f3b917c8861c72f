"""Pictures and files between an agent at the desk and a shopper on a phone, in real browsers."""

import base64
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, Route, expect

from tests.browser.conftest import NewPage, axe
from tests.browser.consoles import COMPOSER, in_step, open_talk
from tests.browser.shopping import demo_shop, opened, write
from tests.files import pictures
from tests.program import Program

ATTACHED = ".attached"
PASTE = """([selector, files]) => {
    const data = new DataTransfer()
    for (const [name, type, content] of files) {
        const bytes = Uint8Array.from(atob(content), (one) => one.charCodeAt(0))
        data.items.add(new File([bytes], name, {type}))
    }
    const event = new ClipboardEvent('paste',
        {clipboardData: data, bubbles: true, cancelable: true})
    document.querySelector(selector).dispatchEvent(event)
}"""
DROP = PASTE.replace("new ClipboardEvent('paste'", "new DragEvent('drop'").replace(
    "clipboardData", "dataTransfer"
)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    yield from demo_shop(tmp_path_factory.mktemp("files") / "data")


def packed(content: bytes, name: str, kind: str) -> list[str]:
    return [name, kind, base64.b64encode(content).decode()]


def chosen(content: bytes, name: str, kind: str) -> Any:
    return {"name": name, "mimeType": kind, "buffer": content}


async def desk_of(shop: Program, new_page: NewPage, **how: Any) -> Page:
    page = await new_page(**how)
    await page.add_init_script("localStorage.setItem('desk.sound', 'off')")
    login = {"name": "小青", "password": shop.demo_password}
    assert (await page.request.post(f"{shop.address}/api/login", data=login)).ok
    await page.goto(f"{shop.address}/desk")
    await in_step(page)
    return page


async def talking(shop: Program, new_page: NewPage, words: str) -> tuple[Page, Page]:
    """A desk and a shopper's phone, in one conversation that the agent has."""
    desk = await desk_of(shop, new_page)
    phone = await opened(await new_page(size="phone", has_touch=True, is_mobile=True), shop)
    await write(phone, words)
    await open_talk(desk, words)
    return desk, phone


async def loaded(page: Page, selector: str) -> None:
    """The picture is there, in the place it was given before."""
    await page.wait_for_function(
        """(selector) => { const all = [...document.querySelectorAll(selector),
            ...(document.querySelector('dianxiaoer-chat')?.shadowRoot.querySelectorAll(selector)
                ?? [])]
            return all.length && all.every((one) => one.complete && one.naturalWidth) }""",
        arg=selector,
    )


async def test_a_picture_each_way(shop: Program, new_page: NewPage, tmp_path: Path) -> None:
    desk, phone = await talking(shop, new_page, "这把壶多大？")
    files = [packed(pictures.jpeg(turned=6), "壶.jpg", "image/jpeg")]
    await desk.evaluate(PASTE, [COMPOSER, files])
    await expect(desk.locator(ATTACHED)).to_have_count(1)
    await expect(desk.locator(".attached-progress")).to_have_count(0)
    assert await axe(desk) == []
    await desk.screenshot(path=tmp_path / "desk-strip.png")
    await desk.locator(COMPOSER).fill("就是这一把")
    await desk.locator(COMPOSER).press("Enter")
    await expect(desk.locator(ATTACHED)).to_have_count(0)
    shown = phone.locator(".row.other .bubble img")
    await expect(shown).to_have_count(1)
    await loaded(phone, ".row.other .bubble img")
    assert await shown.get_attribute("width") == "162.5"
    await expect(phone.locator(".row.other", has_text="就是这一把")).to_have_count(1)
    async with phone.expect_response(re.compile("/widget/files")) as sent:
        await phone.locator(".composer input[type=file]").set_input_files(
            [chosen(pictures.jpeg(width=3000, height=2000), "我的.jpg", "image/jpeg")]
        )
    assert (await (await sent.value).json())["file"]["width"] == 1600
    await expect(phone.locator(".row.own .bubble a img")).to_have_count(1)
    await expect(phone.locator(".upload")).to_have_count(0)
    await expect(desk.locator(".bubble-theirs .picture img")).to_have_count(1)
    await loaded(desk, ".picture img")
    await expect(desk.locator(".row-preview", has_text="[图片]")).to_have_count(1)
    await phone.screenshot(path=tmp_path / "phone.png")
    await desk.screenshot(path=tmp_path / "desk.png")
    assert await axe(desk) == []
    assert await axe(phone) == []
    await look_at(desk, tmp_path)


async def look_at(desk: Page, folder: Path) -> None:
    """The viewer: arrows to the other picture, Escape back to where one was."""
    first = desk.locator(".picture").first
    await first.focus()
    await desk.keyboard.press("Enter")
    viewer = desk.locator(".dialog-viewer")
    await expect(viewer.get_by_role("heading")).to_have_text("图片 1 / 2")
    await loaded(desk, ".viewer img")
    await desk.keyboard.press("ArrowRight")
    await expect(viewer.get_by_role("heading")).to_have_text("图片 2 / 2")
    await loaded(desk, ".viewer img")
    await desk.screenshot(path=folder / "viewer.png")
    assert await axe(desk) == []
    await desk.keyboard.press("Escape")
    await expect(viewer).to_have_count(0)
    await expect(first).to_be_focused()


async def test_files_wait_for_the_line(shop: Program, new_page: NewPage, tmp_path: Path) -> None:
    desk, phone = await talking(shop, new_page, "有说明书吗？")
    pdf = b"%PDF-1.7\n" + bytes(3000)
    cut = True

    async def line(route: Route) -> None:
        await (route.abort() if cut else route.continue_())

    await desk.route(re.compile("/api/files"), line)
    await phone.route(re.compile("/widget/files"), line)
    await desk.evaluate(DROP, [".talk", [packed(pdf, "说明书.pdf", "application/pdf")]])
    await desk.keyboard.press("Alt+l")
    await desk.keyboard.press("Enter")
    await expect(desk.locator(".attached-leaving")).to_have_text("正在发送")
    await phone.locator(".composer input[type=file]").set_input_files(
        [chosen(pictures.png(), "单据.png", "image/png")]
    )
    await expect(phone.locator(".upload .why")).to_have_text("网络不好，稍后自动重试")
    await phone.screenshot(path=tmp_path / "phone-cut.png")
    assert await axe(phone) == []
    cut = False
    await phone.locator(".upload").get_by_role("button", name="重试").click()
    await expect(desk.locator(".bubble-theirs .picture")).to_have_count(1)
    await expect(phone.locator(".row.other a", has_text="说明书.pdf")).to_have_count(1)
    await expect(desk.locator(".file-card")).to_contain_text("3 KB")
    await expect(desk.locator(ATTACHED)).to_have_count(0)


async def test_what_is_not_taken_is_said(shop: Program, new_page: NewPage, tmp_path: Path) -> None:
    desk, phone = await talking(shop, new_page, "看看这个")
    svg = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
    both = [packed(svg, "坏.png", "image/png"), packed(pictures.png(), "好.png", "image/png")]
    await desk.evaluate(PASTE, [COMPOSER, both])
    await expect(desk.locator(".attached-refused")).to_contain_text("不支持这种文件")
    await desk.locator(COMPOSER).press("Enter")
    await expect(phone.locator(".row.other .bubble img")).to_have_count(1)
    await expect(desk.locator(ATTACHED)).to_have_count(1)
    assert await axe(desk) == []
    await desk.locator(".attached-refused").get_by_role("button", name="移除").click()
    await expect(desk.locator(ATTACHED)).to_have_count(0)
    await expect(desk.locator(COMPOSER)).to_be_focused()
    await phone.locator(".composer input[type=file]").set_input_files(
        [chosen(svg, "坏.svg", "image/svg+xml")]
    )
    await expect(phone.locator(".upload .why")).to_contain_text("不支持这种文件")
    await phone.locator(".upload").get_by_role("button", name="删除").click()
    await expect(phone.locator(".upload")).to_have_count(0)


async def test_keys_and_a_recall(shop: Program, new_page: NewPage) -> None:
    desk, phone = await talking(shop, new_page, "谢谢")
    async with desk.expect_file_chooser() as choosing:
        await desk.locator(COMPOSER).press("Alt+a")
    await (await choosing.value).set_files([chosen(pictures.png(), "错.png", "image/png")])
    await expect(desk.locator(ATTACHED)).to_have_count(1)
    await desk.locator(COMPOSER).press("Enter")
    await expect(phone.locator(".row.other .bubble img")).to_have_count(1)
    address = await phone.locator(".row.other .bubble a").get_attribute("href")
    await desk.locator(".bubble-recall").click()
    await expect(phone.locator(".row.other .bubble img")).to_have_count(0)
    await expect(desk.locator(".picture")).to_have_count(0)
    assert (await phone.request.get(str(address))).status == 404


async def test_english_and_a_phone_at_the_desk(
    shop: Program, new_page: NewPage, tmp_path: Path
) -> None:
    desk, _ = await talking(shop, new_page, "Do you ship abroad?")
    await desk.evaluate(PASTE, [COMPOSER, [packed(pictures.png(), "map.png", "image/png")]])
    await desk.locator(COMPOSER).press("Enter")
    await expect(desk.locator(".picture")).to_have_count(1)
    small = await desk_of(shop, new_page, size="phone", lang="en", has_touch=True, is_mobile=True)
    row = small.locator(".row", has_text="[Picture]").first
    await expect(row).to_contain_text("[Picture]")
    await row.click()
    await loaded(small, ".picture img")
    files = [packed(pictures.png(), "b.png", "image/png")]
    await small.evaluate(PASTE, [COMPOSER, files])
    await expect(small.get_by_role("button", name="Add a picture or file")).to_be_visible()
    await small.screenshot(path=tmp_path / "desk-phone.png")
    assert await axe(small) == []
    wide = await small.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390
