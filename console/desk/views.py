"""What a screen asks when it opens or comes back: snapshots, read in one transaction each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from console.desk.inboxes import Inbox
from console.desk.presence import Presence
from console.desk.routing import Routing
from console.model.conversation import Conversation, Message, Overview
from console.model.people import Agent, Group
from console.model.refusal import Refused
from console.model.words import AgentId, Availability, Kind, ShopId
from console.store import Store, Tx, floor, people, places, talk

SHOPPER_PAGE = 200
DESK_PAGE = 500
PAGE_TEXT = 400_000
CARD_PAGES = 20
CARD_EARLIER = 20
# beside the blanks: the customer's level, by which an answer may have other words
LEVEL = "等级"


@dataclass(frozen=True, slots=True)
class Colleague:
    """An agent as colleagues see them."""

    agent: Agent
    online: bool
    load: int


@dataclass(frozen=True, slots=True)
class DeskState:
    """`anew`: what the asker holds is of another history, and this answer begins at 0 (R13)."""

    agent: Agent
    overviews: list[Overview]
    messages: list[Message]
    more: bool
    anew: bool
    waiting: int
    colleagues: list[Colleague]
    groups: list[Group]


@dataclass(frozen=True, slots=True)
class ShopperState:
    """`anew` as in `DeskState`."""

    overview: Overview | None
    messages: list[Message]
    more: bool
    anew: bool
    read: int
    online: bool


@dataclass(frozen=True, slots=True)
class Card:
    """The customer card beside a conversation."""

    overview: Overview
    contact: Sequence[Any]
    identities: Sequence[Sequence[Any]]
    pages: Sequence[Sequence[Any]]
    earlier: list[Overview]
    variables: Mapping[str, str | None]


class Views:
    """Reads for the two sides; the session decides what is in them, never the client."""

    def __init__(self, store: Store, routing: Routing, presence: Presence) -> None:
        self._store = store
        self._routing = routing
        self._presence = presence

    async def desk(
        self, agent: Agent, cursors: Mapping[str, int], *, anew: bool = False
    ) -> DeskState:
        """Everything not closed the agent may see, and what is new in the conversations named.

        Messages come in pages of 500 over all; `more` says to ask again with moved cursors. With
        `anew`, or a cursor beyond the last number, all cursors count as 0.
        """

        async def work(tx: Tx) -> DeskState:
            overviews = await floor.visible(tx, agent)
            known: dict[str, Overview] = {one.conversation.id: one for one in overviews}
            for conversation_id in cursors.keys() - known.keys():
                found = await self._named(tx, agent, conversation_id)
                if found is not None:
                    known[conversation_id] = found
                    overviews.append(found)
            held = {key: seq for key, seq in cursors.items() if key in known}
            lost = anew or any(seq > known[key].conversation.last_seq for key, seq in held.items())
            messages, more = await self._since(tx, dict.fromkeys(held, 0) if lost else held, known)
            return DeskState(
                agent=await people.agent(tx, agent.id) or agent,
                overviews=await self._routing.filled_in(tx, agent.shop_id, overviews),
                messages=messages,
                more=more,
                anew=lost,
                waiting=await floor.waiting_count(tx, agent.shop_id),
                colleagues=await self._colleagues(tx, agent),
                groups=await people.groups(tx, agent.shop_id),
            )

        return await self._store.read(work)

    async def team(self, shop_id: ShopId) -> tuple[list[str], list[str]]:
        """The names of the shop's groups and agents."""

        async def work(tx: Tx) -> tuple[list[str], list[str]]:
            groups = await people.groups(tx, shop_id)
            agents = await people.agents(tx, shop_id)
            return [one.name for one in groups], [one.name for one in agents]

        return await self._store.read(work)

    async def shopper(
        self, inbox: Inbox, identity_id: str, after: int, *, anew: bool = False
    ) -> ShopperState:
        """The person's newest conversation on the inbox, from their own number `after` on; from 0
        with `anew` or an `after` beyond the last number."""

        async def work(tx: Tx) -> ShopperState:
            online = await self._online(tx, inbox.shop_id)
            conversation = await talk.latest(tx, identity_id)
            if conversation is None:
                lost = anew or after > 0
                return ShopperState(None, [], more=False, anew=lost, read=0, online=online)
            lost = anew or after > conversation.shopper_seq
            begin = 0 if lost else after
            found = await talk.shopper_after(tx, conversation.id, begin, SHOPPER_PAGE)
            messages, more = _fitting(found, SHOPPER_PAGE)
            return ShopperState(
                overview=await self._routing.overview(tx, conversation.id),
                messages=messages,
                more=more,
                anew=lost,
                read=await talk.shopper_seq_of(tx, conversation.id, conversation.agent_read),
                online=online,
            )

        return await self._store.read(work)

    async def queue(self, shop_id: ShopId) -> tuple[list[tuple[str, int]], int | None]:
        """(identity, place) of everyone who waits, and the seconds they may expect to wait."""

        async def work(tx: Tx) -> tuple[list[tuple[str, int]], int | None]:
            waiting = await floor.waiting_people(tx, shop_id)
            return waiting, await self._routing.usual_wait(tx, shop_id)

        return await self._store.read(work)

    async def online(self, shop_id: ShopId) -> bool:
        """Whether any agent of the shop is there and available."""

        async def work(tx: Tx) -> bool:
            return await self._online(tx, shop_id)

        return await self._store.read(work)

    async def may_see(self, agent: Agent, conversation_id: str) -> Conversation:
        """The conversation, or Refused("not_found") where it does not exist for this agent."""

        async def work(tx: Tx) -> Conversation:
            return await seen(tx, agent, conversation_id)

        return await self._store.read(work)

    async def known_as(self, conversation: Conversation) -> str | None:
        """What the inbox's provider calls the person."""

        async def work(tx: Tx) -> str | None:
            found = await people.identity(tx, conversation.identity_id)
            return None if found is None else str(found[3])

        return await self._store.read(work)

    async def history(
        self, agent: Agent, conversation_id: str, before: int, limit: int
    ) -> list[Message]:
        """The page of messages that ends just before the desk's number `before`."""

        async def work(tx: Tx) -> list[Message]:
            await seen(tx, agent, conversation_id)
            return await talk.before(tx, conversation_id, before, limit)

        return await self._store.read(work)

    async def card(self, agent: Agent, conversation_id: str) -> Card:
        async def work(tx: Tx) -> Card:
            conversation = await seen(tx, agent, conversation_id)
            contact = await people.contact(tx, conversation.contact_id)
            assert contact is not None
            earlier = await floor.earlier(tx, conversation, CARD_EARLIER)
            return Card(
                overview=await self._routing.overview(tx, conversation_id),
                contact=contact,
                identities=await people.identities(tx, conversation.contact_id),
                pages=await people.pages(tx, conversation.contact_id, CARD_PAGES),
                earlier=[one for one in earlier if _seen_by(agent, one.conversation)],
                variables=await variables(tx, conversation, agent),
            )

        return await self._store.read(work)

    async def colleague(self, agent_id: AgentId) -> Colleague | None:
        """How an agent stands now."""

        async def work(tx: Tx) -> Colleague | None:
            agent = await people.agent(tx, agent_id)
            if agent is None:
                return None
            return Colleague(agent, self._presence.here(agent_id), await floor.load(tx, agent_id))

        return await self._store.read(work)

    async def waiting(self, shop_id: str) -> int:
        async def work(tx: Tx) -> int:
            return await floor.waiting_count(tx, shop_id)

        return await self._store.read(work)

    async def _since(
        self, tx: Tx, cursors: Mapping[str, int], known: Mapping[str, Overview]
    ) -> tuple[list[Message], bool]:
        messages: list[Message] = []
        for conversation_id, seq in cursors.items():
            room = DESK_PAGE - len(messages)
            if room > 0 and known[conversation_id].conversation.last_seq > seq:
                messages += await talk.after(tx, conversation_id, seq, room)
        return _fitting(messages, DESK_PAGE)

    async def _colleagues(self, tx: Tx, agent: Agent) -> list[Colleague]:
        return [
            Colleague(one, self._presence.here(one.id), await floor.load(tx, one.id))
            for one in await people.agents(tx, agent.shop_id)
        ]

    async def _online(self, tx: Tx, shop_id: ShopId) -> bool:
        return any(
            one.state is Availability.AVAILABLE and self._presence.here(one.id)
            for one in await people.agents(tx, shop_id)
        )

    async def _named(self, tx: Tx, agent: Agent, conversation_id: str) -> Overview | None:
        found = await floor.overview(tx, conversation_id)
        return found if found and _seen_by(agent, found.conversation) else None


