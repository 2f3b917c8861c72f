"""Fills a first demo: two agents, sample conversations, and what the demo shop's pages show."""

import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from ruamel.yaml import YAML

from console.clock import wall_clock
from console.desk.inboxes import Inbox
from console.installation import Installation
from console.model import conversation as rules
from console.model.conversation import Conversation, Message
from console.model.people import Agent
from console.model.words import (
    Author,
    ContactId,
    ConversationId,
    Delivery,
    IdentityId,
    Kind,
    Role,
    Stage,
    new_id,
    to_ms,
)
from console.store import Tx, log, people, places, talk
from console.web.pages import Demo

HERE = Path(__file__).resolve().parent
AGENTS = {"小青": ["售前", "售中"], "小瓷": ["售中", "售后"]}
CAPACITY = 8
PASSWORD = "demo_password"


async def open_demo(installation: Installation, phone: str = "") -> Demo:
    """The demo over an installation; what it needs is made once. `phone` is where one writes from
    WeChat."""
    products = _load("products.yaml")["products"]
    inbox = next(one for one in installation.desk.inboxes.all() if one.name == "default")
    password = await installation.store.read(lambda tx: places.note(tx, PASSWORD))
    if password is None:
        password = f"demo-{secrets.token_hex(4)}"
        await _fill(installation, inbox, password, {one["id"]: one for one in products})
    accounts = [{"name": name, "password": password} for name in AGENTS]
    name = installation.desk.library.shop_name(installation.shop_id)
    return Demo(products, accounts, inbox.key, name, phone)


async def _fill(
    installation: Installation, inbox: Inbox, password: str, products: dict[str, Any]
) -> None:
    agents = {}
    for name, groups in AGENTS.items():
        agents[name] = await installation.desk.entrance.add_agent(
            installation.shop_id,
            name,
            password=password,
            role=Role.AGENT,
            capacity=CAPACITY,
            groups=groups,
        )
    talks = _load("talks.yaml")["talks"]

    async def work(tx: Tx) -> None:
        groups = {one.name: one.id for one in await people.groups(tx, installation.shop_id)}
        for one in talks:
            agent = agents.get(str(one.get("agent")))
            await _talk(tx, inbox, one, agent=agent, groups=groups, products=products)
        await places.keep_note(tx, PASSWORD, password)

    await installation.store.write(work)


async def _talk(
    tx: Tx,
    inbox: Inbox,
    sample: dict[str, Any],
    *,
    agent: Agent | None,
    groups: dict[str, Any],
    products: dict[str, Any],
) -> None:
    now = wall_clock()
    begun = now - timedelta(minutes=max(turn["minutes_ago"] for turn in sample["turns"]))
    contact_id, identity_id = new_id(), new_id()
    await people.add_contact(tx, contact_id, inbox.shop_id, sample["contact"], to_ms(begun))
    await people.add_identity(
        tx, identity_id, inbox.id, f"sample:{identity_id}",
        contact_id=contact_id, name=sample["contact"], verified=False, at_ms=to_ms(begun),
    )  # fmt: skip
    await people.add_page(
        tx, identity_id,
        url=sample["page"]["path"], title=sample["page"]["title"], product=None,
        at_ms=to_ms(begun),
    )  # fmt: skip
    stage = Stage(sample["stage"])
    conversation = Conversation(
        id=ConversationId(new_id()),
        shop_id=inbox.shop_id,
        inbox_id=inbox.id,
        contact_id=ContactId(contact_id),
        identity_id=IdentityId(identity_id),
        stage=stage,
        created_at=begun,
        agent_id=agent.id if agent else None,
        group_id=groups.get(str(sample.get("group"))),
        assign_reason="least_busy" if agent else None,
        queued_at=begun if stage is Stage.WAITING else None,
    )
    await talk.insert(tx, conversation)
    for turn in sample["turns"]:
        message = _message(conversation, turn, agent, products)
        sender = f"s:{identity_id}" if message.author is Author.SHOPPER else f"a:{message.author}"
        await talk.add(tx, message, sender=sender, body_hash="sample")
        conversation = rules.with_message(conversation, message)
        await log.append(
            tx, "message" if message.author is Author.SHOPPER else "answer", to_ms(message.at),
            inbox.shop_id, conversation=conversation, agent_id=conversation.agent_id,
            seq=message.seq,
        )  # fmt: skip
    await talk.save(tx, conversation, _ended(conversation, sample))


def _ended(conversation: Conversation, sample: dict[str, Any]) -> Conversation:
    ended = replace(conversation, shopper_read=conversation.agent_read)
    rating = sample.get("rating")
    if rating:
        ended = replace(ended, rating=rating["score"])
    if conversation.stage is Stage.CLOSED:
        assert conversation.last_at is not None
        ended = rules.closed(ended, at=conversation.last_at, summary=sample.get("summary"))
    return ended


def _message(
    conversation: Conversation, turn: dict[str, Any], agent: Agent | None, products: dict[str, Any]
) -> Message:
    author = Author(turn["author"])
    private = bool(turn.get("private"))
    kind, data = Kind.TEXT, None
    if "product" in turn:
        product = products[turn["product"]]
        kind = Kind.PRODUCT
        data = {key: product[key] for key in ("id", "title", "price")}
    elif "order" in turn:
        kind, data = Kind.ORDER, dict(turn["order"])
    answered = author is Author.AGENT and not private
    return Message(
        id=new_id(),
        conversation_id=conversation.id,
        seq=conversation.last_seq + 1,
        shopper_seq=None if private else conversation.shopper_seq + 1,
        author=author,
        author_id=agent.id if agent and author is Author.AGENT else None,
        author_name=agent.name if agent and author is Author.AGENT else None,
        kind=kind,
        text=turn.get("text", ""),
        at=wall_clock() - timedelta(minutes=turn["minutes_ago"]),
        client_id=new_id(),
        data=data,
        private=private,
        delivery=Delivery.SENT if answered else None,
    )


def _load(name: str) -> Any:
    return YAML(typ="safe", pure=True).load((HERE / name).read_text("utf-8"))
