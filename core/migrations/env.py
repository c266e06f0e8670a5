"""Alembic's entry: runs the versions on the connection it is handed."""

from alembic import context

from core.tables import metadata

context.configure(
    connection=context.config.attributes["connection"], target_metadata=metadata, transaction_per_migration=False
)
with context.begin_transaction():
    context.run_migrations()
