"""Groups of questions: the same however they come, stars and no chains, near misses apart."""

import random
import time
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge import chinese
from knowledge.grouping import MOST_EXAMPLES, Group, Question, grouped
from knowledge.likeness import LIMIT, likeness

# what one answer would do for, in shoppers' words
SAME = [
    ["能便宜点吗", "能不能便宜一点", "可以便宜点吗", "便宜点呗", "能偏宜点吗", "再便宜一点可以吗"],
    ["能上门安装吗", "可以上门安装吗", "你们上门安装吗", "有没有上门安装", "提供上门安装服务吗"],
    ["有实体店吗", "你们有没有实体店", "实体店在哪里"],
    ["支持以旧换新吗", "能以旧换新吗", "你们家有以旧换新吗"],
    ["会掉色吗", "这个会不会掉色", "洗了会掉色吗"],
    ["可以货到付款吗", "支持货到付款吗", "能货到付款不"],
    ["这个带盖子吗", "带不带盖子", "带盖子的吗"],
    ["有会员日吗", "会员日是哪天"],
    ["适合送长辈吗", "送长辈合适吗", "适合送给长辈吗"],
    ["能放洗碗机吗", "可以放洗碗机里洗吗", "洗碗机能放吗"],
    ["有小样送吗", "送小样吗", "送不送小样"],
    ["能刻字吗", "可以刻字吗", "能不能刻字"],
    ["可以开增值税发票吗", "能开增值税发票吗"],
    ["什么时候直播", "你们什么时候直播呀", "啥时候直播"],
]
# what takes another answer, though the words are nearly the same
APART = [
    ("能便宜点吗", "能便宜点发货吗"),
    ("什么时候发货", "什么时候到货"),
    ("什么时候有货", "什么时候发货"),
    ("发票什么时候开", "发票怎么开"),
    ("退款什么时候到", "退货什么时候到"),
    ("可以退货吗", "不可以退货吗"),
    ("可以货到付款吗", "可以货到退款吗"),
    ("可以洗碗机洗吗", "可以洗衣机洗吗"),
    ("有48码吗", "有42码吗"),
    ("有黑色吗", "有白色吗"),
    ("有赠品吗", "有样品吗"),
    ("怎么退货", "怎么换货"),
    ("这个怎么买", "这个怎么卖"),
    ("在哪里改地址", "在哪里看地址"),
    ("会褪色吗", "会缩水吗"),
    ("发顺丰吗", "发圆通吗"),
    ("能上门安装吗", "能上门取件吗"),
]  # fmt: skip

WORDS = [
    "能",
    "便宜",
    "点",
    "吗",
    "发货",
    "退",
    "款",
    "什么时候",
    "包邮",
    "不",
    "48",
    "tuikuan",
    "呢",
]
texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map("".join) | st.text(max_size=8)
heaps = st.lists(
    st.builds(Question, texts.map(lambda one: chinese.normalise(one).text), st.sampled_from("abcd"),
              st.integers(0, 9)),
    max_size=30,
)  # fmt: skip


def asked(texts: Sequence[str]) -> list[Question]:
    return [Question(chinese.normalise(one).text, str(n), n) for n, one in enumerate(texts)]


def of(groups: Sequence[Group[Question]], text: str) -> Group[Question]:
    plain = chinese.normalise(text).text
    (found,) = [one for one in groups if any(each.text == plain for each in one.questions)]
    return found


@pytest.mark.parametrize("wordings", SAME, ids=lambda one: one[0])
def test_what_asks_the_same_is_one_group(wordings: list[str]) -> None:
    everything = grouped(asked([one for each in SAME for one in each]))
    assert {of(everything, one).text for one in wordings} == {of(everything, wordings[0]).text}
    assert of(everything, wordings[0]).count == len(wordings)


@pytest.mark.parametrize("pair", APART, ids=lambda one: one[0])
def test_near_misses_stay_apart(pair: tuple[str, str]) -> None:
    everything = grouped(asked([*pair, *(one for each in SAME for one in each)]))
    assert of(everything, pair[0]) != of(everything, pair[1])
    assert likeness(*pair) < LIMIT


