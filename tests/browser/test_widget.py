"""The shopper's widget on a shop's page, in a real Chromium against the real server."""

import re
from collections.abc import AsyncIterator, Iterator

import pytest
from playwright.async_api import expect

from tests.browser.conftest import NewPage, axe
from tests.browser.shopping import INPUT, PANEL, demo_shop, heard, opened, ready_agent, write
from tests.clients import Client, agent
from tests.program import Program


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    yield from demo_shop(tmp_path_factory.mktemp("widget") / "data")


@pytest.fixture
async def desk(shop: Program) -> AsyncIterator[Client]:
    async for client in ready_agent(shop):
        yield client


async def test_shopper_and_agent_talk(shop: Program, new_page: NewPage, desk: Client) -> None:
    page = await opened(await new_page(), shop)
    await expect(page.locator(".title")).to_have_text("青瓷小店客服")
    bubble = await write(page, "这把壶有礼盒吗？")
    await expect(bubble.locator(".foot.sent")).to_be_visible()
    asked = await heard(desk, "这把壶有礼盒吗？")
    talk = str(asked["conversation"])
    await desk.call("read", conversation=talk, seq=asked["seq"])
    await expect(bubble.locator(".foot.read")).to_be_visible()
    await desk.call("typing", conversation=talk)
    await expect(page.locator(".typing")).to_be_visible()
    text = "有的，<b>不另收费</b>，见 https://example.com/gift。javascript:alert(1)"
    said = await desk.say(text, conversation=talk)
    answer = page.locator(".row.other .bubble", has_text="不另收费")
    await expect(answer).to_have_text(text)
    await expect(answer.locator("a")).to_have_attribute("href", "https://example.com/gift")
    await expect(answer.locator("a, b")).to_have_count(1)
    await expect(page.locator(".typing")).to_be_hidden()
    await desk.call("recall", conversation=talk, seq=said["seq"])
    await expect(page.locator(".row.system", has_text="撤回")).to_be_visible()


async def test_the_launcher_alone_opens_no_connection(shop: Program, new_page: NewPage) -> None:
    page = await new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda socket: asked.append(socket.url))
    await page.goto(shop.address + "/demo")
    launcher = page.locator(".launch")
    await expect(launcher).to_have_attribute("aria-label", "在线客服")
    assert not [url for url in asked if "panel" in url or "socket.io" in url]
    async with page.expect_request(re.compile("/static/panel-")):
        await launcher.hover()
    await expect(launcher).to_have_attribute("aria-haspopup", "dialog")
    assert not [url for url in asked if "socket.io" in url]


