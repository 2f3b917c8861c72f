"""The widget on bad networks, in several tabs, on other shops' pages: nothing lost or doubled."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator

import pytest
from playwright.async_api import expect

from tests.browser.conftest import NewPage, axe
from tests.browser.network import SOCKETS, Wire
from tests.browser.shopping import INPUT, demo_shop, heard, opened, ready_agent, write
from tests.clients import Client
from tests.program import Program


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    yield from demo_shop(tmp_path_factory.mktemp("widget") / "data")


@pytest.fixture
async def desk(shop: Program) -> AsyncIterator[Client]:
    async for client in ready_agent(shop):
        yield client


async def test_words_survive_a_cut_and_a_reload(
    shop: Program, new_page: NewPage, desk: Client
) -> None:
    page = await new_page()
    wire = await Wire().install(page)
    await opened(page, shop)
    first = await write(page, "断网之前")
    await expect(first.locator(".foot.sent")).to_be_visible()
    talk = str((await heard(desk, "断网之前"))["conversation"])
    await wire.cut()
    await expect(page.locator(".banner")).to_contain_text("网络已断开")
    for text in ("断网第一句", "断网第二句"):
        await expect((await write(page, text)).locator(".foot.sending")).to_be_visible()
    await expect(page.locator(".banner")).to_contain_text("2 条消息会在恢复后自动发出")
    await page.locator(INPUT).fill("还没写完的话")
    await desk.say("亲，在的", conversation=talk)
    await page.reload()
    await expect(page.locator(INPUT)).to_have_value("还没写完的话")
    await expect(page.locator(".row.own .foot.sending")).to_have_count(2)
    wire.mend()
    await expect(page.locator(".banner")).to_be_hidden(timeout=40_000)
    await expect(page.locator(".row.own .foot.sending")).to_have_count(0, timeout=40_000)
    rows = page.locator(".row:not(.system) .bubble")
    said = ["断网之前", "亲，在的", "断网第一句", "断网第二句"]
    assert (await rows.all_inner_texts())[-4:] == said
    await heard(desk, "断网第二句")
    assert [text for text in desk.texts() if text in said] == said


async def test_words_unsent_for_a_minute_say_so(
    shop: Program, new_page: NewPage, desk: Client
) -> None:
    page = await new_page()
    await page.clock.install()
    wire = await Wire().install(page)
    await opened(page, shop)
    await expect(page.locator(".dot.on")).to_be_visible()
    await wire.cut()
    bubble = await write(page, "一分钟了")
    await expect(bubble.locator(".foot.sending")).to_be_visible()
    await page.clock.fast_forward(61_000)
    await expect(bubble.locator(".foot.late")).to_contain_text("未发出，正在重试")
    wire.mend()
    await bubble.get_by_role("button", name="重试").click()
    await page.clock.fast_forward(31_000)
    await expect(bubble.locator(".foot.sent")).to_be_visible(timeout=40_000)


async def test_a_lost_acknowledgement_sends_nothing_twice(
    shop: Program, new_page: NewPage, desk: Client
) -> None:
    page = await new_page()
    wire = await Wire().install(page)
    await opened(page, shop)
    await expect(page.locator(".dot.on")).to_be_visible()
    wire.loses = lambda frame: "重要的一句" in frame or '"duplicate"' in frame
    bubble = await write(page, "重要的一句")
    await heard(desk, "重要的一句")
    await expect(bubble.locator(".foot.sending")).to_be_visible()
    await wire.cut()
    wire.mend()
    await expect(bubble.locator(".foot.sent")).to_be_visible(timeout=40_000)
    await expect(bubble).to_have_count(1)
    await write(page, "下一句")
    await heard(desk, "下一句")
    assert desk.texts().count("重要的一句") == 1


async def test_refused_words_say_why_and_can_be_deleted(shop: Program, new_page: NewPage) -> None:
    page = await opened(await new_page(), shop)
    await page.locator(INPUT).evaluate(
        "field => { field.value = 'NUL \\0'; field.dispatchEvent(new Event('input')) }"
    )
    await page.locator(INPUT).press("Enter")
    await expect(page.locator(".foot.failed")).to_contain_text("未发出：")
    bubble = await write(page, "后面的照样发出")
    await expect(bubble.locator(".foot.sent")).to_be_visible()
    await page.get_by_role("button", name="删除").click()
    await expect(page.locator(".row.own")).to_have_count(1)


async def test_a_gap_is_noticed_and_filled(shop: Program, new_page: NewPage, desk: Client) -> None:
    page = await new_page()
    wire = await Wire().install(page)
    await opened(page, shop)
    await write(page, "在吗")
    talk = str((await heard(desk, "在吗"))["conversation"])
    lost = asyncio.Event()

    def loses(frame: str) -> bool:
        if "丢在路上" in frame and not lost.is_set():
            lost.set()
            return True
        return False

    wire.loses = loses
    await desk.say("丢在路上", conversation=talk)
    await asyncio.wait_for(lost.wait(), 10)
    await expect(page.locator(".row.other", has_text="丢在路上")).to_have_count(0)
    await desk.say("后面一句", conversation=talk)
    await expect(page.locator(".row.other", has_text="后面一句")).to_be_visible()
    texts = await page.locator(".row.other .bubble").all_inner_texts()
    assert texts[-2:] == ["丢在路上", "后面一句"]


@pytest.mark.parametrize("how", ["refused", "hanging"])
async def test_polling_where_websockets_are_blocked(
    shop: Program, new_page: NewPage, desk: Client, how: str
) -> None:
    page = await new_page()
    if how == "refused":
        await page.add_init_script(
            "WebSocket = class extends WebSocket { constructor() { super('ws://127.0.0.1:9') } }"
        )
    else:
        await page.route_web_socket(SOCKETS, lambda socket: None)
    await opened(page, shop)
    bubble = await write(page, f"走的是轮询 {how}")
    await expect(bubble.locator(".foot.sent")).to_be_visible(timeout=30_000)
    talk = str((await heard(desk, f"走的是轮询 {how}"))["conversation"])
    await desk.say("收到轮询", conversation=talk)
    await expect(page.locator(".row.other", has_text="收到轮询")).to_be_visible()


async def test_tabs_of_one_shop_are_one_visitor(
    shop: Program, new_page: NewPage, desk: Client
) -> None:
    page = await opened(await new_page(), shop)
    await write(page, "第一个标签页")
    other = await page.context.new_page()
    await opened(other, shop, "/demo/p/zhuren-bei")
    await expect(other.locator(".row.own")).to_have_count(1)
    await write(other, "第二个标签页")
    await expect(page.locator(".row.own")).to_have_count(2)
    await expect(page.locator(".foot.sent")).to_have_count(2)
    await heard(desk, "第二个标签页")
    assert desk.texts().count("第二个标签页") == 1


async def test_on_another_origin_without_locks_and_uuids(
    shop: Program, new_page: NewPage, desk: Client
) -> None:
    """A shop elsewhere, as on plain http and in GBK: its colour, its side, its order."""
    page = await new_page(permissions=["local-network-access"])
    await page.add_init_script(
        "Object.defineProperty(navigator, 'locks', {value: undefined});"
        "crypto.randomUUID = undefined"
    )
    order = {"uid": "QC2026", "statusText": "已发货", "goods": [{"title": "青瓷壶"}], "more": 1}
    tag = (
        f'<script async src="{shop.address}/widget.js" data-inbox="{shop.inbox_key()}"'
        f' data-colour="#ffcc00" data-side="left" data-offset="40,60"'
        f" data-order='{json.dumps(order)}'></script>"
    )
    html = f"<!doctype html><html lang=zh><title>别的店</title><main><h1>别的店</h1></main>{tag}"
    await page.route(
        "https://shop.test/**",
        lambda route: route.fulfill(body=html.encode("gbk"), content_type="text/html; charset=gbk"),
    )
    await page.goto("https://shop.test/")
    assert await page.evaluate("!navigator.locks && !crypto.randomUUID")
    launcher = page.locator(".launch")
    await expect(launcher).to_have_accessible_name("在线客服")
    await expect(launcher).to_have_css("background-color", "rgb(255, 204, 0)")
    await expect(launcher.locator("svg")).to_have_css("stroke", "rgb(0, 0, 0)")
    box = await launcher.bounding_box()
    assert box is not None
    assert (box["x"], round(box["y"] + box["height"])) == (40, 900 - 60)
    await launcher.click()
    await page.locator(".offer", has_text="订单 QC2026").get_by_role("button").last.click()
    sent = await desk.event("message", lambda message: message["kind"] == "order")
    assert sent["order"]["uid"] == "QC2026"
    await write(page, "别的店来的")
    asked = await heard(desk, "别的店来的")
    await desk.say("这里是小青", conversation=str(asked["conversation"]))
    await expect(page.locator(".row.other", has_text="这里是小青")).to_be_visible()
    assert await axe(page) == []
