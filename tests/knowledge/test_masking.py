"""No shopper's data in what is shown as a pattern, and the rest as it was said."""

import pytest

from knowledge.masking import masked


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("亲，48 小时内发货，满 299 元包邮。", "亲，48 小时内发货，满 299 元包邮。"),
        ("小王您好，您的订单20240511001已发出", "{昵称}您好，您的订单***已发出"),
        ("单号SF-1234567-ab，请查收", "单号***，请查收"),
        ("回电 138****5678 或１３８００１３８０００", "回电 *** 或***"),
        ("发到 wang.li+1@mail.example.cn 了", "发到 *** 了"),
        ("看 https://a.cn/t?no=75312345678 吧", "看 https://a.cn/t?no=*** 吧"),
        ("尾号1234", "尾号***"),
        ("**满减** A4 纸 size-XL", "**满减** A4 纸 size-XL"),
    ],
)
def test_what_is_hidden(text: str, shown: str) -> None:
    assert masked(text, " 小王 ") == shown
    assert masked(shown, "小王") == shown


def test_a_name_of_one_character_or_none_hides_nothing() -> None:
    assert masked("亲，王牌产品", "王") == masked("亲，王牌产品") == "亲，王牌产品"
