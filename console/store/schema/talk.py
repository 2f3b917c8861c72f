"""Customers, and what is said with them."""

import sqlalchemy as sa

from console.store.schema.columns import flag, id, number, part, ref, serial, table, text

contact = table(
    "contact",
    id(),
    ref("shop_id", "shop.id"),
    text("name"),
    text("email", optional=True),
    text("phone", optional=True),
    text("level", optional=True),
    text("merged_into", optional=True),
    number("created_at"),
)

identity = table(
    "identity",
    id(),
    ref("inbox_id", "inbox.id"),
    text("external_id"),
    ref("contact_id", "contact.id"),
    text("name"),
    flag("verified"),
    text("avatar", optional=True),
    text("union_id", optional=True),
    number("created_at"),
    sa.UniqueConstraint("inbox_id", "external_id"),
    sa.Index(None, "contact_id"),
    part("ix_identity_union", "union_id", where="union_id IS NOT NULL"),
)

# An identity that was found to be another contact's; `contact_id` is whose it came as.
joined = table(
    "joined",
    sa.Column("identity_id", sa.Text, sa.ForeignKey("identity.id"), primary_key=True),
    ref("contact_id", "contact.id"),
    number("at"),
    number("undone_at", optional=True),
)

visitor = table(
    "visitor",
    id("token_hash"),
    ref("identity_id", "identity.id"),
    ref("inbox_id", "inbox.id"),
    number("created_at"),
    number("seen_at"),
    sa.Index(None, "identity_id"),
)

used_token = table("used_token", id("jti"), number("expires_at"), rowid=False)

conversation = table(
    "conversation",
    id(),
    ref("shop_id", "shop.id"),
    ref("inbox_id", "inbox.id"),
    ref("contact_id", "contact.id"),
    ref("identity_id", "identity.id"),
    text("stage"),
    ref("agent_id", "agent.id", optional=True),
    ref("group_id", "agent_group.id", optional=True),
    number("assign_epoch", default="0"),
    text("assign_reason", optional=True),
    number("waiting_since", optional=True),
    number("queued_at", optional=True),
    number("last_seq", default="0"),
    number("shopper_seq", default="0"),
    number("unread", default="0"),
    number("agent_read", default="0"),
    number("shopper_read", default="0"),
    text("last_text", optional=True),
    text("last_kind", optional=True),
    text("last_author", optional=True),
    number("last_at", optional=True),
    number("created_at"),
    number("closed_at", optional=True),
    text("summary", optional=True),
    number("rating", optional=True),
    sa.Index("ix_conversation_latest", "identity_id", "created_at", "id"),
    sa.Index(None, "contact_id"),
    sa.Index("ix_conversation_floor", "shop_id", "stage", "queued_at"),
    sa.Index("ix_conversation_load", "agent_id", "stage"),
)

# In the order of arrival on SQLite: rows sorted by conversation would touch a page for each.
message = table(
    "message",
    sa.Column("conversation_id", sa.Text, sa.ForeignKey("conversation.id"), primary_key=True),
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    number("shopper_seq", optional=True),
    text("id"),
    text("sender"),
    text("client_id"),
    text("body_hash"),
    text("author_kind"),
    text("author_id", optional=True),
    text("author_name", optional=True),
    text("kind"),
    text("text"),
    text("data", optional=True),
    flag("private"),
    text("delivery", optional=True),
    number("at"),
    number("recalled_at", optional=True),
    sa.UniqueConstraint("sender", "client_id"),
)

# What a provider handed over, word for word, beside the message it became.
payload = table("payload", id("message_id"), text("body"))

# What a provider lets us say to somebody, by the kind of deed that granted it; the latest counts.
allowance = table(
    "allowance",
    id("identity_id"),
    id("trigger"),
    number("at"),
    number("until"),
    number("total"),
)

# A file that a provider keeps still, by the message that waits for it.
arrival = table(
    "arrival",
    sa.Column("conversation_id", sa.Text, sa.ForeignKey("conversation.id"), primary_key=True),
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    ref("inbox_id", "inbox.id"),
    text("media_id"),
    text("kind"),
    number("due_at"),
    number("until"),
    number("tries", default="0"),
    sa.Index("ix_arrival_due", "due_at"),
)

event = table(
    "event",
    serial(),
    number("at"),
    text("shop_id"),
    text("kind"),
    text("conversation_id", optional=True),
    text("agent_id", optional=True),
    number("seq", optional=True),
    text("data", optional=True),
    sa.Index("ix_event_kind", "shop_id", "kind", "at"),
)

page_view = table(
    "page_view",
    serial(),
    ref("identity_id", "identity.id"),
    text("url"),
    text("title"),
    text("product", optional=True),
    number("at"),
    sa.Index(None, "identity_id", "id"),
)

# `attempts` counts every try and `tries` those since somebody last pressed Resend, at `since`;
# `parts` those of its parts that were taken;
# `lease_epoch` is whose try the latest was: who holds another epoch may not say how it ended.
outbox = table(
    "outbox",
    id(),
    ref("conversation_id", "conversation.id"),
    number("seq"),
    ref("inbox_id", "inbox.id"),
    text("state"),
    number("attempts", default="0"),
    number("due_at"),
    number("lease_epoch", default="0"),
    text("provider_id", optional=True),
    text("reason", optional=True),
    number("created_at", default="0"),
    number("since", default="0"),
    number("tries", default="0"),
    number("called_at", optional=True),
    number("ended_at", optional=True),
    number("parts", default="0"),
    sa.UniqueConstraint("conversation_id", "seq"),
    sa.Index("ix_outbox_due", "state", "due_at"),
    part("ix_outbox_next", "inbox_id", "due_at", where="state IN ('queued', 'retry')"),
    part(
        "ix_outbox_ahead",
        "conversation_id",
        "seq",
        where="state IN ('queued', 'sending', 'retry')",
    ),
)

ticket = table(
    "ticket",
    id(),
    ref("shop_id", "shop.id"),
    ref("contact_id", "contact.id"),
    ref("conversation_id", "conversation.id", optional=True),
    text("kind"),
    text("title"),
    ref("owner_id", "agent.id", optional=True),
    number("due_at", optional=True),
    text("state"),
    text("result", optional=True),
    number("created_at"),
)

follow_up = table(
    "follow_up",
    id(),
    ref("ticket_id", "ticket.id"),
    ref("agent_id", "agent.id", optional=True),
    text("text"),
    number("due_at", optional=True),
    number("done_at", optional=True),
    number("created_at"),
)

# `uses` counts the messages that show it, `conversation_id` and `seq` name the latest; `due_at` is
# when it is removed unless something shows it then.
file = table(
    "file",
    id(),
    ref("shop_id", "shop.id"),
    ref("agent_id", "agent.id", optional=True),
    ref("identity_id", "identity.id", optional=True),
    ref("inbox_id", "inbox.id", optional=True),
    text("name"),
    text("type"),
    number("size"),
    number("width", optional=True),
    number("height", optional=True),
    flag("small"),
    text("sha256"),
    number("created_at"),
    ref("conversation_id", "conversation.id", optional=True),
    number("seq", optional=True),
    number("uses", default="0"),
    number("due_at", optional=True),
    sa.Index("ix_file_identity", "identity_id", "created_at"),
    part("ix_file_due", "due_at", where="due_at IS NOT NULL"),
)
