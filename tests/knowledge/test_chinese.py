"""What is left of a text in plain spelling, and where each piece of it came from."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge import chinese, pinyin

ANY_TEXT = st.text(st.characters(codec=None), max_size=300)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("", ""),
        ("什么时候发货", "什么时候发货"),
        ("什麼時候發貨", "什么时候发货"),
        ("ＡＢＣ１２３", "abc123"),
        ("㎏ ①", "kg 1"),
        ("你好，请问什么时候发货呀？😊谢谢", "什么时候发货呀"),
        ("hi~请问baoyou吗", "baoyou吗"),
        ("亲，在吗？有货吗", "有货吗"),
        ("亲子装有吗", "亲子装有吗"),
        ("在吗", "在吗"),
        ("你好，在吗", "你好 在吗"),
        ("this is a hippo", "this is a hippo"),
        ("👍🏻👩‍👩‍👧", ""),
        ("！！！。。。", ""),
        ("\ud800好\udfff", "好"),
        ("第一句。第二句", "第一句\n第二句"),
        ("顺丰   发货", "顺丰 发货"),
        ("e\u0301 1️⃣", "e 1"),
    ],
)
def test_normalise(text: str, plain: str) -> None:
    assert chinese.normalise(text).text == plain


def test_normalise_keeps_greetings_on_request() -> None:
    assert chinese.normalise("你好呀", greetings=True).text == "你好呀"


@settings(deadline=None)
@given(ANY_TEXT)
def test_every_plain_character_has_a_place_in_the_text(text: str) -> None:
    normal = chinese.normalise(text)
    assert len(normal.at) == len(normal.text)
    assert all(0 <= place < len(text) for place in normal.at)
    assert list(normal.at) == sorted(normal.at)


@settings(deadline=None)
@given(st.text("什么时候发货abc12 ，。你好谢谢", max_size=80))
def test_unchanged_characters_are_found_where_they_stood(text: str) -> None:
    normal = chinese.normalise(text)
    for character, place in zip(normal.text, normal.at, strict=True):
        assert character in " \n" or text[place] == character


@settings(deadline=None)
@given(ANY_TEXT)
def test_normalise_is_stable(text: str) -> None:
    once = chinese.normalise(text, greetings=True).text
    assert chinese.normalise(once, greetings=True).text.split() == once.split()


@settings(deadline=None)
@given(ANY_TEXT)
def test_pieces_lie_in_order_within_the_text(text: str) -> None:
    plain = chinese.normalise(text).text
    for piece in chinese.units(plain) + chinese.tokenize(plain):
        assert plain[piece.start : piece.end] == piece.text
    places = [(p.start, p.end) for p in chinese.sounds(plain, latin=True)]
    assert places == sorted(places)
    assert all(start < end <= len(plain) for start, end in places)


def test_words_of_the_shop_stay_whole() -> None:
    words = [p.text for p in chinese.tokenize("云柔羽绒服什么时候发货", ["云柔羽绒服", "((", ""])]
    assert words[0] == "云柔羽绒服"
    assert {"羽绒服", "什么", "时候", "发货"} <= set(words)


def test_search_mode_gives_the_short_words_too() -> None:
    words = [p.text for p in chinese.tokenize("优惠券")]
    assert words == ["优惠", "优惠券"]


@pytest.mark.parametrize(
    ("text", "short"),
    [("发货时间", "fhsj"), ("还款", "hk"), ("VIP 会员8折", "viphy8z"), ("", ""), ("😊", "")],
)
def test_initials(text: str, short: str) -> None:
    assert chinese.initials(text) == short


@pytest.mark.parametrize(
    ("run", "syllables"),
    [
        ("baoyou", ["bao", "you"]),
        ("tuikuan", ["tui", "kuan"]),
        ("nvzhuang", ["nv", "zhuang"]),
        ("xl", []),
        ("iphone", []),
        ("a" * 500, []),
        ("ａｂ", []),
    ],
)
def test_latin_runs_split_into_syllables(run: str, syllables: list[str]) -> None:
    assert pinyin.split_latin(run) == syllables


@pytest.mark.parametrize(
    ("one", "other"),
    [("时候", "时侯"), ("发货", "发huo"), ("知道", "资道"), ("牛奶", "刘来"),
     ("便宜", "pianyi"), ("应该", "因该"), ("是不是", "四不四")],
)  # fmt: skip
def test_what_shoppers_confuse_sounds_the_same(one: str, other: str) -> None:
    heard = [[p.text for p in chinese.sounds(text, latin=True)] for text in (one, other)]
    assert heard[0] == heard[1]


def test_the_table_of_readings_is_pypinyins() -> None:
    """We read its file; a changed layout must fail here and not in a shop."""
    plain = pinyin.readings().plain
    assert len(plain) > 20_000
    expected = {"退": "tui", "款": "kuan", "女": "nv", "略": "lve", "好": "hao", "还": "hai"}
    assert {character: plain[character] for character in expected} == expected
    assert 380 < len(pinyin.readings().fuzzy) < 450


@pytest.mark.parametrize(
    "text", ["你好" * 4000, "a" * 8000, "😀" * 8000, "在吗" * 4000 + "x", "hi " * 2700, "﷽" * 8000]
)
def test_long_texts_take_no_time(text: str) -> None:
    chinese.warm()
    began = time.process_time()
    plain = chinese.normalise(text).text
    chinese.sounds(plain, latin=True)
    chinese.tokenize(plain)
    assert time.process_time() - began < 0.05
    assert len(plain) <= chinese.LONGEST_KEPT + 20
