"""The console on a bad line: nothing lost, nothing twice, order kept."""

import re
from collections.abc import Iterator

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.consoles import (
    BUBBLE,
    COMPOSER,
    Wire,
    asking,
    console,
    in_step,
    installation,
    open_talk,
    write,
)
from tests.program import Program


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    yield from installation(tmp_path_factory.mktemp("desk-wire") / "data")


async def wired(shop: Program, new_page: NewPage) -> tuple[Page, Wire]:
    page, _ = await console(shop, new_page)
    wire = Wire()
    await wire.lead(page)
    await page.reload()
    await in_step(page)
    return page, wire


async def texts(page: Page) -> list[str]:
    return await page.locator(f"{BUBBLE} .bubble-body").all_inner_texts()


async def test_words_written_while_cut_go_once_later(shop: Program, new_page: NewPage) -> None:
    page, wire = await wired(shop, new_page)
    async with asking(shop, "线路不好") as client:
        await open_talk(page, "线路不好")
        await wire.cut()
        await write(page, "先记下")
        await expect(page.locator(".bubble-pending")).to_contain_text("等待网络")
        await expect(page.locator(".banner-cut")).to_contain_text("网络已断开")
        await client.say("断线时说的")
        wire.mend()
        await expect(page.locator(".bubble-pending")).to_have_count(0, timeout=20_000)
        await expect(page.locator(BUBBLE)).to_have_count(3)
        assert await texts(page) == ["线路不好", "断线时说的", "先记下"]
        await client.event("message", lambda message: message["text"] == "先记下")
        assert client.texts().count("先记下") == 1


async def test_unsent_words_outlive_a_reload(shop: Program, new_page: NewPage) -> None:
    page, wire = await wired(shop, new_page)
    async with asking(shop, "要关页面了") as client:
        await open_talk(page, "要关页面了")
        await wire.cut()
        await write(page, "重开后再发")
        wire.mend()
        await page.reload()
        await client.event("message", lambda message: message["text"] == "重开后再发")
        await expect(page.locator(BUBBLE, has_text="重开后再发")).to_have_count(1)


async def test_a_lost_answer_is_asked_again_not_said_twice(
    shop: Program, new_page: NewPage
) -> None:
    page, wire = await wired(shop, new_page)
    async with asking(shop, "回执丢了") as client:
        await open_talk(page, "回执丢了")
        wire.lost_to_page += ['"duplicate":false', '["message"']
        await write(page, "只说一次")
        await client.event("message", lambda message: message["text"] == "只说一次")
        await wire.cut()
        wire.mend()
        await expect(page.locator(".bubble-pending")).to_have_count(0, timeout=20_000)
        await expect(page.locator(BUBBLE, has_text="只说一次")).to_have_count(1)
        ids = re.findall(r'"say".*?"client_id":"([^"]+)"', "\n".join(wire.sent))
        assert len(set(ids)) == 1
        assert client.texts().count("只说一次") == 1


async def test_a_lost_event_is_noticed_and_fetched(shop: Program, new_page: NewPage) -> None:
    page, wire = await wired(shop, new_page)
    async with asking(shop, "第一句") as client:
        await open_talk(page, "第一句")
        wire.lost_to_page.append('"text":"第二句"')
        await client.say("第二句")
        await client.say("第三句")
        await expect(page.locator(BUBBLE)).to_have_count(3)
        assert await texts(page) == ["第一句", "第二句", "第三句"]


async def test_starting_over_keeps_the_talk(shop: Program, new_page: NewPage) -> None:
    page, wire = await wired(shop, new_page)
    async with asking(shop, "重新来过") as client:
        await open_talk(page, "重新来过")
        await write(page, "好的")
        await page.locator(COMPOSER).fill("草稿还在")
        await wire.tell('42/desk,["resync",{}]')
        await expect(page.locator(BUBBLE)).to_have_count(2)
        await client.say("还能收到吗")
        await expect(page.locator(BUBBLE)).to_have_count(3)
        assert await texts(page) == ["重新来过", "好的", "还能收到吗"]
        await expect(page.locator(COMPOSER)).to_have_value("草稿还在")


