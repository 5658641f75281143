"""Les nouvelles par e-mail : qui en veut, et les e-mails à envoyer"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import app.store.tables


revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    text, moment = sqlmodel.sql.sqltypes.AutoString, app.store.tables.Moment
    op.create_table('abonnement',
    sa.Column('compte_id', sa.Integer(), nullable=False),
    sa.Column('index_jeton', text(), nullable=False),
    sa.Column('fiche', sa.LargeBinary(), nullable=False),
    sa.Column('choisi_le', moment(), nullable=False),
    sa.ForeignKeyConstraint(['compte_id'], ['compte.id'], name=op.f('fk_abonnement_compte_id')),
    sa.PrimaryKeyConstraint('compte_id', name=op.f('pk_abonnement')),
    sa.UniqueConstraint('index_jeton', name=op.f('uq_abonnement_index_jeton'))
    )
    op.create_table('nouvelle',
    sa.Column('id', text(), nullable=False),
    sa.Column('compte_id', sa.Integer(), nullable=False),
    sa.Column('echange_id', text(), nullable=False),
    sa.Column('rappel', sa.Boolean(), nullable=False),
    sa.Column('le', moment(), nullable=False),
    sa.Column('issue', sa.String(), nullable=False),
    sa.Column('essais', sa.Integer(), nullable=False),
    sa.Column('suivant_le', moment(), nullable=True),
    sa.Column('cause', text(), nullable=False),
    sa.ForeignKeyConstraint(['compte_id'], ['abonnement.compte_id'], name=op.f('fk_nouvelle_compte_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['echange_id'], ['echange.id'], name=op.f('fk_nouvelle_echange_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_nouvelle')),
    sa.UniqueConstraint('echange_id', 'rappel', name=op.f('uq_nouvelle_echange_id'))
    )
    op.create_index('ix_nouvelle_compte_id', 'nouvelle', ['compte_id'])
    op.create_index('ix_nouvelle_issue', 'nouvelle', ['issue', 'suivant_le'])
