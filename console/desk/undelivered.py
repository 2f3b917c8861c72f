"""Messages that did not arrive, for those who may see their conversation: shown, sent again,
dismissed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from console.clock import Clock
from console.desk import reasons
from console.desk.dispatch import Dispatch
from console.desk.inboxes import Inboxes
from console.events import Event, Events
from console.model import letter as rules
from console.model.conversation import Message
from console.model.letter import DISMISSED_FROM, REASONED, RESENT_FROM, UNDELIVERED, Letter, Listed
from console.model.people import Agent
from console.model.refusal import Refused
from console.model.words import AgentId, Delivery, GroupId, ShopId
from console.store import Store, Tx, outbox, talk


@dataclass(frozen=True, slots=True)
class Tally:
    """How many wait in each corner of a shop, by group and agent of the conversation."""

    shop_id: ShopId
    corners: list[tuple[GroupId | None, AgentId | None, int]]

    def of(self, agent: Agent) -> int:
        return sum(
            count
            for group_id, agent_id, count in self.corners
            if agent.may_see(self.shop_id, group_id, agent_id)
        )


class Undelivered:
    """Verbs of the screen of undelivered messages."""

    def __init__(
        self, store: Store, events: Events, inboxes: Inboxes, dispatch: Dispatch, clock: Clock
    ) -> None:
        self._store = store
        self._events = events
        self._inboxes = inboxes
        self._dispatch = dispatch
        self._clock = clock

    async def listed(
        self, agent: Agent, state: Delivery | None, limit: int
    ) -> tuple[list[Listed], int]:
        """The newest of what the agent may see, in one state or dead and unconfirmed; and how many
        there are."""
        states: Collection[Delivery] = UNDELIVERED if state is None else {state}

        async def work(tx: Tx) -> tuple[list[Listed], int]:
            return await outbox.listed(tx, agent, states, limit)

        return await self._store.read(work)

    async def tally(self, shop_id: ShopId) -> Tally:
        async def work(tx: Tx) -> Tally:
            rows = await outbox.undelivered(tx, shop_id)
            return Tally(shop_id, [(group, AgentId(a) if a else None, n) for group, a, n in rows])

        return await self._store.read(work)

    def sentence(self, reason: str | None, language: str) -> str | None:
        """Why it is not there, in `zh-CN` or `en`."""
        return None if reason is None else reasons.sentence(self._inboxes, reason, language)

    async def reasons(self, messages: Sequence[Message], language: str) -> dict[str, str]:
        """By id, the sentences of those messages that are not with their reader."""
        troubled = [one for one in messages if one.delivery in REASONED]

        async def work(tx: Tx) -> dict[tuple[str, int], str]:
            found: dict[tuple[str, int], str] = {}
            for conversation_id in {one.conversation_id for one in troubled}:
                seqs = [one.seq for one in troubled if one.conversation_id == conversation_id]
                rows = await outbox.reasons(tx, conversation_id, min(seqs), max(seqs))
                found |= {(conversation_id, seq): reason for seq, reason in rows.items()}
            return found

        kept = await self._store.read(work) if troubled else {}
        said = {one.id: kept.get((one.conversation_id, one.seq)) for one in troubled}
        return {
            key: reasons.sentence(self._inboxes, reason, language)
            for key, reason in said.items()
            if reason is not None
        }

    async def resend(self, agent: Agent, letter_id: str) -> None:
        """Back to the queue, the same letter; Refused("conflict") when it is on its way, has
        arrived or was recalled."""

        async def work(tx: Tx) -> list[Event]:
            letter = await self._seen(tx, agent, letter_id, RESENT_FROM)
            message = await talk.at(tx, letter.conversation_id, letter.seq)
            if message is None or message.recalled_at is not None:
                raise Refused("conflict", "the message was recalled")
            return await self._dispatch.moved(tx, letter, rules.resent(letter, at=self._clock()))

        self._events.publish(*await self._store.write(work))

    async def dismiss(self, agent: Agent, letter_id: str) -> None:
        """Off the list, not to be sent; it may be sent again later all the same."""

        async def work(tx: Tx) -> list[Event]:
            letter = await self._seen(tx, agent, letter_id, DISMISSED_FROM)
            after = rules.given_up(letter, reason=None, at=self._clock())
            return await self._dispatch.moved(tx, letter, after)

        self._events.publish(*await self._store.write(work))

    async def _seen(
        self, tx: Tx, agent: Agent, letter_id: str, states: Collection[Delivery]
    ) -> Letter:
        letter = await outbox.find(tx, letter_id)
        found = await talk.find(tx, letter.conversation_id) if letter else None
        if letter is None or found is None:
            raise Refused("not_found", f"no letter {letter_id}")
        if not agent.may_see(found.shop_id, found.group_id, found.agent_id):
            raise Refused("not_found", f"no letter {letter_id}")
        if letter.state not in states:
            raise Refused("conflict", f"letter {letter_id} is {letter.state} already")
        return letter
