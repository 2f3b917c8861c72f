"""How long a page of the console takes to show what it has: from the answer's last byte, or from a
key, until the browser has painted. Chromium, as an owner has it open; one page, no cache."""

from typing import NamedTuple

from playwright.async_api import Page, async_playwright

from bench.chaos.signing_in import Pass
from bench.programs import BenchFailed
from bootstrap import chromium

FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")
WITHIN_MS = 30_000
# a frame, and then a task behind it: what the frame drew is on the screen
WATCH = """
window.painted = () => new Promise((done) => requestAnimationFrame(() => {
    const after = new MessageChannel()
    after.port1.onmessage = () => done(performance.now())
    after.port2.postMessage(0)
}))
window.listed = (async () => {
    while (!document.querySelector('#entry-list .entry')) await new Promise(requestAnimationFrame)
    const at = await window.painted()
    const asked = performance.getEntriesByType('resource').find((one) =>
        new URL(one.name).pathname === '/api/entries')
    return [at - asked.requestStart, at - asked.responseEnd]
})()
"""
TYPE = """async (words) => {
    const box = document.querySelector('#entry-search')
    const begun = performance.now()
    box.value = words
    box.dispatchEvent(new Event('input', {bubbles: true}))
    return await window.painted() - begun
}"""


class Painted(NamedTuple):
    """Milliseconds: from asking for the list, and from having it, to the list; from each key."""

    asked_ms: float
    listed_ms: float
    keys_ms: list[float]


async def painted(port: int, signed: Pass, wanted: list[str], entries: int) -> Painted:
    program = chromium.find()
    if program is None:
        raise BenchFailed("no Chromium: `python3 run.py test` brings it")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=str(program), args=[*FLAGS])
        page = await browser.new_page(viewport={"width": 1440, "height": 900}, locale="zh-CN")
        name, _, value = signed.cookie.partition("=")
        address = f"http://127.0.0.1:{port}"
        await page.context.add_cookies([{"name": name, "value": value, "url": address}])
        await page.add_init_script(WATCH)
        await page.goto(f"{address}/knowledge")
        asked, listed = await page.evaluate("window.listed")
        await _all_there(page, entries)
        keys = [float(await page.evaluate(TYPE, words)) for words in wanted]
        await browser.close()
    return Painted(float(asked), float(listed), keys)


async def _all_there(page: Page, entries: int) -> None:
    """Until the rest has followed the first page, and the words are spelt for the search."""
    await page.wait_for_function(
        "(n) => Number((document.querySelector('.list-count')?.textContent ?? '')"
        ".replace(/[^0-9]/g, '')) >= n",
        arg=entries,
        timeout=WITHIN_MS,
    )
    await page.evaluate("new Promise((done) => requestIdleCallback(done))")
