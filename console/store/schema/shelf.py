"""The knowledge, and what is learnt of it."""

import sqlalchemy as sa

from console.store.schema.columns import flag, id, number, part, ref, table, text

entry = table(
    "entry",
    sa.Column("shop_id", sa.Text, sa.ForeignKey("shop.id"), primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),
    text("body"),
    text("base", optional=True),
    number("position"),
    number("revision"),
    number("updated_at"),
    text("updated_by", optional=True),
    number("deleted_at", optional=True),
    text("shortcut", optional=True),
    sa.Index("ix_entry_shortcut", "shop_id", "shortcut"),
    sa.Index("ix_entry_place", "shop_id", "position", "id"),
)

# `batch` is what was written together and is taken back together.
entry_revision = table(
    "entry_revision",
    sa.Column("shop_id", sa.Text, primary_key=True),
    sa.Column("entry_id", sa.Text, primary_key=True),
    sa.Column("revision", sa.BigInteger, primary_key=True, autoincrement=False),
    number("at"),
    text("by", optional=True),
    text("body", optional=True),
    text("change", default="imported"),
    text("batch", optional=True),
    part("ix_entry_revision_batch", "shop_id", "batch", where="batch IS NOT NULL"),
)

# What a file did to the shelf; `id` is the batch of its revisions, `words` the shop's words before
# and after it.
shelf_import = table(
    "shelf_import", id(), ref("shop_id", "shop.id"), number("at"), text("by", optional=True),
    text("file"), text("format"), text("counts"), text("words", optional=True),
    number("undone_at", optional=True), sa.Index("ix_shelf_import_time", "shop_id", "at", "id"),
)  # fmt: skip

# What an entry was before an import, which wrote `revision` of it, or none where it only remembered
# what the file says; `left_as` stands for the `base` that it left, `was` is the revision before.
shelf_import_entry = table(
    "shelf_import_entry", id("import_id"), id("entry_id"), number("revision", optional=True),
    number("was", optional=True), text("base", optional=True), text("left_as"),
    number("position", optional=True), number("deleted_at", optional=True),
)  # fmt: skip

proposal = table(
    "proposal",
    id(),
    ref("shop_id", "shop.id"),
    text("entry_id"),
    text("wording"),
    text("text"),
    ref("agent_id", "agent.id"),
    text("conversation_id"),
    number("seq"),
    number("at"),
    sa.UniqueConstraint("shop_id", "entry_id", "wording"),
)

# Refers to no other table: a note of what was suggested must not hold the row of a conversation.
offer = table(
    "offer",
    sa.Column("conversation_id", sa.Text, primary_key=True),
    sa.Column("for_seq", sa.BigInteger, primary_key=True, autoincrement=False),
    text("shop_id"),
    number("at"),
    text("agent_id", optional=True),
    text("group_id", optional=True),
    text("inbox_kind"),
    text("wording"),
    flag("passed"),
    text("items"),
    sa.Index("ix_offer_since", "shop_id", "at", "conversation_id", "for_seq"),
)

# A matched message of a shopper; `score` and `lead` in ten-thousandths, `text` only where nothing
# was shown. No references: it is written beside the message path, whose rows it must not hold.
asked = table(
    "asked",
    sa.Column("conversation_id", sa.Text, primary_key=True),
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    text("shop_id"),
    text("contact_id"),
    text("group_id", optional=True),
    text("inbox_kind"),
    number("at"),
    text("text", optional=True),
    text("entry", optional=True),
    number("score"),
    number("lead"),
    flag("shown"),
    sa.Index("ix_asked_time", "shop_id", "at"),
    part(
        "ix_asked_unmatched",
        "shop_id",
        "at",
        "conversation_id",
        "seq",
        where="text IS NOT NULL",
    ),
)

# Unmatched questions that somebody took off the list, by the middle of their group at that moment.
dismissed = table(
    "dismissed",
    sa.Column("shop_id", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),
    text("text"),
    number("at"),
    text("by", optional=True),
)

# An entry, or a change of one, that an agent proposes; `fields` are as a form sends them.
draft = table(
    "draft",
    id(),
    ref("shop_id", "shop.id"),
    text("entry_id", optional=True),
    number("revision", optional=True),
    text("fields"),
    text("note"),
    ref("agent_id", "agent.id"),
    text("conversation_id", optional=True),
    number("seq", optional=True),
    number("at"),
    text("state", default="waiting"),
    text("decided_by", optional=True),
    number("decided_at", optional=True),
    text("reason", optional=True),
    part("ix_draft_waiting", "shop_id", "at", "id", where="state = 'waiting'"),
    sa.Index("ix_draft_agent", "shop_id", "agent_id", "at"),
)

# `day` is the ordinal of a date of the shop's.
usage = table(
    "usage",
    sa.Column("shop_id", sa.Text, primary_key=True),
    sa.Column("entry_id", sa.Text, primary_key=True),
    sa.Column("agent_id", sa.Text, primary_key=True),
    sa.Column("day", sa.BigInteger, primary_key=True, autoincrement=False),
    number("sent"),
    number("edited"),
    sa.Index("ix_usage_day", "shop_id", "day"),
)
