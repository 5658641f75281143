"""How alembic runs here: on the connection it is handed, with the models as the target."""

from alembic import context
from sqlmodel import SQLModel

from app.store import tables  # noqa: F401  (declares the models)

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
