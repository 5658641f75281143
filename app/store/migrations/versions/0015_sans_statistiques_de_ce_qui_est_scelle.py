"""Sous PostgreSQL : aucune statistique de ce qui est scellé ou haché, qui y resterait quand un compte est effacé"""

import sqlalchemy as sa
from alembic import op

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None

COLUMNS = {
    'compte': ('index_nir', 'fiche', 'mot_de_passe', 'index_pivot'),
    'lien': ('index_sub', 'sub'),
    'abonnement': ('index_jeton', 'fiche'),
    'demande': ('brouillon', 'empreinte', 'instantane'),
    'piece': ('cle', 'empreinte'),
    'echange': ('corps',),
    'echange_pdf': ('cle',),
}


def upgrade() -> None:
    bind = op.get_bind()
    if bind.dialect.name != 'postgresql':
        return
    taken = set(map(tuple, bind.exec_driver_sql('SELECT tablename, attname FROM pg_stats WHERE schemaname = current_schema()')))
    for table, names in COLUMNS.items():
        kinds = {column['name']: column['type'] for column in sa.inspect(bind).get_columns(table)}
        changes = [f'ALTER COLUMN {name} SET STATISTICS 0' for name in names]
        # The same type again, as in 0014: those that are there already go. An index on the first bytes of a seal is then built again.
        changes += [
            f'ALTER COLUMN {name} TYPE {kinds[name].compile(bind.dialect)}'
            for name in names
            if (table, name) in taken
        ]
        op.execute(f'ALTER TABLE {table} ' + ', '.join(changes))