async def test_another_epoch_starts_over_and_keeps_what_is_unsent(
    shop: Program, new_page: NewPage
) -> None:
    page, wire = await wired(shop, new_page)
    async with asking(shop, "换了历史") as client:
        await open_talk(page, "换了历史")
        await write(page, "好的")
        epoch = str((await client.call("sync"))["epoch"])
        await wire.cut()
        await write(page, "断线时写的")
        await page.locator(COMPOSER).fill("草稿也在")
        wire.rewritten[epoch] = "of-another-history"
        wire.sent.clear()
        wire.mend()
        await expect(page.locator(".bubble-pending")).to_have_count(0, timeout=20_000)
        await expect(page.locator(BUBBLE)).to_have_count(3)
        assert await texts(page) == ["换了历史", "好的", "断线时写的"]
        await expect(page.locator(COMPOSER)).to_have_value("草稿也在")
        syncs = [frame for frame in wire.sent if '["sync"' in frame]
        assert epoch in syncs[0]
        assert all("of-another-history" in frame for frame in syncs[1:])
        assert len(syncs) > 1
        await client.event("message", lambda message: message["text"] == "断线时写的")
        assert client.texts().count("断线时写的") == 1


async def test_read_marks_never_go_back(shop: Program, new_page: NewPage) -> None:
    page, wire = await wired(shop, new_page)
    async with asking(shop, "看到哪里") as client:
        await open_talk(page, "看到哪里")
        first, second = await write(page, "第一答"), await write(page, "第二答")
        talk = (await page.evaluate("location.hash")).lstrip("#")
        await client.event("message", lambda message: message["text"] == "第二答")
        await client.call("read", seq=3)
        await expect(second.locator(".ticks-read")).to_be_visible()
        await wire.tell(f'42/desk,["read",{{"conversation":"{talk}","seq":2}}]')
        await client.call("typing", text="还在")
        await expect(page.locator(".typing")).to_be_visible()
        await expect(first.locator(".ticks-read")).to_be_visible()
        await expect(second.locator(".ticks-read")).to_be_visible()


async def test_refused_words_say_why_and_can_be_taken_back(
    shop: Program, new_page: NewPage
) -> None:
    page, wire = await wired(shop, new_page)
    async with asking(shop, "发不出去"):
        await open_talk(page, "发不出去")
        wire.refused['["say"'] = "forbidden"
        await write(page, "这句被拒")
        pending = page.locator(".bubble-pending")
        await expect(pending).to_contain_text("没有权限这样做")
        await pending.get_by_role("button", name="收回修改").click()
        await expect(page.locator(COMPOSER)).to_have_value("这句被拒")
        await expect(pending).to_have_count(0)
        wire.refused['["say"'] = "forbidden"
        await page.locator(COMPOSER).press("Enter")
        await pending.get_by_role("button", name="重试").click()
        await expect(pending).to_have_count(0)
        await expect(page.locator(BUBBLE, has_text="这句被拒")).to_have_count(1)


async def test_a_session_that_ended_leads_to_the_sign_in_page(
    shop: Program, new_page: NewPage
) -> None:
    page, _ = await wired(shop, new_page)
    csrf = await page.evaluate("JSON.parse(document.querySelector('#boot').textContent).csrf")
    headers = {"X-CSRF-Token": str(csrf)}
    answer = await page.request.post(f"{shop.address}/api/logout", headers=headers)
    assert answer.status == 204
    await page.wait_for_url("**/login?next=%2Fdesk", timeout=20_000)


async def test_history_comes_by_scrolling_and_the_page_stays_small(
    shop: Program, new_page: NewPage
) -> None:
    page, _ = await console(shop, new_page)
    async with asking(shop, *(f"第{number}句" for number in range(1, 261))):
        await open_talk(page, "第260句")
        rows = page.locator(".log [data-seq]")
        await expect(rows).to_have_count(50)
        await expect(rows.last).to_be_in_viewport()
        for _ in range(60):
            if await rows.first.get_attribute("data-seq") == "1":
                break
            await page.locator(".log").evaluate("log => { log.scrollTop = 0 }")
            await expect(page.locator(".log")).to_have_attribute("aria-busy", "false")
        await expect(rows.first).to_contain_text("第1句")
        assert await rows.count() <= 120
        await page.get_by_role("button", name="回到最新").click()
        await expect(rows.last).to_be_in_viewport()
        await expect(rows.last).to_contain_text("第260句")
