"""Sous PostgreSQL : l'ordre des octets pour la recherche, et ce qui s'oublie hors du journal de la base"""

from alembic import op

from app.store._postgres import FORGOTTEN

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name != 'postgresql':
        return
    for column in ('code', 'nom', 'code_postal', 'departement', 'commune_cherchee'):
        op.execute(f'ALTER TABLE organisme ALTER COLUMN {column} TYPE varchar COLLATE "C"')
    for column in ('mot', 'code'):
        op.execute(f'ALTER TABLE organisme_mot ALTER COLUMN {column} TYPE varchar COLLATE "C"')
    for table in FORGOTTEN:
        op.execute(f'ALTER TABLE {table} SET UNLOGGED')
