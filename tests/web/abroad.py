"""An installation of two shops, with things in it that somebody else may not see or touch.

Everything that must not be read holds a word of `SECRETS`; what may not be touched is named in
`foreign`. Both by why it is foreign: it is another shop's, or another group's.
"""

import sqlite3
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from channels.base import Inbound
from console.desk import Desk, gaps
from console.installation import Installation, open_installation
from console.model.proposal import Proposal
from console.model.words import Availability, Delivery, Role, ShopId, new_id, to_ms
from console.settings import Settings
from console.store import Tx, asked, places, proposals, sqlite_file, talk
from knowledge.grouping import Group
from tests.desk.faq import FIRST, yaml
from tests.program import PASSWORD, Program

SECRETS = {"shop": "别家机密七八九", "group": "别组机密七八九"}
GROUPS = ("售前", "售后")
ABROAD = "abroad"
MADE_UP = ("0" * 20, "made-up", "' OR 1=1 --", "..%2F..%2Fsecret", "绝")
# renewed by the clock, by whoever signs in, or when the matcher comes to it
RESTLESS = {"session", "lease", "meta", "offer"}


@dataclass
class World:
    """`foreign[kind][why]` is an id; leads see every group's."""

    house: Program
    key: str
    owner_password: str
    foreign: dict[str, dict[str, str]] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    def kept(self) -> dict[str, list[Any]]:
        """Every row of the database, table by table."""
        address = f"file:{sqlite_file(self.house.data)}?mode=ro"
        with sqlite3.connect(address, uri=True) as database:
            names = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            tables = [row[0] for row in names if row[0] not in RESTLESS]
            kept = {
                one: sorted(map(repr, database.execute(f'SELECT * FROM "{one}"'))) for one in tables
            }
        database.close()
        return kept


async def build(data: Path) -> World:
    """Fill a data folder; nobody serves it yet."""
    installation = await open_installation(Settings(data=str(data)))
    try:
        return await _fill(installation, data)
    finally:
        await installation.close()


async def _fill(installation: Installation, data: Path) -> World:
    desk, mine = installation.desk, installation.shop_id
    for name, role, groups in (
        ("小王", Role.AGENT, ["售前"]),
        ("主管", Role.SUPERVISOR, ["售前"]),
        ("同事", Role.AGENT, ["售前"]),
    ):
        await desk.entrance.add_agent(
            mine, name, password=PASSWORD, role=role, capacity=0, groups=groups
        )
    for one in await desk.entrance.agents(mine):  # nobody gets a conversation by coming in
        await desk.floor.available(one, Availability.BUSY, None)
    assert installation.owner_password is not None
    shelf = data.parent / "faq.yaml"
    shelf.write_bytes(yaml(FIRST))
    environ = {"CONSOLE_RATE_LIMITS": "off", "CONSOLE_FAQ": str(shelf)}
    world = World(Program(data, environ=environ), "", installation.owner_password)
    world.key = desk.inboxes.all()[0].key
    other = await _another_shop(desk)
    guarded = await desk.inboxes.add(mine, "widget", "售后", {"group": "售后"})
    abroad = await desk.inboxes.add(other, "widget", SECRETS["shop"], {})
    world.foreign = {
        "conversation": {}, "letter": {}, "gap": {}, "identity": {},
        "inbox": {"shop": abroad.id, "key of the shop": abroad.key},
        "agent": {"shop": (await desk.entrance.agents(other))[0].id},
        "entry": {"shop": ABROAD},
    }  # fmt: skip
    (imported,) = await desk.importing.recorded(other)
    world.foreign["import"] = {"shop": imported.id}
    world.foreign["proposal"] = {"shop": await _proposal(desk, other)}
    lead = (await desk.entrance.agents(other))[0]
    draft = await desk.drafting.propose(lead, {"question": SECRETS["shop"], "answer": "x"})
    world.foreign["draft"] = {"shop": draft.id}
    colleague = next(one for one in await desk.entrance.agents(mine) if one.name == "同事")
    world.foreign["phrase"] = {}
    for why, whose in (("shop", lead), ("colleague", colleague)):
        fields = {"question": SECRETS["shop"], "answer": SECRETS["shop"], "personal": True}
        world.foreign["phrase"][why] = (await desk.editing.create(whose, fields)).entry.id
    for why, inbox in (("shop", abroad), ("group", guarded)):
        await _talk(desk, world, why, inbox)
    return world


