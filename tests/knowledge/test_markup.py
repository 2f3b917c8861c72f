"""The little Markdown of answers: what is a mark, what is ordinary text, and that no HTML but ours
comes out, whatever goes in."""

import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from knowledge import markup

REL = "noopener noreferrer nofollow"
TAGS = {"a", "br", "em", "li", "ol", "p", "strong", "ul"}

# What people write in answers, and what would be read as marks by somebody careless.
PARTS = (
    "*", "**", "***", "****", " ", "\n", "\r\n", "a", "7", "元", "，", "（", "）", "(", ")", "[",
    "]", "！", "!", "^", "_", "\\", "`", "#", "- ", "1. ", "> ", "{昵称}", "{昵称|*亲*}", "{", "}",
    "|", "https://a.cn/x*y", "[单号](https://a.cn/{订单号})", "](javascript:alert(1))",
    "](https://b.cn)", "<script>", "<b>", "&lt;", "tel:1", "mailto:a@b.cn", "\u2028", "▽", "￥",
    "“", "”", "<a href='x' onclick='y'>", "![p](https://a.cn/p.png)",
)  # fmt: skip
answers = st.one_of(st.text(), st.lists(st.sampled_from(PARTS), max_size=30).map("".join))


@pytest.mark.parametrize(
    ("written", "said", "shown"),
    [
        ("现在**包邮**哦", "现在包邮哦", "<p>现在<strong>包邮</strong>哦</p>"),
        ("这是*重点*。", "这是重点。", "<p>这是<em>重点</em>。</p>"),
        ("***都是***", "都是", "<p><strong><em>都是</em></strong></p>"),
        ("**注意：**请看", "注意：请看", "<p><strong>注意：</strong>请看</p>"),
        ("**“包邮”**哦", "“包邮”哦", "<p><strong>“包邮”</strong>哦</p>"),
        ("**a *b* c**", "a b c", "<p><strong>a <em>b</em> c</strong></p>"),
        ("**{昵称|亲}**您好", "{昵称|亲}您好", "<p><strong>{昵称|亲}</strong>您好</p>"),
        ("**￥99**起", "￥99起", "<p><strong>￥99</strong>起</p>"),
        (
            "见[说明](https://a.cn/b)吧",
            "见说明（https://a.cn/b）吧",
            f'<p>见<a href="https://a.cn/b" rel="{REL}">说明</a>吧</p>',
        ),
        (
            "[**看**单](https://a.cn/{订单号}?a=1&b=2)",
            "看单（https://a.cn/{订单号}?a=1&b=2）",
            f'<p><a href="https://a.cn/{{订单号}}?a=1&amp;b=2" rel="{REL}">'
            "<strong>看</strong>单</a></p>",
        ),
        (
            "[400-800](tel:400800) [a@b.cn](mailto:a@b.cn)",
            "400-800（400800） a@b.cn",
            f'<p><a href="tel:400800" rel="{REL}">400-800</a> '
            f'<a href="mailto:a@b.cn" rel="{REL}">a@b.cn</a></p>',
        ),
        ("- 一\n- 二", "- 一\n- 二", "<ul>\n<li>一</li>\n<li>二</li>\n</ul>"),
        (
            "3. **一**\n4. 二",
            "3. 一\n4. 二",
            '<ol start="3">\n<li><strong>一</strong></li>\n<li>二</li>\n</ol>',
        ),
        ("一\n二\n\n三", "一\n二\n\n三", "<p>一<br>\n二</p>\n<p>三</p>"),
    ],
)
def test_what_is_a_mark(written: str, said: str, shown: str) -> None:
    assert markup.plain(written) == said
    assert markup.html(written) == shown


