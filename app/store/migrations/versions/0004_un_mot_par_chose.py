"""Un mot par chose : la session a un numéro, la clé d'un fichier et le format d'une demande un seul nom"""

from alembic import op


revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index('ix_piece_en_attente_jeton', 'piece_en_attente')
    for table, before, after in (
        ('session', 'jeton', 'id'),
        ('piece_en_attente', 'jeton', 'session_id'),
        ('piece_en_attente', 'scelle', 'cle'),
        ('demande', 'version', 'format'),
    ):
        op.execute(f'ALTER TABLE {table} RENAME COLUMN {before} TO {after}')
    op.create_index('ix_piece_en_attente_session_id', 'piece_en_attente', ['session_id'])