async def _another_shop(desk: Desk) -> ShopId:
    shop_id = ShopId(new_id())
    await desk.store.write(
        lambda tx: places.add_shop(tx, shop_id, SECRETS["shop"], to_ms(desk.clock()))
    )
    await desk.entrance.add_groups(shop_id, list(GROUPS))
    await desk.entrance.add_agent(
        shop_id, "别家店长", password=PASSWORD, role=Role.OWNER, capacity=0, groups=[]
    )
    await desk.load()
    await desk.importing.import_file(
        shop_id, yaml({"fahuo": SECRETS["shop"]}), file="faq.yaml", by=None
    )
    lead = (await desk.entrance.agents(shop_id))[0]
    fields = {"question": SECRETS["shop"], "answer": SECRETS["shop"], "category": "别家"}
    await desk.editing.create(lead, {**fields, "id": ABROAD})
    return shop_id


async def _proposal(desk: Desk, shop_id: ShopId) -> str:
    """What an agent of another shop proposes."""
    owner = (await desk.entrance.agents(shop_id))[0]
    one = Proposal(
        new_id(), shop_id, "fahuo", "x", SECRETS["shop"], owner.id, owner.name, "", 1, desk.clock()
    )
    await desk.store.write(lambda tx: proposals.add(tx, one))
    return one.id


async def _talk(desk: Desk, world: World, why: str, inbox: Any) -> None:
    """A shopper's words that wait, a page they looked at, and a letter that never left."""
    secret = SECRETS[why]
    visitor = await desk.entrance.visitor(inbox, None, None, greet_as=secret)
    world.tokens[why] = visitor.token
    said = await desk.intake.accept(
        inbox, Inbound(visitor.identity_id, new_id(), "text", f"{secret} 密码是 7")
    )
    chat = said.message.conversation_id
    await desk.intake.page(visitor.identity_id, f"/{secret}", secret, None)
    letter, at = new_id(), to_ms(desk.clock())

    async def unsent(tx: Tx) -> None:
        """As an agent's: letters name who wrote them."""
        await tx.run("UPDATE message SET author_name = 'x' WHERE conversation_id = $1", chat)
        await tx.run(
            "INSERT INTO outbox (id, conversation_id, seq, inbox_id, state, due_at, reason)"
            " VALUES ($1, $2, 1, $3, $4, $5, $6)",
            letter, chat, inbox.id, Delivery.DEAD, at, secret,
        )  # fmt: skip
        await tx.run(
            "INSERT INTO joined (identity_id, contact_id, at)"
            " SELECT id, contact_id, $2 FROM identity WHERE id = $1",
            visitor.identity_id, at,
        )  # fmt: skip

    await desk.store.write(unsent)
    await _unmatched(desk, world, why, chat)
    world.foreign["conversation"][why] = chat
    world.foreign["letter"][why] = letter
    world.foreign["identity"][why] = visitor.identity_id


async def _unmatched(desk: Desk, world: World, why: str, chat: str) -> None:
    """The same words as a question that no entry answers."""
    text = f"{SECRETS[why]} 没人知道"

    async def work(tx: Tx) -> None:
        talked = await talk.find(tx, chat)
        assert talked is not None
        row = asked.Matched(
            chat, 1, talked.shop_id, talked.contact_id, talked.group_id, talked.inbox_id,
            to_ms(desk.clock()), text, None, 0.0, 0.0, shown=False,
        )  # fmt: skip
        await asked.add(tx, [row], row.at)

    await desk.store.write(work)
    world.foreign["gap"][why] = gaps.id_of(Group(text, (), ()))
