"""Agents propose, leads decide: once, with what was seen, and everybody is told."""

from typing import Any

import pytest

from console.desk import Desk
from console.events import ReviewChanged, ShelfChanged
from console.model.draft import DraftState
from console.model.people import Agent
from console.model.refusal import Refused
from console.model.words import Role
from tests.desk.faq import FIRST, take
from tests.desk.house import House

NEW = {"question": "能刻字吗", "answer": "亲，可以刻。"}


@pytest.fixture
async def desk(house: House) -> Desk:
    await take(house, FIRST)
    return house.desk


@pytest.fixture
async def wang(house: House, desk: Desk) -> Agent:
    return await house.agent("王芳")


@pytest.fixture
async def lead(house: House, desk: Desk) -> Agent:
    return await house.agent("店长", role=Role.SUPERVISOR)


async def test_a_new_entry_is_proposed_and_published(
    house: House, desk: Desk, wang: Agent, lead: Agent
) -> None:
    chat = await house.chat("可以刻名字吗")
    draft = await desk.drafting.propose(wang, NEW, note=" 常有人问 ", said=(chat, 1))
    assert desk.library.search(house.shop_id, q="刻字") == [], "nothing is said of it yet"
    found, total = await desk.drafting.listed(lead)
    assert (found, total) == ([draft], 1)
    assert (draft.note, draft.conversation_id, draft.seq) == ("常有人问", chat, 1)
    assert await desk.drafting.waiting(house.shop_id) == 1
    house.heard.clear()
    done = await desk.drafting.publish(lead, draft.id)
    assert (done.entry.question, done.revision) == ("能刻字吗", 1)
    assert len(house.told(ShelfChanged)) == len(house.told(ReviewChanged)) == 1
    ((mine,), _) = await desk.drafting.listed(wang)
    assert (mine.state, mine.entry_id, mine.decided_by) == (
        DraftState.PUBLISHED, done.entry.id, "店长",
    )  # fmt: skip
    assert await desk.drafting.listed(lead) == ([], 0)


async def test_a_change_is_published_as_the_lead_corrects_it(
    house: House, desk: Desk, wang: Agent, lead: Agent
) -> None:
    draft = await desk.drafting.propose(wang, {"answer": "48 小时"}, entry="fahuo", revision=1)
    done = await desk.drafting.publish(lead, draft.id, fields={"answer": "48 小时内。"})
    assert (done.entry.answer, done.revision) == ("48 小时内。", 2)
    steps, _ = await desk.history.listed(lead, "fahuo", before=2**53, limit=1)
    assert steps[0].revision.by == (lead.id, "店长")


async def test_what_has_changed_since_is_seen_first(
    house: House, desk: Desk, wang: Agent, lead: Agent
) -> None:
    draft = await desk.drafting.propose(wang, {"answer": "甲"}, entry="fahuo")
    await desk.editing.patch(lead, "fahuo", {"answer": "乙"}, revision=1)
    with pytest.raises(Refused) as no:
        await desk.drafting.publish(lead, draft.id)
    assert (no.value.code, (no.value.now or {})["answer"]) == ("conflict", "乙")
    assert await desk.drafting.waiting(house.shop_id) == 1, "it waits as before"
    done = await desk.drafting.publish(lead, draft.id, revision=2)
    assert done.entry.answer == "甲"


async def test_a_draft_is_decided_once(house: House, desk: Desk, wang: Agent, lead: Agent) -> None:
    draft = await desk.drafting.propose(wang, NEW)
    await desk.drafting.decline(lead, draft.id, " 已经有了 ")
    for again in (
        desk.drafting.publish(lead, draft.id),
        desk.drafting.decline(lead, draft.id, ""),
        desk.drafting.withdraw(wang, draft.id),
    ):
        with pytest.raises(Refused) as no:
            await again
        assert no.value.code == "not_found"
    ((mine,), _) = await desk.drafting.listed(wang)
    assert (mine.state, mine.reason) == (DraftState.DECLINED, "已经有了")
    assert desk.library.search(house.shop_id, q="刻字") == []


async def test_its_author_alone_takes_it_back(house: House, desk: Desk, wang: Agent) -> None:
    other = await house.agent("李雷")
    draft = await desk.drafting.propose(wang, NEW)
    with pytest.raises(Refused):
        await desk.drafting.withdraw(other, draft.id)
    assert await desk.drafting.listed(other) == ([], 0), "another's are not theirs to see"
    await desk.drafting.withdraw(wang, draft.id)
    assert await desk.drafting.listed(wang) == ([], 0)


@pytest.mark.parametrize(
    ("fields", "more", "code", "said"),
    [
        ({}, {}, "invalid", "nothing is proposed"),
        ({"question": "q"}, {}, "invalid", "`answer`"),
        ({"answer": "长" * 8001}, {"entry": "fahuo"}, "invalid", "`answer`"),
        ({"personal": True, **NEW}, {}, "invalid", "`personal`"),
        ({"owner": "x", **NEW}, {}, "invalid", "`owner`"),
        ({"id": "x", **NEW}, {}, "invalid", "`id`"),
        ({"answer": "x"}, {"entry": "made-up"}, "not_found", "no entry made-up"),
        ({"answer": "x"}, {"entry": "fahuo", "revision": 7}, "conflict", "revision 1, not 7"),
        (NEW, {"said": ("made-up", 1)}, "not_found", ""),
        (NEW, {"note": "长" * 501}, "invalid", "`note`"),
    ],
)
async def test_what_cannot_be_proposed(
    house: House, desk: Desk, wang: Agent, fields: dict[str, Any], more: dict[str, Any],
    code: str, said: str,
) -> None:  # fmt: skip
    with pytest.raises(Refused) as no:
        await desk.drafting.propose(wang, fields, **more)
    assert no.value.code == code
    assert said in no.value.message
    assert await desk.drafting.waiting(house.shop_id) == 0


async def test_nobody_heaps_up_drafts(
    desk: Desk, wang: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("console.desk.drafting.MOST_WAITING", 2)
    for _ in range(2):
        await desk.drafting.propose(wang, NEW)
    with pytest.raises(Refused, match="2 of your drafts wait"):
        await desk.drafting.propose(wang, NEW)
