"""past forecasts."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Forward. There is no way back: restore a copy instead."""
    op.create_table(
        "past_forecasts",
        sa.Column("milestone", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite"), nullable=False),
        sa.Column("window", sa.Text(), nullable=False),
        sa.Column("part", sa.Double(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("n_weeks", sa.BigInteger(), nullable=False),
        sa.Column("n_reference", sa.BigInteger(), nullable=False),
        sa.Column("n_resolved", sa.BigInteger(), nullable=False),
        sa.Column("scope", sa.BigInteger(), nullable=False),
        sa.Column("remaining", sa.BigInteger(), nullable=False),
        sa.Column("elapsed_weeks", sa.Double(), nullable=True),
        sa.Column("over_at", sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite"), nullable=True),
        sa.Column("known_at", sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite"), nullable=True),
        sa.Column("actual_weeks", sa.Double(), nullable=True),
        sa.Column("open_weeks", sa.Double(), nullable=True),
        sa.Column("window_weeks", sa.Double(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite"), nullable=True),
        sa.Column("due_weeks", sa.Double(), nullable=True),
        sa.Column("is_on_time", sa.Double(), nullable=True),
        sa.Column("p_on_time", sa.Double(), nullable=True),
        sa.Column("p50_weeks", sa.Double(), nullable=True),
        sa.Column("p85_weeks", sa.Double(), nullable=True),
        sa.Column("p95_weeks", sa.Double(), nullable=True),
        sa.Column("crps_weeks", sa.Double(), nullable=True),
        sa.Column("pit", sa.Double(), nullable=True),
        sa.Column("quantiles", sa.Text(), nullable=False),
        sa.Column("raw_quantiles", sa.Text(), nullable=False),
        sa.Column("due_holds_p50", sa.Double(), nullable=True),
        sa.Column("linear_p50", sa.Double(), nullable=True),
        sa.Column("jira_p50", sa.Double(), nullable=True),
        sa.Column("last_three_p50", sa.Double(), nullable=True),
        sa.Column("reference_class_p50", sa.Double(), nullable=True),
        sa.Column("bootstrap_12_p50", sa.Double(), nullable=True),
        sa.Column("due_holds_p85", sa.Double(), nullable=True),
        sa.Column("linear_p85", sa.Double(), nullable=True),
        sa.Column("jira_p85", sa.Double(), nullable=True),
        sa.Column("last_three_p85", sa.Double(), nullable=True),
        sa.Column("reference_class_p85", sa.Double(), nullable=True),
        sa.Column("bootstrap_12_p85", sa.Double(), nullable=True),
        sa.Column("calibrated_at", sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("milestone", "at", "window", name=op.f("pk_past_forecasts")),
        sqlite_with_rowid=False,
    )
