"""Which entries a message finds, with what score and why."""

import random
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge import Context, Entry, Gates, KnowledgeBase
from knowledge.entries import Reading


def entry(key: str, *phrases: str, answer: str = "好的", negative: Sequence[str] = ()) -> Entry:
    return Entry(key, phrases[0], answer, similar=phrases[1:], negative=tuple(negative))


SMALL = [
    entry("fahuo", "什么时候发货", "几天发货", "多久能发", answer="付款后 48 小时内发出"),
    entry("tuikuan", "怎么退款", "申请退款", "退款流程"),
    entry("daozhang", "退款多久到账", "退的钱什么时候回来", "退款没收到"),
    entry("baoyou", "包邮吗", "要运费吗", "邮费多少"),
    entry("kuaidi", "发什么快递", "能发顺丰吗", "用哪家快递"),
    entry("quan", "优惠券怎么领", "有没有券", "优惠券在哪"),
    entry("chima", "尺码怎么选", "多大码", "XL 码穿多重"),
    entry("zaima", "在吗", "有人吗", "你好"),
]
KB = KnowledgeBase(SMALL)


def first(text: str, kb: KnowledgeBase = KB, context: Context | None = None) -> str:
    found = kb.suggest(text, context)
    return found[0].entry if found else ""


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("什么时候发货？", "fahuo"),
        ("你好，请问几天能发货呀😊", "fahuo"),
        ("什麼時候發貨", "fahuo"),
        ("什么时侯发huo", "fahuo"),
        ("ｓｈｅｎｍｅ时候发货", "fahuo"),
        ("tuikuan", "tuikuan"),
        ("zenme tuikuan", "tuikuan"),
        ("baoyou ma", "baoyou"),
        ("tk", "tuikuan"),
        ("yhq在哪领", "quan"),
        ("顺丰 发货", "kuaidi"),
        ("我穿xl可以吗", "chima"),
        ("在吗", "zaima"),
        ("退款啥时候到帐啊", "daozhang"),
        ("48小时能发出吗", "fahuo"),
    ],
)
def test_first_entry(text: str, key: str) -> None:
    assert first(text) == key


@pytest.mark.parametrize("each", SMALL, ids=lambda each: each.id)
def test_an_exact_phrasing_comes_first_with_one(each: Entry) -> None:
    for phrase in each.phrases:
        best = KB.suggest(f"{phrase}？！")[0]
        assert (best.entry, best.score, best.show, best.sure) == (each.id, 1.0, True, True)


def test_exact_wins_over_a_negative_keyword_of_its_own() -> None:
    kb = KnowledgeBase([*SMALL, entry("own", "要退货吗", negative=["退货"])])
    assert kb.suggest("要退货吗")[0].entry == "own"
    assert "own" not in [s.entry for s in kb.suggest("我要退货")]


def test_a_negative_keyword_excludes() -> None:
    plain = KnowledgeBase([entry("a", "怎么退款"), entry("b", "退款")])
    barred = plain.with_entry(entry("a", "怎么退款", negative=["運費"]))
    assert {s.entry for s in plain.suggest("运费退款怎么算")} == {"a", "b"}
    assert {s.entry for s in barred.suggest("运费退款怎么算")} == {"b"}


@pytest.mark.parametrize(
    ("today", "there"),
    [(None, True), (date(2026, 11, 9), False), (date(2026, 11, 10), True),
     (date(2026, 11, 12), True), (date(2026, 11, 13), False)],
)  # fmt: skip
def test_validity_dates_exclude(today: date | None, there: bool) -> None:
    sale = replace(
        entry("sale", "双十一有活动吗"), valid_from=date(2026, 11, 10), valid_to=date(2026, 11, 12)
    )
    found = KnowledgeBase([*SMALL, sale]).suggest("双十一有活动吗", Context(today=today))
    assert ("sale" in [s.entry for s in found]) is there


def test_many_expired_entries_do_not_hide_a_valid_one() -> None:
    past = [
        replace(entry(f"old{n}", "双十一有活动吗"), valid_to=date(2020, 1, 1)) for n in range(80)
    ]
    kb = KnowledgeBase([*past, entry("now", "双十一现在有什么活动呢")])
    assert first("双十一有活动吗", kb, Context(today=date(2026, 1, 1))) == "now"


