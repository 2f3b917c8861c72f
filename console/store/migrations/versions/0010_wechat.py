"""Providers that give passes, windows and pages: what they handed over and what they let us say."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("identity", sa.Column("avatar", sa.Text(), nullable=True))
    op.add_column("identity", sa.Column("union_id", sa.Text(), nullable=True))
    op.add_column("outbox", _number("parts", default="0"))
    op.create_table(
        "payload",
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("message_id", name="pk_payload"),
    )
    op.create_table(
        "allowance",
        sa.Column("identity_id", sa.Text(), nullable=False),
        sa.Column("trigger", sa.Text(), nullable=False),
        _number("at"),
        _number("until"),
        _number("total"),
        sa.PrimaryKeyConstraint("identity_id", "trigger", name="pk_allowance"),
    )
    op.create_table(
        "pass",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        _number("ends_at"),
        sa.Column("holder", sa.Text(), nullable=False),
        _number("held_until"),
        sa.PrimaryKeyConstraint("name", name="pk_pass"),
    )
    op.create_table(
        "feed",
        sa.Column("inbox_id", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("ring", sa.Text(), nullable=False),
        _number("rung"),
        sa.PrimaryKeyConstraint("inbox_id", name="pk_feed"),
    )
    op.create_table(
        "arrival",
        sa.Column("conversation_id", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("inbox_id", sa.Text(), nullable=False),
        sa.Column("media_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        _number("due_at"),
        _number("until"),
        _number("tries", default="0"),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name="fk_arrival_conversation_id"
        ),
        sa.ForeignKeyConstraint(["inbox_id"], ["inbox.id"], name="fk_arrival_inbox_id"),
        sa.PrimaryKeyConstraint("conversation_id", "seq", name="pk_arrival"),
    )
    op.create_index("ix_arrival_due", "arrival", ["due_at"])
    op.create_table(
        "joined",
        sa.Column("identity_id", sa.Text(), nullable=False),
        sa.Column("contact_id", sa.Text(), nullable=False),
        _number("at"),
        sa.Column("undone_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["identity_id"], ["identity.id"], name="fk_joined_identity_id"),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name="fk_joined_contact_id"),
        sa.PrimaryKeyConstraint("identity_id", name="pk_joined"),
    )
    rows = sa.text("union_id IS NOT NULL")
    op.create_index(
        "ix_identity_union", "identity", ["union_id"], sqlite_where=rows, postgresql_where=rows
    )


def downgrade() -> None:
    op.drop_index("ix_identity_union", "identity")
    for name in ("joined", "arrival", "feed", "pass", "allowance", "payload"):
        op.drop_table(name)
    op.drop_column("outbox", "parts")
    op.drop_column("identity", "union_id")
    op.drop_column("identity", "avatar")


def _number(name: str, default: str | None = None) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=False, server_default=default)
