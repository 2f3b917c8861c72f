"""What files did to the shelf, and what entries were before, so that it can be taken back.

The rows of entries refer to nothing: they are written in parts, before the import itself counts.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "shelf_import",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("shop_id", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.Text(), nullable=True),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("undone_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_shelf_import_shop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shelf_import")),
        sqlite_with_rowid=True,
    )
    op.create_index("ix_shelf_import_time", "shelf_import", ["shop_id", "at", "id"])
    op.create_table(
        "shelf_import_entry",
        sa.Column("import_id", sa.Text(), nullable=False),
        sa.Column("entry_id", sa.Text(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=True),
        sa.Column("was", sa.BigInteger(), nullable=True),
        sa.Column("base", sa.Text(), nullable=True),
        sa.Column("left_as", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=True),
        sa.Column("deleted_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("import_id", "entry_id", name=op.f("pk_shelf_import_entry")),
        sqlite_with_rowid=True,
    )


def downgrade() -> None:
    op.drop_table("shelf_import_entry")
    op.drop_index("ix_shelf_import_time", "shelf_import")
    op.drop_table("shelf_import")
