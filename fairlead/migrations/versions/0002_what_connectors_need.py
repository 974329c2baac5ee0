"""what connectors need."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Forward. There is no way back: restore a copy instead."""
    op.create_table(
        "board_items",
        sa.Column("issue", sa.Text(), nullable=False),
        sa.Column("board", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=True),
        sa.Column("iteration", sa.Text(), nullable=True),
        sa.Column("estimate", sa.Double(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite"), nullable=True),
        sa.PrimaryKeyConstraint("issue", "board", name=op.f("pk_board_items")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "issue_links",
        sa.Column("issue", sa.Text(), nullable=False),
        sa.Column("other", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("issue", "other", "kind", name=op.f("pk_issue_links")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "statuses",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("said_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statuses")),
        sqlite_with_rowid=True,
    )
    op.create_table(
        "team_accounts",
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("team", "account", name=op.f("pk_team_accounts")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "tombstones",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("project", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("moved_to", sa.Text(), nullable=True),
        sa.Column("found_at", sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tombstones")),
        sqlite_with_rowid=True,
    )
    with op.batch_alter_table("tombstones") as batch_op:
        batch_op.create_index(batch_op.f("ix_tombstones_project"), ["project"], unique=False)

    with op.batch_alter_table("accounts") as batch_op:
        batch_op.add_column(sa.Column("email_hash", sa.Text(), nullable=True))

    with op.batch_alter_table("issues") as batch_op:
        batch_op.add_column(sa.Column("estimated_hours", sa.Double(), nullable=True))
        batch_op.add_column(sa.Column("remaining_hours", sa.Double(), nullable=True))
        batch_op.add_column(sa.Column("spent_hours", sa.Double(), nullable=True))

    with op.batch_alter_table("sync_runs") as batch_op:
        batch_op.add_column(sa.Column("stage", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("n_done", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("n_total", sa.BigInteger(), nullable=True))

    # Like the version, the edition of a store made anew must not look like its predecessor's.
    counters = sa.table("counters", sa.column("name", sa.Text), sa.column("value", sa.BigInteger))
    op.bulk_insert(counters, [{"name": "edition", "value": secrets.randbits(48)}])
