"""What each revision of an entry did, and with which others; whose a shortcut is, and the order."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "entry_revision",
        sa.Column("change", sa.Text(), nullable=False, server_default="imported"),
    )
    op.add_column("entry_revision", sa.Column("batch", sa.Text(), nullable=True))
    op.execute("UPDATE entry_revision SET change = 'changed' WHERE \"by\" IS NOT NULL")
    rows = sa.text("batch IS NOT NULL")
    op.create_index(
        "ix_entry_revision_batch",
        "entry_revision",
        ["shop_id", "batch"],
        sqlite_where=rows,
        postgresql_where=rows,
    )
    op.add_column("entry", sa.Column("shortcut", sa.Text(), nullable=True))
    op.create_index("ix_entry_shortcut", "entry", ["shop_id", "shortcut"])
    op.create_index("ix_entry_place", "entry", ["shop_id", "position", "id"])
    _read_shortcuts()


def _read_shortcuts() -> None:
    connection = op.get_bind()
    found = connection.execute(sa.text("SELECT shop_id, id, body FROM entry")).all()
    named = [
        {"shop": shop, "id": one, "shortcut": shortcut}
        for shop, one, body in found
        if (shortcut := json.loads(body).get("shortcut"))
    ]
    if named:
        connection.execute(
            sa.text("UPDATE entry SET shortcut = :shortcut WHERE shop_id = :shop AND id = :id"),
            named,
        )


def downgrade() -> None:
    op.drop_index("ix_entry_place", "entry")
    op.drop_index("ix_entry_shortcut", "entry")
    op.drop_column("entry", "shortcut")
    op.drop_index("ix_entry_revision_batch", "entry_revision")
    op.drop_column("entry_revision", "batch")
    op.drop_column("entry_revision", "change")
