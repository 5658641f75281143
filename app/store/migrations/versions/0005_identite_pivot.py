"""L'identité pivot : un compte se retrouve par elle, et peut être lié à un fournisseur d'identité"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

from app.store.tables import Moment

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('compte', sa.Column('index_pivot', sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    op.create_index('ix_compte_index_pivot', 'compte', ['index_pivot'])
    op.create_table('lien',
    sa.Column('compte_id', sa.Integer(), nullable=False),
    sa.Column('index_sub', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('sub', sa.LargeBinary(), nullable=False),
    sa.Column('lie_le', Moment(), nullable=False),
    sa.ForeignKeyConstraint(['compte_id'], ['compte.id'], name=op.f('fk_lien_compte_id')),
    sa.PrimaryKeyConstraint('compte_id', name=op.f('pk_lien')),
    sa.UniqueConstraint('index_sub', name=op.f('uq_lien_index_sub'))
    )
