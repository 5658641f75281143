"""Les sceaux par clé : un service qui démarre ne lit pas toute la base"""

import sqlalchemy as sa
from alembic import op


revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None

SCELLES = {
    'demande': 'instantane',
    'compte': 'fiche',
    'lien': 'sub',
    'echange': 'corps',
    'piece': 'cle',
    'echange_pdf': 'cle',
    'abonnement': 'fiche',
}


def upgrade() -> None:
    for table, colonne in SCELLES.items():
        op.create_index(f'ix_{table}_sceau', table, [sa.text(f'substr({colonne}, 1, 5)')])
