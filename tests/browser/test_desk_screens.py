"""How the console looks and is reached: sizes, languages, themes, keys, reading aloud."""

import re
from collections.abc import Iterator

import pytest
from playwright.async_api import Page, Route, expect

from tests.browser.conftest import NewPage, axe
from tests.browser.consoles import COMPOSER, ROW, in_step
from tests.program import Program
from tests.servers import stop

# What a Chinese screen may show in Latin letters: keys of the keyboard, and the shop's own words.
LATIN = re.compile(r"[A-Za-z]{2,}")
KEYS = {"Enter", "Esc", "Alt", "Ctrl", "Shift"}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """The demo: its sample talks have waited for minutes."""
    one = Program(
        tmp_path_factory.mktemp("screens") / "data",
        demo=True,
        environ={"CONSOLE_RATE_LIMITS": "off", "CONSOLE_AGENT_GRACE_S": "3600"},
    )
    one.start()
    yield one
    if one.process is not None:
        stop(one.process)


@pytest.fixture
async def login(shop: Program, new_page: NewPage) -> Page:
    page = await new_page()
    await page.goto(f"{shop.address}/login")
    await expect(page.get_by_role("button", name="登录", exact=True)).to_be_visible()
    return page


async def desk(shop: Program, new_page: NewPage, *, quiet: bool = True, **how: str) -> Page:
    """小青 at work."""
    page = await new_page(**how)
    if quiet:
        await page.add_init_script("localStorage.setItem('desk.sound', 'off')")
    asked = {"name": "小青", "password": shop.demo_password}
    answer = await page.request.post(f"{shop.address}/api/login", data=asked)
    assert answer.ok
    await page.goto(f"{shop.address}/desk")
    await in_step(page)
    return page


async def test_a_wrong_password_is_told_and_the_demo_fills_the_form(login: Page) -> None:
    await login.get_by_role("button", name="登录", exact=True).click()
    await expect(login.get_by_role("alert")).to_have_text("请填写账号和密码")
    await login.get_by_label("账号", exact=True).fill("小青")
    await login.get_by_label("密码", exact=True).fill("不是这个")
    await login.keyboard.press("Enter")
    await expect(login.get_by_role("alert")).to_have_text("账号或密码不对")
    await expect(login.get_by_label("密码", exact=True)).to_be_focused()
    assert await axe(login) == []
    await login.get_by_role("button", name="小青").click()
    await login.keyboard.press("Enter")
    await login.wait_for_url("**/desk")
    await in_step(login)


async def test_the_sign_in_page_speaks_english_when_asked(login: Page) -> None:
    await login.get_by_role("button", name="English").click()
    await expect(login.get_by_role("heading", level=1)).to_have_text("Sign in to the desk")
    assert await login.evaluate("document.documentElement.lang") == "en"
    assert await axe(login) == []


async def test_after_signing_in_one_never_lands_on_another_site(
    shop: Program, new_page: NewPage
) -> None:
    page = await new_page()
    for elsewhere in ("https://example.com/", "//example.com/", "/\\example.com"):
        await page.context.clear_cookies()
        await page.goto(f"{shop.address}/login?next={elsewhere}")
        await page.get_by_role("button", name="小青").click()
        await page.keyboard.press("Enter")
        await page.wait_for_url(lambda url: "/login" not in url)
        assert page.url.startswith(f"{shop.address}/desk")


@pytest.mark.parametrize(
    ("size", "lang", "theme"),
    [
        ("wide", "zh-CN", "light"),
        ("wide", "en", "dark"),
        ("laptop", "zh-CN", "dark"),
        ("laptop", "en", "light"),
        ("phone", "zh-CN", "light"),
        ("phone", "en", "dark"),
    ],
)
async def test_every_screen_is_readable(
    shop: Program, new_page: NewPage, size: str, lang: str, theme: str
) -> None:
    page = await desk(shop, new_page, size=size, lang=lang, color_scheme=theme)
    assert await page.evaluate("document.documentElement.dataset.theme") == theme
    assert await axe(page) == []
    await page.locator(ROW).first.click()
    await expect(page.locator(".log .bubble").first).to_be_visible()
    assert await axe(page) == []
    if size == "phone":
        await page.locator(".talk-side").click()
    for tab in (0, 1, 2):
        await page.locator(".side [role=tab]").nth(tab).click()
        await expect(page.locator(".side-body > *").first).to_be_visible()
        assert await axe(page) == []
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_a_chinese_screen_holds_no_english(shop: Program, new_page: NewPage) -> None:
    page = await desk(shop, new_page)
    await page.locator(ROW, has_text="林小雨").click()
    await expect(page.locator(".log .bubble").first).to_be_visible()
    found = set()
    for key in ("Alt+b", "Alt+q", "Alt+c", "Alt+t", "Escape", "Control+k", "Escape"):
        await page.keyboard.press(key)
        found |= set(LATIN.findall(await own_words(page)))
    assert found <= KEYS, found - KEYS


