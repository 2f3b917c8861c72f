"""Takes the pictures of the README: a demo of its own, a shopper and an agent who really talk.

    .venv/bin/python -m docs.pictures [NAME …]

Chinese pages, light colours, PNG files in docs/pictures; with names only those are written. Nothing
waits for a time: each step waits for what the last one brings about.
"""

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright

from bootstrap import chromium

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--force-color-profile=srgb",
]
WIDE = (1440, 900)
PHONE = (390, 844)
NAMES = ("login", "desk", "shop", "product", "phone")
STOP_S = 20
LATE = ("里面别放价格", "合适的～六件套自带礼盒，贺卡我们手写，您把内容发我就行，盒里不放价格单。")
TALK = (
    ("什么时候发货？", None),
    ("想送长辈，有礼盒包装吗", None),
    ("送到成都要几天呀", "亲，成都一般两到三天到，发出后我把单号发给您～"),
)


def main(arguments: list[str]) -> int:
    """Take the pictures that are named, or all."""
    unknown = sorted(set(arguments) - set(NAMES))
    if unknown:
        sys.stderr.write(f"pictures: no {', '.join(unknown)}; there are: {', '.join(NAMES)}\n")
        return 2
    program = chromium.find()
    if program is None:
        sys.stderr.write("pictures: no Chromium: `python3 run.py test` brings it\n")
        return 1
    with demo() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(program), args=FLAGS)
        Story(browser, address, frozenset(arguments or NAMES)).tell()
        browser.close()
    return 0


@contextmanager
def demo() -> Iterator[str]:
    """A fresh demo on a free port; yields its address."""
    with tempfile.TemporaryDirectory(prefix="dxe-pictures-") as folder:
        command = ["-m", "console.cli", "serve", "--demo", "--port", "0", "--data", folder]
        log = Path(folder, "log")
        with log.open("w") as errors:
            server = subprocess.Popen(
                [sys.executable, *command],
                cwd=ROOT,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        try:
            assert server.stdout is not None
            yield _address(server.stdout, log)
        finally:
            server.terminate()
            server.wait(timeout=STOP_S)


def _address(said: IO[str], log: Path) -> str:
    for line in said:
        found = re.search(r"(http\S+)/demo$", line.strip())
        if found:
            return found[1]
    raise SystemExit(f"pictures: the demo did not start\n{log.read_text()[-2000:]}")


class Story:
    """One shopper at a computer, one with a phone, one agent."""

    def __init__(self, browser: Browser, address: str, wanted: frozenset[str]) -> None:
        self._browser = browser
        self._address = address
        self._wanted = wanted

    def tell(self) -> None:
        desk = self._sign_in()
        self._answer(desk, *LATE)
        shop = self._person(WIDE).new_page()
        shop.goto(f"{self._address}/demo")
        panel = _open_panel(shop)
        for asked, answered in TALK:
            _write(panel, asked)
            self._answer(desk, asked, answered)
        expect(panel.get_by_text("成都一般两到三天到")).to_be_visible()
        expect(desk.get_by_text("已读").first).to_be_attached()
        self._take(shop, "shop")
        _write(panel, "好的，那发票可以开公司抬头吗")
        self._open(desk, "开公司抬头")
        self._take(desk, "desk")
        self._show_product(shop)
        self._phone(desk)

    def _sign_in(self) -> Page:
        page = self._person(WIDE).new_page()
        page.goto(f"{self._address}/login")
        page.get_by_role("button", name="小青").click()
        self._take(page, "login")
        page.get_by_role("button", name="登录", exact=True).click()
        page.wait_for_url(re.compile(r"/desk"))
        page.get_by_role("button", name="不用").click()
        return page

    def _answer(self, desk: Page, asked: str, answered: str | None) -> None:
        """With the first suggestion, or in the agent's own words."""
        if answered is None:
            self._open(desk, asked)
            desk.keyboard.press("Alt+Enter")
        else:
            desk.locator(".row", has_text=asked).click()
            box = desk.get_by_role("textbox", name=re.compile("^回复 "))
            box.fill(answered)
            box.press("Enter")
        expect(desk.locator(".row", has_text=asked)).to_have_count(0)

    def _open(self, desk: Page, asked: str) -> None:
        """The conversation with these last words, and the suggestions for them."""
        desk.locator(".row", has_text=asked).click()
        expect(desk.locator(".asked")).to_contain_text(asked)
        expect(desk.locator(".suggestion").first).to_be_visible()

    def _show_product(self, shop: Page) -> None:
        shop.goto(f"{self._address}/demo/p/qingci-hu")
        expect(_panel(shop).get_by_text("您正在看")).to_be_visible()
        self._take(shop, "product")

    def _phone(self, desk: Page) -> None:
        context = self._person(PHONE, phone=True)
        page = context.new_page()
        page.goto(f"{self._address}/demo/p/zhuren-bei")
        panel = _open_panel(page)
        panel.get_by_role("button", name="发送给客服").click()
        _write(panel, "这个杯子能进微波炉吗")
        self._answer(desk, "这个杯子能进微波炉吗", None)
        expect(panel.get_by_text("小青").first).to_be_visible()
        self._take(page, "phone")

    def _person(self, size: tuple[int, int], *, phone: bool = False) -> BrowserContext:
        width, height = size
        return self._browser.new_context(
            viewport={"width": width, "height": height},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            color_scheme="light",
            reduced_motion="reduce",
            has_touch=phone,
            is_mobile=phone,
        )

    def _take(self, page: Page, name: str) -> None:
        if name not in self._wanted:
            return
        page.evaluate("() => document.fonts.ready.then(() => true)")
        file = HERE / "pictures" / f"{name}.png"
        page.screenshot(path=file, animations="disabled", caret="hide")
        sys.stdout.write(f"{file.relative_to(ROOT)}  {file.stat().st_size // 1024} KiB\n")


def _panel(page: Page) -> Locator:
    return page.get_by_role("dialog", name=re.compile("客服"))


def _open_panel(page: Page) -> Locator:
    page.get_by_role("button", name="在线客服").click()
    panel = _panel(page)
    expect(panel.get_by_role("textbox", name="输入您的问题")).to_be_visible()
    return panel


def _write(panel: Locator, words: str) -> None:
    box = panel.get_by_role("textbox", name="输入您的问题")
    box.fill(words)
    box.press("Enter")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
