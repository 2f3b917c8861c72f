"""Phrases at work: saved from what was said, kept in order, said in the right words and counted."""

import re
import time
from collections.abc import Iterator

import jwt
import pytest
from playwright.async_api import Locator, Page, Route, expect

from tests.browser.conftest import NewPage, axe
from tests.browser.consoles import (
    BUBBLE,
    COMPOSER,
    asking,
    console,
    in_step,
    installation,
    open_talk,
    sign_in,
    write,
)
from tests.browser.owners import ask, notice
from tests.clients import shopper
from tests.program import Program

ROW = ".phrase-row"
ORDER = {"uid": "E20260722", "status": "paid", "goods": [{"title": "青瓷壶"}]}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    yield from installation(tmp_path_factory.mktemp("phrases") / "data")


def dialog(page: Page) -> Locator:
    return page.get_by_role("dialog", name="存为话术")


async def phrases(page: Page, tab: str = "团队") -> None:
    await page.keyboard.press("Alt+q")
    await page.get_by_role("tablist", name="谁的话术").get_by_role("tab", name=tab).click()


async def said(page: Page, text: str) -> Locator:
    """Send it, and wait for the server to have it; its bubble."""
    bubble = await write(page, text)
    await expect(page.locator(".bubble-pending")).to_have_count(0)
    return bubble


async def slash(page: Page, words: str) -> Locator:
    await page.locator(COMPOSER).press_sequentially(f"/{words}")
    return page.get_by_role("listbox", name="话术").get_by_role("option")


async def test_what_was_said_is_kept_with_one_key(shop: Program, new_page: NewPage) -> None:
    page, _ = await console(shop, new_page)
    async with asking(shop) as client:
        await client.say("", kind="order", order=ORDER)
        await client.say("能寄到拉萨吗")
        await open_talk(page, "能寄到拉萨吗")
        await said(page, "亲，订单 E20260722 可以寄到拉萨的")
        await page.locator(COMPOSER).fill("正在写")
        await page.keyboard.press("Alt+d")
        await expect(dialog(page)).to_have_count(0)
        await page.locator(COMPOSER).fill("")
        await page.keyboard.press("Alt+d")
        box = dialog(page)
        await expect(box.get_by_label("顾客怎么问")).to_have_value("能寄到拉萨吗")
        await expect(box.get_by_label("回复")).to_have_value("亲，订单 {订单号} 可以寄到拉萨的")
        await expect(box).to_contain_text("这位顾客的信息已换成 {订单号}")
        await expect(box.get_by_label("快捷码")).to_be_focused()
        assert await axe(page) == []
        await page.keyboard.type("lasa")
        await page.keyboard.press("Enter")
        await expect(box).to_have_count(0)
        await expect(notice(page, "已存为我的短语")).to_be_visible()
        await expect(page.locator(COMPOSER)).to_be_focused()
        options = await slash(page, "lasa")
        await expect(options).to_have_count(1)
        await expect(options).to_contain_text("亲，订单 E20260722 可以寄到拉萨的")
        for _ in "/lasa":
            await page.keyboard.press("Backspace")
        await notice(page, "已存为我的短语").get_by_role("button", name="撤销").click()
        await expect(notice(page, "已撤销")).to_be_visible()
        assert (await ask(page, "GET", "/api/phrases"))["items"] == []
        await expect(await slash(page, "lasa")).to_have_count(0)


