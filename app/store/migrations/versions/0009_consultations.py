"""Quand une caisse lit une demande, ou en prend une copie"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import app.store.tables


revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('consultation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('demande_id', sa.Integer(), nullable=False),
    sa.Column('le', app.store.tables.Moment(), nullable=False),
    sa.Column('quoi', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.ForeignKeyConstraint(['demande_id'], ['demande.id'], name=op.f('fk_consultation_demande_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_consultation'))
    )
    op.create_index('ix_consultation_demande_id', 'consultation', ['demande_id'])