@pytest.mark.parametrize(
    "text",
    [
        "什么时候发货？顺便问下优惠券怎么领",
        "多久能发！还有，有没有券",
        "在吗 几天发货。优惠券在哪呢",
    ],
)
def test_several_questions_find_their_entries(text: str) -> None:
    assert {"fahuo", "quan"} <= {s.entry for s in KB.suggest(text)[:3]}


def test_an_elliptical_question_leans_on_what_was_said() -> None:
    kb = KnowledgeBase(
        [
            entry("jp-fee", "寄到日本的运费", "日本邮费"),
            entry("tw-fee", "寄到台湾的运费", "台湾邮费"),
        ]
    )
    said = [Context(earlier=("能寄到日本吗",)), Context(earlier=("能寄到台湾吗",))]
    assert [first("那运费呢", kb, context) for context in said] == ["jp-fee", "tw-fee"]


def test_the_product_looked_at_decides_between_equals() -> None:
    kb = KnowledgeBase(
        [
            entry("cup", "能放洗碗机吗", answer="主人杯可以"),
            entry("pot", "能放洗碗机么", answer="青瓷壶可以"),
        ]
    )
    for product, key in (("主人杯", "cup"), ("青瓷壶", "pot")):
        assert first("洗碗机能不能放", kb, Context(product=product)) == key


def test_synonyms_of_the_shop() -> None:
    entries = [entry("wuliu", "物流停了"), entry("dianhua", "快递员电话")]
    assert first("我的快递停了", KnowledgeBase(entries, synonyms=[["快递", "物流"]])) == "wuliu"


def test_scores_fall_and_only_the_first_is_sure(kb: KnowledgeBase) -> None:
    found = kb.suggest("什么时候发货", limit=10)
    assert [s.score for s in found] == sorted((s.score for s in found), reverse=True)
    assert not any(s.sure for s in found[1:])


def test_foreign_messages_are_not_worth_showing(kb: KnowledgeBase) -> None:
    for text in ("济的两个读音组词", "今天股市大盘怎么走", "the quick brown fox"):
        assert not any(s.show for s in kb.suggest(text))


@pytest.mark.parametrize(
    ("text", "key", "shared"),
    [
        ("你好😊请问什麼時候發貨呀", "fahuo", ["什麼時候發貨"]),
        ("我要tuikuan", "tuikuan", ["tuikuan"]),
        ("快点给我fh", "fahuo", ["fh"]),
        ("什么时侯发huo", "fahuo", ["什么时侯发huo"]),
        ("ＸＬ码", "chima", ["ＸＬ"]),
    ],
)
def test_why(text: str, key: str, shared: list[str]) -> None:
    found = next(s for s in KB.suggest(text) if s.entry == key)
    assert [text[start:end] for start, end in found.why] == shared


@pytest.mark.parametrize(
    ("text", "key", "phrase", "shared"),
    [
        ("请问什麼時候發貨呀", "fahuo", "什么时候发货", ["什么时候发货"]),
        ("我要tuikuan流程", "tuikuan", "退款流程", ["退款流程"]),
        ("什么时侯发huo", "fahuo", "什么时候发货", ["什么时候发货"]),
    ],
)
def test_why_in_the_phrasing(text: str, key: str, phrase: str, shared: list[str]) -> None:
    found = next(s for s in KB.suggest(text) if s.entry == key)
    assert found.phrase == phrase
    assert [phrase[start:end] for start, end in found.matched] == shared


def test_why_knows_synonyms() -> None:
    kb = KnowledgeBase([entry("wuliu", "物流停了")], synonyms=[["快递", "物流"]])
    assert kb.suggest("快递怎么停了")[0].why == ((0, 2), (4, 6))


def test_entries_without_words_do_no_harm() -> None:
    kb = KnowledgeBase(
        [*SMALL, Entry("", "", ""), entry("emoji", "😀", "！！"), Entry("x", "", "好")]
    )
    assert first("什么时候发货", kb) == "fahuo"
    assert all(s.score > 0 for s in kb.suggest("好"))


