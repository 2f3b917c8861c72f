"""The console at work: reading, answering, suggestions, phrases, handing over and ending."""

import re
from collections.abc import Iterator

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.consoles import (
    BUBBLE,
    COMPOSER,
    ROW,
    asking,
    console,
    in_step,
    installation,
    open_talk,
    write,
)
from tests.clients import Client
from tests.program import Program

SUGGESTION = ".suggestion"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    yield from installation(tmp_path_factory.mktemp("desk") / "data")


async def heard(client: Client, text: str) -> dict[str, object]:
    return await client.event("message", lambda message: message["text"] == text)


async def test_new_words_call_and_the_suggestion_answers(shop: Program, new_page: NewPage) -> None:
    page, name = await console(shop, new_page)
    async with asking(shop, "你好，什么时候发货？") as client:
        row = page.locator(ROW, has_text="什么时候发货")
        await expect(row.locator(".waiting-fresh")).to_contain_text("等 0:0")
        await expect(row.locator(".badge")).to_contain_text("1")
        await expect(page).to_have_title(re.compile(r"^\(1\) 工作台"))
        await row.click()
        await expect(page).to_have_title(re.compile(r"^工作台"))
        first = page.locator(SUGGESTION).first
        await expect(first.locator(".suggestion-score")).to_contain_text("%")
        await expect(page.locator(".asked mark").first).to_contain_text("发货")
        answer = await first.locator(".suggestion-text").inner_text()
        await page.keyboard.press("Alt+Enter")
        await expect(page.locator(BUBBLE, has_text=answer)).to_have_count(1)
        await expect(page.locator(SUGGESTION)).to_have_count(0)
        await expect(page.locator(f"{ROW}[aria-current]")).to_contain_text("已回复")
        said = await heard(client, answer)
        assert said["author"] == {"kind": "agent", "name": name}
        await client.call("read", seq=said["seq"])
        await expect(page.locator(".ticks-read")).to_have_text("已读")


async def test_a_suggestion_is_changed_before_it_goes(shop: Program, new_page: NewPage) -> None:
    page, _ = await console(shop, new_page)
    async with page.expect_websocket() as opened:
        await page.reload()
    wire = await opened.value
    async with asking(shop, "可以开发票吗？") as client:
        await open_talk(page, "开发票")
        await page.locator(SUGGESTION).first.get_by_role("button", name="改").click()
        field = page.locator(COMPOSER)
        await expect(field).to_be_focused()
        await expect(field).not_to_have_value("")
        await page.keyboard.type("～")
        answer = await field.input_value()
        async with wire.expect_event("framesent", lambda frame: '"say"' in str(frame)) as said:
            await field.press("Enter")
        await heard(client, answer)
        assert '"edited":true' in str(await said.value)


async def test_the_knowledge_is_asked_by_hand(shop: Program, new_page: NewPage) -> None:
    page, _ = await console(shop, new_page)
    async with asking(shop, "嗯嗯"):
        await open_talk(page, "嗯嗯")
        await page.get_by_placeholder("在知识库里查").fill("怎么退货")
        await page.keyboard.press("Enter")
        await expect(page.locator(".asked")).to_contain_text("怎么退货")
        await expect(page.locator(SUGGESTION).first).to_contain_text("退")


async def test_drafts_stay_with_their_talk_and_outlive_a_reload(
    shop: Program, new_page: NewPage
) -> None:
    page, _ = await console(shop, new_page)
    async with asking(shop, "第一位"), asking(shop, "第二位"):
        await open_talk(page, "第一位")
        await page.locator(COMPOSER).fill("写了一半")
        await open_talk(page, "第二位")
        await expect(page.locator(COMPOSER)).to_have_value("")
        await expect(page.locator(ROW, has_text="草稿")).to_contain_text("写了一半")
        await page.reload()
        await open_talk(page, "写了一半")
        await expect(page.locator(COMPOSER)).to_have_value("写了一半")


async def test_an_input_method_keeps_its_enter(shop: Program, new_page: NewPage) -> None:
    page, _ = await console(shop, new_page)
    async with asking(shop, "在吗"):
        await open_talk(page, "在吗")
        await page.locator(COMPOSER).focus()
        session = await page.context.new_cdp_session(page)
        composition = {"text": "nihao", "selectionStart": 5, "selectionEnd": 5}
        await session.send("Input.imeSetComposition", composition)
        await page.evaluate(
            """() => {
                const field = document.querySelector('#composer')
                for (const more of [{isComposing: true}, {keyCode: 229}]) {
                    field.dispatchEvent(new KeyboardEvent('keydown',
                        {key: 'Enter', code: 'Enter', bubbles: true, cancelable: true, ...more}))
                }
            }"""
        )
        await session.send("Input.insertText", {"text": "你好"})
        await expect(page.locator(COMPOSER)).to_have_value("你好")
        await expect(page.locator(BUBBLE)).to_have_count(1)
        await page.keyboard.press("Shift+Enter")
        await page.keyboard.type("在的")
        await expect(page.locator(COMPOSER)).to_have_value("你好\n在的")
        await page.keyboard.press("Enter")
        await expect(page.locator(BUBBLE, has_text="你好\n在的")).to_have_count(1)


