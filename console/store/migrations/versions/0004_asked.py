"""What shoppers asked and what the matcher made of it; and the questions that nobody wants to see.

No references: a row is written beside the message path, whose rows it must not hold, and goes with
time.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "asked",
        sa.Column("conversation_id", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("shop_id", sa.Text(), nullable=False),
        sa.Column("contact_id", sa.Text(), nullable=False),
        sa.Column("group_id", sa.Text(), nullable=True),
        sa.Column("inbox_kind", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("entry", sa.Text(), nullable=True),
        sa.Column("score", sa.BigInteger(), nullable=False),
        sa.Column("lead", sa.BigInteger(), nullable=False),
        sa.Column("shown", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.PrimaryKeyConstraint("conversation_id", "seq", name=op.f("pk_asked")),
        sqlite_with_rowid=True,
    )
    op.create_index("ix_asked_time", "asked", ["shop_id", "at"])
    rows = sa.text("text IS NOT NULL")
    op.create_index(
        "ix_asked_unmatched",
        "asked",
        ["shop_id", "at", "conversation_id", "seq"],
        sqlite_where=rows,
        postgresql_where=rows,
    )
    op.create_table(
        "dismissed",
        sa.Column("shop_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("shop_id", "id", name=op.f("pk_dismissed")),
        sqlite_with_rowid=True,
    )


def downgrade() -> None:
    op.drop_table("dismissed")
    op.drop_index("ix_asked_unmatched", "asked")
    op.drop_index("ix_asked_time", "asked")
    op.drop_table("asked")
