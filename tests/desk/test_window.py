"""What a provider lets us say: granted by what shoppers do, counted by what left, told to screens;
and what is not sent because the time is over. On both databases."""

from datetime import timedelta

import pytest

from channels.base import Bounced, Grant, Inbound, SendFailed
from console.desk.inboxes import Inbox
from console.desk.reasons import WINDOW
from console.events import ConversationChanged
from console.model.window import Allowance, Window, window_of
from console.model.words import Delivery, Stage, new_id
from tests.desk.house import BEGIN, House
from tests.desk.outgoing import Outgoing, outgoing_from

AES = "a" * 43
WECHAT = {"app_id": "wx1", "app_secret": "s", "token": "t", "encoding_aes_key": AES}
MESSAGE = Grant("message", 5, 48 * 3600)
CLICK = Grant("click", 3, 60)
SILENT = SendFailed("silent", retry=False, ambiguous=True)
LEFT = SendFailed("busy", retry=True, most=2)
OVER = SendFailed("used_up", retry=False, closed=True)


@pytest.fixture
async def out(house: House) -> Outgoing:
    made = await outgoing_from(house)
    inbox = await house.desk.inboxes.add(house.shop_id, "wechat", "公众号", WECHAT)
    return Outgoing(house, inbox, made.agent)


async def does(
    out: Outgoing, grant: Grant | None = MESSAGE, *, asks: bool = True, inbox: Inbox | None = None
) -> str:
    """The shopper does something; returns the conversation."""
    inbox = inbox or out.bot
    person = await out.desk.entrance.person(inbox, "oUser", None, greet_as="客户")
    inbound = Inbound(
        person, new_id(), "text" if asks else "event", "在吗",
        grant=grant, asks=asks, raw="<xml/>",
    )  # fmt: skip
    return (await out.desk.intake.accept(inbox, inbound)).message.conversation_id


async def window(out: Outgoing, chat: str) -> tuple[float, int, int] | None:
    """Seconds from now until it closes, what remains, of how many."""
    found = (await out.house.overview(chat)).window
    if found is None:
        return None
    return (found.until - out.house.clock()).total_seconds(), found.remaining, found.total


async def say(out: Outgoing, chat: str, epoch: int, failure: SendFailed | None = None) -> None:
    """An agent says something, and the provider answers."""
    await out.house.answer(out.agent, chat, "在的")
    errand = (await out.claim(epoch))[0]
    if failure is None:
        await out.desk.dispatch.sent(errand, None)
    else:
        await out.desk.dispatch.failed(errand, failure)


async def test_what_is_left_is_counted_from_the_latest_word(out: Outgoing) -> None:
    chat, epoch = await does(out), await out.lease()
    assert await window(out, chat) == (172_800, 5, 5)
    for left in (4, 3):
        out.house.clock.forward(seconds=10)
        await say(out, chat, epoch)
        told = out.house.told(ConversationChanged)[-1].overview.window
        assert told is not None
        assert told.remaining == left
    assert await window(out, chat) == (172_780, 3, 5)
    await say(out, chat, epoch, SILENT)
    assert await window(out, chat) == (172_780, 2, 5), "what may have arrived counts"
    await say(out, chat, epoch, LEFT)
    assert await window(out, chat) == (172_780, 2, 5), "what did not leave does not"
    out.house.clock.forward(seconds=10)
    assert await does(out) == chat
    assert await window(out, chat) == (172_800, 5, 5), "granted afresh, nothing added up"


async def test_a_click_grants_less_and_for_a_minute(out: Outgoing) -> None:
    chat, epoch = await does(out, CLICK), await out.lease()
    assert await window(out, chat) == (60, 3, 3)
    await does(out, MESSAGE)
    assert await window(out, chat) == (172_800, 5, 5)
    for _ in range(5):
        out.house.clock.forward(seconds=1)
        await say(out, chat, epoch)
    assert await window(out, chat) == (172_795, 0, 5)
    out.house.clock.forward(seconds=1)
    await does(out, CLICK)
    assert await window(out, chat) == (60, 3, 3)
    out.house.clock.forward(seconds=61)
    assert await window(out, chat) == (172_733, 0, 5)