@pytest.mark.parametrize(
    "text",
    [
        "亲，48 小时内发货。",
        "尺寸 30*40*50cm，一箱 3*4 罐",
        "规格：1箱*12瓶*500ml，2盒*3包*装",
        "尾号 138****5678",
        "/:^_^ (*^▽^*) *^_^* (*´▽｀*) /:*",
        "1. 一\n2. 二\r\n   缩进\n\n* 三\n",
        "https://a.cn/b*c*d_e_f?x=**y** 和 snake_case_name __x__",
        "{昵称|*亲*}{订单号} {**}",
        "**没有另一半，* 也没有 *",
        "**跨\n行**",
        "** 隔开 ** * 隔开 *",
        "# 标题\n> 引用\n---\n`代码` ~~删~~ \\*转义\\*",
        "![图](https://a.cn/p.png) [空]() [坏](javascript:alert(1)) [内](/x)",
        "<b>粗</b> &amp; &lt;",
        "",
        "  两头有空白 \n",
    ],
)
def test_what_is_ordinary_text_stays_to_the_byte(text: str) -> None:
    assert markup.plain(text) == text
    assert not set(tags(markup.html(text))) & {"em", "strong", "a", "img"}


def test_what_fills_a_blank_is_text_in_html() -> None:
    text = "**{昵称}** [单](https://a.cn/{订单号})"
    values = {"昵称": "<b>*王*</b> [x](https://evil.cn)", "订单号": '1" onclick="x'}
    assert markup.fill_html(text, values) == (
        "<p><strong>&lt;b&gt;*王*&lt;/b&gt; [x](https://evil.cn)</strong> "
        f'<a href="https://a.cn/1&quot; onclick=&quot;x" rel="{REL}">单</a></p>'
    )


@given(answers)
@example("*a **b *c d** e*")
@example("[*a](https://b.cn*)*")
@example("*见 [a](https://b.cn*) 吧")
@example("[t](https://a.cn)**b**")
def test_plain_is_plain_already(text: str) -> None:
    assert markup.plain(markup.plain(text)) == markup.plain(text)


@given(st.text(st.characters(exclude_characters="*[", codec="utf-8")))
def test_without_a_mark_nothing_changes(text: str) -> None:
    assert markup.plain(text) == text


@given(answers)
def test_plain_only_takes_off_marks(text: str) -> None:
    """Line breaks and words stay, whatever else there is; what is new stands around addresses."""
    said = markup.plain(text)
    assert re.findall(r"\r\n?|\n", said) == re.findall(r"\r\n?|\n", text)
    if "](" not in text:
        assert said.replace("*", "") == text.replace("*", "")


@given(answers)
def test_html_holds_nothing_but_ours(text: str) -> None:
    reader = Reader()
    reader.feed(markup.html(text))
    reader.close()
    for tag, attributes in reader.found:
        assert tag in TAGS
        given = dict(attributes)
        if tag == "a":
            assert set(given) == {"href", "rel"}
            assert given["rel"] == REL
            assert urlsplit(given["href"] or "").scheme in ("http", "https", "mailto", "tel")
        else:
            assert set(given) <= ({"start"} if tag == "ol" else set())


@given(st.lists(st.sampled_from(("{昵称}", "{昵称|亲}", "{订单号}", "**", "*", "好", " ", "\n"))))
def test_blanks_survive(parts: list[str]) -> None:
    text = "".join(parts)
    blanks = re.findall(r"\{[^{}]+\}", text)
    assert re.findall(r"\{[^{}]+\}", markup.plain(text)) == blanks
    assert re.findall(r"\{[^{}]+\}", markup.html(text)) == blanks


@pytest.mark.parametrize(
    "unit", ["*a ", "a* ", "*a **b ", "[a](https://b.cn", "*(", "{", "- ", "*a* ", "***", "[[["]
)
def test_a_hostile_text_takes_no_time(unit: str) -> None:
    text = unit * (8000 // len(unit))
    closing = unit[::-1] * (8000 // len(unit))
    for one in (text, text + closing, text + "b* c** " * 1000):
        assert markup.plain(markup.plain(one)) == markup.plain(one)
        assert set(tags(markup.html(one))) <= TAGS


class Reader(HTMLParser):
    """Collects every tag with its attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, list[tuple[str, str | None]]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, attrs))


def tags(html: str) -> list[str]:
    reader = Reader()
    reader.feed(html)
    return [tag for tag, _ in reader.found]