async def test_what_is_wrong_is_said_at_its_field(shop: Program, new_page: NewPage) -> None:
    page, _ = await console(shop, new_page, role="supervisor")
    await ask(page, "POST", "/api/entries", {"question": "占", "answer": "了", "shortcut": "zhan"})
    async with asking(shop, "什么釉的"):
        await open_talk(page, "什么釉的")
        bubble = await said(page, "亲，是梅子青釉")
        await bubble.hover()
        await bubble.get_by_role("button", name="存为话术").click()
        box = dialog(page)
        await box.get_by_label("快捷码").fill("zhan")
        await box.get_by_role("button", name="加入知识库").click()
        await expect(box.locator(".script-shortcut")).to_contain_text("已被别的条目使用")
        await expect(box.get_by_label("快捷码")).to_be_focused()
        await expect(box.get_by_label("快捷码")).to_have_attribute("aria-invalid", "true")
        assert await axe(page) == []
        await box.get_by_label("快捷码").fill("太" * 33)
        await page.keyboard.press("Enter")
        await expect(box.locator(".script-shortcut")).to_contain_text("33 字，最多 32 字")
        await box.get_by_label("快捷码").fill("meiziqing")
        await box.get_by_label("回复").fill(" ")
        await page.keyboard.press("Control+Enter")
        await expect(box.locator(".script-answer")).to_contain_text("不能为空")
        await box.get_by_label("回复").fill("亲，是梅子青釉的")

        async def refuse(route: Route) -> None:
            await route.abort()

        await page.route("**/api/entries", refuse)
        await box.get_by_role("button", name="加入知识库").click()
        await expect(box.get_by_role("alert")).to_contain_text("内容还在")
        await page.keyboard.press("Escape")
        await expect(box).to_have_count(0)
        await page.unroute("**/api/entries", refuse)
        await page.keyboard.press("Alt+d")
        await expect(box.get_by_label("回复")).to_have_value("亲，是梅子青釉的")
        await box.get_by_role("button", name="加入知识库").click()
        await expect(notice(page, "已加入知识库")).to_be_visible()
        await phrases(page)
        await page.get_by_placeholder("搜索话术").fill("meiziqing")
        found = page.locator(ROW)
        await expect(found).to_contain_text("亲，是梅子青釉的")
        link = found.get_by_role("link")
        await expect(link).to_have_attribute("href", re.compile(r"^/knowledge#entries/.+"))
        await notice(page, "已加入知识库").get_by_role("button", name="撤销").click()
        await expect(found).to_have_count(0)


async def test_ones_own_are_changed_and_deleted_in_place(shop: Program, new_page: NewPage) -> None:
    page, _ = await console(shop, new_page)
    own = {"question": "我的发货说明", "answer": "亲，我盯着发", "shortcut": "fhzz"}
    await ask(page, "POST", "/api/phrases", own)
    async with asking(shop, "在不在呀"):
        await open_talk(page, "在不在呀")
        first = (await slash(page, "fh")).first
        await expect(first).to_contain_text("我的发货说明")
        await page.locator(COMPOSER).fill("")
        await phrases(page, "我的")
        row = page.locator(ROW)
        await row.hover()
        await row.get_by_role("button", name="修改：").click()
        field = page.locator(".phrase-editing").get_by_label("回复")
        await expect(field).to_be_focused()
        await field.fill("亲，我一直盯着发")
        assert await axe(page) == []
        await page.keyboard.press("Control+Enter")
        await expect(row).to_contain_text("亲，我一直盯着发")
        await notice(page, "短语已修改").get_by_role("button", name="撤销").click()
        await expect(row.locator(".phrase-answer")).to_have_text("亲，我盯着发")
        await row.hover()
        await row.get_by_role("button", name="修改：").click()
        await page.keyboard.press("Escape")
        await row.hover()
        await row.get_by_role("button", name="删除：").click()
        await expect(row).to_have_count(0)
        await expect(page.locator(".side .empty")).to_contain_text("Alt+D")
        await notice(page, "短语已删除").get_by_role("button", name="撤销").click()
        await expect(row).to_contain_text("fhzz")


async def test_a_lead_sees_what_agents_propose(shop: Program, new_page: NewPage) -> None:
    page, name = await console(shop, new_page)
    lead = await new_page()
    await sign_in(lead, shop, shop_lead(shop, name))
    await lead.goto(f"{shop.address}/knowledge")
    badge = lead.locator(".top-page .badge")
    async with asking(shop, "有没有赠品呀"):
        await open_talk(page, "有没有赠品呀")
        await said(page, "亲，满三件送茶漏")
        await page.keyboard.press("Alt+d")
        await dialog(page).get_by_role("button", name="提议给团队").click()
        await expect(notice(page, "已提议，等主管审核")).to_be_visible()
        await expect(badge).to_contain_text("1")
        await expect(page.locator(".top-page .badge")).to_have_count(0)
        await phrases(page)
        await page.get_by_placeholder("搜索话术").fill("包邮")
        row = page.locator(ROW).first
        await row.hover()
        await row.get_by_role("button", name="提议修改：").click()
        form = page.locator(".phrase-editing")
        await form.get_by_label("回复").fill("亲，满 99 包邮哦")
        await form.get_by_role("button", name="提议修改").click()
        await expect(form).to_have_count(0)
        await expect(badge).to_contain_text("2")
        await lead.goto(f"{shop.address}/desk")
        await in_step(lead)
        await expect(badge).to_contain_text("2 条提议待审")
        assert await axe(lead) == []
        drafts = (await ask(lead, "GET", "/api/drafts"))["items"]
        assert [one["fields"] for one in drafts][1] == {"answer": "亲，满 99 包邮哦"}
        assert drafts[0]["fields"]["question"] == "有没有赠品呀"
        assert "conversation" in drafts[0]
        await notice(page, "已提议").last.get_by_role("button", name="撤销").click()
        await expect(badge).to_contain_text("1 条提议待审")
        for one in (await ask(lead, "GET", "/api/drafts"))["items"]:
            await ask(lead, "POST", f"/api/drafts/{one['id']}/decline", {})
        await expect(badge).to_have_count(0)