async def test_after_the_time_nothing_is_called(out: Outgoing) -> None:
    chat, epoch = await does(out), await out.lease()
    out.house.clock.forward(hours=48)
    await out.house.answer(out.agent, chat, "太晚了")
    out.house.clock.forward(seconds=1)
    await out.house.answer(out.agent, chat, "还是太晚")
    assert await out.claim(epoch) == []
    assert await out.claim(epoch) == []
    assert await out.ticks(chat) == [Delivery.DEAD] * 2
    assert out.told()[-1][1:] == (Delivery.DEAD, WINDOW)
    assert await window(out, chat) == (-1, 0, 5)
    sentence = out.desk.undelivered.sentence(WINDOW, "zh-CN")
    assert sentence == "已超过平台允许回复的时间，没有发出；等客户再发来消息"
    await does(out)
    listed, total = await out.desk.undelivered.listed(out.agent, None, 10)
    assert total == 2
    await out.desk.undelivered.resend(out.agent, listed[-1].letter.id)
    assert await out.texts(epoch) == ["太晚了"]


async def test_the_count_is_the_providers_to_know(out: Outgoing) -> None:
    """By our count nothing is left; it is tried all the same, and its word ends the window."""
    chat, epoch = await does(out, Grant("message", 1, 3600)), await out.lease()
    await say(out, chat, epoch)
    assert await window(out, chat) == (3600, 0, 1)
    await say(out, chat, epoch, OVER)
    assert await out.ticks(chat) == [Delivery.SENT, Delivery.DEAD]
    assert await window(out, chat) == (0, 0, 1)
    await out.house.answer(out.agent, chat, "再说")
    assert await out.claim(epoch) == []


async def test_who_leaves_hears_nothing_more(out: Outgoing) -> None:
    chat = await does(out)
    await does(out, Grant("", 0, 0), asks=False)
    assert await window(out, chat) == (0, 0, 5)


async def test_an_older_word_that_comes_late_changes_nothing(out: Outgoing) -> None:
    chat = await does(out)
    person = await out.desk.entrance.person(out.bot, "oUser", None, greet_as="客户")
    late = Inbound(
        person, new_id(), "text", "早些时候", grant=MESSAGE, at=BEGIN - timedelta(hours=1)
    )
    await out.desk.intake.accept(out.bot, late)
    assert await window(out, chat) == (172_800, 5, 5)


async def test_a_channel_without_a_window_shows_none(out: Outgoing) -> None:
    chat = await out.house.chat()
    assert await window(out, chat) is None


async def test_what_asks_nothing_queues_nobody(out: Outgoing) -> None:
    """Somebody follows, and writes a day later: then the conversation is there with all of it."""
    chat = await does(out, Grant("follow", 3, 60), asks=False)
    before = await out.house.conversation(chat)
    assert (before.stage, before.waiting_since, before.unread, before.last_seq) == (
        Stage.ROBOT, None, 0, 1,
    )  # fmt: skip
    out.house.clock.forward(hours=20)
    assert await does(out) == chat
    after = await out.house.conversation(chat)
    assert (after.stage, after.waiting_since, after.unread) == (
        Stage.OPEN, out.house.clock(), 1,
    )  # fmt: skip
    assert [one["seq"] for one in await out.house.logged("message") if "asks" in one] == [1]
    await out.desk.floor.close(out.agent, chat, None)
    await does(out, None, asks=False)
    assert (await out.house.conversation(chat)).stage is Stage.CLOSED


async def test_what_a_provider_handed_over_is_kept_word_for_word(out: Outgoing) -> None:
    await does(out)
    rows = await out.house.rows(
        "SELECT p.body FROM payload p JOIN message m ON m.id = p.message_id"
    )
    assert [row[0] for row in rows] == ["<xml/>"]


