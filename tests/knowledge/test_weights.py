"""Each channel can be left out, alone, and stays out when an entry changes."""

import pytest

from knowledge import Entry, KnowledgeBase, Weights

ENTRIES = (
    Entry("tuikuan", "怎么申请退款", "亲，在订单里点退款"),
    Entry("fahuo", "什么时候发货", "亲，付款后 48 小时内从仓库寄出"),
)


def first(weights: Weights, text: str) -> str | None:
    kb = KnowledgeBase(ENTRIES, weights=weights).with_entry(Entry("baoyou", "包邮吗", "包邮"))
    found = kb.suggest(text)
    return found[0].entry if found else None


@pytest.mark.parametrize(
    ("text", "entry", "without"),
    [
        ("tuikuan", "tuikuan", Weights(sounds=0)),
        ("仓库", "fahuo", Weights(whole=0)),
    ],
)
def test_what_only_one_channel_finds(text: str, entry: str, without: Weights) -> None:
    assert first(Weights(), text) == entry
    assert first(without, text) is None


@pytest.mark.parametrize("left_out", Weights.__slots__)
def test_the_others_do_without_any_one(left_out: str) -> None:
    assert first(Weights(**{left_out: 0.0}), "啥时候发货呀") == "fahuo"


def test_likeness_of_letters_is_a_share_of_the_score() -> None:
    whole, none = (
        KnowledgeBase(ENTRIES, weights=Weights(fuzzy=fuzzy)).suggest("啥时候发货")[0].score
        for fuzzy in (1.0, 0.0)
    )
    half = KnowledgeBase(ENTRIES, weights=Weights(fuzzy=0.5)).suggest("啥时候发货")[0].score
    assert half == pytest.approx((whole + none) / 2, abs=1e-3)