async def own_words(page: Page) -> str:
    """All that the program says itself: without the names and words of people and of the shop."""
    foreign = "[lang=en], mark, .bubble, .asked, .suggestion, .phrase, .row, .talk-who, .top-shop"
    more = ".customer-head, .facts, .values, .palette-more, .top-agent, .choice b, p.sr-only"
    return str(
        await page.evaluate(
            """(foreign) => {
                const page = document.body.cloneNode(true)
                page.querySelectorAll(foreign + ', script, noscript').forEach(one => one.remove())
                const spoken = [...page.querySelectorAll('[title], [aria-label], [placeholder]')]
                    .flatMap(one => [one.title, one.ariaLabel, one.placeholder])
                return [page.textContent, ...spoken].join(' ')
            }""",
            f"{foreign}, {more}",
        )
    )


async def test_who_waits_longest_is_one_key_away(shop: Program, new_page: NewPage) -> None:
    page = await desk(shop, new_page)
    await expect(page.locator(".late")).to_contain_text(re.compile(r"\d 位顾客已等超 100 秒"))
    first = page.locator(ROW).first
    assert await first.get_attribute("data-late") is not None
    await expect(first.locator(".waiting")).to_contain_text(re.compile(r"(急|超时) \d+:\d\d"))
    before = await first.locator(".waiting").inner_text()
    await expect(first.locator(".waiting")).not_to_have_text(before, timeout=3_000)
    await page.keyboard.press("Alt+u")
    await expect(first).to_have_attribute("aria-current", "true")
    await expect(page.locator(COMPOSER)).to_be_focused()


async def test_keys_walk_the_list_and_open_what_they_promise(
    shop: Program, new_page: NewPage
) -> None:
    page = await desk(shop, new_page)
    rows = page.locator(ROW)
    await page.keyboard.press("Alt+j")
    await expect(rows.first).to_have_attribute("aria-current", "true")
    await page.keyboard.press("Alt+2")
    await expect(rows.nth(1)).to_have_attribute("aria-current", "true")
    await page.keyboard.press("Alt+k")
    await expect(rows.first).to_have_attribute("aria-current", "true")
    await page.keyboard.press("Alt+q")
    await expect(page.get_by_role("tab", name="话术")).to_have_attribute("aria-selected", "true")
    await page.locator(".side-search input").focus()
    await page.keyboard.press("Escape")
    await expect(page.locator(COMPOSER)).to_be_focused()
    await page.locator(".log").focus()
    await page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="快捷键")
    await expect(dialog.locator("dd", has_text="等得最久的顾客")).to_be_visible()
    assert await axe(page) == []
    await page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)
    await page.locator(".log").focus()
    await page.keyboard.press("/")
    await expect(page.locator(COMPOSER)).to_have_value("/")
    await expect(page.locator(".slash")).to_be_visible()


async def test_the_palette_runs_commands_and_finds_talks(shop: Program, new_page: NewPage) -> None:
    page = await desk(shop, new_page)
    await page.keyboard.press("Control+k")
    field = page.get_by_role("combobox", name="搜索或命令")
    await expect(field).to_be_focused()
    assert await axe(page) == []
    await field.fill("林小雨")
    await field.press("Enter")
    await expect(page.locator(".talk-name")).to_have_text("林小雨")
    await page.keyboard.press("Control+k")
    await field.fill("切换到忙碌")
    await field.press("Enter")
    await expect(page.locator(".top-availability")).to_contain_text("忙碌")
    await page.keyboard.press("Control+k")
    await field.fill("切换到在线")
    await field.press("Enter")
    await expect(page.locator(".top-availability")).to_contain_text("在线")


