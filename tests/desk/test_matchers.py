"""Matchers are built once, kept as a file, loaded at the next start, and lose no change."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from console.desk import matchers as module
from console.desk.matchers import Matchers, Stock
from console.model.words import ShopId
from knowledge import Context, Entry, Gates, KnowledgeBase

SHOP = ShopId("shop")
STOCK = Stock(
    [Entry(f"e{n}", f"第{n}个问题怎么办", f"第{n}个回答") for n in range(40)],
    dictionary=("问题怎么办",),
    synonyms=(("怎么办", "如何是好"),),
)


@pytest.fixture
async def matchers(tmp_path: Path) -> AsyncIterator[Matchers]:
    made = Matchers(tmp_path / "matching")
    made.open()
    yield made
    made.close()


async def first(matchers: Matchers, text: str) -> tuple[str, float]:
    found = await matchers.suggest(SHOP, text, Context(), limit=1, gates=Gates())
    return found[0].entry, found[0].score


def refuse_to_build(monkeypatch: pytest.MonkeyPatch) -> None:
    def built(*_: object) -> KnowledgeBase:
        pytest.fail("built anew")

    monkeypatch.setattr(module, "built", built)


async def test_the_next_start_loads_what_was_built(
    matchers: Matchers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await matchers.build(SHOP, lambda: STOCK)
    refuse_to_build(monkeypatch)
    again = Matchers(tmp_path / "matching")
    again.open()
    changed = Stock([*STOCK.entries, Entry("new", "能刻字吗", "能")], STOCK.dictionary)
    await again.build(SHOP, lambda: changed)
    assert await first(again, "能刻字吗") == ("new", 1.0)
    assert await first(again, "第7个问题怎么办") == ("e7", 1.0)
    again.close()


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04nonsense"])
async def test_a_damaged_file_is_built_over(
    matchers: Matchers, tmp_path: Path, damage: bytes
) -> None:
    await matchers.build(SHOP, lambda: STOCK)
    file = tmp_path / "matching/shop.index"
    whole = file.read_bytes()
    file.write_bytes(damage)
    await matchers.build(SHOP, lambda: STOCK)
    assert await first(matchers, "第7个问题怎么办") == ("e7", 1.0)
    assert len(file.read_bytes()) == len(whole)


async def test_a_folder_that_cannot_be_written_costs_nothing_but_the_file(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "matching").write_text("a file in its place")
    made = Matchers(tmp_path / "matching")
    made.open()
    await made.build(SHOP, lambda: STOCK)
    assert await first(made, "第7个问题怎么办") == ("e7", 1.0)
    assert "is not kept" in caplog.text
    made.close()


async def test_a_large_one_is_built_by_another_process_and_misses_nothing(
    matchers: Matchers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Entries that change while it is built are in it."""
    monkeypatch.setattr(module, "APART", 10)
    refuse_to_build(monkeypatch)
    held, apart = STOCK, module._build_apart

    async def building(stock: Stock, file: Path) -> None:
        nonlocal held
        await apart(stock, file)
        held = Stock([*STOCK.entries, Entry("meanwhile", "能刻字吗", "能")], STOCK.dictionary)

    monkeypatch.setattr(module, "_build_apart", building)
    await matchers.build(SHOP, lambda: held)
    assert await first(matchers, "能刻字吗") == ("meanwhile", 1.0)
    assert await first(matchers, "第7个问题怎么办") == ("e7", 1.0)


async def test_a_build_that_is_given_up_ends_its_process(
    matchers: Matchers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "APART", 10)
    started: list[asyncio.subprocess.Process] = []
    start, running = asyncio.create_subprocess_exec, asyncio.Event()

    async def starting(*words: str, **how: Any) -> asyncio.subprocess.Process:
        process = await start(*words, **how)
        started.append(process)
        running.set()
        return process

    monkeypatch.setattr(asyncio, "create_subprocess_exec", starting)
    building = asyncio.create_task(matchers.build(SHOP, lambda: STOCK))
    await running.wait()
    building.cancel()
    with pytest.raises(asyncio.CancelledError):
        await building
    assert started[0].returncode is not None


async def test_changes_tell_when_it_should_be_built_anew(
    matchers: Matchers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_UNSETTLED", 2)
    await matchers.build(SHOP, lambda: STOCK)
    told = [await matchers.renew(SHOP, Entry(f"n{n}", f"新问题{n}", "")) for n in range(4)]
    assert told == [False, False, True, True]