def shop_lead(shop: Program, name: str) -> str:
    lead = f"主管{name}"
    shop.hire(lead, role="supervisor")
    return lead


WORDED = {
    "question": "问茶席怎么摆", "answer": "别处的", "shortcut": "chaxi", "category": "试用",
    "variants": [
        {"channel": "widget", "level": "", "answer": "{昵称|茶友}，**慢慢**摆"},
        {"channel": "widget", "level": "金卡", "answer": "金卡的"},
    ],
}  # fmt: skip


async def test_the_right_wording_is_said_and_counted(shop: Program, new_page: NewPage) -> None:
    page, _ = await console(shop, new_page, role="supervisor")
    today = int(await page.evaluate("(new Date().getDay() + 6) % 7 + 1"))
    await ask(page, "POST", "/api/entries", WORDED)
    other_day = {"question": "问茶席今天不说", "answer": "不说", "weekdays": [today % 7 + 1]}
    await ask(page, "POST", "/api/entries", other_day)
    said = "茶友，慢慢摆"
    async with asking(shop, "嗯") as client:
        await open_talk(page, "嗯")
        options = await slash(page, "chaxi")
        await expect(options).to_have_count(1)
        await expect(options).to_contain_text(said)
        await options.click()
        await expect(page.locator(COMPOSER)).to_have_value(said)
        await phrases(page)
        await page.get_by_placeholder("搜索话术").fill("问茶席")
        row = page.locator(ROW)
        await expect(row).to_have_count(1)
        await expect(row.locator(".phrase-answer")).to_have_text(said)
        async with page.expect_websocket() as opened:
            await page.reload()
        wire = await opened.value
        await in_step(page)
        async with wire.expect_event("framesent", lambda frame: '"say"' in str(frame)) as sent:
            await page.locator(COMPOSER).press("Enter")
        assert '"edited":false' in str(await sent.value)
        await client.event("message", lambda message: message["text"] == said)
        await phrases(page)
        await page.get_by_placeholder("搜索话术").fill("问茶席")
        await row.locator(".phrase").click()
        await expect(page.locator(COMPOSER)).to_be_focused()
        await page.keyboard.type("～")
        async with wire.expect_event("framesent", lambda frame: '"say"' in str(frame)) as sent:
            await page.locator(COMPOSER).press("Enter")
        assert '"edited":true' in str(await sent.value)
        await expect(row.locator(".phrase-used")).to_have_text("用过 2 次")
        told = row.locator(".phrase-used")
        await expect(told).to_have_attribute("title", "近 30 天：我 2 次，全店 2 次")
        (used,) = [one for one in (await ask(page, "GET", "/api/usage"))["items"]]
        assert (used["sent"], used["edited"], used["mine"]) == (2, 1, 2)
        await row.locator(".phrase").click()
        await page.locator(COMPOSER).fill("自己写的话")
        async with wire.expect_event("framesent", lambda frame: '"say"' in str(frame)) as sent:
            await page.locator(COMPOSER).press("Enter")
        assert "suggestion" not in str(await sent.value), "nothing of the phrase is left"


async def test_most_used_first_within_a_category(shop: Program, new_page: NewPage) -> None:
    page, _ = await console(shop, new_page, role="supervisor")
    for question in ("甲种", "乙种"):
        entry = {"question": question, "answer": f"{question}的话", "category": "排序"}
        await ask(page, "POST", "/api/entries", entry)
    async with asking(shop, "哦"):
        await open_talk(page, "哦")
        await (await slash(page, "乙种")).click()
        await page.locator(COMPOSER).press("Enter")
        await expect(page.locator(BUBBLE, has_text="乙种的话")).to_have_count(1)
        await phrases(page)
        await page.locator(".shelf-name", has_text="排序").click()
        rows = page.locator(f"{ROW} b")
        await expect(rows).to_have_text(["甲种", "乙种"])
        await page.get_by_role("button", name="按使用次数排序").click()
        await expect(rows).to_have_text(["乙种", "甲种"])
        await page.reload()
        await in_step(page)
        await expect(page.locator(COMPOSER)).to_be_visible()
        await phrases(page)
        await page.locator(".shelf-name", has_text="排序").click()
        await expect(rows).to_have_text(["乙种", "甲种"])


