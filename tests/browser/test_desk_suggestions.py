"""Suggestions at work: why one is there, how it is put away, and how its entry learns from it."""

import re
from collections.abc import Iterator

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.conftest import NewPage, axe
from tests.browser.consoles import (
    COMPOSER,
    Wire,
    asking,
    console,
    in_step,
    installation,
    open_talk,
)
from tests.program import Program

SUGGESTION = ".suggestion"
SURE = "周末会发货吗亲"
LATIN = re.compile(r"[A-Za-z]{2,}")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    yield from installation(tmp_path_factory.mktemp("suggestions") / "data")


def notice(page: Page, text: str) -> Locator:
    return page.locator(".notice", has_text=text)


async def questions(page: Page) -> list[str]:
    return await page.locator(".suggestion-question").all_inner_texts()


async def test_a_refused_one_comes_back_with_the_reason(shop: Program, new_page: NewPage) -> None:
    page, _ = await console(shop, new_page)
    wire = Wire(
        refused={'"reject"': "conflict"}, rewritten={'"sure":true}': '"sure":true,"lift":0.03}'}
    )
    await wire.lead(page)
    await page.reload()
    await in_step(page)
    async with asking(shop, SURE):
        await open_talk(page, SURE)
        await expect(page.locator(SUGGESTION).nth(1)).to_be_visible()
        score = page.locator(".suggestion-score").first
        await expect(score).to_have_attribute("title", re.compile("，本店使用经验 \\+3%$"))
        before = await questions(page)
        await page.keyboard.press("Alt+n")
        await expect(notice(page, "情况已变化")).to_be_visible()
        await expect(notice(page, "已移除")).to_have_count(0)
        assert await questions(page) == before


async def test_a_suggestion_says_why_it_is_there(shop: Program, new_page: NewPage) -> None:
    page, _ = await console(shop, new_page)
    async with asking(shop, SURE):
        await open_talk(page, SURE)
        first, second = page.locator(SUGGESTION).nth(0), page.locator(SUGGESTION).nth(1)
        await expect(first.locator(".suggestion-sure")).to_have_text("有把握")
        await expect(second.locator(".suggestion-sure")).to_have_count(0)
        await expect(first.locator(".suggestion-question mark")).to_have_text("周末发货吗")
        await expect(first.locator(".suggestion-phrase")).to_have_count(0)
        await expect(second.locator(".suggestion-question mark")).to_have_count(0)
        await expect(second.locator(".suggestion-phrase")).to_have_text("问法 周末客服在不在")
        await expect(second.locator(".suggestion-phrase mark")).to_have_text("周末")
        why = re.compile(r"^匹配度 \d+%，≥32% 才推荐，≥40% 且领先 20% 才算有把握(，|$)")
        await expect(first.locator(".suggestion-score")).to_have_attribute("title", why)
        await expect(first.locator(".suggestion-score .sr-only")).to_have_text(why)
        await expect(page.locator(".asked mark").first).to_have_text("周末")
        assert await axe(page) == []


async def test_one_is_put_away_and_brought_back(shop: Program, new_page: NewPage) -> None:
    page, _ = await console(shop, new_page)
    async with asking(shop, SURE):
        await open_talk(page, SURE)
        await expect(page.locator(SUGGESTION).nth(1)).to_be_visible()
        before = await questions(page)
        await page.locator(COMPOSER).focus()
        await page.keyboard.press("Alt+n")
        await expect(page.locator(SUGGESTION)).to_have_count(len(before) - 1)
        assert await questions(page) == before[1:]
        await expect(page.locator(".suggestion-place").first).to_have_text("1")
        await expect(page.locator(COMPOSER)).to_be_focused()
        await notice(page, "已移除").get_by_role("button", name="撤销").click()
        await expect(page.locator(SUGGESTION)).to_have_count(len(before))
        assert await questions(page) == before
        await expect(page.locator(".notice")).to_have_count(0)
        for left in range(len(before) - 1, -1, -1):
            button = page.locator(SUGGESTION).first.get_by_role("button", name="不合适")
            await expect(button).to_have_attribute("title", "移除这条推荐（Alt+N）")
            await button.click()
            await expect(page.locator(SUGGESTION)).to_have_count(left)
        await expect(page.locator(COMPOSER)).to_be_focused()
        await expect(page.locator(".side .empty")).to_contain_text("没有其他推荐了")


