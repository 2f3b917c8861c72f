"""What agents propose for the knowledge, and how often they say what is in it."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "draft",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("shop_id", sa.Text(), nullable=False),
        sa.Column("entry_id", sa.Text(), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=True),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("agent_id", sa.Text(), nullable=False),
        sa.Column("conversation_id", sa.Text(), nullable=True),
        sa.Column("seq", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False, server_default="waiting"),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_draft"),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name="fk_draft_shop_id"),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name="fk_draft_agent_id"),
    )
    rows = sa.text("state = 'waiting'")
    op.create_index(
        "ix_draft_waiting",
        "draft",
        ["shop_id", "at", "id"],
        sqlite_where=rows,
        postgresql_where=rows,
    )
    op.create_index("ix_draft_agent", "draft", ["shop_id", "agent_id", "at"])
    op.create_table(
        "usage",
        sa.Column("shop_id", sa.Text(), nullable=False),
        sa.Column("entry_id", sa.Text(), nullable=False),
        sa.Column("agent_id", sa.Text(), nullable=False),
        sa.Column("day", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("sent", sa.BigInteger(), nullable=False),
        sa.Column("edited", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("shop_id", "entry_id", "agent_id", "day", name="pk_usage"),
    )
    op.create_index("ix_usage_day", "usage", ["shop_id", "day"])


def downgrade() -> None:
    op.drop_table("usage")
    op.drop_table("draft")
