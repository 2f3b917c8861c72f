"""The tables, in the words of the field. Alembic compares the database with this file.

Times are BIGINT milliseconds since 1970 UTC, ids are 20 random hex characters, JSON is TEXT: the
three types that SQLite and PostgreSQL store and hand back alike.
"""

import sqlalchemy as sa

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _id(name: str = "id", *, primary: bool = True) -> sa.Column[str]:
    return sa.Column(name, sa.Text, primary_key=primary, nullable=False)


def _ref(name: str, target: str, *, optional: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, sa.ForeignKey(target), nullable=optional)


def _text(name: str, *, optional: bool = False, default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=optional, server_default=default)


def _number(name: str, *, optional: bool = False, default: str | None = None) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=optional, server_default=default)


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean, nullable=False, server_default=sa.false())


def _serial() -> sa.Column[int]:
    kind = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    return sa.Column("id", kind, primary_key=True, autoincrement=True)


def _part(name: str, *columns: str, where: str) -> sa.Index:
    """An index of some of the rows."""
    rows = sa.text(where)
    return sa.Index(name, *columns, sqlite_where=rows, postgresql_where=rows)


def _table(name: str, *parts: sa.schema.SchemaItem, rowid: bool = True) -> sa.Table:
    return sa.Table(name, metadata, *parts, sqlite_with_rowid=rowid)


meta = _table("meta", _id("key"), _text("value"))

shop = _table("shop", _id(), _text("name"), _text("settings", default="{}"), _number("created_at"))

inbox = _table(
    "inbox",
    _id(),
    _ref("shop_id", "shop.id"),
    _text("kind"),
    _text("name"),
    sa.Column("key", sa.Text, nullable=False, unique=True),
    _text("config"),
    _number("created_at"),
    _number("disabled_at", optional=True),
    sa.UniqueConstraint("shop_id", "kind", "name"),
)

agent = _table(
    "agent",
    _id(),
    _ref("shop_id", "shop.id"),
    sa.Column("name", sa.Text, nullable=False, unique=True),
    _text("password_hash"),
    _text("role"),
    _number("capacity"),
    _text("state", default="available"),
    _text("state_reason", optional=True),
    _number("assigned_at", optional=True),
    _number("created_at"),
    _number("disabled_at", optional=True),
)

agent_group = _table(
    "agent_group",
    _id(),
    _ref("shop_id", "shop.id"),
    _text("name"),
    _number("position", default="0"),
    sa.UniqueConstraint("shop_id", "name"),
)

group_member = _table(
    "group_member",
    sa.Column("group_id", sa.Text, sa.ForeignKey("agent_group.id"), primary_key=True),
    sa.Column("agent_id", sa.Text, sa.ForeignKey("agent.id"), primary_key=True),
)

session = _table(
    "session",
    _id("token_hash"),
    _ref("agent_id", "agent.id"),
    _text("csrf"),
    _number("created_at"),
    _number("seen_at"),
)

contact = _table(
    "contact",
    _id(),
    _ref("shop_id", "shop.id"),
    _text("name"),
    _text("email", optional=True),
    _text("phone", optional=True),
    _text("level", optional=True),
    _text("merged_into", optional=True),
    _number("created_at"),
)

identity = _table(
    "identity",
    _id(),
    _ref("inbox_id", "inbox.id"),
    _text("external_id"),
    _ref("contact_id", "contact.id"),
    _text("name"),
    _flag("verified"),
    _number("created_at"),
    sa.UniqueConstraint("inbox_id", "external_id"),
    sa.Index(None, "contact_id"),
)

visitor = _table(
    "visitor",
    _id("token_hash"),
    _ref("identity_id", "identity.id"),
    _ref("inbox_id", "inbox.id"),
    _number("created_at"),
    _number("seen_at"),
    sa.Index(None, "identity_id"),
)

used_token = _table("used_token", _id("jti"), _number("expires_at"), rowid=False)

