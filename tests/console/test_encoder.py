"""Meaning beside words: the real model, a shop's own, and what is said where there is none."""

import sys
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from console.encoder import open_encoder
from console.model.refusal import Refused
from knowledge import Encoder, Entry, KnowledgeBase


class Own:
    """A model that knows two meanings."""

    name = "own/1"

    def encode(self, texts: Sequence[str]) -> Any:
        return np.array(
            [[1.0, 0.0] if "坏" in text or "碎" in text else [0.0, 1.0] for text in texts]
        )


ENTRIES = [Entry("broken", "收到是坏的", "退"), Entry("colour", "有几种颜色", "两种")]


@pytest.fixture(scope="module")
def semantic() -> Encoder:
    encoder = open_encoder("semantic")
    assert encoder is not None
    return encoder


def test_none_is_the_default() -> None:
    assert open_encoder("") is None


def test_the_model_knows_what_no_word_tells(semantic: Encoder) -> None:
    rows = semantic.encode(["收到的东西碎了", "包裹里的杯子破损", "你们几点下班", ""])
    assert rows.shape == (4, 512)
    assert np.linalg.norm(rows[:3], axis=1) == pytest.approx([1, 1, 1], abs=1e-3)
    assert rows[0] @ rows[1] > rows[0] @ rows[2]
    assert semantic.name.startswith("use-multilingual-3/")


def test_half_a_surrogate_pair_does_no_harm(semantic: Encoder) -> None:
    kb = KnowledgeBase(ENTRIES, encoder=semantic)
    assert kb.suggest("\ud800坏了")[0].entry == "broken"
    assert kb.suggest("😀") == [] or not kb.suggest("😀")[0].sure


def test_a_shop_brings_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "shop_model", sys.modules[__name__])
    own = open_encoder("shop_model:Own")
    plain, meant = KnowledgeBase(ENTRIES), KnowledgeBase(ENTRIES, encoder=own)
    assert plain.suggest("碎掉了") == []
    assert meant.suggest("碎掉了")[0].entry == "broken"
    grown = KnowledgeBase(
        [*ENTRIES, *(Entry(f"n{n}", f"问{n}", "") for n in range(40))], encoder=own
    )
    later = grown.with_entry(Entry("late", "壶盖坏", "补"))
    assert {one.entry for one in later.suggest("碎掉了")[:2]} == {"broken", "late"}


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        ("no_such_module:Model", "no module no_such_module"),
        ("sys:no_such_name", "module:name"),
        ("sys", "module:name"),
    ],
)
def test_what_cannot_be_had_is_refused(choice: str, said: str) -> None:
    with pytest.raises(Refused, match=said):
        open_encoder(choice)
