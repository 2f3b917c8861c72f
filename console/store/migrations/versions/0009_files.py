"""Files: pictures and others that people send, and the pictures of answers."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "file",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("shop_id", sa.Text(), nullable=False),
        sa.Column("agent_id", sa.Text(), nullable=True),
        sa.Column("identity_id", sa.Text(), nullable=True),
        sa.Column("inbox_id", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("width", sa.BigInteger(), nullable=True),
        sa.Column("height", sa.BigInteger(), nullable=True),
        sa.Column("small", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("conversation_id", sa.Text(), nullable=True),
        sa.Column("seq", sa.BigInteger(), nullable=True),
        sa.Column("uses", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name="fk_file_shop_id"),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name="fk_file_agent_id"),
        sa.ForeignKeyConstraint(["identity_id"], ["identity.id"], name="fk_file_identity_id"),
        sa.ForeignKeyConstraint(["inbox_id"], ["inbox.id"], name="fk_file_inbox_id"),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name="fk_file_conversation_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_file"),
    )
    op.create_index("ix_file_identity", "file", ["identity_id", "created_at"])
    rows = sa.text("due_at IS NOT NULL")
    op.create_index("ix_file_due", "file", ["due_at"], sqlite_where=rows, postgresql_where=rows)


def downgrade() -> None:
    op.drop_table("file")
