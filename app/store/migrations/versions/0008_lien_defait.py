"""Un lien avec le fournisseur d'identité qui a été défait"""

import sqlalchemy as sa
from alembic import op

from app.store.tables import Moment

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('compte', sa.Column('delie_le', Moment(), nullable=True))
