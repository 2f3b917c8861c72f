"""The page of the knowledge: finding, writing, saving beside others, and losing nothing."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import NewPage, axe
from tests.browser.consoles import SETTINGS, sign_in
from tests.browser.owners import ask, notice, written
from tests.program import Program
from tests.servers import stop

ROW = ".entry"
ANSWER = "#field-answer"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    one = Program(tmp_path_factory.mktemp("knowledge") / "data", environ=SETTINGS)
    one.start()
    for name, role in (("主管甲", "supervisor"), ("主管乙", "supervisor"), ("客服丙", "agent")):
        one.hire(name, role=role)
    yield one
    if one.process is not None:
        stop(one.process)


async def knowledge(shop: Program, new_page: NewPage, name: str = "主管甲", **how: Any) -> Page:
    page = await new_page(**how)
    await sign_in(page, shop, name)
    await page.goto(f"{shop.address}/knowledge")
    await expect(page.locator(".owner")).to_have_attribute("data-connected", "")
    await expect(page.locator(ROW).first).to_be_visible()
    return page


async def open_entry(page: Page, question: str) -> None:
    await page.locator("#entry-search").fill(question)
    await page.locator(ROW, has_text=question).first.click()
    await expect(page.locator(".editor-title h2")).to_have_text(question)


async def test_who_is_not_signed_in_comes_back_here(shop: Program, new_page: NewPage) -> None:
    page = await new_page()
    await page.goto(f"{shop.address}/knowledge")
    await page.wait_for_url("**/login?next=/knowledge")
    await sign_in(page, shop, "客服丙")
    await page.goto(f"{shop.address}/desk")
    await page.get_by_role("link", name="知识库").click()
    await expect(page.locator(ROW).first).to_be_visible()
    assert await page.title() == "知识库"
    await page.get_by_role("link", name="工作台").click()
    await page.wait_for_url("**/desk")


async def test_a_few_letters_find_an_entry(shop: Program, new_page: NewPage) -> None:
    page = await knowledge(shop, new_page)
    await written(page, "礼品卡怎么兑换", shortcut="lpk")
    found = page.locator(ROW, has_text="礼品卡怎么兑换")
    for words in ("lpkzm", "lpk", "卡怎么兑"):
        await page.locator("#entry-search").fill(words)
        await expect(found).to_be_visible()
        await expect(page.locator(ROW).first).to_contain_text("礼品卡怎么兑换")
    await page.locator("#entry-search").fill("绝对没有这样的话")
    await expect(page.locator(".list-pane .empty")).to_contain_text("没有找到")
    await page.get_by_role("button", name="看全部").click()
    await expect(page.locator(".list-count")).to_contain_text(re.compile(r"\d{3} 条"))


async def test_what_is_saved_is_seen_by_the_other_console(shop: Program, new_page: NewPage) -> None:
    page, other = [await knowledge(shop, new_page, name) for name in ("主管甲", "主管乙")]
    await written(page, "能开电子发票吗")
    for one in (page, other):
        await open_entry(one, "能开电子发票吗")
    await page.locator(ANSWER).fill("亲，可以开的")
    await page.get_by_role("button", name="{昵称}").click()
    await expect(page.locator(ANSWER)).to_have_value("亲，可以开的{昵称}")
    await expect(page.locator(".told-draft")).to_contain_text("尚未保存")
    await page.keyboard.press("Control+s")
    await expect(notice(page, "已保存")).to_be_visible()
    await expect(page.locator(".told-draft")).to_have_count(0)
    await expect(page.locator(".field-warning")).to_contain_text("种问法")
    await expect(other.locator(ANSWER)).to_have_value("亲，可以开的{昵称}")
    await expect(other.locator(ROW).first).to_contain_text("亲，可以开的")


async def test_what_both_changed_is_chosen_field_by_field(shop: Program, new_page: NewPage) -> None:
    page = await knowledge(shop, new_page)
    entry = await written(page, "可以货到付款吗")
    await open_entry(page, "可以货到付款吗")
    await page.locator(ANSWER).fill("我写的答案")
    await page.locator("#field-note").fill("我写的备注")
    await ask(page, "PATCH", f"/api/entries/{entry}", {"answer": "对方的答案", "tags": ["付款"]})
    await expect(page.locator(".told-warn")).to_contain_text("有人刚改过")
    await page.keyboard.press("Control+s")
    dialog = page.get_by_role("dialog", name="有人同时改了这几处")
    await expect(dialog.locator(".merge-field")).to_have_count(1)
    await expect(dialog.locator(".merge-side")).to_have_text(
        [re.compile("原来"), re.compile("我的.*我写的答案"), re.compile("对方的.*对方的答案")]
    )
    assert await axe(page) == []
    await dialog.get_by_role("radio").nth(1).focus()
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("Enter")
    await expect(notice(page, "已保存")).to_be_visible()
    saved = await ask(page, "GET", f"/api/entries/{entry}")
    assert (saved["answer"], saved["note"], saved["tags"]) == ("对方的答案", "我写的备注", ["付款"])


async def test_changes_of_other_fields_join_by_themselves(shop: Program, new_page: NewPage) -> None:
    page = await knowledge(shop, new_page)
    entry = await written(page, "发什么快递呢")
    await open_entry(page, "发什么快递呢")
    await page.locator(ANSWER).fill("我写的答案")
    await ask(page, "PATCH", f"/api/entries/{entry}", {"category": "试写/快递"})
    await page.keyboard.press("Control+s")
    await expect(notice(page, "已合并")).to_be_visible()
    await expect(page.locator(".told-draft")).to_have_count(0)
    saved = await ask(page, "GET", f"/api/entries/{entry}")
    assert (saved["answer"], saved["category"]) == ("我写的答案", "试写/快递")


async def test_no_word_is_lost(shop: Program, new_page: NewPage) -> None:
    page = await knowledge(shop, new_page)
    await written(page, "能不能改地址啊")
    await open_entry(page, "能不能改地址啊")
    await page.locator(ANSWER).fill("写到一半")
    await page.reload()
    await expect(page.locator(ANSWER)).to_have_value("写到一半")
    await expect(page.locator(".told-draft")).to_contain_text("已恢复")
    await page.context.set_offline(True)
    await page.locator(ANSWER).fill("断网时写的")
    await page.keyboard.press("Control+s")
    await expect(notice(page, "改动已留在这台电脑上")).to_be_visible()
    await page.context.set_offline(False)
    await page.get_by_role("button", name="丢弃").click()
    await expect(page.locator(ANSWER)).to_have_value("亲，稍等哦")
    await notice(page, "草稿已丢弃").get_by_role("button", name="恢复").click()
    await expect(page.locator(ANSWER)).to_have_value("断网时写的")
    await page.keyboard.press("Control+s")
    await expect(notice(page, "已保存")).to_be_visible()


async def test_what_was_written_outlives_its_entry(shop: Program, new_page: NewPage) -> None:
    page = await knowledge(shop, new_page)
    entry = await written(page, "能帮忙砍价吗", note="旧备注")
    await open_entry(page, "能帮忙砍价吗")
    await page.locator(ANSWER).fill("亲，已经是最低价了")
    await ask(page, "DELETE", f"/api/entries/{entry}")
    await expect(page.locator(".told-warn")).to_contain_text("已被别人删除")
    await page.keyboard.press("Control+s")
    await notice(page, "没有保存成功").get_by_role("button", name="另存为新条目").click()
    await expect(page.locator("#field-note")).to_have_value("旧备注")
    await page.keyboard.press("Control+s")
    await expect(notice(page, "已保存")).to_be_visible()
    await expect(page.locator(ROW, has_text="已经是最低价了")).to_be_visible()


async def test_a_new_entry_says_what_is_missing(shop: Program, new_page: NewPage) -> None:
    page = await knowledge(shop, new_page)
    await page.keyboard.press("Control+Alt+n")
    await page.locator("#field-question").fill("可以自提吗")
    await page.keyboard.press("Control+s")
    await expect(page.locator("#field-answer-error")).to_contain_text("这里要填写")
    await expect(page.locator(ANSWER)).to_be_focused()
    await page.reload()
    await expect(page.locator("#field-question")).to_have_value("可以自提吗")
    await page.locator(ANSWER).fill("可以的")
    await page.get_by_role("button", name="加一种问法").click()
    await page.keyboard.type("能上门拿吗")
    await page.keyboard.press("Enter")
    await page.evaluate(
        """text => {
            const data = new DataTransfer()
            data.setData('text', text)
            const paste = new ClipboardEvent('paste', {clipboardData: data, bubbles: true})
            document.activeElement.dispatchEvent(paste)
        }""",
        "1. 到店取行吗\n2. 自己来拿\n",
    )
    await expect(page.locator(".texts").first.locator("input")).to_have_count(3)
    await page.locator("#field-shortcut").fill("fh")
    await page.keyboard.press("Control+s")
    await expect(page.locator("#field-shortcut-error")).to_contain_text("已被别的条目用了")
    await page.locator("#field-shortcut").fill("")
    await page.keyboard.press("Control+s")
    await expect(notice(page, "已保存")).to_be_visible()
    await page.wait_for_url(re.compile("#entries/(?!%2B)"))
    await page.get_by_role("button", name="更多").click()
    await page.get_by_role("menuitem", name="删除").click()
    await expect(page.locator(".editor .empty")).to_be_visible()
    await notice(page, "已删除").get_by_role("button", name="撤销").click()
    await expect(page.locator("#field-question")).to_have_value("可以自提吗")


async def test_several_are_changed_and_taken_back(shop: Program, new_page: NewPage) -> None:
    page = await knowledge(shop, new_page)
    ids = [await written(page, f"批量试写{name}") for name in "甲乙丙"]
    await page.locator("#entry-search").fill("批量试写")
    await expect(page.locator(ROW)).to_have_count(3)
    await page.locator(ROW).first.locator("[data-box]").click()
    await page.locator(ROW).nth(2).click(modifiers=["Shift"])
    await expect(page.locator(".list-marked")).to_have_text("已选 3 条")
    await page.get_by_role("button", name="移到分类").click()
    await page.get_by_label("分类（留空为未分类）").fill("试写/批量")
    await page.keyboard.press("Enter")
    await expect(notice(page, "已改 3 条")).to_be_visible()
    await expect(page.locator(".leaf", has_text="批量")).to_contain_text("3")
    await page.locator("#entry-list").focus()
    await page.keyboard.press("Control+z")
    await expect(notice(page, "已撤销")).to_be_visible()
    saved = [await ask(page, "GET", f"/api/entries/{one}") for one in ids]
    assert {one["category"] for one in saved} == {"试写"}


async def test_a_category_is_renamed_and_named_back(shop: Program, new_page: NewPage) -> None:
    page = await knowledge(shop, new_page)
    await written(page, "改名试写", category="旧名/下级")
    leaf = page.get_by_role("treeitem", name=re.compile("^旧名，"))
    await leaf.focus()
    await page.keyboard.press("F2")
    await page.get_by_label("新名称").fill("新名")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("treeitem", name=re.compile("^新名，"))).to_be_visible()
    await notice(page, "已改为").get_by_role("button", name="撤销").click()
    await expect(leaf).to_be_visible()


async def test_an_answer_is_shown_as_a_chat_says_it(shop: Program, new_page: NewPage) -> None:
    page = await knowledge(shop, new_page)
    await written(page, "几点下班呀")
    await open_entry(page, "几点下班呀")
    await page.locator(ANSWER).fill("{昵称|朋友}，**六点**，{快递}")
    shown = page.locator(".preview")
    await expect(shown.locator(".preview-bubble")).to_have_text("朋友，六点，{快递}")
    await expect(shown.locator(".field-error")).to_have_text("不认识的变量 {快递}，会原样发给顾客")
    await page.locator(ANSWER).fill("亲，五点")
    await expect(shown.locator(".preview-bubble")).to_have_text("亲，五点")
    await expect(shown.locator(".field-error")).to_have_count(0)


async def test_the_history_leads_back(shop: Program, new_page: NewPage) -> None:
    page = await knowledge(shop, new_page)
    entry = await written(page, "有没有实体店呀")
    await ask(page, "PATCH", f"/api/entries/{entry}", {"answer": "亲，没有哦"})
    await open_entry(page, "有没有实体店呀")
    await page.get_by_role("button", name="更多").click()
    await page.get_by_role("menuitem", name="修改记录").click()
    dialog = page.get_by_role("dialog", name="修改记录")
    await expect(dialog.locator(".step").first).to_contain_text("主管甲")
    await expect(dialog.locator("del").first).to_have_text("稍等")
    await expect(dialog.locator("ins").first).to_have_text("没有")
    assert await axe(page) == []
    await dialog.get_by_role("button", name="恢复成这样").click()
    await expect(dialog.locator(".step").first).to_contain_text("恢复")
    await notice(page, "已恢复").get_by_role("button", name="撤销").click()
    await expect(notice(page, "已撤销")).to_be_visible()
    assert (await ask(page, "GET", f"/api/entries/{entry}"))["answer"] == "亲，没有哦"


async def test_keys_walk_the_tree_and_the_list(shop: Program, new_page: NewPage) -> None:
    page = await knowledge(shop, new_page)
    await page.keyboard.press("Control+k")
    await page.keyboard.press("ArrowDown")
    await expect(page.locator("#entry-list")).to_be_focused()
    for key in ("ArrowDown", "ArrowDown", "Space", "Shift+ArrowDown", "Enter"):
        await page.keyboard.press(key)
    await expect(page.locator(".list-marked")).to_have_text("已选 2 条")
    await expect(page.locator(ROW).nth(3)).to_have_attribute("data-open", "")
    await page.keyboard.press("Control+a")
    await expect(page.locator(".list-marked")).to_have_text(re.compile(r"已选 \d{3} 条"))
    await page.keyboard.press("Escape")
    await expect(page.locator(".list-marked")).to_have_count(0)
    await page.get_by_role("treeitem", name=re.compile("^全部")).focus()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("ArrowLeft")
    first = page.get_by_role("treeitem").nth(1)
    await expect(first).to_have_attribute("aria-expanded", "false")
    await page.keyboard.press("Enter")
    await expect(first).to_have_attribute("aria-selected", "true")
    await page.locator("#entry-list").focus()
    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog", name="快捷键")).to_contain_text("Ctrl+S")


async def test_an_agent_reads_and_does_not_write(shop: Program, new_page: NewPage) -> None:
    page = await knowledge(shop, new_page, "客服丙")
    await page.locator(ROW).first.click()
    await expect(page.locator(".told")).to_contain_text("只能查看")
    await expect(page.locator(ANSWER)).not_to_be_editable()
    for name in ("保存", "新条目", "加一种问法"):
        await expect(page.get_by_role("button", name=name)).to_have_count(0)


async def test_on_a_phone_each_column_is_a_screen(shop: Program, new_page: NewPage) -> None:
    page = await knowledge(shop, new_page, size="phone")
    await expect(page.locator(".editor")).to_be_hidden()
    await page.get_by_role("button", name="分类").click()
    await page.get_by_role("treeitem", name=re.compile("^物流，")).click()
    await expect(page.locator(".list-count")).to_contain_text("物流")
    await page.locator(ROW).first.click()
    await expect(page.locator(".editor")).to_be_visible()
    await expect(page.locator(".list-pane")).to_be_hidden()
    await page.go_back()
    await expect(page.locator(".list-pane")).to_be_visible()


@pytest.mark.parametrize(
    ("size", "lang", "theme"),
    [("wide", "zh-CN", "dark"), ("laptop", "en", "light"), ("phone", "en", "dark")],
)
async def test_every_column_is_readable(
    shop: Program, new_page: NewPage, size: str, lang: str, theme: str
) -> None:
    page = await knowledge(shop, new_page, size=size, lang=lang, color_scheme=theme)
    assert await axe(page) == []
    await page.locator(ROW).first.click()
    await page.locator("#field-note").fill("x")
    await expect(page.locator(".told-draft")).to_be_visible()
    assert await axe(page) == []
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    if lang == "en":
        own = await page.evaluate(
            """() => [...document.querySelectorAll('.form-part h3, .field-label, .field-help, '
                + '.button:not(.blank), .told')].map(one => one.textContent).join(' ')"""
        )
        assert not re.search(r"[\u4e00-\u9fff]", own), own
