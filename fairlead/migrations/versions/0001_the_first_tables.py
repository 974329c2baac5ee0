"""the first tables."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Forward. There is no way back: restore a copy instead."""
    op.create_table(
        "accounts",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=True),
        sa.Column("confidence", sa.Double(), nullable=True),
        sa.Column("matched_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sqlite_with_rowid=True,
    )
    op.create_table(
        "comments",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("pull_request", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comments")),
        sqlite_with_rowid=True,
    )
    op.create_index(op.f("ix_comments_pull_request"), "comments", ["pull_request"])
    op.create_table(
        "counters",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_counters")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "cursors",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("cursor", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("source", "stream", name=op.f("pk_cursors")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "files",
        sa.Column("pull_request", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("additions", sa.BigInteger(), nullable=True),
        sa.Column("deletions", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("pull_request", "path", name=op.f("pk_files")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "issue_assignees",
        sa.Column("issue", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("issue", "account", name=op.f("pk_issue_assignees")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "issue_events",
        sa.Column("issue", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite"), nullable=False),
        sa.Column("actor", sa.Text(), nullable=True),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("old", sa.Text(), nullable=True),
        sa.Column("new", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("issue", "seq", name=op.f("pk_issue_events")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "issue_labels",
        sa.Column("issue", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("issue", "label", name=op.f("pk_issue_labels")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "issue_milestones",
        sa.Column("issue", sa.Text(), nullable=False),
        sa.Column("milestone", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("issue", "milestone", name=op.f("pk_issue_milestones")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "issues",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("project", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("status_category", sa.Text(), nullable=False),
        sa.Column("resolution", sa.Text(), nullable=True),
        sa.Column("priority", sa.Text(), nullable=True),
        sa.Column("author", sa.Text(), nullable=True),
        sa.Column("parent", sa.Text(), nullable=True),
        sa.Column("estimate", sa.Double(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite"), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite"), nullable=True),
        sa.Column("due_on", sa.Date().with_variant(sa.Text(), "sqlite"), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issues")),
        sqlite_with_rowid=True,
    )
    op.create_index(op.f("ix_issues_project"), "issues", ["project"])
    op.create_table(
        "milestone_changes",
        sa.Column("milestone", sa.Text(), nullable=False),
        sa.Column("not_before_at", sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite"), nullable=True),
        sa.Column("observed_at", sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite"), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("old", sa.Text(), nullable=True),
        sa.Column("new", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("milestone", "observed_at", "field", name=op.f("pk_milestone_changes")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "milestones",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("project", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("start_on", sa.Date().with_variant(sa.Text(), "sqlite"), nullable=True),
        sa.Column("due_on", sa.Date().with_variant(sa.Text(), "sqlite"), nullable=True),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite"), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite"), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite"), nullable=True),
        sa.Column("url", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_milestones")),
        sqlite_with_rowid=True,
    )
    op.create_index(op.f("ix_milestones_project"), "milestones", ["project"])
    op.create_table(
        "milestones_seen",
        sa.Column("milestone", sa.Text(), nullable=False),
        sa.Column("observed_at", sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("milestone", name=op.f("pk_milestones_seen")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "people",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=True),
        sa.Column("workdays", sa.Text(), nullable=True),
        sa.Column("day_start", sa.Text(), nullable=True),
        sa.Column("day_end", sa.Text(), nullable=True),
        sa.Column("share", sa.Double(), nullable=True),
        sa.Column("start_on", sa.Date().with_variant(sa.Text(), "sqlite"), nullable=True),
        sa.Column("leave_on", sa.Date().with_variant(sa.Text(), "sqlite"), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sqlite_with_rowid=True,
    )
    op.create_table(
        "pull_request_events",
        sa.Column("pull_request", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite"), nullable=False),
        sa.Column("actor", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("pull_request", "seq", name=op.f("pk_pull_request_events")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "pull_request_issues",
        sa.Column("pull_request", sa.Text(), nullable=False),
        sa.Column("issue", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("pull_request", "issue", name=op.f("pk_pull_request_issues")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "pull_request_labels",
        sa.Column("pull_request", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("pull_request", "label", name=op.f("pk_pull_request_labels")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "pull_requests",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("project", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("is_draft", sa.Boolean(), nullable=False),
        sa.Column("base", sa.Text(), nullable=True),
        sa.Column("milestone", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite"), nullable=False),
        sa.Column("merged_at", sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite"), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite"), nullable=True),
        sa.Column("merged_by", sa.Text(), nullable=True),
        sa.Column("additions", sa.BigInteger(), nullable=True),
        sa.Column("deletions", sa.BigInteger(), nullable=True),
        sa.Column("changed_files", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pull_requests")),
        sqlite_with_rowid=True,
    )
    op.create_index(op.f("ix_pull_requests_project"), "pull_requests", ["project"])
    op.create_table(
        "releases",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("project", sa.Text(), nullable=False),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite"), nullable=False),
        sa.Column("is_prerelease", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_releases")),
        sqlite_with_rowid=True,
    )
    op.create_index(op.f("ix_releases_project"), "releases", ["project"])
    op.create_table(
        "reviews",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("pull_request", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite"), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
        sqlite_with_rowid=True,
    )
    op.create_index(op.f("ix_reviews_pull_request"), "reviews", ["pull_request"])
    op.create_table(
        "sync_runs",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite"), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite"), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("requests", sa.BigInteger(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=True),
        sa.Column("warnings", sa.Text(), nullable=True),
        sa.Column("watermark", sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite"), nullable=True),
        sa.PrimaryKeyConstraint("source", "started_at", name=op.f("pk_sync_runs")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "team_members",
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("team", "person", name=op.f("pk_team_members")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "teams",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_teams")),
        sqlite_with_rowid=True,
    )
    op.create_table(
        "time_off",
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("start_on", sa.Date().with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.Column("end_on", sa.Date().with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("person", "start_on", name=op.f("pk_time_off")),
        sqlite_with_rowid=False,
    )
    # A store made anew does not count from where its predecessor did: what is cached of that one must not look current.
    version = sa.table("counters", sa.column("name", sa.Text), sa.column("value", sa.BigInteger))
    op.bulk_insert(version, [{"name": "version", "value": secrets.randbits(48)}])