conversation = _table(
    "conversation",
    _id(),
    _ref("shop_id", "shop.id"),
    _ref("inbox_id", "inbox.id"),
    _ref("contact_id", "contact.id"),
    _ref("identity_id", "identity.id"),
    _text("stage"),
    _ref("agent_id", "agent.id", optional=True),
    _ref("group_id", "agent_group.id", optional=True),
    _number("assign_epoch", default="0"),
    _text("assign_reason", optional=True),
    _number("waiting_since", optional=True),
    _number("queued_at", optional=True),
    _number("last_seq", default="0"),
    _number("shopper_seq", default="0"),
    _number("unread", default="0"),
    _number("agent_read", default="0"),
    _number("shopper_read", default="0"),
    _text("last_text", optional=True),
    _text("last_kind", optional=True),
    _text("last_author", optional=True),
    _number("last_at", optional=True),
    _number("created_at"),
    _number("closed_at", optional=True),
    _text("summary", optional=True),
    _number("rating", optional=True),
    sa.Index("ix_conversation_latest", "identity_id", "created_at", "id"),
    sa.Index(None, "contact_id"),
    sa.Index("ix_conversation_floor", "shop_id", "stage", "queued_at"),
    sa.Index("ix_conversation_load", "agent_id", "stage"),
)

# In the order of arrival on SQLite: rows sorted by conversation would touch a page for each.
message = _table(
    "message",
    sa.Column("conversation_id", sa.Text, sa.ForeignKey("conversation.id"), primary_key=True),
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    _number("shopper_seq", optional=True),
    _text("id"),
    _text("sender"),
    _text("client_id"),
    _text("body_hash"),
    _text("author_kind"),
    _text("author_id", optional=True),
    _text("author_name", optional=True),
    _text("kind"),
    _text("text"),
    _text("data", optional=True),
    _flag("private"),
    _text("delivery", optional=True),
    _number("at"),
    _number("recalled_at", optional=True),
    sa.UniqueConstraint("sender", "client_id"),
)

event = _table(
    "event",
    _serial(),
    _number("at"),
    _text("shop_id"),
    _text("kind"),
    _text("conversation_id", optional=True),
    _text("agent_id", optional=True),
    _number("seq", optional=True),
    _text("data", optional=True),
    sa.Index("ix_event_kind", "shop_id", "kind", "at"),
)

page_view = _table(
    "page_view",
    _serial(),
    _ref("identity_id", "identity.id"),
    _text("url"),
    _text("title"),
    _text("product", optional=True),
    _number("at"),
    sa.Index(None, "identity_id", "id"),
)

entry = _table(
    "entry",
    sa.Column("shop_id", sa.Text, sa.ForeignKey("shop.id"), primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),
    _text("body"),
    _text("base", optional=True),
    _number("position"),
    _number("revision"),
    _number("updated_at"),
    _text("updated_by", optional=True),
    _number("deleted_at", optional=True),
    _text("shortcut", optional=True),
    sa.Index("ix_entry_shortcut", "shop_id", "shortcut"),
    sa.Index("ix_entry_place", "shop_id", "position", "id"),
)

# `batch` is what was written together and is taken back together.
entry_revision = _table(
    "entry_revision",
    sa.Column("shop_id", sa.Text, primary_key=True),
    sa.Column("entry_id", sa.Text, primary_key=True),
    sa.Column("revision", sa.BigInteger, primary_key=True, autoincrement=False),
    _number("at"),
    _text("by", optional=True),
    _text("body", optional=True),
    _text("change", default="imported"),
    _text("batch", optional=True),
    _part("ix_entry_revision_batch", "shop_id", "batch", where="batch IS NOT NULL"),
)

# What a file did to the shelf; `id` is the batch of its revisions, `words` the shop's words before
# and after it.
shelf_import = _table(
    "shelf_import", _id(), _ref("shop_id", "shop.id"), _number("at"), _text("by", optional=True),
    _text("file"), _text("format"), _text("counts"), _text("words", optional=True),
    _number("undone_at", optional=True), sa.Index("ix_shelf_import_time", "shop_id", "at", "id"),
)  # fmt: skip

# What an entry was before an import, which wrote `revision` of it, or none where it only remembered
# what the file says; `left_as` stands for the `base` that it left, `was` is the revision before.
shelf_import_entry = _table(
    "shelf_import_entry", _id("import_id"), _id("entry_id"), _number("revision", optional=True),
    _number("was", optional=True), _text("base", optional=True), _text("left_as"),
    _number("position", optional=True), _number("deleted_at", optional=True),
)  # fmt: skip

