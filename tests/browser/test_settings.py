"""The settings: a channel is added, its keys made and copied, what is missing is said, and nothing
that was written is lost."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import NewPage, axe
from tests.browser.consoles import SETTINGS, sign_in
from tests.channels.wechat_server import APP, SECRET, wechat_server
from tests.program import Program
from tests.servers import stop

COPIED = "navigator.clipboard.readText()"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    one = Program(tmp_path_factory.mktemp("settings") / "data", environ=SETTINGS)
    one.start()
    one.hire("店主甲", role="owner")
    one.hire("主管乙", role="supervisor")
    yield one
    if one.process is not None:
        stop(one.process)


async def settings(shop: Program, new_page: NewPage, name: str = "店主甲", **how: Any) -> Page:
    page = await new_page(permissions=["clipboard-read", "clipboard-write"], **how)
    await sign_in(page, shop, name)
    await page.goto(f"{shop.address}/settings")
    await expect(page.locator(".settings")).to_have_attribute("data-connected", "")
    return page


async def add(page: Page, kind: str, words: str = "添加") -> None:
    await page.locator(".settings-list").get_by_role("button", name=words).click()
    await page.get_by_role("menuitem", name=kind).click()


async def test_a_channel_is_added_checked_and_copied(shop: Program, new_page: NewPage) -> None:
    page = await settings(shop, new_page)
    async with wechat_server() as server:
        server.blocked = 40164
        await add(page, "微信公众号")
        await page.get_by_role("button", name="添加渠道").click()
        await expect(page.locator("#setting-name")).to_be_focused()
        await expect(page.locator("#setting-app_id-help")).to_have_text("请填写")
        assert await axe(page) == []
        await page.locator("#setting-name").fill("青瓷公众号")
        await page.locator("#setting-app_id").fill("不对")
        await page.locator("#setting-app_secret").fill(SECRET)
        await page.locator("#setting-api_base").fill(server.url)
        await page.get_by_role("button", name="生成令牌").click()
        await page.get_by_role("button", name="生成消息加解密密钥").click()
        await page.get_by_role("button", name="复制消息加解密密钥").click()
        await expect(page.locator(".notice").last).to_contain_text("已复制")
        key = await page.evaluate(COPIED)
        assert (len(key), key.isascii(), key.isalnum()) == (43, True, True)
        await page.get_by_role("button", name="添加渠道").click()
        await expect(page.locator("#setting-app_id-help")).to_contain_text("不符合要求")
        await expect(page.locator("#setting-app_id")).to_be_focused()
        await page.locator("#setting-app_id").fill(APP)
        await page.get_by_role("button", name="添加渠道").click()
        await expect(page.locator(".settings-row", has_text="青瓷公众号")).to_be_visible()
        secret = page.locator("#setting-encoding_aes_key")
        await expect(secret).to_have_value("")
        await expect(secret).to_have_attribute("placeholder", "已设置，留空不改")
        await page.get_by_role("button", name="复制回调地址").click()
        inbox_id = page.url.partition("#")[2]
        assert await page.evaluate(COPIED) == f"{shop.address}/hooks/{inbox_id}"
        await expect(page.locator(".settings-plain")).to_contain_text("安全模式")
        await page.get_by_role("button", name="立即检查").click()
        findings = page.locator(".settings-finding")
        await expect(findings).to_have_count(2)
        await expect(findings.first).to_contain_text("把 203.0.113.9 加进去")
        await expect(findings.last).to_contain_text("还没有收到签名正确的回调")
        assert await axe(page) == []
        server.blocked = 0
        await page.get_by_role("button", name="立即检查").click()
        await expect(findings.first).to_contain_text("账号和密钥正确")
        assert key not in await page.content()


async def test_what_is_not_saved_stays_and_what_is_saved_holds(
    shop: Program, new_page: NewPage
) -> None:
    page = await settings(shop, new_page, lang="en")
    first = page.locator(".settings-row").first
    await first.click()
    greeting = page.locator("#setting-greeting")
    await greeting.fill("Welcome to the shop")
    await page.get_by_role("button", name="Copy: Code for your page").click()
    key = shop.inbox_key()
    assert f'{shop.address}/widget.js" data-inbox="{key}"' in await page.evaluate(COPIED)
    await add(page, "Webhook", "Add")
    await expect(page.locator("#setting-url")).to_be_visible()
    await expect(first).to_contain_text("Not saved")
    await first.click()
    await expect(greeting).to_have_value("Welcome to the shop")
    await page.locator("#setting-robot").check()
    await page.get_by_role("button", name="Save").click()
    await expect(page.locator(".notice").last).to_contain_text("it holds at once")
    await page.reload()
    await expect(greeting).to_have_value("Welcome to the shop")
    await expect(page.locator("#setting-robot")).to_be_checked()
    assert await axe(page) == []


async def test_on_a_phone_one_thing_at_a_time(shop: Program, new_page: NewPage) -> None:
    page = await settings(shop, new_page, size="phone", has_touch=True)
    await page.locator(".settings-row").first.click()
    await expect(page.locator(".settings-list")).to_be_hidden()
    await expect(page.locator("#setting-greeting")).to_be_visible()
    wide = "document.documentElement.scrollWidth <= innerWidth"
    assert await page.evaluate(wide)
    assert await axe(page) == []
    await page.get_by_role("button", name="返回").click()
    await expect(page.locator(".settings-list")).to_be_visible()


async def test_others_are_told_who_may(shop: Program, new_page: NewPage) -> None:
    page = await settings(shop, new_page, "主管乙")
    await expect(page.locator(".empty")).to_contain_text("由店主管理")
    await expect(page.get_by_role("link", name="设置")).to_have_count(0)
    owner = await new_page()
    await sign_in(owner, shop, "店主甲")
    await owner.goto(f"{shop.address}/desk")
    await owner.get_by_role("link", name="设置").click()
    await expect(owner.locator(".settings-row").first).to_be_visible()
