"""Whatever is made, changed, deleted, restored and undone, in whatever order: memory, database and
matcher hold the same, and a process that starts anew reads the same."""

import asyncio
import random
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.desk.editing import Alike
from console.desk.shelving import entry_of
from console.model.people import Agent
from console.model.refusal import Refused
from console.model.words import Role
from console.store import open_store, shelf, sqlite_file
from knowledge import Context, Entry, matcher
from tests.desk.faq import FIRST, take
from tests.desk.house import House, close_house, open_house
from tests.store.databases import migrated_file

IDS = ("fahuo", "tuihuo", "new", "other")
QUESTIONS = ("能刻字吗", "怎么保养茶杯", "有没有礼盒装", "可以开发票吗")
ids, questions = st.sampled_from(IDS), st.sampled_from(QUESTIONS)
fields = st.fixed_dictionaries(
    {},
    optional={
        "question": questions,
        "answer": st.sampled_from(("可以", "不可以")),
        "similar": st.lists(questions, max_size=3),
        "shortcut": st.sampled_from((None, "a", "b")),
        "enabled": st.booleans(),
        "hot": st.booleans(),
        "category": st.sampled_from(("物流", "物流/发货", "")),
    },
)
revisions = st.none() | st.integers(1, 4)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("create"), ids, fields),
        st.tuples(st.just("patch"), ids, fields, revisions),
        st.tuples(st.just("delete"), ids, revisions),
        st.tuples(st.just("restore"), ids, st.integers(1, 4)),
        st.tuples(st.just("alike"), st.lists(ids, min_size=1, max_size=3), st.booleans()),
        st.tuples(st.just("undo")),
        st.tuples(st.just("rename"), st.sampled_from(("物流", "售后")), st.just("售后")),
        st.tuples(st.just("import"), st.sampled_from(("亲，当天发。", FIRST["fahuo"]))),
    ),
    max_size=12,
)


class Walker:
    """One lead, and the token of what was last done together."""

    def __init__(self, house: House, lead: Agent) -> None:
        self.house = house
        self.lead = lead
        self.token = "none"

    async def step(self, kind: str, *how: Any) -> None:
        try:
            done = await self._do(kind, *how)
        except Refused as no:
            if no.code not in ("not_found", "conflict"):
                raise
        else:
            self.token = getattr(done, "undo", None) or self.token
        await agree(self.house)

    async def _do(self, kind: str, *how: Any) -> Any:
        edit, lead = self.house.desk.editing, self.lead
        match kind:
            case "create":
                return await edit.create(
                    lead, {"question": "在吗", "answer": "在", **how[1], "id": how[0]}
                )
            case "patch":
                return await edit.patch(lead, how[0], how[1], revision=how[2])
            case "delete":
                return await edit.delete(lead, how[0], revision=how[1])
            case "restore":
                return await edit.restore(lead, *how)
            case "alike":
                return await edit.alike(lead, how[0], Alike(enabled=how[1], add_tags=("t",)))
            case "undo":
                return await edit.undo(lead, self.token)
            case "rename":
                return await edit.rename(lead, *how)
            case _:
                return await take(self.house, {"fahuo": how[0]})


async def agree(house: House) -> None:
    shop, library = house.shop_id, house.desk.library
    kept = await house.store.read(lambda tx: shelf.entries(tx, shop))
    listed = library.search(shop)
    assert [(one["id"], one["revision"]) for one in listed] == [
        (one.id, one.revision) for one in kept
    ]
    there = {one["id"]: library.entry(shop, one["id"]) for one in listed}
    assert there == {one.id: entry_of(one) for one in kept}
    base = library._matchers._bases[shop]
    assert {one.id: one for one in base.catalogue.entries()} == there
    for entry in there.values():
        assert entry is not None
        await _found(house, entry)
    rows = await house.rows("SELECT shortcut FROM entry WHERE deleted_at IS NULL")
    used = [row[0] for row in rows if row[0]]
    assert sorted(used) == sorted(one["shortcut"] for one in listed if one["shortcut"])
    assert len(set(used)) == len(used)
    odd = await house.rows(
        "SELECT e.id FROM entry e WHERE e.revision <>"
        " (SELECT max(r.revision) FROM entry_revision r WHERE r.entry_id = e.id)"
    )
    assert odd == []


async def _found(house: House, entry: Entry) -> None:
    """Suggested for each of its own phrasings, or for none."""
    for phrase in entry.phrases:
        found = await house.desk.library.suggest(house.shop_id, phrase, Context(), limit=20)
        scores = {one.entry: one.score for one in found}
        assert scores.get(entry.id) == (1.0 if entry.enabled else None)


@pytest.mark.parametrize("small", [0, 1000])
@settings(max_examples=40, deadline=None, derandomize=True, database=None)
@given(walk=steps)
def test_memory_database_and_matcher_agree(
    walk: list[tuple[Any, ...]], small: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Both where the matcher is built anew at each change and where it is not."""

    template = migrated_file(tmp_path_factory.getbasetemp())

    async def run(folder: Path) -> None:
        shutil.copy(template, sqlite_file(folder))
        house = await open_house(await open_store(folder, None))
        try:
            await take(house, FIRST)
            await house.desk.library.warm()
            lead = await house.agent("主管", role=Role.SUPERVISOR, here=False)
            walker = Walker(house, lead)
            for kind, *how in walk:
                await walker.step(kind, *how)
            before = house.desk.library.search(house.shop_id)
            await house.desk.load()
            assert house.desk.library.search(house.shop_id) == before
        finally:
            await close_house(house)

    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as folder:
        patch.setattr(matcher, "SMALL", small)
        asyncio.run(run(Path(folder)))


async def test_the_same_on_both_databases(house: House) -> None:
    await take(house, FIRST)
    await house.desk.library.warm()
    lead = await house.agent("主管", role=Role.SUPERVISOR, here=False)
    walker, chance = Walker(house, lead), random.Random(7)
    for _ in range(60):
        name, question = chance.choice(IDS), chance.choice(QUESTIONS)
        changed = {"question": question, "shortcut": chance.choice((None, "a", "b"))}
        for step in (
            ("create", name, changed), ("patch", name, changed, None), ("undo",),
            ("delete", name, None), ("restore", name, chance.randint(1, 6)),
            ("alike", [name, chance.choice(IDS)], chance.random() < 0.5),
        ):  # fmt: skip
            if chance.random() < 0.4:
                await walker.step(*step)
