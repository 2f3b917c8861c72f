"""The namespace `/widget`: shoppers. The token decides whose conversation it is; none is named."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import msgspec
from socketio.exceptions import ConnectionRefusedError as TurnedAway

from channels.base import BadPayload
from channels.widget import Widget
from console.desk import Desk
from console.desk.entrance import Visitor
from console.desk.inboxes import Inbox
from console.events import (
    AgentChanged,
    ConversationChanged,
    Event,
    MessageAdded,
    QueueMoved,
    ReadByAgent,
    Recalled,
    Typing,
)
from console.model.refusal import Refused
from console.model.words import Author, ShopId
from console.tasks import Latest
from console.web import shapes, wire
from console.web.address import remote
from console.web.floods import Floods
from console.web.limits import Limits, hold
from console.web.live import Ack, Commands, answer, command, refusal, turned_away
from console.web.sockets import Connection, Sockets

NAMESPACE = "/widget"
GREET_AS = "访客"
# what agents read; the other events are signs
SAYS = frozenset({"say", "leave", "rate"})


@dataclass(slots=True)
class ShopperSession:
    """One browser tab of a shopper."""

    connection: Connection
    inbox: Inbox
    identity_id: str
    token: str
    page: shapes.Page | None
    address: str
    live: bool = False

    @property
    def about(self) -> dict[str, str]:
        """Whose it is, for the log."""
        return {"identity": self.identity_id}


class WidgetLive:
    """Connections of shoppers, and what is pushed to them."""

    def __init__(self, desk: Desk, sockets: Sockets, limits: Limits, floods: Floods) -> None:
        self._desk = desk
        self._sockets = sockets
        self._limits = limits
        self._floods = floods
        self._sessions: dict[str, ShopperSession] = {}
        self._by_identity: dict[str, set[str]] = {}
        self._latest = Latest()
        self._open: dict[str, bool] = {}
        self._commands = Commands(self, NAMESPACE, sockets.figures, charge=self._charge)
        sockets.serve(
            NAMESPACE, connect=self._connect, disconnect=self._disconnect, event=self._event
        )
        desk.events.subscribe(self._show)

    async def _connect(self, sid: str, environ: dict[str, Any], auth: Any) -> None:
        address = remote(environ["aiohttp.request"])
        try:
            asked = shapes.parse(auth or {}, shapes.WidgetAuth)
            inbox = self._desk.inboxes.by_key(asked.inbox)
            if inbox is None or inbox.kind != Widget.kind:
                raise Refused("not_found", "no such inbox")
            visitor = await self._enter(inbox, asked, address)
        except Refused as no:
            self._sockets.figures.refused["connect", no.code] += 1
            await hold(no.code)
            raise turned_away(no) from no
        try:
            connection = self._sockets.connection(sid, NAMESPACE)
        except TurnedAway:
            self._limits.leave(address)
            raise
        self._sessions[sid] = ShopperSession(
            connection, inbox, visitor.identity_id, visitor.token, asked.page, address
        )

    async def _enter(self, inbox: Inbox, asked: shapes.WidgetAuth, address: str) -> Visitor:
        """Raises Refused; then nothing is counted as open."""
        try:
            self._limits.join(address)
            self._limits.enter(address)
        except Refused:
            self._floods.note(inbox.shop_id, address)
            raise
        try:
            return await self._desk.entrance.visitor(
                inbox, asked.visitor, asked.identity, greet_as=GREET_AS
            )
        except BaseException:
            self._limits.leave(address)
            raise

    async def _disconnect(self, sid: str, reason: str) -> None:
        session = self._sessions.pop(sid, None)
        if session is None:
            return
        self._limits.leave(session.address)
        tabs = self._by_identity.get(session.identity_id, set())
        tabs.discard(sid)
        if not tabs:
            self._by_identity.pop(session.identity_id, None)

    async def _event(self, event: str, sid: str, *args: Any) -> Ack:
        session = self._sessions.get(sid)
        if session is None:
            return refusal(Refused("unauthorized", "not connected"))
        # an owner may have changed its settings since this tab came
        session.inbox = self._desk.inboxes.by_id(session.inbox.id) or session.inbox
        if not session.live:
            session.live = True
            self._by_identity.setdefault(session.identity_id, set()).add(sid)
            if session.page is not None:
                await self.page(session, session.page)
        ack = await answer(self._commands, event, session, args, None)
        if not ack["ok"] and ack["error"]["code"] == "rate_limited":
            self._floods.note(session.inbox.shop_id, session.address)
        return ack

    def _charge(self, event: str, session: ShopperSession) -> None:
        self._limits.shopper(session.identity_id, says=event in SAYS)

    def _beginning(self, session: ShopperSession) -> Callable[[], None]:
        return lambda: self._limits.begin(session.inbox.id, session.address)

    @command("sync", shapes.After, role=None)
    async def sync(self, session: ShopperSession, frame: shapes.After) -> Ack:
        anew = frame.epoch not in (None, self._desk.epoch)
        state = await self._desk.views.shopper(
            session.inbox, session.identity_id, frame.after, anew=anew
        )
        if state.anew:
            self._sockets.send([session.connection], "resync", {})
        return {
            "ok": True,
            "epoch": self._desk.epoch,
            "visitor": session.token,
            **wire.shopper_state(state),
            "greeting": session.inbox.config.greeting,
            "hot": self._desk.library.hot(session.inbox.shop_id),
            "shop": {"name": self._desk.library.shop_name(session.inbox.shop_id)},
        }

    @command("say", None, role=None)
    async def say(self, session: ShopperSession, frame: Any) -> Ack:
        try:
            inbound = Widget.receive(session.identity_id, frame)
        except BadPayload as wrong:
            raise Refused("invalid", str(wrong)) from wrong
        shapes.check_texts(frame)
        accepted = await self._desk.intake.accept(
            session.inbox, inbound, admit=self._beginning(session)
        )
        if accepted.begun:
            self._sockets.send(self._tabs(session.identity_id), "resync", {})
        message = accepted.message
        return wire.said(message, seq=message.shopper_seq or 0, duplicate=accepted.duplicate)

    @command("typing", shapes.Draft, role=None)
    async def typing(self, session: ShopperSession, frame: shapes.Draft) -> None:
        await self._desk.intake.typing(session.identity_id, frame.text)

    @command("read", shapes.ReadUpTo, role=None)
    async def read(self, session: ShopperSession, frame: shapes.ReadUpTo) -> None:
        await self._desk.intake.read(session.identity_id, frame.seq)

    @command("human", shapes.Nothing, role=None)
    async def human(self, session: ShopperSession, frame: shapes.Nothing) -> None:
        admit = self._beginning(session)
        await self._desk.intake.human(session.inbox, session.identity_id, admit=admit)

    @command("rate", shapes.Rating, role=None)
    async def rate(self, session: ShopperSession, frame: shapes.Rating) -> None:
        await self._desk.intake.rate(
            session.inbox, session.identity_id, frame.score, frame.tags, frame.comment
        )

    @command("leave", shapes.Leave, role=None)
    async def leave(self, session: ShopperSession, frame: shapes.Leave) -> None:
        await self._desk.intake.leave(
            session.inbox,
            session.identity_id,
            frame.contact,
            frame.text,
            admit=self._beginning(session),
        )

    @command("page", shapes.Page, role=None)
    async def page(self, session: ShopperSession, frame: shapes.Page) -> None:
        product = None if frame.product is None else msgspec.to_builtins(frame.product)
        await self._desk.intake.page(session.identity_id, frame.url, frame.title, product)

    def _tabs(self, identity_id: str) -> list[Connection]:
        return [self._sessions[sid].connection for sid in self._by_identity.get(identity_id, ())]

    def _show(self, event: Event) -> None:
        match event:
            case MessageAdded(conversation, message) if not message.private:
                tabs = self._tabs(conversation.identity_id)
                if tabs:
                    self._sockets.send(tabs, "message", wire.shopper_message(message))
            case ConversationChanged():
                self._push_conversation(event)
            case ReadByAgent(conversation, shopper_seq):
                self._to(conversation.identity_id, "read", {"seq": shopper_seq})
            case Recalled(conversation, message) if message.shopper_seq:
                self._to(conversation.identity_id, "recalled", {"seq": message.shopper_seq})
            case Typing(conversation, Author.AGENT):
                self._to(conversation.identity_id, "typing", {})
            case QueueMoved(shop_id):
                if self._by_identity:
                    self._latest.tell("queue-places", shop_id, partial(self._count, shop_id))
            case AgentChanged(shop_id):
                self._latest.tell("shop-online", shop_id, partial(self._push_online, shop_id))

    def _push_conversation(self, event: ConversationChanged) -> None:
        shape = wire.shopper_conversation(event.overview)
        changed = {
            "stage": shape["stage"],
            "agent": shape.get("agent"),
            "queue": shape.get("queue"),
        }
        self._to(event.overview.conversation.identity_id, "conversation", changed)

    def _to(self, identity_id: str, name: str, payload: dict[str, Any]) -> None:
        tabs = self._tabs(identity_id)
        if tabs:
            self._sockets.send(tabs, name, payload)

    async def _count(self, shop_id: ShopId) -> None:
        """Tell those who wait their new place."""
        waiting, usual = await self._desk.views.queue(shop_id)
        for identity_id, place in waiting:
            queue = {"place": place, "estimate_s": usual}
            self._to(identity_id, "conversation", {"queue": queue})

    async def _push_online(self, shop_id: ShopId) -> None:
        """Tell every shopper of the shop when the first agent came or the last one went."""
        online = await self._desk.views.online(shop_id)
        if self._open.get(shop_id) is online:
            return
        self._open[shop_id] = online
        everyone = [
            one.connection
            for one in self._sessions.values()
            if one.live and one.inbox.shop_id == shop_id
        ]
        self._sockets.send(everyone, "conversation", {"online": online})
