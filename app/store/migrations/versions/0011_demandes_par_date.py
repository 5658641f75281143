"""Les demandes par date de dépôt : la purge ne lit que les plus anciennes"""

from alembic import op


revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index('ix_demande_deposee_le', 'demande', ['deposee_le'])
