"""What the outbox needs to be worked off by one process at a time: when, which try, whose lease.

And an index from which a person's newest conversation is read without sorting.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TIMES = ("created_at", "since", "tries")
MOMENTS = ("called_at", "ended_at")
PARTS = {
    "ix_outbox_next": (["inbox_id", "due_at"], "state IN ('queued', 'retry')"),
    "ix_outbox_ahead": (["conversation_id", "seq"], "state IN ('queued', 'sending', 'retry')"),
}


def upgrade() -> None:
    op.create_table(
        "lease",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lease")),
        sqlite_with_rowid=True,
    )
    for name in TIMES:
        op.add_column(
            "outbox", sa.Column(name, sa.BigInteger(), nullable=False, server_default="0")
        )
    for name in MOMENTS:
        op.add_column("outbox", sa.Column(name, sa.BigInteger(), nullable=True))
    op.execute("UPDATE outbox SET created_at = due_at, since = due_at")
    for name, (columns, where) in PARTS.items():
        rows = sa.text(where)
        op.create_index(name, "outbox", columns, sqlite_where=rows, postgresql_where=rows)
    op.drop_index("ix_conversation_identity_id", "conversation")
    op.create_index("ix_conversation_latest", "conversation", ["identity_id", "created_at", "id"])


def downgrade() -> None:
    op.drop_index("ix_conversation_latest", "conversation")
    op.create_index("ix_conversation_identity_id", "conversation", ["identity_id", "created_at"])
    for name in PARTS:
        op.drop_index(name, "outbox")
    with op.batch_alter_table("outbox") as batch:
        for name in (*TIMES, *MOMENTS):
            batch.drop_column(name)
    op.drop_table("lease")