async def test_the_key_that_sends_can_be_chosen(shop: Program, new_page: NewPage) -> None:
    page, _ = await console(shop, new_page)
    async with asking(shop, "您好呀"):
        await open_talk(page, "您好呀")
        await page.get_by_role("button", name="选择发送按键").click()
        await page.get_by_role("menuitemradio", name="Ctrl+Enter 发送，Enter 换行").click()
        field = page.locator(COMPOSER)
        await field.fill("一行")
        await field.press("Enter")
        await expect(field).to_have_value("一行\n")
        await field.press("Control+Enter")
        await expect(page.locator(BUBBLE, has_text="一行")).to_have_count(1)


async def test_a_phrase_by_its_initials(shop: Program, new_page: NewPage) -> None:
    page, _ = await console(shop, new_page)
    async with asking(shop, "老板好"):
        await open_talk(page, "老板好")
        field = page.locator(COMPOSER)
        await field.press_sequentially("/fh")
        options = page.get_by_role("listbox", name="话术").get_by_role("option")
        await expect(options.first).to_contain_text("发货")
        await expect(options.first).to_have_attribute("aria-selected", "true")
        await field.press("ArrowDown")
        await expect(options.nth(1)).to_have_attribute("aria-selected", "true")
        await field.press("ArrowUp")
        await field.press("Enter")
        await expect(field).to_have_value(re.compile("发货"))
        await expect(page.locator(BUBBLE)).to_have_count(1)
        await field.fill("见 https://example.com/fh")
        await expect(options).to_have_count(0)


async def test_a_note_stays_inside(shop: Program, new_page: NewPage) -> None:
    page, _ = await console(shop, new_page)
    async with asking(shop, "有人吗") as client:
        await open_talk(page, "有人吗")
        await page.keyboard.press("Alt+p")
        await expect(page.locator(".composer-note")).to_be_visible()
        note = await write(page, "注意这位的语气")
        await expect(note).to_contain_text("顾客看不到")
        await page.keyboard.press("Alt+l")
        await write(page, "在的")
        await heard(client, "在的")
        assert "注意这位的语气" not in client.texts()


async def test_a_message_is_recalled(shop: Program, new_page: NewPage) -> None:
    page, _ = await console(shop, new_page)
    async with asking(shop, "多少钱") as client:
        await open_talk(page, "多少钱")
        bubble = await write(page, "一百二十八万")
        await bubble.hover()
        await bubble.get_by_role("button", name="撤回").click()
        await expect(page.locator(BUBBLE, has_text="消息已撤回")).to_have_count(1)
        await client.event("recalled")


async def test_what_the_shopper_sends_is_shown(shop: Program, new_page: NewPage) -> None:
    page, _ = await console(shop, new_page)
    seen = {"url": f"{shop.address}/demo/p/x", "title": "青瓷壶 粉青"}
    async with asking(shop, "看看 https://example.com/a，谢谢", page=seen) as client:
        await open_talk(page, "看看")
        link = page.locator(BUBBLE).get_by_role("link")
        await expect(link).to_have_attribute("href", "https://example.com/a")
        await expect(page.locator(".talk-page")).to_contain_text("正在看：青瓷壶 粉青")
        await client.call("typing", text="能不能再便宜")
        await expect(page.locator(".typing")).to_contain_text("能不能再便宜")
        product = {"title": "青瓷壶", "price": "128.00", "url": f"{shop.address}/demo/p/x"}
        answer = await client.say("", kind="product", product=product)
        assert answer["ok"], answer
        await expect(page.locator(".goods-price")).to_have_text("¥128.00")
        await expect(page.locator(".goods a")).to_have_attribute("href", product["url"])
        order = {"uid": "QC2026", "statusText": "已付款", "totalAmount": "244.00"}
        await client.say("", kind="order", order=order)
        await expect(page.locator(".order")).to_contain_text("订单 QC2026")
        await page.keyboard.press("Alt+c")
        await expect(page.locator(".values")).to_contain_text("QC2026")
        await expect(page.locator(".side")).to_contain_text("这是第一次咨询")


