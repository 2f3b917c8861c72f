"""Shops, their inboxes and agents, and who is signed in."""

import sqlalchemy as sa

from console.store.schema.columns import id, number, ref, table, text

meta = table("meta", id("key"), text("value"))

shop = table("shop", id(), text("name"), text("settings", default="{}"), number("created_at"))

inbox = table(
    "inbox",
    id(),
    ref("shop_id", "shop.id"),
    text("kind"),
    text("name"),
    sa.Column("key", sa.Text, nullable=False, unique=True),
    text("config"),
    number("created_at"),
    number("disabled_at", optional=True),
    sa.UniqueConstraint("shop_id", "kind", "name"),
)

agent = table(
    "agent",
    id(),
    ref("shop_id", "shop.id"),
    sa.Column("name", sa.Text, nullable=False, unique=True),
    text("password_hash"),
    text("role"),
    number("capacity"),
    text("state", default="available"),
    text("state_reason", optional=True),
    number("assigned_at", optional=True),
    number("created_at"),
    number("disabled_at", optional=True),
)

agent_group = table(
    "agent_group",
    id(),
    ref("shop_id", "shop.id"),
    text("name"),
    number("position", default="0"),
    sa.UniqueConstraint("shop_id", "name"),
)

group_member = table(
    "group_member",
    sa.Column("group_id", sa.Text, sa.ForeignKey("agent_group.id"), primary_key=True),
    sa.Column("agent_id", sa.Text, sa.ForeignKey("agent.id"), primary_key=True),
)

session = table(
    "session",
    id("token_hash"),
    ref("agent_id", "agent.id"),
    text("csrf"),
    number("created_at"),
    number("seen_at"),
)

# One row a job that only one process may do; the epoch rises with every change of hands.
lease = table("lease", id("name"), text("holder"), number("epoch"), number("until"))

# A provider's pass for our calls, sealed; `holder` fetches a new one and has until `held_until`.
pass_ = table(
    "pass", id("name"), text("sealed"), number("ends_at"), text("holder"), number("held_until")
)

# How far an inbox's messages were fetched; `rung` counts the announcements of more.
feed = table("feed", id("inbox_id"), text("place"), text("ring"), number("rung"))
