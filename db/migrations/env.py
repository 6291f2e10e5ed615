"""Alembic's environment: it runs on a connection that staffdesk opened and never opens one of its own."""

from alembic import context

from staffdesk.data.migrate import include_object
from staffdesk.data.register import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    include_object=include_object,
    transactional_ddl=True,
    transaction_per_migration=False,
)
context.run_migrations()