def test_two_entries_with_one_question_stand_in_order() -> None:
    kb = KnowledgeBase([entry("b", "包邮吗"), entry("a", "包邮吗")])
    assert [(s.entry, s.score, s.sure) for s in kb.suggest("包邮吗")] == [
        ("b", 1.0, True), ("a", 1.0, False)]  # fmt: skip


def test_an_empty_knowledge_base_answers() -> None:
    empty = KnowledgeBase([])
    assert empty.suggest("什么时候发货") == []
    assert empty.without("x") is empty
    assert first("什么时候发货", empty.with_entry(SMALL[0])) == "fahuo"


def test_changes_leave_the_old_knowledge_base_answering() -> None:
    grown = KB.with_entry(entry("fapiao", "怎么开发票", "要发票"))
    shrunk = grown.without("fahuo")
    assert (first("开fapiao"), first("开fapiao", grown)) != ("fapiao", "")
    assert first("kaifapiao", grown) == "fapiao"
    assert first("几天发货", shrunk) != "fahuo"
    assert first("几天发货") == "fahuo"
    assert (len(KB), len(grown), len(shrunk)) == (8, 9, 8)


def test_a_large_knowledge_base_changes_by_entry(shop: Reading, kb: KnowledgeBase) -> None:
    """Nothing is spelt anew, and the answers are those of one that is built anew."""
    told = kb.with_entry(entry("lian", "支持区块链溯源吗", "扫码能看区块链记录吗"))
    moved = replace(shop.entries[3], similar=("海外仓调拨要多久",))
    told = told.with_entry(moved).without(shop.entries[5].id).with_entry(shop.entries[7])
    told = told.with_entry(replace(moved, similar=("海外仓调拨几天到",)))
    assert told.unsettled == 2, "one has the words it had"
    assert len(told) == len(kb)
    assert first("有没有区块链", told) == "lian"
    assert first("海外仓调拨几天", told) == moved.id
    assert told.suggest("海外仓调拨几天到")[0].score == 1.0
    assert told.suggest("海外仓调拨要多久")[0].score < 1.0
    gone = shop.entries[5]
    for phrase in gone.phrases:
        assert gone.id not in [one.entry for one in told.suggest(phrase, limit=50)]
    anew = KnowledgeBase(
        told.catalogue.entries(), dictionary=shop.dictionary, synonyms=shop.synonyms
    )
    for text in ("什么时候发货", "tk多久", "能便宜点吗", "区块链", "海外仓"):
        mine, theirs = told.suggest(text), anew.suggest(text)
        assert [one.entry for one in mine] == [one.entry for one in theirs]
        assert [one.score for one in mine] == pytest.approx([s.score for s in theirs], abs=0.01)


def test_a_changed_entry_keeps_its_rank(kb: KnowledgeBase, shop: Reading) -> None:
    twins = [entry("twin-a", "青瓷能当烟灰缸吗"), entry("twin-b", "青瓷能当烟灰缸吗")]
    both = KnowledgeBase([*twins, *shop.entries])
    changed = both.with_entry(replace(twins[0], answer="可以"))
    assert [one.entry for one in changed.suggest("青瓷能当烟灰缸吗")[:2]] == ["twin-a", "twin-b"]


def test_letters_of_a_new_word_are_read(kb: KnowledgeBase) -> None:
    told = kb.with_entry(entry("code", "包装上有二维码吗", "二维码扫了打不开"))
    assert first("ewm", told) == "code"
    assert first("ewm", kb) != "code"


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 7)), max_size=8))
def test_changing_is_the_same_as_building(steps: list[tuple[bool, int]]) -> None:
    kb, there = KB, {each.id: each for each in SMALL}
    for add, n in steps:
        each = replace(SMALL[n], similar=("换货", f"改{n}"))
        if add:
            kb, there = kb.with_entry(each), there | {each.id: each}
        else:
            kb = kb.without(each.id)
            there.pop(each.id, None)
    fresh = KnowledgeBase(there.values())
    for text in ("什么时候发货", "tk多久", "换货"):
        assert kb.suggest(text) == fresh.suggest(text)


