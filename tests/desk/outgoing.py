"""A house whose shoppers write by a webhook; the provider's part is played by the test."""

from dataclasses import dataclass

from channels.base import Inbound, SendFailed
from console.desk import Desk
from console.desk.dispatch import Errand
from console.desk.inboxes import Inbox
from console.desk.leases import OUTBOX
from console.events import DeliveryChanged, MessageAdded
from console.model.people import Agent
from console.model.words import Delivery, new_id
from tests.desk.house import House

REFUSED = SendFailed("refused", retry=False, detail="410")
FAILING = SendFailed("failing", retry=True, detail="503")
SILENT = SendFailed("silent", retry=False, ambiguous=True)
ROOM = 8


@dataclass
class Outgoing:
    """`house` with an inbox `bot`; `agent` answers."""

    house: House
    bot: Inbox
    agent: Agent

    @property
    def desk(self) -> Desk:
        return self.house.desk

    async def lease(self) -> int:
        await self.desk.leases.keep()
        epoch = self.desk.leases.held(OUTBOX)
        assert epoch is not None
        return epoch

    async def chat(self, person: str = "u-1", inbox: Inbox | None = None) -> str:
        inbox = inbox or self.bot
        identity = await self.desk.entrance.person(inbox, person, "张三", greet_as="客户")
        done = await self.desk.intake.accept(inbox, Inbound(identity, new_id(), "text", "在吗"))
        return done.message.conversation_id

    async def claim(self, epoch: int, most: int = 32) -> list[Errand]:
        room = {one.id: ROOM for one in self.desk.inboxes.sending()}
        return (await self.desk.dispatch.claim(epoch, room, most)).errands

    async def texts(self, epoch: int) -> list[str]:
        return [one.outbound.text for one in await self.claim(epoch)]

    async def ticks(self, conversation_id: str) -> list[Delivery]:
        """The ticks of the shop's messages as stored, the letters' states being the same."""
        rows = await self.house.rows(
            "SELECT state FROM outbox WHERE conversation_id = $1 ORDER BY seq", conversation_id
        )
        messages = await self.house.messages(conversation_id)
        ticks = [one.delivery for one in messages if one.delivery is not None]
        assert ticks == [row[0] for row in rows]
        return ticks

    async def assert_shown(self, conversation_id: str) -> None:
        """Stale state and events are fresh state: whoever heard every event knows every tick."""
        shown: dict[int, tuple[Delivery | None, str | None]] = {}
        for event in self.house.heard:
            if isinstance(event, MessageAdded) and event.message.delivery is not None:
                shown[event.message.seq] = (event.message.delivery, None)
            elif isinstance(event, DeliveryChanged):
                assert event.conversation.id == conversation_id
                shown[event.seq] = (event.state, event.reason)
        fresh = await self.house.messages(conversation_id)
        why = await self.desk.undelivered.reasons(fresh, "en")
        sentence = self.desk.undelivered.sentence
        assert {seq: (state, sentence(kept, "en")) for seq, (state, kept) in shown.items()} == {
            one.seq: (one.delivery, why.get(one.id)) for one in fresh if one.delivery is not None
        }

    async def letter(self, conversation_id: str, seq: int) -> str:
        rows = await self.house.rows(
            "SELECT id FROM outbox WHERE conversation_id = $1 AND seq = $2", conversation_id, seq
        )
        return str(rows[0][0])

    def told(self) -> list[tuple[int, Delivery, str | None]]:
        return [(one.seq, one.state, one.reason) for one in self.house.told(DeliveryChanged)]


async def outgoing_from(house: House) -> Outgoing:
    values = {"secret": "s", "url": "http://127.0.0.1:1/in"}
    bot = await house.desk.inboxes.add(house.shop_id, "webhook", "bot", values)
    return Outgoing(house, bot, await house.agent("王芳", capacity=50))