async def test_on_a_phone_each_column_is_a_screen(shop: Program, new_page: NewPage) -> None:
    page = await desk(shop, new_page, size="phone")
    list_, talk, side = page.locator(".list"), page.locator(".talk"), page.locator(".side")
    await expect(list_).to_be_visible()
    await expect(talk).to_be_hidden()
    await page.locator(ROW).first.click()
    await expect(talk).to_be_visible()
    await expect(list_).to_be_hidden()
    await page.locator(".talk-side").click()
    await expect(side).to_be_visible()
    await expect(talk).to_be_hidden()
    await page.go_back()
    await expect(talk).to_be_visible()
    await page.get_by_role("button", name="返回").click()
    await expect(list_).to_be_visible()


async def test_the_drawer_of_a_narrow_window(shop: Program, new_page: NewPage) -> None:
    page = await desk(shop, new_page)
    await page.set_viewport_size({"width": 1100, "height": 720})
    await page.locator(ROW).first.click()
    await expect(page.locator(".side")).to_be_hidden()
    await page.locator(".talk-side").click()
    await expect(page.locator(".side")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.locator(".side")).to_be_hidden()


async def test_theme_and_language_are_chosen_and_kept(shop: Program, new_page: NewPage) -> None:
    page = await desk(shop, new_page)
    await page.locator(".top-agent").click()
    await page.get_by_role("menuitemradio", name="深色").click()
    await page.locator(".top-agent").click()
    await page.get_by_role("menuitemradio", name="English").click()
    await expect(page.get_by_role("tab", name="Mine")).to_be_visible()
    assert await page.evaluate("document.documentElement.dataset.theme") == "dark"
    await page.reload()
    await in_step(page)
    assert await page.evaluate("document.documentElement.lang") == "en"
    assert await page.evaluate("document.documentElement.dataset.theme") == "dark"


async def test_sound_is_asked_once(shop: Program, new_page: NewPage) -> None:
    page = await desk(shop, new_page, quiet=False)
    question = page.locator(".banner", has_text="提示音")
    await expect(question).to_be_visible()
    await question.get_by_role("button", name="不用").click()
    await expect(question).to_have_count(0)
    await page.reload()
    await in_step(page)
    await expect(question).to_have_count(0)
    await page.get_by_role("button", name="提示音与通知").click()
    await expect(page.locator(".top-sound")).to_have_attribute("aria-pressed", "true")


async def test_an_earlier_talk_is_read_only(shop: Program, new_page: NewPage) -> None:
    page = await desk(shop, new_page)

    async def with_earlier(route: Route) -> None:
        """A talk starts anew only a day after the last one ended; so the card is made older."""
        answer = await route.fetch()
        card = await answer.json()
        await route.fulfill(response=answer, json={**card, "earlier": [card["conversation"]]})

    await page.route(re.compile(r"/api/conversations/[0-9a-f]+$"), with_earlier)
    await page.locator(ROW, has_text="林小雨").click()
    await page.keyboard.press("Alt+c")
    await page.locator(".side .phrase").click()
    dialog = page.get_by_role("dialog", name="以前的会话（只读）")
    await expect(dialog.locator(".bubble", has_text="这个壶一个人用会不会太大")).to_be_visible()
    await expect(dialog.get_by_role("textbox")).to_have_count(0)
    assert await axe(page) == []
    await page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)


async def test_the_search_goes_through_all_sections(shop: Program, new_page: NewPage) -> None:
    page = await desk(shop, new_page)
    await page.get_by_label("搜索姓名、内容").fill("林小雨")
    await expect(page.locator(ROW)).to_have_count(1)
    await page.get_by_label("搜索姓名、内容").fill("没有这个人")
    await expect(page.locator(".list .empty")).to_contain_text("没有找到")


async def test_signing_out_leads_back(shop: Program, new_page: NewPage) -> None:
    page = await desk(shop, new_page)
    await page.locator(".top-agent").click()
    await page.get_by_role("menuitem", name="退出登录").click()
    await page.wait_for_url("**/login*")
    await page.goto(f"{shop.address}/desk")
    await page.wait_for_url("**/login?next=/desk")
