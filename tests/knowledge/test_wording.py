"""Which of several wordings is said."""

from typing import NamedTuple

import pytest

from knowledge.wording import wording


class One(NamedTuple):
    channel: str
    level: str
    answer: str


ALL = [
    One("", "", "对谁都不是"),
    One("", "金卡", "金卡的"),
    One("widget", "", "网页的"),
    One("widget", "金卡", "网页金卡的"),
    One("widget", "金卡", "第二条不算"),
    One("wechat", "", "  "),
]


@pytest.mark.parametrize(
    ("channel", "level", "said"),
    [
        ("widget", "金卡", "网页金卡的"),
        ("widget", "银卡", "网页的"),
        ("widget", "", "网页的"),
        ("webhook", "金卡", "金卡的"),
        ("webhook", "", "答案"),
        ("webhook", "银卡", "答案"),
        ("wechat", "", "答案"),
        ("wechat", "金卡", "金卡的"),
        ("", "金卡", "金卡的"),
        ("", "", "答案"),
    ],
)
def test_the_most_exact_one_wins(channel: str, level: str, said: str) -> None:
    assert wording("答案", ALL, channel, level) == said
    assert wording("答案", ALL[4::-1], channel, level) in (said, "第二条不算")


def test_without_variants_it_is_the_answer() -> None:
    assert wording("答案", (), "widget", "金卡") == "答案"