async def test_the_first_of_a_key_wins_where_the_provider_signs(out: Outgoing) -> None:
    person = await out.desk.entrance.person(out.bot, "oUser", None, greet_as="客户")
    for text in ("一", "二"):
        done = await out.desk.intake.accept(
            out.bot, Inbound(person, "7", "text", text), first_wins=True
        )
        assert done.message.text == "一"
    assert done.duplicate


async def test_parts_leave_one_by_one_and_are_not_repeated(out: Outgoing) -> None:
    chat, epoch = await does(out), await out.lease()
    dispatch = out.desk.dispatch
    await out.house.answer(out.agent, chat, "很长")
    errand = (await out.claim(epoch))[0]
    assert errand.outbound.part == 0
    errand = await dispatch.part_sent(errand)
    assert errand.outbound.part == 1
    assert (await window(out, chat) or (0, 0, 0))[1] == 3, "one is there, one on its way"
    await dispatch.failed(errand, LEFT)
    out.house.clock.forward(seconds=2)
    again = (await out.claim(epoch))[0]
    assert (again.outbound.part, again.letter.tries) == (1, 2)
    again = await dispatch.part_sent(again)
    await dispatch.failed(again, SILENT)
    assert await out.ticks(chat) == [Delivery.UNCONFIRMED], "a person decides about the third"
    await out.desk.undelivered.resend(out.agent, again.letter.id)
    last = (await out.claim(epoch))[0]
    assert last.outbound.part == 2
    await dispatch.sent(last, None)
    assert (await window(out, chat) or (0, 0, 0))[1] == 2
    assert await out.ticks(chat) == [Delivery.SENT]


async def test_so_many_tries_as_make_sense(out: Outgoing) -> None:
    chat, epoch = await does(out), await out.lease()
    await say(out, chat, epoch, LEFT)
    assert await out.ticks(chat) == [Delivery.RETRY]
    out.house.clock.forward(seconds=2)
    await out.desk.dispatch.failed((await out.claim(epoch))[0], LEFT)
    assert await out.ticks(chat) == [Delivery.DEAD]


async def test_what_was_taken_may_bounce(out: Outgoing) -> None:
    chat, epoch = await does(out), await out.lease()
    await say(out, chat, epoch)
    seq = (await out.house.messages(chat))[-1].seq
    letter = await out.letter(chat, seq)

    async def bounce(inbox: Inbox, named: str) -> int:
        word = Bounced(named, "gone", "10")
        return len(
            await out.house.store.write(lambda tx: out.desk.dispatch.bounced(tx, inbox, word))
        )

    assert await bounce(out.house.inbox, letter) == 0, "another inbox's provider has no say"
    assert await bounce(out.bot, "nothing") == 0
    assert await bounce(out.bot, letter) == 2
    assert await out.ticks(chat) == [Delivery.DEAD]
    assert await bounce(out.bot, letter) == 0
    listed = (await out.desk.undelivered.listed(out.agent, None, 10))[0][0].letter
    assert (listed.reason, listed.parts) == ("wechat:gone:10", 0)


def allowed(minutes: float, total: int, used: int) -> Allowance:
    return Allowance(BEGIN + timedelta(minutes=minutes), total, used)


@pytest.mark.parametrize(
    ("allowances", "expected"),
    [
        ([], None),
        ([allowed(0, 5, 1)], Window(BEGIN, 0, 5)),
        ([allowed(-5, 5, 1), allowed(-1, 3, 0)], Window(BEGIN - timedelta(minutes=1), 0, 3)),
        ([allowed(1, 3, 0), allowed(60, 5, 4)], Window(BEGIN + timedelta(minutes=1), 3, 3)),
        ([allowed(1, 3, 0), allowed(60, 5, 2)], Window(BEGIN + timedelta(minutes=60), 3, 5)),
        ([allowed(1, 3, 9)], Window(BEGIN + timedelta(minutes=1), 0, 3)),
    ],
)
def test_the_window_that_counts(allowances: list[Allowance], expected: Window | None) -> None:
    assert window_of(allowances, BEGIN) == expected
