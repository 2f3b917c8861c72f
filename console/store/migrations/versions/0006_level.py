"""The level that a shop says its customer has."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("contact", sa.Column("level", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("contact", "level")
