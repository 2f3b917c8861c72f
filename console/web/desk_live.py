"""The namespace `/desk`: agents. Own pages only, a session cookie and its CSRF token.

A connection watches the conversations its agent has, those that wait, and those it named in a
`sync`; everything else changes in its list only. What it may see is asked again at every push.
A page that only `hears` of the knowledge makes nobody present: it brings no conversations.
"""

import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from aiohttp import web

from console.desk import Desk
from console.desk.entrance import Session
from console.events import (
    AgentChanged,
    ConversationChanged,
    DeliveryChanged,
    Event,
    FileArrived,
    Flood,
    MessageAdded,
    QueueMoved,
    ReadByShopper,
    Recalled,
    ReviewChanged,
    SessionEnded,
    ShelfChanged,
    Suggested,
    Typing,
    UndeliveredChanged,
)
from console.model.conversation import Conversation
from console.model.people import Agent
from console.model.refusal import Refused
from console.model.words import Author, Availability, Kind, Role, ShopId
from console.tasks import Latest, spawn
from console.telemetry import clock
from console.web import shapes, wire
from console.web.address import remote, same_origin
from console.web.language import LANGUAGES, language
from console.web.limits import Limits, hold
from console.web.live import Ack, Commands, answer, command, refusal, turned_away
from console.web.sockets import Connection, Sockets
from console.web.undelivered import UndeliveredCount

NAMESPACE = "/desk"


@dataclass(slots=True)
class AgentSession:
    """One console window of an agent."""

    connection: Connection
    session: Session
    language: str
    watched: set[str] = field(default_factory=set)
    live: bool = False
    hears: str | None = None

    @property
    def agent(self) -> Agent:
        return self.session.agent

    @property
    def about(self) -> dict[str, str]:
        """Whose it is, for the log."""
        return {"agent": self.session.agent.id}