@settings(deadline=None)
@given(
    st.text(st.characters(codec=None), max_size=60) | st.text("退款tuikuan发货fh，。 ?😊你好還有")
)
def test_any_text_gets_valid_suggestions(text: str) -> None:
    for found in KB.suggest(text, Context(product=text, earlier=(text,)), limit=8):
        assert 0 < found.score <= 1
        assert all(0 <= start < end <= len(text) for start, end in found.why)
        assert all(a[1] < b[0] for a, b in zip(found.why, found.why[1:], strict=False))
        assert all(0 <= start < end <= len(found.phrase) for start, end in found.matched)


@pytest.mark.parametrize("text", ["", " ", "😀😀", "！？。", "\ud800\udfff", "\x00", "\u200b"])
def test_nothing_said_finds_nothing(text: str) -> None:
    assert KB.suggest(text) == []


def _baits() -> list[str]:
    hanzi = random.Random(1)
    return [
        "什么时候发货" * 1300, "好" * 8000, "a" * 8000, "tuikuan" * 1100, "fh " * 2600, "1" * 8000,
        "😀" * 8000, "\ud800" * 8000, "שלום " * 1600, "((((a+)+)+)+$" * 600, " " * 8000,
        "還有" * 4000,
        "什么时候发货。" * 1100, "退款，快递，" * 1300, "在吗" * 4000, "亲" * 8000,
        "".join(chr(hanzi.randrange(0x4E00, 0x9FFF)) for _ in range(8000)),
    ]  # fmt: skip


@pytest.mark.parametrize("text", _baits(), ids=lambda text: ascii(text[:6]))
def test_no_text_stalls(text: str, kb: KnowledgeBase) -> None:
    took = []
    for _ in range(3):
        began = time.process_time()
        kb.suggest(text, Context(product=text, earlier=(text,)))
        took.append(time.process_time() - began)
    assert min(took) < 0.05


def test_no_entry_stalls() -> None:
    bait = "(a+)+$" * 9000
    kb = KnowledgeBase(
        [*SMALL, entry("bait", bait, bait, answer=bait, negative=[bait])],
        dictionary=[bait, "(", "[a", "", " "],
        synonyms=[[bait, "退款"], [], [""], ["退款"]],
    )
    began = time.process_time()
    assert first("什么时候发货", kb) == "fahuo"
    assert kb.suggest(bait)
    assert time.process_time() - began < 0.1


def test_the_shops_own_questions_find_themselves(shop: Reading, kb: KnowledgeBase) -> None:
    for each in shop.entries:
        for phrase in each.phrases:
            assert kb.suggest(phrase)[0].entry == each.id, phrase


def test_use_settles_what_is_close_and_turns_nothing_over() -> None:
    asked = "退款"
    plain = [one.entry for one in KB.suggest(asked)]
    second = plain[1]
    raised = KB.suggest(asked, Context(lifts={second: 5.0, plain[0]: -5.0}))
    assert raised[0].entry == second
    assert {one.entry: one.lift for one in raised[:2]} == {second: 0.08, plain[0]: -0.08}
    exact = KB.suggest("怎么退款", Context(lifts={"tuikuan": -5.0, "daozhang": 5.0}))
    assert (exact[0].entry, exact[0].score, exact[0].lift) == ("tuikuan", 1.0, 0.0)


def test_use_brings_up_nothing_that_shares_no_words() -> None:
    assert KB.suggest("天", Context(lifts={"chima": 0.08})) == KB.suggest("天")


def test_gates_are_the_shops_own() -> None:
    found = KB.suggest("退钱要几天到", gates=Gates(show=0.0, sure=0.0, lead=0.0))
    assert found[0].sure
    assert all(one.show for one in found)
    assert not any(one.show for one in KB.suggest("退钱要几天到", gates=Gates(show=0.999)))


def test_progress_is_told() -> None:
    heard: list[int] = []
    KnowledgeBase([entry(str(n), f"问题{n}") for n in range(2500)], progress=heard.append)
    assert heard == [1000, 2000, 2500]
