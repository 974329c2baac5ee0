"""whose public holidays people have."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Forward. There is no way back: restore a copy instead."""
    with op.batch_alter_table("people") as batch_op:
        batch_op.add_column(sa.Column("country", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("region", sa.Text(), nullable=True))
