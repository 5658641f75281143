"""Le PDF d'un message, scellé"""

import sqlalchemy as sa
import sqlmodel
from alembic import op


revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('echange_pdf',
    sa.Column('id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('echange_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('taille', sa.Integer(), nullable=False),
    sa.Column('cle', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['echange_id'], ['echange.id'], name=op.f('fk_echange_pdf_echange_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_echange_pdf')),
    sa.UniqueConstraint('echange_id', name=op.f('uq_echange_pdf_echange_id'))
    )