async def test_what_an_agent_teaches_waits_for_a_supervisor(
    shop: Program, new_page: NewPage
) -> None:
    page, _ = await console(shop, new_page)
    words = "付款了啥时候能把壶寄过来"
    async with asking(shop, words) as client:
        await open_talk(page, words)
        await expect(page.locator(SUGGESTION).first).to_be_visible()
        await page.locator(COMPOSER).focus()
        await page.keyboard.press("Alt+Enter")
        offer = page.locator(".teach-side")
        await expect(offer).to_contain_text(f"把“{words}”加为「什么时候发货？」的相似问法？")
        await expect(page.locator(COMPOSER)).to_be_focused()
        assert set(LATIN.findall(await offer.inner_text())) == {"Alt"}
        assert await axe(page) == []
        await page.keyboard.press("Alt+s")
        await expect(offer).to_have_count(0)
        await notice(page, "已提交，等主管确认").get_by_role("button", name="撤销").click()
        await expect(notice(page, "已撤销")).to_be_visible()
        await client.say("壶把摔断了能赔吗")
        await page.locator(SUGGESTION).first.get_by_role("button", name="改").click()
        await page.keyboard.type("～")
        await page.keyboard.press("Enter")
        await expect(offer).to_contain_text("把“壶把摔断了能赔吗”")
        await client.say("在吗")
        await expect(offer).to_have_count(0)


async def test_what_an_owner_teaches_is_known_at_once(shop: Program, new_page: NewPage) -> None:
    page, _ = await console(shop, new_page, role="owner")
    words = "寄到广州运费多少钱"
    async with asking(shop, words) as client:
        await open_talk(page, words)
        first = page.locator(SUGGESTION).first
        await first.get_by_role("button", name="用", exact=False).last.click()
        await page.locator(".teach-side").get_by_role("button", name="加上").click()
        await expect(notice(page, "已加，下次更准")).to_be_visible()
        await client.say(words)
        await expect(first.locator(".suggestion-score")).to_contain_text("100%")
        await expect(first.get_by_role("button", name="加为问法")).to_have_count(0)
        await expect(first.locator(".suggestion-phrase")).to_contain_text(words)
        await page.keyboard.press("Alt+Enter")
        await expect(page.locator(SUGGESTION)).to_have_count(0)
        await expect(page.locator(".teach-side")).to_have_count(0)
        await page.get_by_placeholder("在知识库里查").fill("运费多少")
        await page.keyboard.press("Enter")
        asked = page.locator(SUGGESTION, has_text="运费多少钱？")
        await asked.get_by_role("button", name="加为问法").click()
        await expect(notice(page, "已有这个问法")).to_be_visible()


@pytest.mark.parametrize("size", ["laptop", "phone"])
async def test_in_english_on_smaller_screens(shop: Program, new_page: NewPage, size: str) -> None:
    page, _ = await console(shop, new_page, size=size, lang="en")
    async with asking(shop, SURE):
        await open_talk(page, SURE)
        if size == "phone":
            await page.locator(".talk-side").click()
        first = page.locator(SUGGESTION).first
        await expect(first.locator(".suggestion-sure")).to_have_text("sure")
        why = re.compile(r"^Match \d+%; shown from 32%, sure from 40% with a lead of 20%(;|$)")
        await expect(first.locator(".suggestion-score")).to_have_attribute("title", why)
        await first.get_by_role("button", name="Not it").click()
        await expect(first.locator(".suggestion-sure")).to_have_count(0)
        await notice(page, "Removed").get_by_role("button", name="Undo").click()
        assert await axe(page) == []
        await first.get_by_role("button", name="Use").click()
        offer = page.locator(".teach:visible")
        await expect(offer).to_contain_text(f"Add “{SURE}” to the phrasings of")
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert await axe(page) == []
        await offer.get_by_role("button", name="No", exact=True).click()
        await expect(offer).to_have_count(0)


async def test_the_keys_are_in_the_list_and_in_the_palette(
    shop: Program, new_page: NewPage
) -> None:
    page, _ = await console(shop, new_page)
    async with asking(shop, SURE):
        await open_talk(page, SURE)
        await page.locator(".log").focus()
        await page.keyboard.press("?")
        keys = page.get_by_role("dialog", name="快捷键").locator("dl > div")
        await expect(keys.filter(has_text="移除第一条推荐")).to_contain_text("Alt+N")
        await expect(keys.filter(has_text="把顾客的话加为相似问法")).to_contain_text("Alt+S")
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("dialog")).to_have_count(0)
        for words, left in (("移除第一条", 1), ("发送第一条", 0)):
            await page.keyboard.press("Control+k")
            await page.get_by_role("combobox").fill(words)
            await page.keyboard.press("Enter")
            await expect(page.locator(SUGGESTION)).to_have_count(left)
        await page.keyboard.press("Control+k")
        await page.get_by_role("combobox").fill("相似问法")
        await page.keyboard.press("Enter")
        await expect(notice(page, "已提交，等主管确认")).to_be_visible()
