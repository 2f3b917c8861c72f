"""Which messages an entry could be made for."""

import time

import pytest

from knowledge.question import LONGEST_TAUGHT, taught

TEACH = [
    ("能刻字吗？", "能刻字吗"),
    ("你好，能刻字吗，谢谢", "能刻字吗"),
    ("有42码吗", "有42码吗"),
    ("可以吗", "可以吗"),
    ("好的，什么时候发货", "好的 什么时候发货"),
    ("baoyou ma", "baoyou ma"),
    ("訂單怎麼改", "订单怎么改"),
]
NOT = [
    "", "  ", "？？？", "😀😀", "在吗", "你好，在吗", "谢谢啦", "亲", "好的", "嗯嗯",
    "好的好的，谢谢", "OK", "知道了", "123", "2023 1127 0001", "SF1234567890",
    "订单号：20231127000123", "单号是YT88", "长" * 201,
]  # fmt: skip


@pytest.mark.parametrize(("text", "plain"), TEACH)
def test_a_question_teaches(text: str, plain: str) -> None:
    assert taught(text) == plain


@pytest.mark.parametrize("text", NOT)
def test_greetings_nods_numbers_and_stories_do_not(text: str) -> None:
    assert taught(text) is None


def test_a_long_row_of_nods_is_read_in_no_time() -> None:
    began = time.process_time()
    assert taught("好" * (LONGEST_TAUGHT - 2) + "疼") is not None
    assert time.process_time() - began < 1.0