async def test_a_talk_is_handed_over_with_a_note(shop: Program, new_page: NewPage) -> None:
    page, _ = await console(shop, new_page)
    async with asking(shop, "我要投诉"):
        await open_talk(page, "我要投诉")
        other, name = await console(shop, new_page)
        await page.keyboard.press("Alt+t")
        await page.get_by_role("radio", name=name).check()
        await page.get_by_label("给接手人的备注").fill("已道歉，等换货")
        await page.get_by_role("dialog").get_by_role("button", name="转接", exact=True).click()
        await expect(page.locator(".composer-bar")).to_contain_text(f"{name} 正在接待")
        await open_talk(other, "我要投诉")
        await expect(other.locator(".bubble-note", has_text="已道歉，等换货")).to_have_count(1)
        await expect(other.locator(".talk-marks")).to_contain_text("同事转来")


async def test_a_talk_is_ended_and_reopened(shop: Program, new_page: NewPage) -> None:
    page, _ = await console(shop, new_page)
    async with asking(shop, "谢谢你"):
        await open_talk(page, "谢谢你")
        await page.keyboard.press("Alt+e")
        await page.get_by_label("小结").fill("已答复")
        await page.keyboard.press("Control+Enter")
        await expect(page.locator(".composer-bar")).to_contain_text("会话已结束")
        await expect(page.locator(ROW, has_text="谢谢你")).to_have_count(0)
        await page.locator(".composer-bar").get_by_role("button", name="重新打开").click()
        await expect(page.locator(COMPOSER)).to_be_visible()
        await expect(page.locator(ROW, has_text="谢谢你")).to_have_count(1)


async def test_ending_leads_to_the_next(shop: Program, new_page: NewPage) -> None:
    page, _ = await console(shop, new_page)
    async with asking(shop, "先来的"), asking(shop, "后来的"):
        await open_talk(page, "先来的")
        await page.keyboard.press("Control+Alt+e")
        await expect(page.locator(ROW)).to_have_count(1)
        await expect(page.locator(BUBBLE)).to_have_text(re.compile("后来的"))


async def test_the_next_of_the_queue_is_taken(shop: Program, new_page: NewPage) -> None:
    page, _ = await console(shop, new_page)
    await choose_state(page, "忙碌")
    async with asking(shop, "排队的人"):
        await page.get_by_role("tab", name="排队").click()
        await page.locator(ROW, has_text="排队的人").click()
        await expect(page.locator(".composer-bar")).to_contain_text("顾客正在排队")
        await page.keyboard.press("Alt+g")
        await expect(page.get_by_role("tab", name="我的")).to_have_attribute(
            "aria-selected", "true"
        )
        await expect(page.locator(COMPOSER)).to_be_focused()
        await write(page, "久等了")


async def test_a_hidden_page_calls_by_sign_and_notice(shop: Program, new_page: NewPage) -> None:
    page, _ = await console(shop, new_page)
    await page.add_init_script(
        """localStorage.setItem('desk.sound', 'on')
        window.called = []
        window.Notification = class {
            static permission = 'granted'
            constructor(title, { body }) { window.called.push(title + ': ' + body) }
        }
        Object.defineProperty(document, 'visibilityState', { get: () => 'hidden' })"""
    )
    await page.reload()
    await in_step(page)
    icon = page.locator("link[rel=icon]")
    await expect(icon).not_to_have_attribute("href", re.compile("circle"))
    async with asking(shop, "看见我了吗") as client:
        await expect(icon).to_have_attribute("href", re.compile("circle"))
        await open_talk(page, "看见我了吗")
        await client.say("喂？")
        await expect(page.locator("p.sr-only[role=status]")).to_have_text(re.compile("喂？$"))
        called = await page.evaluate("window.called")
        assert [line.split(": ")[1] for line in called][-1] == "喂？"
        await expect(page).to_have_title(re.compile(r"^\(1\) "))


async def test_too_long_words_are_counted_and_held_back(shop: Program, new_page: NewPage) -> None:
    page, _ = await console(shop, new_page)
    async with asking(shop, "说详细点"):
        await open_talk(page, "说详细点")
        field, send = page.locator(COMPOSER), page.get_by_role("button", name="发送", exact=True)
        await field.fill("长" * 7_400)
        await expect(page.locator(".composer-count")).to_have_count(0)
        await field.fill("长" * 7_999 + "😊")
        await expect(page.locator(".composer-count")).to_have_text("8000 / 8000 字")
        await expect(send).to_be_enabled()
        await field.fill("长" * 8_000 + "😊")
        await expect(page.locator(".composer-over")).to_be_visible()
        await expect(send).to_be_disabled()
        await field.press("Enter")
        await expect(page.locator(BUBBLE)).to_have_count(1)


async def choose_state(page: Page, state: str) -> None:
    await page.locator(".top-availability").click()
    await page.get_by_role("menuitemradio", name=state).click()
    await expect(page.locator(".top-availability")).to_contain_text(state)
