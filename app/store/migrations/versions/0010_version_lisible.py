"""La plus ancienne version du service qui peut lire la base"""

import sqlalchemy as sa
import sqlmodel
from alembic import op


revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    table = op.create_table('version_lisible',
    sa.Column('depuis', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.PrimaryKeyConstraint('depuis', name=op.f('pk_version_lisible'))
    )
    op.bulk_insert(table, [{'depuis': revision}])