def test_the_middle_is_what_most_gather_around() -> None:
    (one,) = grouped(
        asked(["便宜点呗", "能便宜点吗", "可以便宜点吗", "能便宜点吗", "再便宜一点可以吗"])
    )
    assert one.text == "能便宜点吗"
    assert (one.count, one.askers, one.first_at, one.last_at) == (5, 5, 0, 4)
    assert set(one.examples) == {"便宜点呗", "可以便宜点吗", "再便宜一点可以吗"}
    assert one.examples[0] == min(one.examples, key=lambda text: likeness(text, one.text))


def test_the_most_asked_comes_first_and_one_who_asks_twice_is_one() -> None:
    twice = [Question("能刻字吗", "张三", 1), Question("能刻字吗", "张三", 2)]
    once = [Question("会掉色吗", "李四", 1), Question("会掉色吗", "王五", 1)]
    first, second = grouped([*twice, *once])
    assert (first.text, first.askers, first.count) == ("会掉色吗", 2, 2)
    assert (second.text, second.askers, second.count) == ("能刻字吗", 1, 2)


def test_a_part_of_a_group_keeps_its_middle() -> None:
    (one,) = grouped(asked(["便宜点呗", "能便宜点吗", "可以便宜点吗"]))
    part = one.where(lambda each: each.at == 0)
    assert part is not None
    assert (part.text, part.count, part.askers) == (one.text, 1, 1)
    assert one.where(lambda each: each.at > 9) is None


def test_nothing_asked_is_no_group() -> None:
    assert grouped([]) == []


@given(heaps, st.randoms())
def test_the_order_of_arrival_does_not_matter(heap: list[Question], chance: random.Random) -> None:
    shuffled = chance.sample(heap, len(heap))
    assert grouped(shuffled) == grouped(heap)


@given(heaps)
def test_every_member_is_like_the_middle_and_no_middle_like_another(heap: list[Question]) -> None:
    groups = grouped(heap)
    slack = 1e-5
    for one in groups:
        others = {each.text for each in one.questions} - {one.text}
        assert all(likeness(one.text, text) >= LIMIT - slack for text in others)
        assert len(one.examples) == len(set(one.examples)) <= MOST_EXAMPLES
        assert set(one.examples) <= others
    middles = [one.text for one in groups]
    for place, text in enumerate(middles):
        assert all(likeness(text, other) < LIMIT + slack for other in middles[:place])


@given(heaps)
def test_all_are_there_and_the_same_text_is_never_parted(heap: list[Question]) -> None:
    groups = grouped(heap)
    assert sum(one.count for one in groups) == len(heap)
    found = [{each.text for each in one.questions} for one in groups]
    assert sum(map(len, found)) == len({one.text for one in heap})


@given(texts, texts)
def test_likeness_is_the_same_both_ways(one: str, other: str) -> None:
    assert 0.0 <= likeness(one, other) <= 1.0 + 1e-9
    assert likeness(one, other) == pytest.approx(likeness(other, one))


@settings(deadline=None)
@given(st.integers(1, 40))
def test_a_chain_does_not_grow_into_a_heap(links: int) -> None:
    """Each text shares most of its letters with the next one, and nothing with the far end."""
    row = "天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收冬藏闰余成岁律吕调阳云腾致雨露结为霜"
    chain = [row[n : n + 6] for n in range(min(links, len(row) - 6))]
    for one in grouped(asked(chain)):
        texts = [each.text for each in one.questions]
        assert all(set(a) & set(b) for a in texts for b in texts)


def test_five_thousand_questions_are_grouped_in_no_time() -> None:
    chance = random.Random(7)
    first = ["", "请问这个", "你们家", "老板", "昨天买的", "麻烦看下", "壶", "杯子", "那套茶具"]
    last = ["", "啊", "呢", "急", "可以吗", "的吧", "行不行", "有人吗", "快点"]
    what = [one for each in SAME for one in each] + [one for pair in APART for one in pair]
    what += [a + b for a in ("主人杯", "公道杯", "盖碗", "茶滤", "礼盒") for b in what[:40]]
    wanted: set[str] = set()
    while len(wanted) < 5_000:
        wanted.add(chance.choice(first) + chance.choice(what) + chance.choice(last))
    heap = [Question(one, str(n % 900), n) for n, one in enumerate(sorted(wanted))]
    began = time.process_time()
    groups = grouped(heap)
    assert time.process_time() - began < 4.0, "2 s on a machine of our own, and a test may share"
    assert sum(one.count for one in groups) == 5_000
