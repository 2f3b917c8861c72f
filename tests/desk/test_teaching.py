"""Shoppers' words become similar questions: by leads at once, by agents as proposals, undoable."""

import asyncio

import pytest

from console.desk import Desk
from console.desk.teaching import LONGEST, Taught
from console.events import ShelfChanged
from console.model.people import Agent
from console.model.refusal import Refused
from console.model.words import Role
from console.tasks import spawn
from knowledge import KnowledgeBase, matcher
from tests.desk.faq import FIRST, tables, take, yaml
from tests.desk.house import House

WORDS = "我的宝贝啥时辰动身"


@pytest.fixture
async def desk(house: House) -> Desk:
    await take(house, FIRST)
    await house.desk.library.warm()
    house.heard.clear()
    return house.desk


@pytest.fixture
async def agent(house: House) -> Agent:
    return await house.agent("王芳", capacity=50)


@pytest.fixture
async def lead(house: House) -> Agent:
    return await house.agent("主管", role=Role.SUPERVISOR, here=False)


async def first(house: House, agent: Agent, text: str = WORDS) -> tuple[str, float]:
    found = await house.desk.prompter.ask(agent, await house.chat(), text)
    return found[0].entry, found[0].score


def similar(house: House, entry: str = "fahuo") -> tuple[str, ...]:
    found = house.desk.library.entry(house.shop_id, entry)
    assert found is not None
    return found.similar


async def waiting(house: House, lead: Agent) -> list[tuple[str, str, str, str]]:
    found, total = await house.desk.teaching.proposed(lead)
    assert total == len(found)
    return [(one.entry_id, question, one.text, one.agent_name) for one, question in found]


async def test_a_lead_teaches_at_once_without_a_rebuild(
    house: House, desk: Desk, agent: Agent, lead: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    def rebuilt(*_: object, **__: object) -> None:
        pytest.fail("the matcher was built anew")

    monkeypatch.setattr(matcher, "SMALL", 0)
    monkeypatch.setattr(KnowledgeBase, "__init__", rebuilt)
    before = similar(house)
    chat = await house.chat(WORDS)
    assert (await first(house, agent))[1] < 1
    assert await desk.teaching.teach(lead, chat, 1, "fahuo") == Taught("added", "fahuo", 2)
    assert similar(house) == (*before, WORDS)
    assert await first(house, agent) == ("fahuo", 1.0)
    assert house.told(ShelfChanged) == [ShelfChanged(house.shop_id, ("fahuo",))]
    await desk.load()
    assert similar(house) == (*before, WORDS), "it is in the database"
    assert desk.library.listed(house.shop_id, "fahuo")["revision"] == 2
    assert await desk.teaching.unteach(lead, chat, 1, "fahuo") == Taught("removed", "fahuo", 3)
    assert similar(house) == before
    assert (await first(house, agent))[1] < 1
    assert await desk.teaching.unteach(lead, chat, 1, "fahuo") == Taught("absent", "fahuo")
    rows = await house.rows(
        'SELECT revision, "by" FROM entry_revision WHERE entry_id = $1 ORDER BY 1', "fahuo"
    )
    assert [tuple(one) for one in rows] == [(1, None), (2, lead.id), (3, lead.id)]


@pytest.mark.parametrize(
    "text", ["什么时候发货", "什麼時候發貨？？", " 请问几天发货 ", "幾天發貨～"]
)
async def test_what_the_entry_has_is_known(
    house: House, desk: Desk, agent: Agent, lead: Agent, text: str
) -> None:
    chat = await house.chat(text)
    before = await tables(house)
    for one in (agent, lead):
        assert await desk.teaching.teach(one, chat, 1, "fahuo") == Taught("known", "fahuo")
    assert await tables(house) == before
    assert (await waiting(house, lead), house.told(ShelfChanged)) == ([], [])


async def test_an_agent_proposes_once_and_may_take_it_back(
    house: House, desk: Desk, agent: Agent, lead: Agent
) -> None:
    before = await tables(house)
    chat, again = await house.chat(WORDS), await house.chat(f"{WORDS}？")
    other = await house.agent("李雷", here=False)
    for who, where in ((agent, chat), (agent, chat), (other, again)):
        assert await desk.teaching.teach(who, where, 1, "fahuo") == Taught("proposed", "fahuo")
    assert await waiting(house, lead) == [("fahuo", "什么时候发货？", WORDS, "王芳")]
    assert await tables(house) == before, "nothing is written yet"
    assert await desk.teaching.unteach(other, again, 1, "fahuo") == Taught("absent", "fahuo")
    assert await desk.teaching.unteach(agent, chat, 1, "fahuo") == Taught("removed", "fahuo")
    assert await waiting(house, lead) == []


async def test_a_proposal_is_accepted_or_declined_once(
    house: House, desk: Desk, agent: Agent, lead: Agent
) -> None:
    chat = await house.chat(WORDS)
    for entry in ("fahuo", "tuihuo"):
        await desk.teaching.teach(agent, chat, 1, entry)
    found, _ = await desk.teaching.proposed(lead)
    ids = {one.entry_id: one.id for one, _ in found}
    done = await desk.teaching.accept(lead, ids["fahuo"])
    assert (done.revision, done.entry.similar[-1]) == (2, WORDS)
    assert await first(house, agent) == ("fahuo", 1.0)
    await desk.teaching.decline(lead, ids["tuihuo"])
    assert WORDS not in similar(house, "tuihuo")
    for gone in (*ids.values(), "made-up"):
        for verb in (desk.teaching.accept, desk.teaching.decline):
            with pytest.raises(Refused, match=f"no proposal {gone}") as no:
                await verb(lead, gone)
            assert no.value.code == "not_found"
    assert (await waiting(house, lead), similar(house)[-1]) == ([], WORDS)
    assert len(similar(house)) == 4


async def test_two_leads_accept_and_one_is_too_late(
    house: House, desk: Desk, agent: Agent, lead: Agent
) -> None:
    await desk.teaching.teach(agent, await house.chat(WORDS), 1, "fahuo")
    ((one, _),), _ = await desk.teaching.proposed(lead)
    both = [desk.teaching.accept(lead, one.id) for _ in range(2)]
    done = await asyncio.gather(*both, return_exceptions=True)
    assert sorted(isinstance(each, Refused) for each in done) == [False, True]
    assert similar(house).count(WORDS) == 1


async def test_what_a_lead_adds_is_no_longer_proposed(
    house: House, desk: Desk, agent: Agent, lead: Agent
) -> None:
    await desk.teaching.teach(agent, await house.chat(WORDS), 1, "fahuo")
    assert (await desk.teaching.add(lead, "fahuo", f"{WORDS}?", None)).changed
    assert await waiting(house, lead) == []


async def test_a_stale_revision_is_a_conflict(house: House, desk: Desk, lead: Agent) -> None:
    assert (await desk.teaching.add(lead, "fahuo", WORDS, 1)).revision == 2
    before = await tables(house)
    with pytest.raises(Refused, match="revision 2, not 1") as no:
        await desk.teaching.add(lead, "fahuo", "又一句话", 1)
    assert no.value.code == "conflict"
    assert await tables(house) == before


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("长" * (LONGEST + 1), "501"),
        ("？？！", "letter"),
        ("12345 678", "letter"),
        ("😀👍", "letter"),
    ],
)
async def test_what_is_no_question_changes_nothing(
    house: House, desk: Desk, agent: Agent, lead: Agent, text: str, reason: str
) -> None:
    chat = await house.chat(text)
    before = await tables(house)
    for one in (agent, lead):
        with pytest.raises(Refused, match=reason) as no:
            await desk.teaching.teach(one, chat, 1, "fahuo")
        assert no.value.code == "invalid"
    assert await tables(house) == before