async def seen(tx: Tx, agent: Agent, conversation_id: str) -> Conversation:
    """The conversation, or Refused("not_found") where it does not exist for this agent."""
    found = await talk.find(tx, conversation_id)
    if found is None or not _seen_by(agent, found):
        raise Refused("not_found", f"no conversation {conversation_id}")
    return found


def _fitting(messages: list[Message], limit: int) -> tuple[list[Message], bool]:
    """What goes into one page, and whether to ask again. Clients take frames of 4 MB, which 200 of
    the longest texts would exceed."""
    size = 0
    for count, message in enumerate(messages):
        size += len(message.text)
        if size > PAGE_TEXT and count:
            return messages[:count], True
    return messages, len(messages) >= limit


def _seen_by(agent: Agent, conversation: Conversation) -> bool:
    return agent.may_see(conversation.shop_id, conversation.group_id, conversation.agent_id)


async def variables(
    tx: Tx, conversation: Conversation, agent: Agent | None
) -> dict[str, str | None]:
    """What fills the blanks of an answer in this conversation. A made-up visitor name does not."""
    identity = await people.identity(tx, conversation.identity_id)
    made_up = identity is None or identity[2] == identity[3] or identity[3].startswith("visitor:")
    contact = await people.contact(tx, conversation.contact_id)
    order = await talk.last_card(tx, conversation.id, Kind.ORDER)
    product = await talk.last_card(tx, conversation.id, Kind.PRODUCT)
    if product is None:
        page = await people.pages(tx, conversation.contact_id, 1)
        product = orjson.loads(page[0][2]) if page and page[0][2] else None
    return {
        "昵称": contact[1] if contact and not made_up else None,
        "订单号": order.get("uid") if order else None,
        "商品": product.get("title") if product else None,
        "客服": agent.name if agent else None,
        "店名": await places.shop_name(tx, conversation.shop_id),
        LEVEL: contact[5] if contact else None,
    }
