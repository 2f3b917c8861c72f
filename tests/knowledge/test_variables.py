"""Blanks in answers are filled once, and never leave a hole in a sentence."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge import variables


@pytest.mark.parametrize(
    ("text", "values", "filled"),
    [
        ("{昵称}您好", {"昵称": "小王"}, "小王您好"),
        ("{昵称}您好", {}, "亲您好"),
        ("{昵称}您好", {"昵称": None}, "亲您好"),
        ("{昵称}您好", {"昵称": "  "}, "亲您好"),
        ("{订单号}已发出", {}, "您的订单已发出"),
        ("{昵称}和{商品}", {"昵称": "{商品}", "商品": "杯子"}, "{商品}和杯子"),
        ("{价格}", {"价格": "1"}, "{价格}"),
        ("{{昵称}}", {"昵称": "a"}, "{a}"),
        ("{}{ }{昵称", {}, "{}{ }{昵称"),
        ("{昵称}", {"昵称": r"\1 \g<0>"}, r"\1 \g<0>"),
        ("{昵称|朋友}您好", {}, "朋友您好"),
        ("{昵称|朋友}您好", {"昵称": "小王"}, "小王您好"),
        ("{昵称|}您好", {"昵称": " "}, "您好"),
        ("{昵称|a|b}", {}, "{昵称|a|b}"),
        ("{昵称|一行\n两行}", {}, "{昵称|一行\n两行}"),
        ("{价格|面议}", {}, "{价格|面议}"),
        ("{昵称|{商品}}", {"商品": "杯"}, "{昵称|杯}"),
    ],
)
def test_fill(text: str, values: dict[str, str | None], filled: str) -> None:
    assert variables.fill(text, values) == filled


def test_names_are_listed_once_in_order() -> None:
    assert variables.names("{店名}{昵称|您}{店名}{价格}") == ("店名", "昵称", "价格")


def test_what_stands_where_a_value_is_missing() -> None:
    assert variables.fallbacks("{昵称|朋友}{昵称}{店名}{价格}{价格|面议}") == {
        "昵称": "朋友", "店名": "本店", "价格": "",
    }  # fmt: skip


@settings(deadline=None)
@given(st.text(), st.dictionaries(st.sampled_from(sorted(variables.FALLBACKS)), st.text()))
def test_text_without_blanks_is_left_alone(text: str, values: dict[str, str | None]) -> None:
    plain = text.replace("{", "").replace("}", "")
    assert variables.fill(plain, values) == plain
    assert variables.fill(text, {}) == variables.fill(variables.fill(text, {}), {})
