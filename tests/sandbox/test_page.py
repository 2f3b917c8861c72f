"""The chat page in a real browser, beside a shop that checks each callback's signature."""

import re

import pytest
from playwright.async_api import Page, expect

from sandbox import Kind
from tests.browser.conftest import NewPage, axe
from tests.sandbox.conftest import Far
from tests.sandbox.endpoint import tag

INPUT = ".write input"


async def opened(far: Far, new_page: NewPage, **how: str) -> Page:
    page = await new_page(**how)
    await page.goto(far.url)
    await expect(page.locator(INPUT)).to_be_visible()
    return page


async def test_a_chat_from_wechat(far: Far, new_page: NewPage) -> None:
    page = await opened(far, new_page)
    await page.locator(INPUT).fill("在吗？")
    await page.keyboard.press("Enter")
    await expect(page.locator(".own .balloon")).to_have_text("在吗？")
    await expect(page.locator(".status")).to_contain_text("5/5")
    await expect(page.locator(".pushes .taken")).to_have_count(1)
    assert [tag(one, "Content") for one in far.endpoint.heard] == ["在吗？"]

    await far.say('在的 <a href="https://shop.example/p">看看</a><img src=x onerror=alert(1)>')
    await expect(page.locator(".said:not(.own) a")).to_have_attribute(
        "href", "https://shop.example/p"
    )
    assert await page.locator(".balloon img").count() == 0
    menu = {"head_content": "满意吗？", "list": [{"id": "101", "content": "满意"}]}
    await far.post(
        "message/custom/send", {"touser": far.user(), "msgtype": "msgmenu", "msgmenu": menu}
    )
    await page.locator(".tap").click()
    await expect(page.locator(".own .balloon")).to_have_count(2)
    await page.locator(".plus").click()
    await page.get_by_role("button", name="图片").click()
    await page.get_by_role("button", name="发送样图").click()
    await expect(page.locator(".own .picture")).to_be_visible()
    assert await page.locator(".picture").evaluate("one => one.decode().then(() => true)")
    await far.play("settle")
    assert tag(far.endpoint.heard[1], "bizmsgmenuid") == "101"
    assert tag(far.endpoint.heard[2], "MsgType") == "image"
    assert await axe(page) == []


async def test_what_goes_wrong_is_said(far: Far, new_page: NewPage) -> None:
    page = await opened(far, new_page)
    await page.get_by_label("签名错误").check()
    await page.locator(INPUT).fill("在吗？")
    await page.keyboard.press("Enter")
    await expect(page.locator(".trouble")).to_contain_text("HTTP 403")
    await page.get_by_label("签名错误").uncheck()
    await page.get_by_role("button", name="取消关注").click()
    await expect(page.locator(INPUT)).to_have_count(0)
    await page.get_by_role("button", name=re.compile("^关注")).click()
    await expect(page.locator(INPUT)).to_be_visible()
    await page.get_by_role("button", name="核对地址").click()
    await expect(page.locator(".good")).to_be_visible()


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
async def test_on_a_phone(far: Far, new_page: NewPage, lang: str) -> None:
    page = await opened(far, new_page, size="phone", lang=lang)
    await page.get_by_label({"zh-CN": "微信客服", "en": "WeCom"}[lang], exact=True).check()
    await page.locator(".plus").click()
    assert await axe(page) == []
    await page.get_by_role("button", name={"zh-CN": "进入会话", "en": "Enter"}[lang]).click()
    await page.locator(".sheet .send").click()
    await expect(page.locator(".deed")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth") == 390
    await page.locator(".opener").click()
    await expect(page.locator(".panel")).to_be_visible()
    assert await axe(page) == []
    assert far.chat(Kind.KF).lines[0].type == "enter"
