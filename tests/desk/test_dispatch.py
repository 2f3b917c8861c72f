"""Letters leave in order, under a lease; how each end is written down, on both databases."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from channels import REGISTRY
from console.desk import Desk
from console.desk.leases import GRACE, LASTS_S, NAMES, OUTBOX, QUEUE, LeaseLost
from console.desk.reasons import INTERRUPTED, RECALLED
from console.events import UndeliveredChanged
from console.model.refusal import Refused
from console.model.words import Delivery, Role
from console.seal import Seal
from tests.desk.house import House
from tests.desk.outgoing import FAILING, REFUSED, SILENT, Outgoing, outgoing_from

QUEUED, SENDING, SENT = Delivery.QUEUED, Delivery.SENDING, Delivery.SENT
RETRY, DEAD, UNCONFIRMED = Delivery.RETRY, Delivery.DEAD, Delivery.UNCONFIRMED


@pytest.fixture
async def out(house: House) -> Outgoing:
    return await outgoing_from(house)


@pytest.fixture
async def other(out: Outgoing) -> AsyncIterator[Desk]:
    """Another process on the same database."""
    desk = Desk(
        out.house.store, out.house.clock, Seal("a secret of the tests"), REGISTRY, grace_s=60.0
    )
    await desk.load()
    yield desk
    desk.library.close()


async def test_only_words_to_a_provider_leave(out: Outgoing) -> None:
    chat, epoch = await out.chat(), await out.lease()
    said = (await out.house.answer(out.agent, chat, "今天发货")).message
    await out.house.answer(out.agent, chat, "记一下", private=True)
    widget = await out.house.chat()
    await out.house.answer(out.agent, widget, "网页上")
    assert said.delivery is QUEUED
    assert [one.delivery for one in await out.house.messages(widget)] == [None, SENT]
    errands = await out.claim(epoch)
    assert [one.outbound.text for one in errands] == ["今天发货"]
    outbound = errands[0].outbound
    assert (outbound.person, outbound.key, outbound.at) == ("u-1", said.id, said.at)
    assert await out.ticks(chat) == [SENDING], "written down before the provider is called"
    assert await out.claim(epoch) == []
    await out.desk.dispatch.sent(errands[0], "p-1")
    assert await out.ticks(chat) == [SENT]
    assert out.told() == [(2, SENDING, None), (2, SENT, None)]
    assert (await out.house.rows("SELECT provider_id FROM outbox"))[0][0] == "p-1"
    assert (await out.house.logged("delivery"))[0]["state"] == "sent"


async def test_a_repeated_say_is_one_letter(out: Outgoing) -> None:
    chat = await out.chat()
    for _ in range(2):
        await out.house.answer(out.agent, chat, "今天", key="client-id-1")
    assert await out.ticks(chat) == [QUEUED]


async def test_one_of_a_conversation_at_a_time_many_conversations_at_once(out: Outgoing) -> None:
    chats, epoch = [await out.chat(f"u-{number}") for number in range(3)], await out.lease()
    for text in ("一", "二"):
        for chat in chats:
            await out.house.answer(out.agent, chat, text)
    first = await out.claim(epoch)
    assert [one.outbound.text for one in first] == ["一"] * 3
    assert {one.letter.conversation_id for one in first} == set(chats)
    await out.desk.dispatch.sent(first[0], None)
    second = await out.claim(epoch)
    assert [(one.outbound.text, one.letter.conversation_id) for one in second] == [
        ("二", first[0].letter.conversation_id)
    ]


async def test_so_many_of_an_inbox_and_in_all(out: Outgoing) -> None:
    chats, epoch = [await out.chat(f"u-{number}") for number in range(12)], await out.lease()
    for chat in chats:
        await out.house.answer(out.agent, chat, "在")
    assert len(await out.claim(epoch)) == 8
    assert len(await out.claim(epoch, most=3)) == 3
    assert len(await out.claim(epoch)) == 1


async def test_what_follows_waits_behind_a_retry_and_not_behind_an_end(out: Outgoing) -> None:
    chat, epoch = await out.chat(), await out.lease()
    for text in ("一", "二", "三", "四"):
        await out.house.answer(out.agent, chat, text)
    dispatch = out.desk.dispatch
    await dispatch.failed((await out.claim(epoch))[0], FAILING)
    assert await out.ticks(chat) == [RETRY, QUEUED, QUEUED, QUEUED]
    claimed = await dispatch.claim(epoch, {out.bot.id: 8}, 8)
    assert claimed.errands == []
    assert claimed.due_at is not None
    assert 1.0 <= (claimed.due_at - out.house.clock()).total_seconds() <= 1.2
    out.house.clock.forward(seconds=1.3)
    again = (await out.claim(epoch))[0]
    assert (again.outbound.text, again.letter.attempts) == ("一", 2)
    await dispatch.failed(again, REFUSED)
    await dispatch.failed((await out.claim(epoch))[0], SILENT)
    assert await out.texts(epoch) == ["三"]
    assert await out.ticks(chat) == [DEAD, UNCONFIRMED, SENDING, QUEUED]
    assert out.told()[1] == (2, RETRY, "webhook:failing:503")
    assert (2, DEAD, "webhook:refused:410") in out.told()
    assert len(out.house.told(UndeliveredChanged)) == 2
    await out.assert_shown(chat)


async def test_a_crash_between_the_call_and_its_receipt_is_unconfirmed(out: Outgoing) -> None:
    chat, epoch = await out.chat(), await out.lease()
    for text in ("一", "二"):
        await out.house.answer(out.agent, chat, text)
    lost = (await out.claim(epoch))[0]
    again = Desk(
        out.house.store, out.house.clock, Seal("a secret of the tests"), REGISTRY,
        grace_s=60.0, node=out.desk.leases._node,
    )  # fmt: skip
    await again.load()
    await again.leases.keep()
    newer = again.leases.held(OUTBOX)
    assert newer == epoch + 1, "the same node has its lease back at once"
    assert await again.dispatch.recover(newer) == 1
    assert await out.ticks(chat) == [UNCONFIRMED, QUEUED]
    assert await again.dispatch.recover(newer) == 0
    with pytest.raises(LeaseLost):
        await out.desk.dispatch.sent(lost, None)
    claimed = await again.dispatch.claim(newer, {out.bot.id: 8}, 8)
    assert [one.outbound.text for one in claimed.errands] == ["二"], "nothing goes twice by itself"
    items, _ = await out.desk.undelivered.listed(out.agent, None, 10)
    assert [one.letter.reason for one in items] == [INTERRUPTED]
    again.library.close()


async def test_a_channel_that_bears_repeats_is_called_again(
    out: Outgoing, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = REGISTRY["webhook"]
    monkeypatch.setattr(channel, "abilities", replace(channel.abilities, idempotent=True))
    chat, epoch = await out.chat(), await out.lease()
    await out.house.answer(out.agent, chat, "一")
    await out.desk.dispatch.failed((await out.claim(epoch))[0], SILENT)
    assert await out.ticks(chat) == [RETRY]
    out.house.clock.forward(seconds=2)
    await out.claim(epoch)
    assert await out.desk.dispatch.recover(epoch) == 1
    assert await out.ticks(chat) == [RETRY]


async def test_a_stale_holder_is_refused_by_the_store(out: Outgoing, other: Desk) -> None:
    chats, epoch = [await out.chat("u-1"), await out.chat("u-2")], await out.lease()
    for chat in chats:
        await out.house.answer(out.agent, chat, "在")
    errands = await out.claim(epoch, most=1)
    await other.leases.keep()
    assert [other.leases.held(name) for name in NAMES] == [None] * len(NAMES)
    out.house.clock.forward(seconds=LASTS_S + 1)  # paused: nothing was renewed
    await other.leases.keep()
    assert other.leases.held(OUTBOX) == epoch + 1
    before = await out.house.rows("SELECT id, state, attempts FROM outbox ORDER BY id")
    told = out.told()
    for late in (
        out.desk.dispatch.sent(errands[0], None),
        out.desk.dispatch.failed(errands[0], FAILING),
        out.desk.dispatch.broke(errands[0], INTERRUPTED),
        out.desk.dispatch.claim(epoch, {out.bot.id: 8}, 8),
        out.desk.dispatch.recover(epoch),
    ):
        with pytest.raises(LeaseLost, match=f"epoch {epoch} is over"):
            await late
    assert await out.house.rows("SELECT id, state, attempts FROM outbox ORDER BY id") == before
    assert out.told() == told
    await out.desk.leases.keep()
    assert out.desk.leases.held(OUTBOX) is None, "it stops believing"


async def test_a_lease_that_was_let_go_is_free_at_once(out: Outgoing, other: Desk) -> None:
    epoch = await out.lease()
    await out.desk.leases.let_go()
    assert out.desk.leases.held(OUTBOX) is None
    await other.leases.keep()
    assert [other.leases.held(one) for one in (OUTBOX, QUEUE, GRACE)] == [epoch + 1] * 3


async def test_two_who_claim_at_once_get_different_letters(out: Outgoing) -> None:
    chats, epoch = [await out.chat(f"u-{number}") for number in range(12)], await out.lease()
    for chat in chats:
        await out.house.answer(out.agent, chat, "在")
    claims = await asyncio.gather(*[out.claim(epoch, most=6) for _ in range(4)])
    ids = [one.letter.id for errands in claims for one in errands]
    assert len(ids) == len(set(ids)) == 12


async def test_what_did_not_arrive_is_sent_again_or_dismissed(out: Outgoing) -> None:
    chat, epoch = await out.chat(), await out.lease()
    undelivered = out.desk.undelivered
    said = (await out.house.answer(out.agent, chat, "一")).message
    letter = await out.letter(chat, said.seq)
    for wrong in (undelivered.resend, undelivered.dismiss):
        with pytest.raises(Refused, match="queued already") as no:
            await wrong(out.agent, letter)
        assert no.value.code == "conflict"
    await out.desk.dispatch.failed((await out.claim(epoch))[0], REFUSED)
    await undelivered.resend(out.agent, letter)
    again = (await out.claim(epoch))[0]
    assert (again.letter.id, again.outbound.key, again.letter.attempts) == (letter, said.id, 2)
    await out.desk.dispatch.failed(again, SILENT)
    await undelivered.dismiss(out.agent, letter)
    assert await out.ticks(chat) == [Delivery.FAILED]
    assert await undelivered.listed(out.agent, None, 10) == ([], 0)
    await out.assert_shown(chat)
    await undelivered.resend(out.agent, letter)
    await out.desk.dispatch.sent((await out.claim(epoch))[0], None)
    with pytest.raises(Refused, match="sent already"):
        await undelivered.resend(out.agent, letter)


async def test_what_was_recalled_does_not_leave(out: Outgoing) -> None:
    chat, epoch = await out.chat(), await out.lease()
    first, second = [(await out.house.answer(out.agent, chat, one)).message for one in "一二"]
    await out.desk.floor.recall(out.agent, chat, first.seq)
    assert await out.texts(epoch) == ["二"]
    with pytest.raises(Refused, match="cannot take a message back") as no:
        await out.desk.floor.recall(out.agent, chat, second.seq)
    assert no.value.code == "conflict"
    messages = await out.house.messages(chat)
    assert [one.recalled_at is not None for one in messages] == [False, True, False]
    with pytest.raises(Refused, match="recalled"):
        await out.desk.undelivered.resend(out.agent, await out.letter(chat, first.seq))
    assert (first.seq, Delivery.FAILED, RECALLED) in out.told()
    await out.assert_shown(chat)


async def test_who_may_not_see_the_conversation_does_not_see_its_letters(out: Outgoing) -> None:
    values = {"secret": "s", "url": "http://127.0.0.1:1/in", "group": "售后"}
    inside = await out.desk.inboxes.add(out.house.shop_id, "webhook", "售后", values)
    member = await out.house.agent("李雷", "售后")
    lead = await out.house.agent("店长", role=Role.OWNER)
    epoch = await out.lease()
    chat = await out.chat("u-9", inside)
    said = (await out.house.answer(member, chat, "内部")).message
    await out.desk.dispatch.failed((await out.claim(epoch))[0], REFUSED)
    tally = await out.desk.undelivered.tally(out.house.shop_id)
    assert [tally.of(one) for one in (member, lead, out.agent)] == [1, 1, 0]
    for one, total in ((member, 1), (lead, 1), (out.agent, 0)):
        assert (await out.desk.undelivered.listed(one, DEAD, 10))[1] == total
    letter = await out.letter(chat, said.seq)
    for deed in (out.desk.undelivered.resend, out.desk.undelivered.dismiss):
        for agent, asked in ((out.agent, letter), (member, "nothing")):
            with pytest.raises(Refused) as no:
                await deed(agent, asked)
            assert (no.value.code, no.value.message) == ("not_found", f"no letter {asked}")
    listed = (await out.desk.undelivered.listed(lead, None, 10))[0][0]
    assert (listed.text, listed.author, listed.contact[1]) == (
        "内部",
        (member.id, "李雷"),
        "张三",
    )


async def test_a_person_is_made_once_and_named_when_the_provider_says_so(out: Outgoing) -> None:
    entrance = out.desk.entrance
    made = await asyncio.gather(
        *[entrance.person(out.bot, "u-5", None, greet_as="客户") for _ in range(5)]
    )
    assert len(set(made)) == 1
    names = "SELECT c.name, i.name FROM identity i JOIN contact c ON c.id = i.contact_id"
    rows = await out.house.rows(f"{names} WHERE i.id = $1", made[0])
    assert tuple(rows[0]) == (f"客户{made[0][:4]}", "u-5")
    assert await entrance.person(out.bot, "u-5", "李四", greet_as="客户") == made[0]
    assert await entrance.person(out.bot, "u-5", None, greet_as="客户") == made[0]
    assert tuple((await out.house.rows(f"{names} WHERE i.id = $1", made[0]))[0]) == ("李四", "李四")