async def test_unread_messages_show_on_the_button(
    shop: Program, new_page: NewPage, desk: Client
) -> None:
    page = await opened(await new_page(), shop)
    await write(page, "先走开一下")
    talk = str((await heard(desk, "先走开一下"))["conversation"])
    await page.keyboard.press("Escape")
    launcher = page.locator(".launch")
    await expect(launcher).to_be_focused()
    for text in ("好的", "有事随时叫我"):
        await desk.say(text, conversation=talk)
    await expect(launcher).to_have_accessible_name("在线客服，2 条未读")
    await page.goto(shop.address + "/demo/p/zhuren-bei")
    await expect(launcher).to_have_accessible_name("在线客服，2 条未读")
    await launcher.press("Enter")
    await expect(page.locator(INPUT)).to_be_focused()
    await expect(page.locator(".row.other", has_text="有事随时叫我")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(launcher).to_have_accessible_name("在线客服")


async def test_the_product_in_view_goes_along(
    shop: Program, new_page: NewPage, desk: Client
) -> None:
    page = await new_page()
    await page.goto(shop.address + "/demo/p/qingci-hu")
    ask = page.locator("[data-open-chat]")
    await ask.click()
    offer = page.locator(".offer")
    await expect(offer).to_contain_text("¥128.00")
    await offer.get_by_role("button", name="发送给客服").click()
    await expect(offer).to_have_count(0)
    await expect(page.locator(".row.own .goodsname")).to_have_text("青瓷壶")
    card = await desk.event("message", lambda message: message["kind"] == "product")
    assert card["product"]["id"] == "qingci-hu"
    assert card["product"]["image"].startswith(shop.address)
    await page.keyboard.press("Escape")
    await expect(ask).to_be_focused()


async def test_the_end_of_a_talk_is_rated_once(
    shop: Program, new_page: NewPage, desk: Client
) -> None:
    page = await opened(await new_page(), shop)
    await write(page, "谢谢")
    talk = str((await heard(desk, "谢谢"))["conversation"])
    await desk.say("不客气", conversation=talk)
    await desk.call("close", conversation=talk)
    stars = page.locator(".star")
    await expect(stars).to_have_count(5)
    await stars.nth(1).click()
    await page.get_by_role("button", name="回复太慢").click()
    await page.get_by_label("还有什么想说的").fill("等了一会儿")
    await page.get_by_role("button", name="提交评价").click()
    await expect(page.locator(".thanks")).to_contain_text("2 星")
    rated = await desk.event("conversation", lambda one: one["id"] == talk and "rating" in one)
    assert rated["rating"]["score"] == 2
    await page.reload()
    await expect(page.locator(".row.own", has_text="谢谢")).to_be_visible()
    await page.get_by_role("button", name="修改").click()
    await stars.nth(4).click()
    await expect(page.locator(".tags")).to_be_hidden()
    await page.get_by_role("button", name="提交评价").click()
    await desk.event(
        "conversation", lambda one: one["id"] == talk and one.get("rating") == {"score": 5}
    )


async def test_nobody_there_leaves_a_message(shop: Program, new_page: NewPage) -> None:
    async with agent(shop, "小青", shop.demo_password) as only:
        await only.call("available", state="away")
        page = await opened(await new_page(), shop)
        await page.get_by_role("button", name="转人工").click()
        await expect(page.locator(".queue")).to_contain_text("排队中")
        await page.get_by_label("手机号或邮箱").fill("不是电话")
        await page.get_by_role("button", name="提交留言").click()
        await expect(page.get_by_role("alert")).to_have_text("请填写手机号或邮箱")
        await page.get_by_label("手机号或邮箱").fill("13800138000")
        await page.get_by_label("想咨询的问题").fill("周末能到吗")
        await page.get_by_role("button", name="提交留言").click()
        await expect(page.locator(".thanks")).to_contain_text("留言已收到")
        other = await opened(await new_page(), shop)
        await expect(other.locator(".strip")).to_be_visible()
        await expect(other.locator(".strip")).to_have_text("客服不在线，可先留言先留言")


async def test_enter_is_safe_while_an_input_method_composes(
    shop: Program, new_page: NewPage
) -> None:
    page = await opened(await new_page(), shop)
    field = page.locator(INPUT)
    await field.fill("zhe ge")
    await field.evaluate(
        """(field) => field.dispatchEvent(new KeyboardEvent('keydown',
            {key: 'Enter', isComposing: true, bubbles: true, cancelable: true}))"""
    )
    await expect(field).to_have_value("zhe ge")
    await field.press("Shift+Enter")
    await field.press_sequentially("第二行")
    await expect(field).to_have_value("zhe ge\n第二行")
    await field.press("Enter")
    await expect(field).to_have_value("")
    await expect(page.locator(".row.own .bubble")).to_have_text("zhe ge\n第二行")


async def test_too_long_a_text_is_counted_and_kept(shop: Program, new_page: NewPage) -> None:
    page = await opened(await new_page(), shop)
    field = page.locator(INPUT)
    await field.fill("长" * 7_990)
    await expect(page.locator(".count")).to_have_text("还可输入 10 字")
    await field.fill("长" * 8_001)
    await expect(page.locator(".count")).to_contain_text("超出 1 字")
    await expect(page.get_by_role("button", name="发送", exact=True)).to_be_disabled()
    await field.press("Enter")
    await expect(page.locator(".row.own")).to_have_count(0)


async def test_on_a_phone_it_is_the_whole_screen(
    shop: Program, new_page: NewPage, desk: Client
) -> None:
    page = await new_page(size="phone", has_touch=True, is_mobile=True)
    await page.goto(shop.address + "/demo")
    await page.locator(".launch").tap()
    panel = page.locator(PANEL)
    await expect(page.locator(".ask").first).to_be_visible()
    await expect(panel).to_have_css("animation-name", "rise")
    await panel.evaluate("panel => Promise.all(panel.getAnimations().map(one => one.finished))")
    assert await panel.bounding_box() == {"x": 0, "y": 0, "width": 390, "height": 844}
    size = await page.locator(INPUT).evaluate(
        "field => parseFloat(getComputedStyle(field).fontSize)"
    )
    assert size >= 16
    await page.locator(".ask").first.tap()
    await expect(page.locator(".row.own .foot.sent")).to_be_visible()
    await page.go_back()
    await expect(panel).to_be_hidden()
    assert page.url.endswith("/demo")


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing(
    shop: Program, new_page: NewPage, desk: Client, lang: str, scheme: str
) -> None:
    page = await new_page(lang=lang, color_scheme=scheme)
    await page.goto(f"{shop.address}/demo/p/gongfu-taoza?lang={lang}")
    assert await axe(page) == []
    await page.locator(".launch").click()
    await write(page, "hello")
    talk = str((await heard(desk, "hello"))["conversation"])
    await desk.say("hi http://example.com", conversation=talk)
    await expect(page.locator(".row.other a")).to_be_visible()
    assert await axe(page) == []
    await desk.call("close", conversation=talk)
    await page.locator(".star").nth(1).click()
    assert await axe(page) == []
