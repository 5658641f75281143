"""Les demandes ouvertes d'une caisse : leur liste ne lit que celles-là"""

from alembic import op


revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index('ix_demande_caisse_ouverte', 'demande', ['caisse', 'ouverte', 'deposee_le'])
    op.drop_index('ix_demande_caisse', 'demande')  # the same, shorter