async def test_a_gold_customer_hears_other_words(shop: Program, new_page: NewPage) -> None:
    page, _ = await console(shop, new_page, role="supervisor")
    variants = [
        {"channel": "widget", "level": "", "answer": "网页的"},
        {"channel": "widget", "level": "金卡", "answer": "{昵称}，金卡免运费"},
    ]
    entry = {"question": "问会员运费", "answer": "别处的", "shortcut": "hyyf", "variants": variants}
    await ask(page, "POST", "/api/entries", entry)
    secret = "the shop's own secret, long enough"
    inbox = shop.open_inbox("会员", identity_secret=secret)
    now = int(time.time())
    claims = {"aud": inbox, "sub": "lin", "name": "林小姐", "level": "金卡", "iat": now}
    word = jwt.encode({**claims, "exp": now + 300, "jti": "lin"}, secret, "HS256")
    async with shopper(shop, inbox, identity=word) as client:
        await client.call("human")
        await client.say("会员有优惠吗")
        await open_talk(page, "会员有优惠吗")
        await page.keyboard.press("Alt+c")
        await expect(page.locator(".customer-head h3")).to_contain_text("金卡")
        await expect(page.locator(".values")).not_to_contain_text("等级")
        await (await slash(page, "hyyf")).click()
        await expect(page.locator(COMPOSER)).to_have_value("林小姐，金卡免运费")
        await said(page, "林小姐，金卡免运费")
        await page.keyboard.press("Alt+d")
        await expect(dialog(page).get_by_label("回复")).to_have_value("{昵称}，金卡免运费")
        assert await axe(page) == []


@pytest.mark.parametrize("size", ["laptop", "phone"])
async def test_in_english_on_smaller_screens(shop: Program, new_page: NewPage, size: str) -> None:
    page, _ = await console(shop, new_page, size=size, lang="en", has_touch=size == "phone")
    own = {"question": "我的问候", "answer": "亲，在的呢", "shortcut": "wh"}
    await ask(page, "POST", "/api/phrases", own)
    async with asking(shop, "你好老板"):
        await open_talk(page, "你好老板")
        bubble = await said(page, "亲，您好")
        await bubble.hover()
        await bubble.get_by_role("button", name="Save as a script").click()
        box = page.get_by_role("dialog", name="Save as a script")
        await expect(box.get_by_label("Answer")).to_have_value("亲，您好")
        await box.get_by_label("Answer").fill("")
        await box.get_by_role("button", name="Save as my phrase").click()
        await expect(box.locator(".script-answer")).to_contain_text("This is needed")
        assert await axe(page) == []
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        await box.get_by_role("button", name="Cancel").click()
        if size == "phone":
            await page.locator(".talk-side").click()
        await page.get_by_role("tab", name="Phrases").click()
        await page.get_by_role("tab", name="Mine").last.click()
        row = page.locator(ROW)
        await row.hover()
        await row.get_by_role("button", name="Edit:").click()
        await expect(page.locator(".phrase-editing").get_by_label("Answer")).to_be_visible()
        assert await axe(page) == []
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_the_key_is_in_the_list_and_in_the_palette(shop: Program, new_page: NewPage) -> None:
    page, _ = await console(shop, new_page)
    async with asking(shop, "看看键"):
        await open_talk(page, "看看键")
        await page.keyboard.press("Control+k")
        await page.get_by_role("combobox").fill("存为话术")
        await expect(page.get_by_role("option")).to_have_count(0)
        await page.keyboard.press("Escape")
        await said(page, "有的")
        await page.keyboard.press("Control+k")
        await page.get_by_role("combobox").fill("存为话术")
        await page.keyboard.press("Enter")
        await expect(dialog(page)).to_be_visible()
        await page.keyboard.press("Escape")
        await page.locator(".log").focus()
        await page.keyboard.press("?")
        keys = page.get_by_role("dialog", name="快捷键").locator("dl > div")
        await expect(keys.filter(has_text="存为话术")).to_contain_text("Alt+D")
