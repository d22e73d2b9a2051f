"""Env: what Alembic runs. The connection, and with it the transaction, comes from `upgrade`."""

from alembic import context

from matcher.store.tables import VERSION_TABLE, metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
    render_as_batch=True,
    compare_type=True,
)
context.run_migrations()
