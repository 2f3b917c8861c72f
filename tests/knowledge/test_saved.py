"""A knowledge base from its file is the one that was built, brought up to date, or none."""

import io
import random
from dataclasses import replace

import pytest

from knowledge import Entry, KnowledgeBase, saved
from knowledge.entries import Reading

TEXTS = ("什么时候发货", "tk多久", "能便宜点吗", "yhq", "洗碗机", "3728192837465018")


@pytest.fixture(scope="module")
def file(kb: KnowledgeBase) -> bytes:
    into = io.BytesIO()
    saved.save(kb, into)
    return into.getvalue()


def loaded(file: bytes, shop: Reading, entries: list[Entry]) -> KnowledgeBase | None:
    return saved.load(io.BytesIO(file), entries, dictionary=shop.dictionary, synonyms=shop.synonyms)


def test_it_answers_as_before(file: bytes, shop: Reading, kb: KnowledgeBase) -> None:
    again = loaded(file, shop, list(shop.entries))
    assert again is not None
    assert (len(again), again.unsettled) == (len(kb), 0)
    for text in TEXTS:
        assert again.suggest(text) == kb.suggest(text)


def test_what_changed_meanwhile_is_put_in_its_place(
    file: bytes, shop: Reading, kb: KnowledgeBase
) -> None:
    entries = list(shop.entries)
    entries[3] = replace(entries[3], similar=("海外仓调拨几天到",))
    entries[4] = replace(entries[4], note="nobody searches for this")
    gone = entries.pop(9)
    entries.append(Entry("fresh", "能不能镭雕名字", "可以"))
    again = loaded(file, shop, entries)
    assert again is not None
    assert (len(again), again.unsettled) == (len(entries), 2)
    assert again.suggest("海外仓调拨几天到")[0].entry == entries[3].id
    assert again.suggest("能镭雕名字吗")[0].entry == "fresh"
    assert gone.id not in [one.entry for one in again.suggest(gone.question, limit=50)]
    old = shop.entries[3].similar[0]
    assert again.suggest(old)[0].score < 1.0


def test_too_many_changes_are_a_reason_to_build(file: bytes, shop: Reading) -> None:
    assert loaded(file, shop, [Entry(f"n{n}", f"问题{n}", "") for n in range(300)]) is None


def test_another_dictionary_is_a_reason_to_build(file: bytes, shop: Reading) -> None:
    assert saved.load(io.BytesIO(file), shop.entries, dictionary=("别的",)) is None


def test_a_damaged_file_is_no_knowledge(file: bytes, shop: Reading) -> None:
    chance = random.Random(4)
    entries = list(shop.entries)
    assert loaded(b"", shop, entries) is None
    assert loaded(file[: len(file) // 2], shop, entries) is None
    for _ in range(12):
        broken = bytearray(file)
        at = chance.randrange(len(broken))
        broken[at : at + 64] = bytes(64)
        again = loaded(bytes(broken), shop, entries)
        if again is not None:  # it fell between two arrays
            assert again.suggest("什么时候发货")[0].entry == "fahuo-shijian"


def test_later_changes_are_not_saved(kb: KnowledgeBase) -> None:
    with pytest.raises(AssertionError):
        saved.save(kb.with_entry(Entry("x", "问题", "")), io.BytesIO())
