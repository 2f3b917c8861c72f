"""The one JSON frontier: what the browser sees of a message, a conversation, an agent.

static/src/shared/wire.ts says the same in TypeScript; tests/web/test_wire.py compares the two.
What only those who edit the knowledge see is in `entry_wire` and `learning_wire`. An entry comes
from the desk as it is shown, made once for all who list it.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from console.desk.teaching import Taught
from console.desk.views import Card, Colleague, DeskState, ShopperState
from console.events import DeliveryChanged, Flood, Hint, Limits, Suggested
from console.model.conversation import Conversation, Message, Overview
from console.model.files import File
from console.model.letter import Listed
from console.model.people import Agent, Group
from console.model.refusal import Refused
from console.model.window import Window
from console.model.words import Author, Delivery, from_ms

Json = dict[str, Any]


@lru_cache(maxsize=64)
def stamp(at: datetime) -> str:
    """ISO 8601 in UTC with milliseconds and Z."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def desk_message(message: Message, reason: str | None = None) -> Json:
    """A message as agents see it; `reason` is why it is not with its reader."""
    author: Json = {"kind": message.author}
    if message.author_id:
        author["id"] = message.author_id
    if message.author_name:
        author["name"] = message.author_name
    shape = {
        "id": message.id,
        "conversation": message.conversation_id,
        "seq": message.seq,
        "author": author,
        **_body(message),
    }
    if message.private:
        shape["private"] = True
    if message.delivery:
        shape["delivery"] = message.delivery
    if reason:
        shape["reason"] = reason
    if message.author is Author.AGENT:
        shape["client_id"] = message.client_id
    return shape


def shopper_message(message: Message) -> Json:
    """A message as the shopper sees it: their own numbers, no ids of people or conversations."""
    author: Json = {"kind": message.author}
    if message.author is not Author.SHOPPER and message.author_name:
        author["name"] = message.author_name
    shape = {"id": message.id, "seq": message.shopper_seq, "author": author, **_body(message)}
    if message.author is Author.SHOPPER:
        shape["client_id"] = message.client_id
    return shape


def _body(message: Message) -> Json:
    if message.recalled_at is not None:
        return {"kind": message.kind, "text": "", "at": stamp(message.at), "recalled": True}
    shape: Json = {"kind": message.kind, "text": message.text, "at": stamp(message.at)}
    if message.data is not None:
        if message.kind in ("product", "order"):
            shape[message.kind.value] = {k: v for k, v in message.data.items() if k != "asks"}
            if message.data.get("asks") is False:
                shape["asks"] = False
        elif message.kind in ("image", "file"):
            shape |= _enclosed(message)
        else:
            shape.update(message.data)
    return shape


def _enclosed(message: Message) -> Json:
    """The file of a message, or how it stands with one that its provider keeps."""
    data = message.data or {}
    if "file" in data:
        return {"file": sent_file(data["file"])}
    if "media" not in data:
        return {}
    media = data["media"]
    return {"media": {"type": media.get("type", ""), "state": media.get("state", "pending")}}


def arrived(message: Message) -> Json:
    """What takes the place of a file that was on its way."""
    where = {"conversation": message.conversation_id, "seq": message.seq}
    return {**where, "kind": message.kind, **_enclosed(message)}


def file(one: File) -> Json:
    """A file as who has just uploaded it sees it, and as messages show it."""
    return sent_file(one.described)


def sent_file(described: Mapping[str, Any]) -> Json:
    """A file in a message, with where its bytes are: paths of this server, whoever asks."""
    shape = {key: value for key, value in described.items() if key != "small"}
    shape["url"] = f"/files/{described['id']}"
    if described.get("small"):
        shape["small"] = f"{shape['url']}/small"
    return shape


def said(message: Message, *, seq: int, duplicate: bool) -> Json:
    """The acknowledgement of a `say`."""
    return {
        "ok": True,
        "id": message.id,
        "seq": seq,
        "at": stamp(message.at),
        "duplicate": duplicate,
    }


def conversation(overview: Overview) -> Json:
    """A conversation as agents' lists show it; an absent key means there is none."""
    one = overview.conversation
    shape: Json = {
        "id": one.id,
        "stage": one.stage,
        "inbox": {"id": one.inbox_id, "kind": overview.inbox_kind, "name": overview.inbox_name},
        "contact": {"id": one.contact_id, "name": overview.contact_name},
        "last_seq": one.last_seq,
        "unread": one.unread,
        "created_at": stamp(one.created_at),
        "shopper_read": one.shopper_read,
    }
    if one.agent_id:
        shape["agent"] = {"id": one.agent_id, "name": overview.agent_name}
    if one.group_id:
        shape["group"] = {"id": one.group_id, "name": overview.group_name}
    if one.waiting_since:
        shape["waiting_since"] = stamp(one.waiting_since)
    if overview.place:
        shape["queue"] = queue(overview)
    if one.last_at:
        shape["preview"] = _preview(one)
    if one.assign_reason:
        shape["reason"] = one.assign_reason
    if overview.page_url:
        shape["page"] = {"url": overview.page_url, "title": overview.page_title}
    if one.rating:
        shape["rating"] = {"score": one.rating}
    if one.summary:
        shape["summary"] = one.summary
    if overview.window:
        shape["window"] = window(overview.window)
    return shape


def window(one: Window) -> Json:
    """How many messages the provider still takes, and until when."""
    return {"until": stamp(one.until), "remaining": one.remaining, "total": one.total}


def _preview(one: Conversation) -> Json:
    assert one.last_at is not None
    return {
        "text": one.last_text,
        "kind": one.last_kind,
        "author": one.last_author,
        "at": stamp(one.last_at),
    }


