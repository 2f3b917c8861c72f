"""An import taken back: shelf, bases and dry run as before; all or nothing, after a crash too."""

import asyncio
from typing import Any

import pytest

from console.desk import Desk, turns
from console.desk import planning as module
from console.desk.choosing import Rows
from console.desk.importing import Record, Run
from console.desk.looking import Look
from console.model.people import Agent
from console.model.refusal import Refused
from console.model.words import Role
from console.store import staged
from knowledge import Context, formats
from tests.desk.faq import FIRST, HEAD, counts, take, yaml
from tests.desk.house import House
from tests.desk.test_importing import PHRASES, csv_of, many, rewrite
from tests.desk.test_importing import bring as command

WORDS = f"{HEAD}dictionary: [月白釉]\nsynonyms:\n  - [包邮, 免邮]\n"


async def lead(house: House) -> Agent:
    return await house.agent("主管", role=Role.SUPERVISOR, here=False)


async def look(house: House, data: bytes, file: str) -> Look:
    return await house.desk.importing.look(house.shop_id, data, file=file)


async def ended(run: Run) -> Record:
    done = await asyncio.shield(run.task)
    if isinstance(done, Refused):
        raise done
    return done


async def bring(
    house: House, agent: Agent, data: bytes, file: str = "话术.csv", **ticks: str
) -> Record:
    rows = {name: Rows.parse(name, text) for name, text in ticks.items()}
    return await ended(house.desk.importing.begin(agent, data, file=file, **rows))


async def shelf(house: House) -> list[Any]:
    """What is there and what files said of it; of what is gone only the latter, if they did."""
    there = await house.rows(
        "SELECT id, body, base, position FROM entry WHERE deleted_at IS NULL ORDER BY id"
    )
    gone = await house.rows(
        "SELECT id, body, base FROM entry"
        " WHERE deleted_at IS NOT NULL AND base IS NOT NULL ORDER BY id"
    )
    shop = await house.rows("SELECT name, settings FROM shop ORDER BY 1")
    memory = house.desk.library.entries(house.shop_id)
    return [list(map(tuple, one)) for one in (there, gone, shop)] + [memory]


def states(one: Look) -> list[tuple[int, str, str]]:
    return [(row.row, row.state, row.entry.id if row.entry else "") for row in one.rows]


FILES = {
    "话术.csv": csv_of(
        [("fh", "文件改的", "物流"), ("fh", "今天发", ""), ("", "在的呢", ""), ("new", "新的", "")]
    ),
    "faq.yaml": yaml(
        {"fahuo": "亲，当天发。", "tuihuo": FIRST["tuihuo"], "fapiao": "可以开。"}, head=WORDS
    ),
}


@pytest.mark.parametrize("file", [*FILES])
async def test_undone_it_is_as_if_it_had_never_been(house: House, desk: Desk, file: str) -> None:
    await take(house, FIRST)
    await command(house, csv_of(PHRASES))
    await rewrite(house, "qn.fh.1", answer="店里改的")
    agent, data = await lead(house), FILES[file]
    await desk.editing.delete(agent, "qn..1", revision=None)
    before, seen = await shelf(house), states(await look(house, data, file))
    record = await bring(house, agent, data, file, conflicts="1-")
    assert (record.by, record.file) == ((agent.id, "主管"), file)
    assert await shelf(house) != before
    undone = await desk.importing.undo(agent, record.id)
    assert undone.kept == []
    assert await shelf(house) == before
    assert states(await look(house, data, file)) == seen
    with pytest.raises(Refused, match="undone before"):
        await desk.importing.undo(agent, record.id)
    (logged,) = await house.logged("import_undone")
    assert (logged["import"], logged["agent"]) == (record.id, agent.id)
    await desk.load()
    assert await shelf(house) == before


async def test_commands_can_be_undone_too(house: House, desk: Desk) -> None:
    await take(house, FIRST)
    (record,) = await desk.importing.recorded(house.shop_id)
    assert (record.by, record.file, record.format) == (None, "faq.yaml", "faq")
    assert record.counts == {"new": 3, "changed": 0, "unchanged": 0, "conflicting": 0}
    agent = await lead(house)
    undone = await desk.importing.undo(agent, record.id)
    assert (undone.deleted, desk.library.entries(house.shop_id)) == (3, [])
    assert counts(await take(house, FIRST)) == (3, 0, 0, [])
    with pytest.raises(Refused, match="nothing to undo"):
        await desk.editing.undo(agent, record.id)
    with pytest.raises(Refused, match="no import"):
        await desk.importing.undo(agent, "made-up")


async def test_what_changed_since_is_named_or_kept(house: House, desk: Desk) -> None:
    await command(house, csv_of(PHRASES))
    agent = await lead(house)
    file = [("fh", "文件改的", "物流"), ("fh", "今天发", ""), ("a", "新的", ""), ("b", "也新", "")]
    record = await bring(house, agent, csv_of(file))
    await rewrite(house, "qn.a.1", answer="店里改的")
    house.clock.forward(minutes=1)
    await rewrite(house, "qn.b.1", shortcut=None)
    before = await shelf(house)
    with pytest.raises(Refused) as no:
        await desk.importing.undo(agent, record.id)
    assert (no.value.code, "qn.a.1" in no.value.message) == ("conflict", True)
    assert [one["id"] for one in no.value.entries] == ["qn.a.1", "qn.b.1"]
    assert await shelf(house) == before
    undone = await desk.importing.undo(agent, record.id, keep_changed=True)
    assert sorted(undone.kept) == ["qn.a.1", "qn.b.1"]
    now = {one.id: one.answer for one in desk.library.entries(house.shop_id)}
    assert (now["qn.fh.1"], now["qn.a.1"]) == ("48 小时内发货", "店里改的")


