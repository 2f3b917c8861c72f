"""How long a text is for a channel, and the messages that a long one becomes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.base import Abilities
from channels.webhook import Webhook
from channels.widget import Widget

# as WeChat counts
BYTES = Abilities(max_text=2048, unit="bytes")


def test_a_length_is_in_the_channels_own_unit() -> None:
    assert Abilities().length_of("亲，ok") == 4
    assert BYTES.length_of("亲，ok") == 8
    assert [one.abilities.unit for one in (Widget, Webhook)] == ["characters", "characters"]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", []),
        (" \n ", []),
        (" 亲 ", [" 亲 "]),
        ("一二三四五六七八九十", ["一二三四五六七八九十"]),
        ("一二三四五六七八九十零", ["一二三四五六七八九十", "零"]),
        ("一二三。四五六。七八九十", ["一二三。四五六。", "七八九十"]),
        ("一二三四五六\n七。八九十零", ["一二三四五六", "七。八九十零"]),
        ("一二三四五六七八九十\n零", ["一二三四五六七八九十", "零"]),
        ("“一二三四五六。”七八九", ["“一二三四五六。”", "七八九"]),
        ("一二三四五六，七八九十", ["一二三四五六，", "七八九十"]),
        ("see me at 10.30 ok", ["see me at", "10.30 ok"]),
        ("一。二三四五六七八九十零", ["一。二三四五六七八九", "十零"]),
        ("一二三四五六七👩‍👧‍👦好", ["一二三四五六七", "👩‍👧‍👦好"]),
        ("一二三四五六七八九👍🏽", ["一二三四五六七八九", "👍🏽"]),
    ],
)
def test_where_a_text_is_parted(text: str, parts: list[str]) -> None:
    assert Abilities(max_text=10).parts(text) == parts


def test_bytes_are_parted_between_characters() -> None:
    assert BYTES.parts("亲" * 682) == ["亲" * 682]
    assert BYTES.parts("亲" * 683) == ["亲" * 682, "亲"]
    assert [len(one.encode()) for one in BYTES.parts("a" + "😀" * 600)] == [2045, 356]


@given(
    st.text(st.sampled_from("ab 1亲，。\n😀\u200d\u0301👍🏽.!"), max_size=200),
    st.integers(4, 40),
    st.sampled_from(["characters", "bytes"]),
)
def test_nothing_is_lost_and_nothing_too_long(text: str, most: int, unit: str) -> None:
    one = Abilities(max_text=most, unit="bytes" if unit == "bytes" else "characters")
    parts = one.parts(text)
    assert all(0 < one.length_of(part) <= most for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())
    assert len(parts) == 1 or not any(part[:1].isspace() for part in parts[1:])