def queue(overview: Overview) -> Json:
    return {"place": overview.place, "estimate_s": overview.estimate_s}


def group(one: Group) -> Json:
    return {"id": one.id, "name": one.name}


def me(agent: Agent) -> Json:
    """The signed-in agent."""
    return {
        "id": agent.id,
        "name": agent.name,
        "role": agent.role,
        "state": agent.state,
        "capacity": agent.capacity,
        "groups": [group(one) for one in agent.groups],
    }


def presence(one: Colleague) -> Json:
    return {**me(one.agent), "online": one.online, "load": one.load}


def desk_state(state: DeskState, reasons: Mapping[str, str]) -> Json:
    """The acknowledgement of `sync` on /desk; `reasons` by message."""
    return {
        "ok": True,
        "agent": me(state.agent),
        "conversations": [conversation(one) for one in state.overviews],
        "messages": [desk_message(one, reasons.get(one.id)) for one in state.messages],
        "more": state.more,
        "queue": {"waiting": state.waiting},
        "agents": [presence(one) for one in state.colleagues],
        "groups": [group(one) for one in state.groups],
    }


def letter(one: Listed, reason: str | None) -> Json:
    """A message on its way to a provider, or one that did not arrive."""
    kept, (kind, inbox) = one.letter, one.inbox
    shape: Json = {
        "id": kept.id,
        "conversation": kept.conversation_id,
        "seq": kept.seq,
        "inbox": {"id": kept.inbox_id, "kind": kind, "name": inbox},
        "contact": {"id": one.contact[0], "name": one.contact[1]},
        "kind": one.kind,
        "text": one.text,
        "state": kept.state,
        "attempts": kept.attempts,
        "at": stamp(one.at),
    }
    if one.author is not None:
        shape["agent"] = {"id": one.author[0], "name": one.author[1]}
    if reason:
        shape["reason"] = reason
    if kept.state is Delivery.RETRY:
        shape["due_at"] = stamp(kept.due_at)
    return shape


def delivery(event: DeliveryChanged, reason: str | None) -> Json:
    """A tick in the agent's bubble."""
    shape: Json = {"conversation": event.conversation.id, "seq": event.seq, "state": event.state}
    return {**shape, "reason": reason} if reason else shape


def shopper_conversation(overview: Overview | None) -> Json:
    """Before the first word there is no conversation: no id, stage `robot`."""
    if overview is None:
        return {"id": None, "stage": "robot", "last_seq": 0}
    one = overview.conversation
    shape: Json = {"id": one.id, "stage": one.stage, "last_seq": one.shopper_seq}
    if overview.agent_name:
        shape["agent"] = {"name": overview.agent_name}
    if overview.place:
        shape["queue"] = queue(overview)
    if one.rating:
        shape["rated"] = {"score": one.rating}
    return shape


def shopper_state(state: ShopperState) -> Json:
    """The part of the acknowledgement of `sync` on /widget that comes from the conversation."""
    return {
        "conversation": shopper_conversation(state.overview),
        "messages": [shopper_message(one) for one in state.messages],
        "more": state.more,
        "read": state.read,
        "online": state.online,
    }


def flood(one: Flood) -> Json:
    return {"turned_away": one.turned_away, "addresses": one.addresses}


def hint(one: Hint) -> Json:
    """A suggestion; `sure`, `lift` and `pictures` are absent where they say nothing."""
    shape: Json = {
        "entry": one.entry,
        "score": one.score,
        "text": one.text,
        "question": one.question,
        "why": one.why,
        "phrase": one.phrase,
        "matched": one.matched,
    }
    if one.sure:
        shape["sure"] = True
    if lift := round(one.lift, 4):
        shape["lift"] = lift
    if one.pictures:
        shape["pictures"] = one.pictures
    return shape


def taught(one: Taught) -> Json:
    """The acknowledgement of `teach`."""
    shape: Json = {"ok": True, "state": one.state}
    if one.state != "known":
        shape["entry"] = one.entry
    if one.revision is not None:
        shape["revision"] = one.revision
    return shape


def limits(one: Limits) -> Json:
    return {"show": one.show, "sure": one.sure, "lead": one.lead}


def suggestions(event: Suggested) -> Json:
    """What is offered unasked, and from where on it is."""
    return {
        "conversation": event.conversation.id,
        "for_seq": event.for_seq,
        "items": [hint(one) for one in event.items],
        "limits": limits(event.limits),
    }


def refusal(no: Refused) -> Json:
    """An error over HTTP; `data` is what is there instead of what was expected, or in the way."""
    shape: Json = {"code": no.code, "message": no.message}
    if no.entries:
        return {**shape, "data": {"entries": no.entries}}
    return shape if no.now is None else {**shape, "data": {"entry": no.now}}


def card(one: Card) -> Json:
    """The customer card."""
    contact_id, name, email, phone, since, level = one.contact
    return {
        "conversation": conversation(one.overview),
        "contact": {
            "id": contact_id,
            "name": name,
            **({"email": email} if email else {}),
            **({"phone": phone} if phone else {}),
            **({"level": level} if level else {}),
            "since": stamp(from_ms(since)),
        },
        "identities": [
            {
                "id": identity_id,
                "inbox": {"kind": kind, "name": inbox},
                "name": known_as,
                "verified": bool(verified),
                "since": stamp(from_ms(at)),
                **({"avatar": avatar} if avatar else {}),
                **({"joined": True} if joined else {}),
            }
            for kind, inbox, known_as, verified, at, avatar, identity_id, joined in one.identities
        ],
        "pages": [
            {"url": url, "title": title, "at": stamp(from_ms(at))}
            for url, title, _, at in one.pages
        ],
        "earlier": [conversation(other) for other in one.earlier],
        "variables": one.variables,
    }
