"""${message}"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import app.store.tables
${imports if imports else ""}

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None
# What only adds says nothing. What takes away says the oldest code that reads the result: lisible_depuis = '0011'


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}