async def test_what_does_not_exist_is_not_found(
    house: House, desk: Desk, agent: Agent, lead: Agent
) -> None:
    chat = await house.chat(WORDS)
    await house.answer(agent, chat, "马上")
    guarded = await house.chat(WORDS, inbox=await house.inbox_with(group="售后"))
    wrong = [(chat, 1, "made-up"), (chat, 2, "fahuo"), (chat, 9, "fahuo"), ("made-up", 1, "fahuo")]
    for who, cases in ((agent, [*wrong, (guarded, 1, "fahuo")]), (lead, wrong)):
        for where, seq, entry in cases:
            with pytest.raises(Refused) as no:
                await desk.teaching.teach(who, where, seq, entry)
            assert no.value.code == "not_found"


async def test_teaching_during_an_import_loses_neither(
    house: House, desk: Desk, agent: Agent, lead: Agent
) -> None:
    await house.agent("李雷")
    file = yaml({**FIRST, "fapiao": "亲，可以开。"})
    importing = spawn(
        "import", desk.importing.import_file(house.shop_id, file, file="faq.yaml", by=None)
    )
    added = [desk.teaching.add(lead, "fahuo", text, None) for text in (WORDS, "另一种说法")]
    await asyncio.gather(importing, *added)
    assert await first(house, agent) == ("fahuo", 1.0)
    assert await first(house, agent, "另一种说法") == ("fahuo", 1.0)
    assert await first(house, agent, "开发票吗") == ("fapiao", 1.0)
    assert similar(house)[-2:] == (WORDS, "另一种说法")


async def test_before_it_is_warm_what_is_taught_is_matched_too(house: House, agent: Agent) -> None:
    await take(house, FIRST)
    lead = await house.agent("主管", role=Role.SUPERVISOR, here=False)
    warming = spawn("warm", house.desk.library.warm())
    await house.desk.teaching.add(lead, "fahuo", WORDS, None)
    await warming
    assert await first(house, agent) == ("fahuo", 1.0)