class DeskLive:
    """Connections of agents, and what is pushed to them."""

    def __init__(
        self,
        desk: Desk,
        sockets: Sockets,
        limits: Limits,
        *,
        session_of: Callable[[web.Request], Any],
    ) -> None:
        self._desk = desk
        self._sockets = sockets
        self._limits = limits
        self._session_of = session_of
        self._sessions: dict[str, AgentSession] = {}
        self._watching: dict[str, set[str]] = {}
        self._by_agent: dict[str, set[str]] = {}
        self._latest = Latest()
        self._undelivered = UndeliveredCount(desk, sockets, self._windows)
        self._commands = Commands(self, NAMESPACE, sockets.figures, charge=self._charge)
        sockets.serve(
            NAMESPACE, connect=self._connect, disconnect=self._disconnect, event=self._event
        )
        desk.events.subscribe(self._show)

    async def _connect(self, sid: str, environ: dict[str, Any], auth: Any) -> None:
        request: web.Request = environ["aiohttp.request"]
        try:
            if not same_origin(request):
                raise Refused("forbidden", "the console opens from its own page only")
            if request.query.get("transport") != "websocket":
                raise Refused("invalid", "the console speaks websocket only")
            session = await self._session_of(request)
            if session is None:
                self._limits.join(remote(request))  # not agents: many may sit behind one address
                raise Refused("unauthorized", "sign in first")
            asked = shapes.parse(auth or {}, shapes.DeskAuth)
            if not hmac.compare_digest(asked.csrf.encode(), session.csrf.encode()):
                raise Refused("unauthorized", "`csrf` does not belong to this session")
        except Refused as no:
            self._sockets.figures.refused["connect", no.code] += 1
            await hold(no.code)
            raise turned_away(no) from no
        connection = self._sockets.connection(sid, NAMESPACE)
        one = AgentSession(connection, session, language(request), hears=asked.hears)
        self._sessions[sid] = one
        if one.hears is not None and one.agent.leads:  # others learn it by `sync`
            spawn("review", self._tell_review(one.agent.shop_id, connection))

    async def _disconnect(self, sid: str, reason: str) -> None:
        session = self._sessions.pop(sid, None)
        if session is None:
            return
        self._undelivered.forget(sid)
        for conversation_id in list(session.watched):
            self._unwatch(session, conversation_id)
        windows = self._by_agent.get(session.agent.id, set())
        windows.discard(sid)
        if not windows:
            self._by_agent.pop(session.agent.id, None)
        if session.live:
            self._desk.left(session.agent, session.connection)

    async def _event(self, event: str, sid: str, *args: Any) -> Ack:
        session = self._sessions.get(sid)
        if session is None:
            return refusal(Refused("unauthorized", "not connected"))
        if session.hears is not None:
            return refusal(Refused("forbidden", "this connection only hears"))
        if not session.live:
            session.live = True
            self._by_agent.setdefault(session.agent.id, set()).add(sid)
            await self._desk.arrived(session.agent, session.connection)
        return await answer(self._commands, event, session, args, session.agent.role)

    def _charge(self, event: str, session: AgentSession) -> None:
        self._limits.agent(session.agent.id)

    @command("sync", shapes.Sync, role=Role.AGENT)
    async def sync(self, session: AgentSession, frame: shapes.Sync) -> Ack:
        for conversation_id in frame.cursors:  # subscribe first, then read (R10)
            session.watched.add(conversation_id)
            self._watching.setdefault(conversation_id, set()).add(session.connection.sid)
        anew = frame.epoch not in (None, self._desk.epoch)
        state = await self._desk.views.desk(session.agent, frame.cursors, anew=anew)
        if state.anew:
            self._sockets.send([session.connection], "resync", {})
        seen = {one.conversation.id for one in state.overviews}
        for conversation_id in frame.cursors.keys() - seen:
            self._unwatch(session, conversation_id)
        why = await self._desk.undelivered.reasons(state.messages, session.language)
        ack = {
            **wire.desk_state(state, why),
            "undelivered": await self._undelivered.first(session.connection, session.agent),
            "epoch": self._desk.epoch,
        }
        if session.agent.leads:
            ack["review"] = await self._desk.drafting.waiting(session.agent.shop_id)
        return ack

    @command("say", shapes.Say, role=Role.AGENT)
    async def say(self, session: AgentSession, frame: shapes.Say) -> Ack:
        used = frame.suggestion
        said = await self._desk.floor.say(
            session.agent,
            frame.conversation,
            client_id=frame.client_id,
            text=frame.text,
            private=frame.private,
            suggestion=None if used is None else {"entry": used.entry, "edited": used.edited},
            kind=Kind(frame.kind),
            file=frame.file,
        )
        return wire.said(said.message, seq=said.message.seq, duplicate=said.duplicate)

    @command("take", shapes.Take, role=Role.AGENT)
    async def take(self, session: AgentSession, frame: shapes.Take) -> Ack:
        overview = await self._desk.floor.take(session.agent, frame.conversation)
        return {"ok": True, "conversation": wire.conversation(overview)}

    @command("hand_over", shapes.HandOver, role=Role.AGENT)
    async def hand_over(self, session: AgentSession, frame: shapes.HandOver) -> None:
        await self._desk.floor.hand_over(
            session.agent,
            frame.conversation,
            to_agent=frame.to_agent,
            to_group=frame.to_group,
            note=frame.note,
        )

    @command("close", shapes.Close, role=Role.AGENT)
    async def close(self, session: AgentSession, frame: shapes.Close) -> None:
        await self._desk.floor.close(session.agent, frame.conversation, frame.summary)

    @command("reopen", shapes.OfConversation, role=Role.AGENT)
    async def reopen(self, session: AgentSession, frame: shapes.OfConversation) -> None:
        await self._desk.floor.reopen(session.agent, frame.conversation)

    @command("available", shapes.Available, role=Role.AGENT)
    async def available(self, session: AgentSession, frame: shapes.Available) -> None:
        state = Availability(frame.state)
        await self._desk.floor.available(session.agent, state, frame.reason)

    @command("read", shapes.SeqOfConversation, role=Role.AGENT)
    async def read(self, session: AgentSession, frame: shapes.SeqOfConversation) -> None:
        await self._desk.floor.read(session.agent, frame.conversation, frame.seq)

    @command("typing", shapes.OfConversation, role=Role.AGENT)
    async def typing(self, session: AgentSession, frame: shapes.OfConversation) -> None:
        await self._desk.floor.typing(session.agent, frame.conversation)

    @command("recall", shapes.SeqOfConversation, role=Role.AGENT)
    async def recall(self, session: AgentSession, frame: shapes.SeqOfConversation) -> None:
        await self._desk.floor.recall(session.agent, frame.conversation, frame.seq)

    @command("suggest", shapes.Suggest, role=Role.AGENT)
    async def suggest(self, session: AgentSession, frame: shapes.Suggest) -> Ack:
        hints = await self._desk.prompter.ask(session.agent, frame.conversation, frame.text)
        limits = wire.limits(self._desk.prompter.limits(session.agent.shop_id))
        return {"ok": True, "items": [wire.hint(one) for one in hints], "limits": limits}

    @command("reject", shapes.Reject, role=Role.AGENT)
    async def reject(self, session: AgentSession, frame: shapes.Reject) -> None:
        await self._desk.learning.reject(
            session.agent, frame.conversation, frame.for_seq, frame.entry, undo=frame.undo
        )

    @command("teach", shapes.Teach, role=Role.AGENT)
    async def teach(self, session: AgentSession, frame: shapes.Teach) -> Ack:
        teaching = self._desk.teaching
        verb = teaching.unteach if frame.undo else teaching.teach
        return wire.taught(await verb(session.agent, frame.conversation, frame.seq, frame.entry))

    def _unwatch(self, session: AgentSession, conversation_id: str) -> None:
        session.watched.discard(conversation_id)
        watching = self._watching.get(conversation_id, set())
        watching.discard(session.connection.sid)
        if not watching:
            self._watching.pop(conversation_id, None)

    def _show(self, event: Event) -> None:
        if not self._sessions:
            return
        match event:
            case MessageAdded(conversation, message):
                if self._to_watchers(conversation, "message", lambda: wire.desk_message(message)):
                    self._sockets.figures.delivery.add(clock() - self._desk.store.figures.told)
            case ConversationChanged():
                self._push_conversation(event)
            case ReadByShopper(conversation, seq):
                shape = {"conversation": conversation.id, "seq": seq}
                self._to_watchers(conversation, "read", lambda: shape)
            case Recalled(conversation, message):
                shape = {"conversation": conversation.id, "seq": message.seq}
                self._to_watchers(conversation, "recalled", lambda: shape)
            case FileArrived(conversation, message):
                self._to_watchers(conversation, "arrived", lambda: wire.arrived(message))
            case Typing(conversation):
                self._push_typing(event)
            case Suggested():
                self._push_suggestions(event)
            case AgentChanged(_, agent_id):
                self._latest.tell("presence", agent_id, partial(self._push_presence, agent_id))
            case QueueMoved(shop_id):
                self._latest.tell("queue-length", shop_id, partial(self._push_queue, shop_id))
            case DeliveryChanged():
                self._push_delivery(event)
            case UndeliveredChanged(shop_id):
                self._undelivered.changed(shop_id)
            case ShelfChanged(shop_id, entries):
                shape = {"ids": list(entries)} if entries else {}
                self._sockets.send(self._readers(shop_id), "entries", shape)
            case ReviewChanged(shop_id):
                self._latest.tell("review", shop_id, partial(self._push_review, shop_id))
            case Flood(shop_id):
                self._sockets.send(self._of_shop(shop_id), "flood", wire.flood(event))
            case SessionEnded(token_hash):
                spawn("sign-out", self._cut(token_hash))

    def _watchers(self, conversation: Conversation) -> list[Connection]:
        sids = set(self._watching.get(conversation.id, ()))
        if conversation.agent_id is not None:
            sids |= self._by_agent.get(conversation.agent_id, set())
        else:
            sids |= self._sessions.keys()
        return [
            one.connection
            for one in map(self._sessions.get, sids)
            if one is not None and one.live and _may_see(one.agent, conversation)
        ]

    def _to_watchers(
        self, conversation: Conversation, name: str, payload: Callable[[], dict[str, Any]]
    ) -> bool:
        """Whether anybody watches."""
        connections = self._watchers(conversation)
        if connections:
            self._sockets.send(connections, name, payload())
        return bool(connections)

    def _push_conversation(self, event: ConversationChanged) -> None:
        now, before = event.overview.conversation, event.before
        seeing, losing = [], []
        for one in self._sessions.values():
            if not one.live:
                continue
            if _may_see(one.agent, now):
                seeing.append(one.connection)
            elif before is not None and _may_see(one.agent, before):
                losing.append(one.connection)
        self._sockets.send(seeing, "conversation", wire.conversation(event.overview))
        self._sockets.send(losing, "gone", {"id": now.id})
        if before and (before.group_id, before.agent_id) != (now.group_id, now.agent_id):
            self._undelivered.changed(now.shop_id)

    def _push_delivery(self, event: DeliveryChanged) -> None:
        connections = self._watchers(event.conversation)
        for one in LANGUAGES if connections else ():
            readers = [to for to in connections if self._sessions[to.sid].language == one]
            reason = self._desk.undelivered.sentence(event.reason, one)
            self._sockets.send(readers, "delivery", wire.delivery(event, reason))

    def _push_typing(self, event: Typing) -> None:
        shape: dict[str, Any] = {"conversation": event.conversation.id}
        if event.author is Author.SHOPPER:
            shape["text"] = event.text or ""
        else:
            shape["agent"] = {"id": event.author_id, "name": event.name}
        connections = [
            one
            for one in self._watchers(event.conversation)
            if self._sessions[one.sid].agent.id != event.author_id
        ]
        self._sockets.send(connections, "typing", shape)

    def _push_suggestions(self, event: Suggested) -> None:
        self._to_watchers(event.conversation, "suggestions", lambda: wire.suggestions(event))

    async def _push_presence(self, agent_id: Any) -> None:
        colleague = await self._desk.views.colleague(agent_id)
        if colleague is not None:
            shop = self._of_shop(colleague.agent.shop_id)
            self._sockets.send(shop, "presence", wire.presence(colleague))

    async def _push_queue(self, shop_id: str) -> None:
        waiting = await self._desk.views.waiting(shop_id)
        self._sockets.send(self._of_shop(shop_id), "queue", {"waiting": waiting})

    async def _push_review(self, shop_id: ShopId) -> None:
        leads = (one for one in self._readers(shop_id) if self._sessions[one.sid].agent.leads)
        await self._tell_review(shop_id, *leads)

    async def _tell_review(self, shop_id: ShopId, *leads: Connection) -> None:
        waiting = await self._desk.drafting.waiting(shop_id)
        self._sockets.send(leads, "review", {"waiting": waiting})

    def _windows(self, shop_id: ShopId) -> list[tuple[Connection, Agent]]:
        return [(one, self._sessions[one.sid].agent) for one in self._of_shop(shop_id)]

    def _of_shop(self, shop_id: str) -> list[Connection]:
        return [
            one.connection
            for one in self._sessions.values()
            if one.live and one.agent.shop_id == shop_id
        ]

    def _readers(self, shop_id: str) -> list[Connection]:
        return [
            one.connection
            for one in self._sessions.values()
            if (one.live or one.hears == "entries") and one.agent.shop_id == shop_id
        ]

    async def _cut(self, token_hash: str) -> None:
        for one in list(self._sessions.values()):
            if one.session.token_hash == token_hash:
                await self._sockets.cut(one.connection)


def _may_see(agent: Agent, one: Conversation) -> bool:
    return agent.may_see(one.shop_id, one.group_id, one.agent_id)
