"""Sous PostgreSQL : aucune statistique de ce qui s'oublie, car elles recopient des valeurs dans le journal de la base"""

import sqlalchemy as sa
from alembic import op

from app.store._postgres import FORGOTTEN

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None


def upgrade() -> None:
    bind = op.get_bind()
    if bind.dialect.name != 'postgresql':
        return
    for table in FORGOTTEN:
        changes = []
        for column in sa.inspect(bind).get_columns(table):
            name, kind = column['name'], column['type'].compile(bind.dialect)
            # The same type again: PostgreSQL then drops the statistics that it has already.
            changes += [f'ALTER COLUMN {name} TYPE {kind}', f'ALTER COLUMN {name} SET STATISTICS 0']
        op.execute(f'ALTER TABLE {table} ' + ', '.join(changes))