# Refers to no other table: a note of what was suggested must not hold the row of a conversation.
offer = _table(
    "offer",
    sa.Column("conversation_id", sa.Text, primary_key=True),
    sa.Column("for_seq", sa.BigInteger, primary_key=True, autoincrement=False),
    _text("shop_id"),
    _number("at"),
    _text("agent_id", optional=True),
    _text("group_id", optional=True),
    _text("inbox_kind"),
    _text("wording"),
    _flag("passed"),
    _text("items"),
    sa.Index("ix_offer_since", "shop_id", "at", "conversation_id", "for_seq"),
)

proposal = _table(
    "proposal",
    _id(),
    _ref("shop_id", "shop.id"),
    _text("entry_id"),
    _text("wording"),
    _text("text"),
    _ref("agent_id", "agent.id"),
    _text("conversation_id"),
    _number("seq"),
    _number("at"),
    sa.UniqueConstraint("shop_id", "entry_id", "wording"),
)

# `attempts` counts every try and `tries` those since somebody last pressed Resend, at `since`;
# `lease_epoch` is whose try the latest was: who holds another epoch may not say how it ended.
outbox = _table(
    "outbox",
    _id(),
    _ref("conversation_id", "conversation.id"),
    _number("seq"),
    _ref("inbox_id", "inbox.id"),
    _text("state"),
    _number("attempts", default="0"),
    _number("due_at"),
    _number("lease_epoch", default="0"),
    _text("provider_id", optional=True),
    _text("reason", optional=True),
    _number("created_at", default="0"),
    _number("since", default="0"),
    _number("tries", default="0"),
    _number("called_at", optional=True),
    _number("ended_at", optional=True),
    sa.UniqueConstraint("conversation_id", "seq"),
    sa.Index("ix_outbox_due", "state", "due_at"),
    _part("ix_outbox_next", "inbox_id", "due_at", where="state IN ('queued', 'retry')"),
    _part(
        "ix_outbox_ahead",
        "conversation_id",
        "seq",
        where="state IN ('queued', 'sending', 'retry')",
    ),
)

# A matched message of a shopper; `score` and `lead` in ten-thousandths, `text` only where nothing
# was shown. No references: it is written beside the message path, whose rows it must not hold.
asked = _table(
    "asked",
    sa.Column("conversation_id", sa.Text, primary_key=True),
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    _text("shop_id"),
    _text("contact_id"),
    _text("group_id", optional=True),
    _text("inbox_kind"),
    _number("at"),
    _text("text", optional=True),
    _text("entry", optional=True),
    _number("score"),
    _number("lead"),
    _flag("shown"),
    sa.Index("ix_asked_time", "shop_id", "at"),
    _part(
        "ix_asked_unmatched",
        "shop_id",
        "at",
        "conversation_id",
        "seq",
        where="text IS NOT NULL",
    ),
)

# Unmatched questions that somebody took off the list, by the middle of their group at that moment.
dismissed = _table(
    "dismissed",
    sa.Column("shop_id", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),
    _text("text"),
    _number("at"),
    _text("by", optional=True),
)

# One row a job that only one process may do; the epoch rises with every change of hands.
lease = _table("lease", _id("name"), _text("holder"), _number("epoch"), _number("until"))

ticket = _table(
    "ticket",
    _id(),
    _ref("shop_id", "shop.id"),
    _ref("contact_id", "contact.id"),
    _ref("conversation_id", "conversation.id", optional=True),
    _text("kind"),
    _text("title"),
    _ref("owner_id", "agent.id", optional=True),
    _number("due_at", optional=True),
    _text("state"),
    _text("result", optional=True),
    _number("created_at"),
)

follow_up = _table(
    "follow_up",
    _id(),
    _ref("ticket_id", "ticket.id"),
    _ref("agent_id", "agent.id", optional=True),
    _text("text"),
    _number("due_at", optional=True),
    _number("done_at", optional=True),
    _number("created_at"),
)
