"""Alembic's door: runs the scripts on the connection that `fairlead.store.migration` hands over."""

from alembic import context

from fairlead.store.migration import VERSION_TABLE
from fairlead.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
    compare_type=True,
    render_as_batch=True,  # SQLite cannot alter a column; Alembic then makes the table anew
)
with context.begin_transaction():
    context.run_migrations()