async def test_a_shortcut_that_another_has_got_since(house: House, desk: Desk) -> None:
    await take(house, FIRST)
    await rewrite(house, "fahuo", shortcut="fh")
    await command(house, csv_of([("kp", "开发票", "")]))
    agent = await lead(house)
    head, _, rest = yaml(FIRST).decode().partition("    hot: true\n")
    data = f"{head}    hot: true\n    shortcut: xx\n{rest}".encode()
    record = await bring(house, agent, data, "faq.yaml", conflicts="1-")
    house.clock.forward(minutes=1)
    await rewrite(house, "qn.kp.1", shortcut="fh")
    with pytest.raises(Refused, match="changed since the import: fahuo"):
        await desk.importing.undo(agent, record.id)


async def test_a_later_file_is_not_forgotten_with_an_earlier(house: House, desk: Desk) -> None:
    agent = await lead(house)
    first = await bring(house, agent, yaml(FIRST), "faq.yaml")
    table = await desk.exporting.export_as(house.shop_id, "xlsx")
    second = await bring(house, agent, table, "a.xlsx")
    assert second.counts["unchanged"] == 3
    with pytest.raises(Refused, match="changed since"):
        await desk.importing.undo(agent, first.id)
    await desk.importing.undo(agent, second.id)
    await desk.importing.undo(agent, first.id)
    assert desk.library.entries(house.shop_id) == []


async def test_words_that_somebody_changed_stay(house: House, desk: Desk) -> None:
    agent = await lead(house)
    record = await bring(house, agent, yaml(FIRST, head=WORDS), "faq.yaml")
    await house.store.write(lambda tx: tx.run("UPDATE shop SET name = $1", "新店名"))
    await desk.importing.undo(agent, record.id)
    ((name, settings),) = await house.rows("SELECT name, settings FROM shop")
    assert (name, "月白釉" in settings, "免邮" in settings) == ("新店名", False, False)


@pytest.mark.parametrize("part", [0, 2, 4])
async def test_an_undo_that_is_cut_off_is_finished(
    house: House, desk: Desk, part: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PART_ROWS", 10)
    await command(house, csv_of(PHRASES))
    agent, before = await lead(house), await shelf(house)
    record = await bring(house, agent, many(45))
    taken = staged.take

    async def some(tx: Any, name: str, number: int) -> Any:
        if number == part:
            raise RuntimeError("pulled the plug")
        return await taken(tx, name, number)

    async def crash(*_: object) -> None:
        raise RuntimeError("pulled the plug")

    imported = await shelf(house)
    for place, instead, after in (("ready", crash, imported), ("take", some, before)):
        with monkeypatch.context() as patch:
            patch.setattr(staged, place, instead)
            with pytest.raises(RuntimeError):
                await desk.importing.undo(agent, record.id)
        await desk.load()
        assert await shelf(house) == after
    undone = [one.id for one in await desk.importing.recorded(house.shop_id) if one.undone_at]
    assert undone == [record.id]
    assert await house.rows("SELECT key FROM meta WHERE key LIKE 'import/%'") == []
    assert {row.state for row in (await look(house, many(45), "a.csv")).rows} == {"new"}


async def test_few_that_are_gone_are_not_matched(house: House, desk: Desk) -> None:
    await command(house, csv_of(PHRASES))
    await desk.warm()
    agent = await lead(house)
    record = await bring(house, agent, csv_of([("kp", "可以开发票", "")]))
    await desk.importing.undo(agent, record.id)
    found = await desk.library.suggest(house.shop_id, "可以开发票", Context())
    assert "qn.kp.1" not in [one.entry for one in found]


async def test_one_at_a_time_and_nobody_stops_it(
    house: House, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    agent, gate, begun = await lead(house), asyncio.Event(), asyncio.Event()
    read, loop = formats.read, asyncio.get_running_loop()

    def slow(data: bytes, *, file: str) -> Any:
        loop.call_soon_threadsafe(begun.set)
        asyncio.run_coroutine_threadsafe(gate.wait(), loop).result()
        return read(data, file=file)

    monkeypatch.setattr(formats, "read", slow)
    waiting = asyncio.ensure_future(command(house, csv_of(PHRASES)))
    await begun.wait()
    with pytest.raises(Refused, match="under way"):
        desk.importing.begin(agent, many(1), file="a.csv")
    with pytest.raises(Refused, match="under way"):
        await desk.importing.undo(agent, "made-up")
    waiting.cancel()
    gate.set()
    await asyncio.wait([waiting])
    await desk.importing.close()
    assert len(desk.library.entries(house.shop_id)) == len(PHRASES)


async def test_a_stop_cuts_off_what_takes_too_long(
    house: House, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "CLOSE_S", 0.05)
    monkeypatch.setattr(module, "PART_ROWS", 10)
    agent = await lead(house)

    async def never(*_: object) -> None:
        await asyncio.Event().wait()

    with monkeypatch.context() as patch:
        patch.setattr(desk.importing._placing, "_put_in_place", never)
        run = desk.importing.begin(agent, many(45), file="a.csv")
        await desk.importing.close()
        assert run.task.cancelled()
    await desk.load()
    assert len(desk.library.entries(house.shop_id)) in (0, 45)
